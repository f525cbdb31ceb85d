package ebm

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

func TestSuggest(t *testing.T) {
	ids := []string{"kmeans", "softkmeans", "maxlik", "dae", "cd"}
	for typed, want := range map[string]string{
		"kmean": `"kmeans"`, "K-means": `"kmeans"`, "maxlike": `"maxlik"`, "DAE": `"dae"`, "dc": `"cd"`,
		"transformer": "there are cd, dae, kmeans, maxlik, softkmeans", "": "there are cd", "x": "there are cd", "mean": `"kmeans"`, "ce": `"cd"`,
		strings.Repeat("k", 100000): "there are cd",
	} {
		slices.Reverse(ids) // which must make no difference
		if got := Suggest(typed, ids); !strings.Contains(got, want) {
			t.Errorf("Suggest(%.20q) = %q, want %s in it", typed, got, want)
		}
	}
}

func TestSuggestOnlySimilar(t *testing.T) {
	for typed, candidates := range map[string][]string{"x": {"r", "k"}, "fork": {"ack", "seek", "do"}} {
		if got := Suggest(typed, candidates); !strings.Contains(got, "there are") {
			t.Errorf("Suggest(%q) = %q", typed, got)
		}
	}
	if got := Suggest("sat", []string{"sit", "set"}); !strings.Contains(got, `"set"`) {
		t.Errorf("of two that are equally near, the first of the alphabet is meant: %q", got)
	}
	if got := Suggest("kk", []string{"k", "eta"}); !strings.Contains(got, `"k"`) {
		t.Errorf("%q", got)
	}
}

func TestEditDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"kitten", "sitting", 3}, {"sgima", "sigma", 1}, {"cd", "dc", 1},
		{strings.Repeat("a", 65), strings.Repeat("a", 64), 65}} /* too long to be worth the square of its length */ {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("editDistance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if editDistance(c.a, c.b) != editDistance(c.b, c.a) {
			t.Errorf("editDistance(%q, %q) is not symmetric", c.a, c.b)
		}
	}
}

func TestFetch(t *testing.T) {
	from := map[string]Tensor{
		"W":     {Shape: []int{2, 3}, Values: make([]float64, 6)},
		"short": {Shape: []int{2, 3}, Values: make([]float64, 5)},
		"inf":   {Shape: []int{1}, Values: []float64{math.Inf(-1)}},
		"nan":   {Shape: []int{2}, Values: []float64{0, math.NaN()}},
		"minus": {Shape: []int{-2, -3}, Values: make([]float64, 6)},
	}
	for _, c := range []struct {
		name  string
		shape []int
		says  string
	}{
		{"W", []int{2, 3}, ""},
		{"W", []int{2, -1}, ""},
		{"W", []int{3, 2}, `tensor "W" has shape [2 3] where [3 2] is needed`},
		{"W", []int{6}, "is needed"},
		{"V", []int{2}, `tensor "V" is missing`},
		{"short", []int{2, 3}, "has 5 values where its shape [2 3] needs 6"},
		{"nan", []int{2}, `tensor "nan" holds NaN at index 1`},
		{"inf", []int{1}, `tensor "inf" holds -Inf at index 0`},
		{"minus", []int{-1, -1}, "is needed"},
	} {
		_, err := Fetch(from, c.name, c.shape...)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("Fetch(%s, %v) = %v, want %q", c.name, c.shape, err, c.says)
		}
	}
}

// bowl is F(y) = (y1-a)² + 3 y2², without a gradient of its own.
type bowl struct{ a float64 }

func (bowl) Knobs(*Knobs)        {}
func (bowl) Init([]r2.Vec, Rand) {}
func (bowl) Step(*Update)        {}
func (b bowl) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = (y.X-b.a)*(y.X-b.a) + 3*y.Y*y.Y
	}
}

func TestGradientByDifferences(t *testing.T) {
	at := []r2.Vec{{X: .3, Y: -.7}, {X: -1.5, Y: 1.5}}
	got := make([]r2.Vec, len(at))
	Gradient(bowl{.1}, got, at)
	for i, y := range at {
		want := r2.Vec{X: 2 * (y.X - .1), Y: 6 * y.Y}
		if d := r2.Norm(r2.Sub(got[i], want)); d > 1e-8 {
			t.Errorf("gradient at %v is %v, want %v", y, got[i], want)
		}
	}
}

func TestTraceLimits(t *testing.T) {
	tr := NewTrace()
	steps := func() {
		tr.Reset()
		for i := range 2 * MaxVisits {
			y := r2.Vec{X: float64(i)}
			tr.Down(y, y, .5)
			tr.Up(y, y, .25)
			tr.Visit(i, y)
		}
	}
	if n := testing.AllocsPerRun(3, steps); n != 0 {
		t.Errorf("a step's trace allocates %v times", n)
	}
	if len(tr.Pushes) != 2*MaxPushes || len(tr.Visits) != MaxPaths {
		t.Errorf("kept %d pushes and %d visits", len(tr.Pushes), len(tr.Visits))
	}
	if tr.Pushes[0].Amount != -.5 || tr.Pushes[1].Amount != .25 || tr.Pushes[1].At.X != 0 {
		t.Errorf("first pushes are %v", tr.Pushes[:2])
	}
}

func TestRegisterPanics(t *testing.T) {
	good := Card{ID: "toy", Title: "Toy", Summary: "A {down|toy}.", Source: "a test", Data: "spiral", Steps: 1, Scalars: []string{"loss"}, New: func() Model { return bowl{} }}
	defer func(c []Card) { cards = c }(cards)
	Register(good)
	if good.Plain() != "A toy." || good.NewExact() == nil {
		t.Errorf("Plain() = %q", good.Plain())
	}
	if c, err := Lookup("toy"); err != nil || c.Title != "Toy" {
		t.Errorf("Lookup(toy) = %v, %v", c, err)
	}
	if _, err := Lookup("tyo"); err == nil || err.Error() != `there is no model "tyo"; did you mean "toy"?` {
		t.Errorf("Lookup(tyo): %v", err)
	}
	bad := map[string]func(c *Card){
		"twice": func(c *Card) {}, "no id": func(c *Card) { c.ID = "" }, "no steps": func(c *Card) { c.ID, c.Steps = "b", 0 },
		"no source": func(c *Card) { c.ID, c.Source = "b", "" },
		"no loss":   func(c *Card) { c.ID, c.Scalars = "b", []string{"gap"} },
	}
	for name, change := range bad {
		c := good
		change(&c)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			Register(c)
		}()
	}
}
