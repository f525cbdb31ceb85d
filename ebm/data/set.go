package data

import (
	"fmt"
	"slices"
	"strings"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

// MaxPoints is the most points a dataset may have.
const MaxPoints = 20_000

// Axes turns the box into the units of the dataset's source, for what is shown only:
//
//	shown = box * scale + offset
type Axes struct {
	Names  [2]string  `json:"names,omitzero"` // of the two coordinates, "" where they have none
	Scale  [2]float64 `json:"scale"`
	Offset [2]float64 `json:"offset"`
}

// Units returns a point of the box in the units of the source.
func (a Axes) Units(y r2.Vec) r2.Vec {
	return r2.Vec{X: y.X*a.Scale[0] + a.Offset[0], Y: y.Y*a.Scale[1] + a.Offset[1]}
}

// Plain are the axes of a dataset whose units are the box's own.
var Plain = Axes{Scale: [2]float64{1, 1}}

// Set is one dataset with its knobs. One goroutine owns it.
type Set interface {
	// Knobs declares the hyperparameters: data.n, data.noise and data.seed first.
	Knobs(k *ebm.Knobs)

	// Points returns the training points for the present knobs, shuffled: the same knobs
	// give the same points. The caller owns the slice.
	Points() []r2.Vec

	// Sample fills dst with fresh points of the same distribution.
	Sample(dst []r2.Vec, rng ebm.Rand)

	// LogDensity writes log p(at[i]) of that distribution to dst[i], for points of the
	// box: NaN where there is no density, as on a curve without noise.
	LogDensity(dst []float64, at []r2.Vec)
}

// Skeleton is a Set that is noise around a curve or around centres.
type Skeleton interface {
	// Distance writes to dst[i] how far at[i] lies from the skeleton, in units of the
	// noise's σ: NaN where there is no noise.
	Distance(dst []float64, at []r2.Vec)
}

// Card describes a dataset to everything that shows or uses it.
type Card struct {
	ID     string // as on the command line: "spiral"
	Title  string
	Order  int // its place in the list that is shown
	Axes   Axes
	Icon   string // the d of an SVG path on a field of 32 × 32; the page shows scattered dots if it is empty
	Hidden bool   // not shown among the datasets unless it has points
	New    func() Set
}

var cards []Card

// Register adds a dataset. It is called from init functions only, and panics on a card
// that could not be shown: that is a mistake in the program.
func Register(c Card) {
	switch {
	case c.ID == "" || c.Title == "" || c.New == nil || c.Axes.Scale[0] == 0 || c.Axes.Scale[1] == 0:
		panic(fmt.Sprintf("data: the card of %q lacks its id, title, axes or constructor", c.ID))
	case slices.ContainsFunc(cards, func(o Card) bool { return o.ID == c.ID }):
		panic(fmt.Sprintf("data: %q is registered twice", c.ID))
	}
	cards = append(cards, c)
}

// Cards returns all datasets, the hidden ones too, in the order they are shown in.
func Cards() []Card {
	all := slices.Clone(cards)
	slices.SortStableFunc(all, func(a, b Card) int {
		if a.Order != b.Order {
			return a.Order - b.Order
		}
		return strings.Compare(a.Title, b.Title)
	})
	return all
}

// Lookup returns the card of a dataset, or an error that suggests the nearest id.
func Lookup(id string) (Card, error) {
	ids := make([]string, len(cards))
	for i, c := range cards {
		if c.ID == id {
			return c, nil
		}
		ids[i] = c.ID
	}
	return Card{}, fmt.Errorf("there is no dataset %q%s", id, ebm.Suggest(id, ids))
}
