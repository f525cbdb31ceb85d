package ebm

// Strategy is one of the lecture's seven ways to give data low energy and all else high
// energy.
type Strategy struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"` // in a sentence
}

// Strategies lists the seven in order.
func Strategies() []Strategy {
	return []Strategy{
		{"C1", "Push up everywhere", "The data are pushed down and every place is pushed up, each in proportion to the probability that the model gives it: maximum likelihood."},
		{"C2", "Push up chosen places", "The data are pushed down and some places are pushed up: those that a chain finds low, those that noise hits, those within a margin."},
		{"C3", "Train a map back", "Data are corrupted and a network learns to denoise them: the energy of a point is how far the network moves it."},
		{"A1", "Limit the volume by construction", "The model is built so that only a limited part of the plane can be low: K prototypes, one line, a narrow code."},
		{"A2", "Regularise the code", "Any point can be reconstructed from a rich enough code, but the code is limited: by a sparsity penalty, by noise, by a bounded interval."},
		{"A3", "Keep the reconstruction constant", "The reconstruction is kept as constant as the data allow, so that it follows the data and nothing else."},
		{"A4", "Flat floor, curved walls", "At each data point the slope is made zero and the curvature large, whatever the energy is elsewhere."},
	}
}
