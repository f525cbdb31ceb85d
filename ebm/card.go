package ebm

import (
	"fmt"
	"slices"
	"strings"
)

// Family is one of the lecture's two classes of learning method.
type Family string

const (
	Architectural Family = "architectural" // the volume of low energy is limited by construction
	Contrastive   Family = "contrastive"   // pushed down at the data, pushed up elsewhere
)

// Formula is one line of mathematics for the page. TeX is KaTeX's dialect with three
// macros of our own:
//
//	\down{…}      in the colour of "pushed down"
//	\up{…}        in the colour of "pushed up"
//	\knob{name}   the present value of a knob
type Formula struct {
	Label string `json:"label"`
	TeX   string `json:"tex"`
}

// Range is the range of energies that the colours of a landscape cover.
type Range string

const (
	DataRange  Range = ""      // what tells the valleys of the data apart (measure.ColourRange)
	PlaneRange Range = "plane" // from the least energy of the plane to the greatest: also ridges, and the growth far from the data
)

// Card describes a method to everything that shows or runs it.
type Card struct {
	ID       string // as on the command line: "cd"
	Title    string // "Contrastive divergence"
	Family   Family
	Strategy string // which of the seven strategies shapes the energy: A1 … A4, C1 … C3

	// Summary says in one sentence what the method does to the landscape. The words
	// between {down|…} and {up|…} are shown in the colour of that push.
	Summary  string
	Formulas []Formula

	// FailureMode says which knob to set, and to what value, to see the method fail, and what
	// one sees then.
	FailureMode string

	// Misconception is a common false statement about the method, with its correction. It is
	// empty if there is none.
	Misconception string

	// Source is who described the method, where and when: "G. E. Hinton, “Title”, 2002". Sources are
	// separated by semicolons.
	Source string

	// Lecture is the method's place among those that the lecture explains at length, from 1; 0 for
	// the others.
	Lecture int

	Map    MapKind // how formulas write Reconstruct; empty if the model is no Reconstructer
	Stages Stages  // sentences about a step in slow motion, where the general ones say too little

	Data    string   // the dataset it is opened on when none is named
	Range   Range    // what the colours cover at first
	Steps   int      // how many steps the defaults need to reach their landscape
	Seconds float64  // how long these steps take at the usual speed; 8 if it is 0
	Scalars []string // the numbers that its Scalars reports; "loss" is the first

	// IsNegLogProb reports whether F, with the default knobs, is meant as -log p up to a
	// constant. See [Card.Beta].
	IsNegLogProb bool

	// Script is the energy in Python, for the exported script (sim/export): it
	// defines energy(y), F at the rows of y, by numpy as np, the checkpoint's parameters P and
	// knobs K by their names, and mlp(x, prefix), a network. It is empty where there is none yet.
	Script string

	New   func() Model // a model that trains and draws
	Exact func() Model // the same in float64, for measuring and checking; nil if New computes in float64
}

// Speed returns the usual number of steps per second.
func (c Card) Speed() float64 {
	if c.Seconds > 0 {
		return float64(c.Steps) / c.Seconds
	}
	return float64(c.Steps) / 8
}

// NewExact returns a model that computes in float64.
func (c Card) NewExact() Model {
	if c.Exact != nil {
		return c.Exact()
	}
	return c.New()
}

// Beta returns the β at which the density of m, a model of the card, is e^{-βF} / Z: what a
// [Gibbs] says, else 1 if F is -log p. It is 0 for an energy without a density of its own, such
// as a squared distance, which has to be judged at the best of all β.
func (c Card) Beta(m Model) float64 {
	if g, ok := m.(Gibbs); ok {
		return g.Beta()
	}
	if c.IsNegLogProb {
		return 1
	}
	return 0
}

// Plain returns the summary without its colour marks.
func (c Card) Plain() string {
	return strings.NewReplacer("{down|", "", "{up|", "", "}", "").Replace(c.Summary)
}

var cards []Card

// Register adds a method to the catalogue. It is called from init functions only, and
// panics on an incomplete card, which is an error of the program.
func Register(c Card) {
	switch {
	case c.ID == "" || c.Title == "" || c.Summary == "" || c.New == nil || c.Steps <= 0 || c.Data == "" || c.Source == "":
		panic(fmt.Sprintf("ebm: the card of %q lacks its id, title, summary, source, data, steps or constructor", c.ID))
	case len(c.Scalars) == 0 || c.Scalars[0] != "loss":
		panic(fmt.Sprintf("ebm: the first scalar of %q must be its loss", c.ID))
	case slices.ContainsFunc(cards, func(o Card) bool { return o.ID == c.ID }):
		panic(fmt.Sprintf("ebm: %q is registered twice", c.ID))
	}
	cards = append(cards, c)
}

// Cards returns all methods, contrastive first, then by strategy and title; those without
// a strategy come last.
func Cards() []Card {
	all := slices.Clone(cards)
	slices.SortStableFunc(all, func(a, b Card) int {
		return strings.Compare(order(a), order(b))
	})
	return all
}

func order(c Card) string {
	family := "1"
	if c.Family == Contrastive {
		family = "0"
	}
	strategy := c.Strategy
	if strategy == "" {
		strategy = "none"
	}
	return family + strategy + c.Title
}

// Lookup returns the card of a method, or an error that suggests the nearest id.
func Lookup(id string) (Card, error) {
	ids := make([]string, len(cards))
	for i, c := range cards {
		if c.ID == id {
			return c, nil
		}
		ids[i] = c.ID
	}
	return Card{}, fmt.Errorf("there is no model %q%s", id, Suggest(id, ids))
}

// Suggest returns "; did you mean …?" with the candidate nearest to what was typed, or the
// sorted list of candidates where none is near.
//
// The edit distance is computed here, in twenty lines, because this package may import the
// standard library and gonum only.
func Suggest(typed string, candidates []string) string {
	sorted := slices.Sorted(slices.Values(candidates))
	best, least := "", len(typed)/3+2
	for _, c := range sorted {
		d := editDistance(strings.ToLower(typed), strings.ToLower(c))
		if d < least && d < max(len(typed), len(c)) { // something must be alike
			best, least = c, d
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return fmt.Sprintf("; there are %s", strings.Join(sorted, ", "))
}

// editDistance counts the insertions, deletions, substitutions and swaps of neighbours
// that turn a into b.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
