package sampler

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r2"
)

// integrate rolls one ball and returns where it ends and with which momentum.
func integrate(h HMC, t Target, y, p r2.Vec) (r2.Vec, r2.Vec) {
	w, next := NewWalkers(1), NewProposals(1)
	w.Y[0] = y
	h.Begin(w, t)
	h.integrate(w, next, t, []r2.Vec{p})
	return next.Y[0], next.P[0]
}

func TestBounce(t *testing.T) {
	for _, c := range []struct{ v, want, turned float64 }{
		{.2, .2, 1}, {1.5, 1.5, 1}, {-1.5, -1.5, 1},
		{1.7, 1.3, -1}, {-1.6, -1.4, -1},
		{4.6, -1.4, 1}, {-4.7, 1.3, 1}, {7.6, 1.4, -1}, {6.25, .25, 1}, {-602.5, -.5, -1},
	} {
		v, p := bounce(c.v, 3)
		if math.Abs(v-c.want) > 1e-12 || p != 3*c.turned {
			t.Errorf("a ball at %g with momentum 3 is at %g with %g, want %g with %g", c.v, v, p, c.want, 3*c.turned)
		}
	}
}

// TestHMCIsReversible: with its momentum turned, every ball finds back to where it began, also
// off the walls.
func TestHMCIsReversible(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for _, p := range planes() {
		h := HMC{Eps: .1, Beta: cold, Leaps: 12}
		for _, y := range p.draw(200, rng) {
			push := []r2.Vec{{}}
			Normal(push, rng)
			y1, p1 := integrate(h, p, y, push[0])
			y2, p2 := integrate(h, p, y1, r2.Scale(-1, p1))
			if off := r2.Norm(r2.Sub(y2, y)) + r2.Norm(r2.Add(p2, push[0])); !(off < 1e-10) {
				t.Fatalf("on %s a ball from %v comes back %.2g off", p.name, y, off)
			}
		}
	}
	// Down a slope, a ball that meets no wall gains momentum in proportion to the time.
	bounced := 0
	h := HMC{Eps: .1, Beta: 1, Leaps: 12}
	for _, y := range named("slope").draw(200, rng) {
		if _, p := integrate(h, named("slope"), y, r2.Vec{}); r2.Norm(r2.Sub(p, r2.Vec{X: -2.4, Y: 1.2})) > 1e-9 {
			bounced++
		}
	}
	if bounced < 100 {
		t.Errorf("only %d of 200 balls bounced off a wall: the test above has no walls", bounced)
	}
}

// TestHMCKeepsVolume takes the determinant of (y, p) ↦ (y', p') by differences: 1, also
// off the walls.
func TestHMCKeepsVolume(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	const d = 1e-6
	h := HMC{Eps: .1, Beta: cold, Leaps: 8}
	for _, p := range planes() {
		for _, y := range p.draw(50, rng) {
			push := []r2.Vec{{}}
			Normal(push, rng)
			from := [4]float64{y.X, y.Y, push[0].X, push[0].Y}
			jacobian := mat.NewDense(4, 4, nil)
			for i := range from {
				var end [2][4]float64
				for side, sign := range []float64{1, -1} {
					at := from
					at[i] += sign * d
					y, p := integrate(h, p, r2.Vec{X: at[0], Y: at[1]}, r2.Vec{X: at[2], Y: at[3]})
					end[side] = [4]float64{y.X, y.Y, p.X, p.Y}
				}
				for j := range from {
					jacobian.Set(j, i, (end[0][j]-end[1][j])/(2*d))
				}
			}
			if det := math.Abs(mat.Det(jacobian)); math.Abs(det-1) > 1e-4 {
				t.Errorf("on %s volume around %v grows by a factor %.6f", p.name, from, det)
			}
		}
	}
}

// TestHMCIsOfSecondOrder: half the leap, over the same time, makes a quarter of the error
// in H where no wall is met.
func TestHMCIsOfSecondOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	const n = 200
	for _, name := range []string{"Gaussian", "ring", "banana", "double well"} {
		p := named(name)
		w, next, push := NewWalkers(n), NewProposals(n), make([]r2.Vec, n)
		Normal(push, rng)
		for i, y := range p.draw(n, rng) {
			w.Y[i], push[i] = r2.Scale(.5, y), r2.Scale(.5, push[i])
		}
		w.Update(p)
		errorOf := func(leaps int) (rms float64) {
			h := HMC{Eps: .4 / float64(leaps), Beta: 1, Leaps: leaps}
			h.integrate(w, next, p, push)
			for i := range w.Y {
				d := h.DeltaH(w, next, push, i)
				rms += d * d / n
			}
			return math.Sqrt(rms)
		}
		coarse, fine := errorOf(20), errorOf(40)
		if ratio := coarse / fine; !(ratio > 3.8 && ratio < 4.2) {
			t.Errorf("on %s half the leap divides the error %.3g in H by %.2f, want 4", name, coarse, ratio)
		}
	}
}
