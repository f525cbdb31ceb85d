package architectural

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// TestPlace starts as many prototypes as there are points, fewer, more, and where points
// coincide: each must stand on a training point, and cover all of them where it can.
func TestPlace(t *testing.T) {
	three := []r2.Vec{{X: 1}, {Y: 1}, {X: -1}}
	same := []r2.Vec{{X: 0.5, Y: 0.5}, {X: 0.5, Y: 0.5}, {X: 0.5, Y: 0.5}}
	for _, c := range []struct {
		name     string
		data     []r2.Vec
		k        int
		distinct int
	}{
		{"fewer prototypes than points", three, 2, 2},
		{"as many", three, 3, 3},
		{"more", three, 7, 3},
		{"identical points", same, 5, 1},
		{"one point", same[:1], 100, 1},
		{"two places, many points", append(slices.Repeat(same, 50), three...), 4, 4},
	} {
		for _, how := range []string{startRandom, startPlusPlus} {
			if how == startRandom && c.k < len(c.data) && c.distinct > 2 {
				continue // a blind draw need not find all places
			}
			for seed := range uint64(20) {
				w := newPrototypes(c.k)
				w.place(how, c.data, rand.New(rand.NewPCG(seed, 0)))
				places := map[r2.Vec]bool{}
				for k := range w.x {
					if !slices.Contains(c.data, w.at(k)) {
						t.Fatalf("%s, %s: w_%d = %v is no training point", c.name, how, k, w.at(k))
					}
					places[w.at(k)] = true
				}
				if len(places) != c.distinct {
					t.Errorf("%s, %s, seed %d: %d places, want %d", c.name, how, seed, len(places), c.distinct)
				}
			}
		}
	}
}

// TestPlaceInBox: all prototypes start in the square, or in a quarter of each of its sides; a larger K
// only adds some.
func TestPlaceInBox(t *testing.T) {
	for how, side := range map[string]float64{startBox: 2 * ebm.L, startCorner: cornerSide} {
		few, many := newPrototypes(50), newPrototypes(100)
		few.place(how, scatter(10, 1), rand.New(rand.NewPCG(2, 0)))
		many.place(how, scatter(10, 1), rand.New(rand.NewPCG(2, 0)))
		farthest := 0.0
		for k := range many.x {
			x, y := many.x[k]+ebm.L, many.y[k]+ebm.L
			if min(x, y) < 0 || max(x, y) > side {
				t.Fatalf("%s: w_%d = %v", how, k, many.at(k))
			}
			farthest = max(farthest, x, y)
			if k < 50 && few.at(k) != many.at(k) {
				t.Fatalf("%s: w_%d is %v of 50 and %v of 100", how, k, few.at(k), many.at(k))
			}
		}
		if farthest < .9*side {
			t.Errorf("%s: all start within %v, want %v", how, farthest, side)
		}
	}
}

// TestPlaceWithoutData must not fail: the prototypes stand somewhere in the box.
func TestPlaceWithoutData(t *testing.T) {
	for _, how := range []string{startRandom, startPlusPlus} {
		w := newPrototypes(5)
		w.place(how, nil, rand.New(rand.NewPCG(1, 0)))
		if w.distinct() < 2 {
			t.Errorf("%s: prototypes %v share one place", how, w)
		}
	}
}

// TestPlaceNests requires the same first prototypes for every K, so that moving the
// slider adds wells instead of shuffling them.
func TestPlaceNests(t *testing.T) {
	data := scatter(200, 3)
	few, many := newPrototypes(10), newPrototypes(30)
	few.place(startRandom, data, rand.New(rand.NewPCG(1, 0)))
	many.place(startRandom, data, rand.New(rand.NewPCG(1, 0)))
	for k := range few.x {
		if few.at(k) != many.at(k) {
			t.Fatalf("w_%d is %v of 10 and %v of 30", k, few.at(k), many.at(k))
		}
	}
}

// TestPlusPlusSpreads compares the starts on a crowd of 990 points with 10 outliers far
// away: k-means++ finds both, a blind draw of two hardly ever.
func TestPlusPlusSpreads(t *testing.T) {
	data := make([]r2.Vec, 1000)
	for i := range 10 {
		data[i] = r2.Vec{X: 1, Y: 1}
	}
	both := map[string]int{}
	for _, how := range []string{startRandom, startPlusPlus} {
		for seed := range uint64(100) {
			w := newPrototypes(2)
			w.place(how, data, rand.New(rand.NewPCG(seed, 0)))
			both[how] += w.distinct() - 1
		}
	}
	if both[startPlusPlus] != 100 || both[startRandom] > 20 {
		t.Errorf("both places found in %d of 100 k-means++ starts and %d blind ones, want 100 and about 2", both[startPlusPlus], both[startRandom])
	}
}

// TestDraw must never draw a weight of zero, not even when the sum is off by rounding.
func TestDraw(t *testing.T) {
	for _, u := range []float64{0, 0.5, 1, 1.0001} {
		if i := draw([]float64{0, 1, 0}, u); i != 1 {
			t.Errorf("draw at %v gives index %d, want 1", u, i)
		}
	}
	if i := draw([]float64{1, 2, 3}, 2.9); i != 1 {
		t.Errorf("draw at 2.9 of 1, 2, 3 gives index %d, want 1", i)
	}
}
