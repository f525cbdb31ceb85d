package architectural

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
)

// TestPhaseTransition is the theorem of Rose, Gurewitz and Fox: below β_c = 1/(2 λ_max)
// all prototypes fall together at the mean of the data, above it they part, and the
// merged ones part too when β is raised while they learn.
func TestPhaseTransition(t *testing.T) {
	data := scatter(500, 1)
	for i := range data {
		data[i].Y *= 0.5 // λ_max belongs to y1 alone
	}
	rows := mat.NewDense(len(data), 2, nil)
	var mean r2.Vec
	for i, y := range data {
		rows.SetRow(i, []float64{y.X, y.Y})
		mean = r2.Add(mean, r2.Scale(1/float64(len(data)), y))
	}
	var cov mat.SymDense
	stat.CovarianceMatrix(&cov, rows, nil)
	var eigen mat.EigenSym
	if !eigen.Factorize(&cov, false) {
		t.Fatal("no eigenvalues")
	}
	critical := 1 / (2 * eigen.Values(nil)[1])

	m := newSoftKMeans()
	m.k, m.eta, m.beta = 8, 1, 0.8*critical
	m.Init(data, rand.New(rand.NewPCG(1, 0)))
	steps(m, 300, 1)
	var s [3]float64
	if m.Scalars(s[:]); s[1] != 1 {
		t.Errorf("at 0.8 β_c there are %v distinct prototypes, want 1", s[1])
	}
	for k := range m.w.x {
		if d := r2.Norm(r2.Sub(m.w.at(k), mean)); d > 0.005 {
			t.Errorf("at 0.8 β_c w_%d is %v from the mean of the data", k, d)
		}
	}
	for k := range m.w.x {
		m.w.set(k, mean)
	}
	m.beta = 1.2 * critical
	steps(m, 300, 2)
	if m.Scalars(s[:]); s[1] < 2 {
		t.Errorf("at 1.2 β_c there are %v distinct prototypes, want at least 2", s[1])
	}
	for k := range m.w.x { // they part along the axis of λ_max, which is nearly that of y1
		if d := r2.Sub(m.w.at(k), mean); math.Abs(d.Y) > 0.1*math.Abs(d.X) {
			t.Errorf("at 1.2 β_c w_%d has left the axis: it is %v from the mean", k, d)
		}
	}
}

// TestFreeEnergyLimits goes through all temperatures: the mean form lies between the
// least and the mean energy, falls as β grows, and reaches both in the limits.
func TestFreeEnergyLimits(t *testing.T) {
	m := newSoftKMeans()
	m.Init(scatter(200, 1), rand.New(rand.NewPCG(1, 0)))
	for _, y := range append(scatter(20, 2), r2.Vec{X: 100, Y: -80}, m.w.at(3)) {
		least, mean := math.Inf(1), 0.0
		for _, l := range m.Latents(y) {
			least = min(least, l.E)
			mean += l.E / float64(m.k)
		}
		last := mean
		for _, beta := range []float64{1e-6, 1e-4, 1e-2, 1e-1, 1, 10, 100, 1e4, 1e6} {
			m.beta = beta
			var e [1]float64
			m.Energy(e[:], []r2.Vec{y})
			if !(e[0] <= last+1e-9*mean && e[0] >= least-1e-12*mean) {
				t.Errorf("F(%v) = %v at β = %v, outside [%v, %v]", y, e[0], beta, least, last)
			}
			last = e[0]
			if beta == 1e-6 && math.Abs(e[0]-mean) > 1e-4*mean*mean+1e-9 {
				t.Errorf("F(%v) = %v at β = %v, want the mean energy %v", y, e[0], beta, mean)
			}
		}
		if bound := math.Log(float64(m.k)) / m.beta; math.Abs(last-least) > bound+1e-12*mean {
			t.Errorf("F(%v) = %v at β = %v, want the least energy %v within %v", y, last, m.beta, least, bound)
		}
	}
}

// TestSoftStepDescends: in whatever part the M-step is taken, the mean free energy does
// not rise, but for the jitter.
func TestSoftStepDescends(t *testing.T) {
	for _, eta := range []float64{0.05, 0.5, 1} {
		for _, beta := range []float64{0.1, 5, 50, 1e4} {
			m := newSoftKMeans()
			m.eta, m.beta, m.start = eta, beta, startRandom
			m.Init(scatter(300, 1), rand.New(rand.NewPCG(1, 0)))
			last := loss(m)
			for n := range 40 {
				steps(m, 1, uint64(n))
				if now := loss(m); now > last+1e-5 {
					t.Fatalf("η = %v, β = %v: step %d raised the loss from %v to %v", eta, beta, n, last, now)
				} else {
					last = now
				}
			}
		}
	}
}

// TestSoftMeetsHard: at a very large β a full soft step is Lloyd's.
func TestSoftMeetsHard(t *testing.T) {
	data := scatter(300, 1)
	soft, hard := newSoftKMeans(), newKMeans()
	soft.eta, soft.beta, hard.update, hard.empty, hard.start = 1, 1e9, updateLloyd, emptyKeep, soft.start
	soft.Init(data, rand.New(rand.NewPCG(1, 0)))
	hard.Init(data, rand.New(rand.NewPCG(1, 0)))
	soft.w.set(0, r2.Vec{X: 50, Y: 50}) // no point feels this one
	hard.w.set(0, r2.Vec{X: 50, Y: 50})
	soft.Step(ebm.NewUpdate(&inOrder{})) // whose jitter is 0
	hard.Step(ebm.NewUpdate(nil))
	for k := range soft.w.x {
		if d := r2.Norm(r2.Sub(soft.w.at(k), hard.w.at(k))); !(d < 1e-9) {
			t.Errorf("w_%d differs by %v", k, d)
		}
	}
}

// TestDecay compares the table with math.Exp over its whole range.
func TestDecay(t *testing.T) {
	worst := 0.0
	for i := range 400_000 {
		a := cutoff * float64(i) / 400_000
		worst = max(worst, math.Abs(decay(a)/math.Exp(-a)-1))
	}
	if worst > 2e-14 {
		t.Errorf("decay is off by %v, want at most 2e-14", worst)
	}
}
