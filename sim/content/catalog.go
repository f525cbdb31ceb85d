package content

import (
	"slices"
	"sync"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Catalogue is everything that can be chosen. Sliders, flags and tables are built from it.
type Catalogue struct {
	Strategies []ebm.Strategy `json:"strategies"`
	Models     []ModelEntry   `json:"models"`
	Datasets   []DatasetEntry `json:"datasets"`
	Exhibits   []Exhibit      `json:"exhibits"`
	Limits     Limits         `json:"limits"`
	Links      Links          `json:"links"`
}

// Limits are the bounds that a page must know.
type Limits struct {
	Box        float64 `json:"box"`        // the plane is [-box, box]²
	Points     int     `json:"points"`     // of a dataset
	LinkPoints int     `json:"linkPoints"` // of a link that has the points in it
	MinGrid    int     `json:"gridMin"`
	MaxGrid    int     `json:"gridMax"`
}

// ModelEntry is the card of a method with its knobs.
type ModelEntry struct {
	ID            string        `json:"id"`
	Title         string        `json:"title"`
	Family        ebm.Family    `json:"family"`
	Strategy      string        `json:"strategy"`
	Summary       string        `json:"summary"`
	Formulas      []ebm.Formula `json:"formulas"`
	FailureMode   string        `json:"pathology,omitempty"`
	Misconception string        `json:"slip,omitempty"`
	Source        string        `json:"source"` // author, title and year
	Data          string        `json:"data"`
	Range         ebm.Range     `json:"range,omitempty"`
	Steps         int           `json:"steps"`
	Speed         float64       `json:"speed"` // the usual number of steps per second
	IsNegLogProb  bool          `json:"nats"`
	Lecture       int           `json:"lecture,omitempty"` // its place among those that the lecture explains at length
	Map           ebm.MapKind   `json:"map,omitempty"`
	Stages        ebm.Stages    `json:"stages,omitempty"`
	Knobs         []*ebm.Knob   `json:"knobs"`
	Scalars       []string      `json:"scalars"` // the model's own, then the common ones
}

// DatasetEntry is the card of a dataset with its knobs.
type DatasetEntry struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Knobs  []*ebm.Knob `json:"knobs"`
	Axes   data.Axes   `json:"axes"`
	Icon   string      `json:"icon,omitempty"`
	Custom bool        `json:"own,omitempty"` // it has no points but those of a user
}

// Catalog returns the catalogue. It is made once and must not be changed.
var Catalog = sync.OnceValue(func() *Catalogue {
	c := &Catalogue{Strategies: ebm.Strategies(), Limits: Limits{ebm.L, data.MaxPoints, wire.LinkPoints, sim.MinGrid, sim.MaxGrid}, Links: links}
	for _, e := range Exhibits() {
		c.Exhibits = append(c.Exhibits, e.shown())
	}
	for _, card := range ebm.Cards() {
		knobs := ebm.NewKnobs(card.ID)
		card.New().Knobs(knobs)
		c.Models = append(c.Models, ModelEntry{
			card.ID, card.Title, card.Family, card.Strategy, card.Summary, card.Formulas, card.FailureMode, card.Misconception, card.Source,
			card.Data, card.Range, card.Steps, card.Speed(), card.IsNegLogProb, card.Lecture, card.Map, card.Stages, knobs.All(), sim.ScalarNames(card),
		})
	}
	for _, card := range data.Cards() {
		custom := card.ID == "custom"
		if card.Hidden && !custom {
			continue
		}
		knobs := ebm.NewKnobs(card.ID)
		card.New().Knobs(knobs)
		shown := slices.DeleteFunc(knobs.All(), func(k *ebm.Knob) bool { return custom && k.Name == "data.n" }) // it is all points
		c.Datasets = append(c.Datasets, DatasetEntry{card.ID, card.Title, shown, card.Axes, card.Icon, custom})
	}
	return c
})
