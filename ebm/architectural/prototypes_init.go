package architectural

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// How the initial prototypes are chosen.
const (
	startRandom   = "random"
	startBox      = "box"
	startCorner   = "corner"
	startPlusPlus = "kmeans++"
)

// starts are the choices of the knob that names them.
var starts = []string{startRandom, startPlusPlus, startBox, startCorner}

const startHelp = "random: starts at random training points, so that some arms get many and others none. " +
	"kmeans++: each new one is drawn far from those before, so that they cover the spiral from the start. " +
	"box: anywhere in the square; one sees them move to the data. corner: all in the lower left corner, from where they have the farthest to go."

// cornerSide is the side of the corner in which prototypes start.
const cornerSide = ebm.L / 2

// place puts all prototypes where they start: on training points, or anywhere in the box or in its
// corner. More of them than points, or points that coincide, are no error: some prototypes then
// share a place.
func (w prototypes) place(how string, data []r2.Vec, rng ebm.Rand) {
	switch {
	case len(data) == 0 || how == startBox: // so too without data
		w.placeInBox(r2.Vec{X: -ebm.L, Y: -ebm.L}, 2*ebm.L, rng)
	case how == startCorner:
		w.placeInBox(r2.Vec{X: -ebm.L, Y: -ebm.L}, cornerSide, rng)
	case how == startPlusPlus:
		w.placePlusPlus(data, rng)
	default:
		w.placeRandomly(data, rng)
	}
}

// noticeFew returns a sentence if there are fewer different points than prototypes, whose name is
// that of the method's.
func (w prototypes) noticeFew(data []r2.Vec, name string) string {
	different := map[r2.Vec]bool{}
	for _, y := range data {
		if different[y] = true; len(different) >= len(w.x) {
			return ""
		}
	}
	points := "points"
	if len(different) < len(data) {
		points = "different points"
	}
	if len(different) == 1 {
		points = strings.TrimSuffix(points, "s")
	}
	return fmt.Sprintf("%d %s, %d %s: at least %d of the %s have no point of their own.",
		len(different), points, len(w.x), name, len(w.x)-len(different), name)
}

// placeInBox draws points uniformly from the square of that side whose lower left corner is at.
func (w prototypes) placeInBox(at r2.Vec, side float64, rng ebm.Rand) {
	for k := range w.x {
		w.set(k, r2.Vec{X: at.X + side*rng.Float64(), Y: at.Y + side*rng.Float64()})
	}
}

// placeRandomly draws points without replacement, and starts again when all are used. The
// first prototypes are the same for every K, so that a larger K only adds some.
func (w prototypes) placeRandomly(data []r2.Vec, rng ebm.Rand) {
	left := make([]int, 0, len(data))
	for k := range w.x {
		if len(left) == 0 {
			for i := range data {
				left = append(left, i)
			}
		}
		j, last := rng.IntN(len(left)), len(left)-1
		w.set(k, data[left[j]])
		left[j], left = left[last], left[:last]
	}
}

// placePlusPlus is the k-means++ start: the first point is drawn uniformly, each further one
// with probability proportional to D², its squared distance from the nearest chosen so
// far. It is the greedy variant: of a few such points, the one that lowers the sum of D² most
// is chosen.
//
// D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", 2007.
func (w prototypes) placePlusPlus(data []r2.Vec, rng ebm.Rand) {
	d2 := make([]float64, len(data))
	for i := range d2 {
		d2[i] = math.Inf(1)
	}
	tries := 2 + int(math.Log(float64(len(w.x))))
	next := rng.IntN(len(data))
	for k := range w.x {
		w.set(k, data[next])
		total := 0.0
		for i, y := range data {
			d2[i] = min(d2[i], w.squared(k, y))
			total += d2[i]
		}
		if total == 0 { // every point is a prototype already
			next = rng.IntN(len(data))
			continue
		}
		least := math.Inf(1)
		for range tries {
			i := draw(d2, total*rng.Float64())
			if left := remaining(d2, data, data[i]); left < least {
				next, least = i, left
			}
		}
	}
}

// remaining is what the sum of D² would be with one more prototype, at c.
func remaining(d2 []float64, data []r2.Vec, c r2.Vec) (sum float64) {
	for i, y := range data {
		sum += min(d2[i], r2.Norm2(r2.Sub(y, c)))
	}
	return sum
}

// draw returns the first index at which the running sum of the weights exceeds u. A
// weight of zero is never drawn, whatever the rounding of the sum.
func draw(weights []float64, u float64) int {
	last := 0
	for i, v := range weights {
		if v == 0 {
			continue
		}
		if last = i; u < v {
			break
		}
		u -= v
	}
	return last
}
