package data

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

// lattice is the density of a set on g×g cells of the box.
type lattice struct {
	logp, mass []float64 // log density and mass of each cell
}

func newLattice(set Set, g int) lattice {
	l := lattice{make([]float64, g*g), make([]float64, g*g)}
	set.LogDensity(l.logp, cells(g))
	for i, v := range l.logp {
		l.mass[i] = math.Exp(v) * ebm.Area / float64(g*g)
	}
	return l
}

func (l lattice) total() (sum float64) {
	for _, m := range l.mass {
		sum += m
	}
	return sum
}

// nll returns -∫ p log p.
func (l lattice) nll() (sum float64) {
	for i, m := range l.mass {
		if m > 0 {
			sum -= m * l.logp[i]
		}
	}
	return sum
}

// ceiling returns the probability that a point of the set is denser than a uniform one,
// ties counting ½.
func (l lattice) ceiling() (auc float64) {
	order := make([]int, len(l.logp))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(l.logp[a], l.logp[b]) })
	n := float64(len(order))
	for i := 0; i < len(order); {
		j, mass := i, 0.0
		for ; j < len(order) && l.logp[order[j]] == l.logp[order[i]]; j++ {
			mass += l.mass[order[j]]
		}
		auc += mass * (float64(i) + float64(j-i)/2) / n
		i = j
	}
	return auc
}

// What the true densities reach: from elsewhere, or (circle, sine, swissroll, ellipse) the
// limit of little noise, log σ√(2πe) + ∫ log |dy/du| du, or (horn) the mean of log 2πJ with
// J by differences. NaN is a number that is not known.
func TestFigures(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		id           string
		nll, ceiling float64
	}{
		{"spiral", 0.26, 0.945},
		{"moons", 0.25, 0.947},
		{"rings", 0.79, 0.905},
		{"circle", 0.261, none},
		{"gaussians", 0.67, 0.920},
		{"scurve", 0.435, 0.932},
		{"sine", 0.010, none},
		{"pinwheel", 0.268, none},
		{"checkerboard", math.Log(8 * 0.65 * 0.65), (1 + 1 - 8*0.65*0.65/9) / 2},
		{"swissroll", -0.064, none},
		{"star", -0.01, 0.957},
		{"ellipse", -0.201, none},
		{"horn", 0.777, none},
	} {
		t.Run(c.id, func(t *testing.T) {
			l := newLattice(with(t, c.id, nil), 240)
			nll, ceiling := l.nll(), l.ceiling()
			t.Logf("mass %.5f, true NLL %.4f, AUC ceiling %.4f", l.total(), nll, ceiling)
			if !(math.Abs(l.total()-1) < 0.005) {
				t.Errorf("integrates to %v", l.total())
			}
			if !(math.Abs(nll-c.nll) <= 0.02) {
				t.Errorf("true NLL is %.4f, want %.3f", nll, c.nll)
			}
			if math.Abs(ceiling-c.ceiling) > 0.004 || !(ceiling > 0.75 && ceiling < 1) {
				t.Errorf("AUC ceiling is %.4f, want %.3f", ceiling, c.ceiling)
			}
		})
	}
}

// Pearson's χ² of 20,000 samples in 20×20 cells against the density.
func TestSamplesFollowTheDensity(t *testing.T) {
	const n, coarse, fine = 20_000, 20, 240
	for _, id := range shown() {
		for _, knobs := range []map[string]any{nil, {"data.noise": 0.06}} {
			t.Run(fmt.Sprint(id, knobs), func(t *testing.T) {
				set := with(t, id, knobs)
				if _, curve := set.(Skeleton); curve && knobs != nil {
					t.Skip("one width of a curve is enough")
				}
				l := newLattice(set, fine)
				if math.IsNaN(l.total()) {
					t.Skip("no density without noise")
				}
				var count, expect [coarse * coarse]float64
				scale := n / l.total()
				for i, m := range l.mass {
					expect[i/fine*coarse/fine*coarse+i%fine*coarse/fine] += m * scale
				}
				points := make([]r2.Vec, n)
				set.Sample(points, rand.New(rand.NewPCG(11, 12)))
				for _, y := range points {
					i, j := int((y.X+ebm.L)/(2*ebm.L)*coarse), int((y.Y+ebm.L)/(2*ebm.L)*coarse)
					count[min(j, coarse-1)*coarse+min(i, coarse-1)]++
				}
				chi2, cells := 0.0, 0
				var rest, restExpect float64
				for i, e := range expect {
					if e < 5 {
						rest, restExpect = rest+count[i], restExpect+e
						continue
					}
					chi2 += (count[i] - e) * (count[i] - e) / e
					cells++
				}
				free := float64(cells - 1)
				if z := (chi2 - free) / math.Sqrt(2*free); z > 4 {
					t.Errorf("χ² = %.0f with %v degrees of freedom", chi2, free)
				}
				if math.Abs(rest-restExpect) > 5*math.Sqrt(restExpect)+3 {
					t.Errorf("%v points where %.1f are expected", rest, restExpect)
				}
			})
		}
	}
}

// At the ends of every knob there are as many points as asked for, all in the box, and a
// density that is a number, or -∞, or nowhere known.
func TestKnobsAtTheirEnds(t *testing.T) {
	at, logp := append(uniform(50), r2.Vec{}), make([]float64, 51)
	for _, id := range shown() {
		k := ebm.NewKnobs(id)
		with(t, id, nil).Knobs(k)
		least, err := k.Lookup("data.n")
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{int(least.Min), MaxPoints} {
			for _, noise := range []float64{0, 5e-324, 1e-9, 1e-3, 0.3} {
				set := with(t, id, map[string]any{"data.n": n, "data.noise": noise, "data.seed": 999_999})
				points := set.Points()
				if len(points) != n || slices.ContainsFunc(points, func(y r2.Vec) bool { return !inBox(y) }) {
					t.Errorf("%s: n = %d, noise %v: %d points, or some outside the box", id, n, noise, len(points))
				}
				set.LogDensity(logp, at)
				unknown := 0
				for i, l := range logp {
					if math.IsNaN(l) {
						unknown++
					}
					if math.IsInf(l, 1) || noise == 0.3 && !(l > -1000) {
						t.Errorf("%s, noise %v: log p(%v) = %v", id, noise, at[i], l)
					}
				}
				if unknown != 0 && unknown != len(logp) {
					t.Errorf("%s, noise %v: no density at %d points of %d", id, noise, unknown, len(logp))
				}
			}
		}
	}
}
