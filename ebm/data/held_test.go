package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// heldPoints returns the points that are held out of those given.
func heldPoints(given []r2.Vec) (held []r2.Vec) {
	c := NewCustom(given)
	points := c.Points()
	for _, i := range c.Held() {
		held = append(held, points[i])
	}
	return held
}

// About a fifth of any points is held out: random ones, those of a link (a lattice), those of a stroke.
func TestHeldShare(t *testing.T) {
	lattice, stroke := make([]r2.Vec, 5000), make([]r2.Vec, 5000)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range lattice {
		lattice[i] = r2.Vec{X: ebm.L * (2*float64(rng.IntN(4096))/4095 - 1), Y: ebm.L * (2*float64(rng.IntN(4096))/4095 - 1)}
		stroke[i] = r2.Vec{X: float64(i) / 5000, Y: .25}
	}
	for name, points := range map[string][]r2.Vec{"random": uniform(5000), "lattice": lattice, "stroke": stroke} {
		if share := float64(len(heldPoints(points))) / 5000; math.Abs(share-.2) > .02 { // 3.5 standard deviations
			t.Errorf("%s: %.3f of the points are held out", name, share)
		}
	}
}

// Whether a point is held out depends on it alone: not on the others, their order, the noise or the seed.
func TestHeldStays(t *testing.T) {
	points := uniform(600)
	before := heldPoints(points[:300])
	after := heldPoints(points)
	if !slices.Equal(after[:len(before)], before) || len(after) == len(before) {
		t.Error("more points change which of the earlier ones are held out")
	}
	shuffled := slices.Clone(points)
	rand.New(rand.NewPCG(2, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, y := range heldPoints(shuffled) {
		if !slices.Contains(after, y) {
			t.Errorf("%v is held out in another order only", y)
		}
	}
	c := NewCustom(points)
	want := c.Held()
	c.noise, c.seed = .1, 7
	if !slices.Equal(c.Held(), want) {
		t.Error("noise or seed change what is held out")
	}
	c.n = 200
	chosen := c.Chosen()
	for i, j := range chosen {
		if slices.Contains(c.Held(), i) != slices.Contains(want, j) {
			t.Errorf("point %d is held out among all, or among %d, not in both", j, c.n)
		}
	}
}

// Equal points are held out together, or not at all; 0 and -0 are equal.
func TestHeldTogether(t *testing.T) {
	points := append(uniform(200), uniform(200)...)
	for i := range 20 {
		points = append(points, r2.Vec{X: float64(i) / 20}, r2.Vec{X: float64(i) / 20, Y: math.Copysign(0, -1)})
	}
	c := NewCustom(points)
	held := c.Held()
	for i, y := range points {
		for j, z := range points {
			if y == z && slices.Contains(held, i) != slices.Contains(held, j) {
				t.Fatalf("points %d and %d are both %v, and one of them is held out", i, j, y)
			}
		}
	}
}

// Too few different points, and points that would leave no test set or no training set, are all trained on.
func TestHeldNone(t *testing.T) {
	points := uniform(100)
	if len(heldPoints(points)) == 0 || heldPoints(points[:99]) != nil {
		t.Error("the least number of points is not 100")
	}
	if heldPoints(append(slices.Clone(points[:99]), points[:99]...)) != nil {
		t.Error("99 points, each twice, count as 198")
	}
	held := heldPoints(points)[0]
	many := slices.Clone(points)
	for range 1000 {
		many = append(many, held)
	}
	if heldPoints(many) != nil {
		t.Error("nearly all points are held out")
	}
	var training []r2.Vec
	for _, y := range uniform(1000) {
		if !holdOut(y) && len(training) < 150 {
			training = append(training, y)
		}
	}
	if heldPoints(append(training, held)) != nil {
		t.Error("a single point is held out")
	}
	if NewCustom(nil).Held() != nil {
		t.Error("of no points some are held out")
	}
}

// A user's points have no density, with noise or without.
func TestCustomHasNoDensity(t *testing.T) {
	c := NewCustom(uniform(300))
	for _, noise := range []float64{0, .05} {
		c.noise = noise
		density := make([]float64, 3)
		c.LogDensity(density, uniform(3))
		for _, d := range density {
			if !math.IsNaN(d) {
				t.Errorf("the log density is %v with noise %v", d, noise)
			}
		}
	}
}
