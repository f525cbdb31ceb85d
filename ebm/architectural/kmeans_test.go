package architectural

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// steps makes n steps and returns the Update, whose trace is the last step's.
func steps(m ebm.Model, n int, seed uint64) *ebm.Update {
	u := ebm.NewUpdate(rand.New(rand.NewPCG(seed, 1)))
	for range n {
		u.Trace.Reset()
		m.Step(u)
	}
	return u
}

// TestLloydDescends is the reason for coordinate descent: the mean energy never rises,
// and after finitely many steps nothing moves.
func TestLloydDescends(t *testing.T) {
	for seed := range uint64(10) {
		m := newKMeans()
		m.update, m.start = updateLloyd, startRandom
		m.Init(scatter(400, seed), rand.New(rand.NewPCG(seed, 0)))
		last := math.Inf(1)
		for n := 0; ; n++ {
			now := loss(m)
			if now > last*(1+1e-12) {
				t.Fatalf("seed %d: step %d raised the loss from %v to %v", seed, n, last, now)
			}
			last = now
			if steps(m, 1, 0); m.moved == 0 {
				break
			}
			if n == 300 {
				t.Fatalf("seed %d: not done after 300 steps", seed)
			}
		}
	}
}

// TestLloydNeedsADozenPasses compares the learning rules at equal numbers of looks at points: after
// twelve passes over the spiral coordinate descent is where it ends, and the others are no better
// after as many looks, in many more steps.
func TestLloydNeedsADozenPasses(t *testing.T) {
	for start, least := range map[string]float64{startPlusPlus: .95, startBox: .9} {
		after := func(update string, n int) float64 {
			m := newKMeans()
			m.update, m.start = update, start
			onData(t, m, "spiral", n)
			return loss(m)
		}
		lloyd, end := after(updateLloyd, 12), after(updateLloyd, 200)
		if !(lloyd < 1.02*end) {
			t.Errorf("%s: after twelve passes the loss is %v, at the end %v", start, lloyd, end)
		}
		for update, looks := range map[string]int{updateOnline: 1, updateMacQueen: 1, updateMiniBatch: newKMeans().batch} {
			l := after(update, 12*1000/looks)
			t.Logf("%s: %.5f, lloyd: %.5f", update, l, lloyd)
			if !(l > least*lloyd && l < 1.4*lloyd) {
				t.Errorf("%s: after as many looks at points the loss is %v with %s and %v with Lloyd", start, l, update, lloyd)
			}
		}
	}
}

// TestStartInBox: the default start gives the wells a way to go, and they end as low as from k-means++,
// with every seed.
func TestStartInBox(t *testing.T) {
	points, _ := train(t, "spiral")
	for seed := range uint64(10) {
		var way, end [2]float64
		for i, start := range []string{startBox, startPlusPlus} {
			m := newKMeans()
			m.start = start
			m.Init(points, rand.New(rand.NewPCG(seed, 0)))
			first := newPrototypes(m.k)
			first.copyFrom(m.w)
			steps(m, 800, seed)
			end[i] = loss(m)
			for k := range first.x {
				way[i] += math.Sqrt(first.squared(k, m.w.at(k))) / float64(m.k)
			}
		}
		if !(way[0] > .5 && way[0] > 5*way[1]) {
			t.Errorf("seed %d: from the box a well moves by %.3f, from k-means++ by %.3f", seed, way[0], way[1])
		}
		if !(end[0] < 1.1*end[1]) {
			t.Errorf("seed %d: from the box the loss ends at %.5f, from k-means++ at %.5f", seed, end[0], end[1])
		}
	}
}

// TestReseed puts two prototypes where no point is near: every learning rule must bring
// them to the data, count both, and let them share the work.
func TestReseed(t *testing.T) {
	for _, update := range []string{updateLloyd, updateOnline, updateMacQueen, updateMiniBatch} {
		for _, policy := range []string{emptyReseed, emptyKeep} {
			m := newKMeans()
			m.k, m.update, m.empty = 4, update, policy
			m.Init(scatter(100, 1), rand.New(rand.NewPCG(1, 0)))
			m.w.set(1, r2.Vec{X: 40, Y: 40})
			m.w.set(3, r2.Vec{X: 50, Y: 50})
			steps(m, 101, 1)
			away := 0
			for _, x := range m.w.x {
				if x > 10 {
					away++
				}
			}
			want := map[string]int{emptyReseed: 0, emptyKeep: 2}[policy]
			if away != want || m.reseeded != 2-want {
				t.Errorf("%s, %s: %d prototypes are still away and %d were re-seeded, want %d and %d", update, policy, away, m.reseeded, want, 2-want)
			}
		}
	}
}

// TestReseedStops has more prototypes than places: there is nowhere to go, so the count
// must not run away.
func TestReseedStops(t *testing.T) {
	m := newKMeans()
	m.k, m.update, m.start = 10, updateLloyd, startPlusPlus
	m.Init([]r2.Vec{{X: 1}, {X: 1}, {Y: 1}}, rand.New(rand.NewPCG(1, 0)))
	steps(m, 50, 1)
	if m.reseeded != 0 || loss(m) != 0 {
		t.Errorf("re-seeded %d prototypes at a loss of %v, want 0 at 0", m.reseeded, loss(m))
	}
}

// TestKMeansTrace checks what is drawn: weights that sum to one, each pull from the
// prototype nearest to the point, no push up, and a path that ends at the prototype.
func TestKMeansTrace(t *testing.T) {
	for _, update := range []string{updateLloyd, updateOnline, updateMacQueen, updateMiniBatch} {
		m := newKMeans()
		m.update = update
		m.Init(scatter(300, 1), rand.New(rand.NewPCG(3, 0)))
		before := newPrototypes(m.k)
		before.copyFrom(m.w)
		tr := steps(m, 1, 2).Trace
		sum := 0.0
		for _, p := range tr.Pushes {
			if z, _ := before.nearest(p.At); p.Amount >= 0 || p.From != before.at(z) {
				t.Fatalf("%s: push %+v, want one down from %v", update, p, before.at(z))
			}
			sum -= p.Amount
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: the weights of the pushes sum to %v, want 1", update, sum)
		}
		if len(tr.Visits) == 0 || len(tr.Visits)%2 != 0 {
			t.Fatalf("%s: %d points of paths, want two for each prototype that moved", update, len(tr.Visits))
		}
		for i, v := range tr.Visits {
			want := before.at(v.Path)
			if i%2 == 1 {
				want = m.w.at(v.Path)
			}
			if v.At != want {
				t.Errorf("%s: path %d goes through %v, want %v", update, v.Path, v.At, want)
			}
		}
	}
}

// TestKMeansWells checks the pathology that the lecture names: exactly K points of zero
// energy, and quadratic growth from there.
func TestKMeansWells(t *testing.T) {
	m := newKMeans()
	m.k = 5
	m.Init(scatter(100, 1), rand.New(rand.NewPCG(1, 0)))
	e := make([]float64, 1)
	for k := range m.k {
		for _, d := range []float64{0, 1e-3, 2e-3} {
			m.Energy(e, []r2.Vec{{X: m.w.x[k] + d, Y: m.w.y[k]}})
			if math.Abs(e[0]-d*d) > 1e-15 {
				t.Errorf("F at %v from w_%d = %v, want %v", d, k, e[0], d*d)
			}
		}
	}
}
