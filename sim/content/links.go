package content

// Links says how links to a configuration are read. A link contains only what differs from the
// defaults, so each change of a default begins a new version of links.
type Links struct {
	Version int              `json:"version"` // of the links that the page writes
	Former  []FormerDefaults `json:"former"`  // by Until, ascending
}

// FormerDefaults are defaults of a method that have changed.
type FormerDefaults struct {
	Until int            `json:"until"` // the last version of links that were written with them
	Model string         `json:"model"`
	Data  string         `json:"data,omitempty"` // the dataset of its card
	Knobs map[string]any `json:"knobs,omitempty"`
}

var links = Links{Version: 3, Former: []FormerDefaults{
	{Until: 1, Model: "cae", Knobs: map[string]any{"lambda": .1}},
	{Until: 1, Model: "latent", Knobs: map[string]any{"branches": 4}},
	{Until: 1, Model: "leastsquares", Data: "scurve"},
	{Until: 2, Model: "kmeans", Knobs: map[string]any{"start": "kmeans++"}},
}}
