package architectural

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
	"pgregory.net/rapid"

	"ebmviz/ebm"
)

// drawData draws between 1 and 200 points: spread out, in clumps, or many at one place.
func drawData(t *rapid.T) []r2.Vec {
	n := rapid.IntRange(1, 200).Draw(t, "n")
	at := scatter(n, rapid.Uint64().Draw(t, "data"))
	switch rapid.SampledFrom([]string{"spread", "clumps", "copies"}).Draw(t, "how") {
	case "clumps":
		for i := range at {
			at[i] = r2.Add(at[i%5], r2.Scale(0.05, at[i]))
		}
	case "copies":
		for i := range at {
			at[i] = at[i%7%n]
		}
	}
	return at
}

func drawRand(t *rapid.T) *rand.Rand { return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)) }

// TestLloydNeverRaises: coordinate descent never raises the inertia, whatever the data,
// and neither does moving an empty prototype to the worst point.
func TestLloydNeverRaises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := drawData(t)
		m := newKMeans()
		m.k, m.update = rapid.IntRange(1, 20).Draw(t, "K"), updateLloyd
		m.start = rapid.SampledFrom([]string{startRandom, startPlusPlus}).Draw(t, "start")
		m.empty = rapid.SampledFrom([]string{emptyReseed, emptyKeep}).Draw(t, "empty")
		m.Init(data, drawRand(t))
		last := meanEnergy(m, data)
		for n := range 10 {
			steps(m, 1, 1)
			now := meanEnergy(m, data)
			if now > last+1e-14 {
				t.Fatalf("step %d raised the inertia from %v to %v", n, last, now)
			}
			last = now
		}
	})
}

// TestEMNeverLowersLikelihood: with every kind of covariance, and although no variance may
// fall below the floor, the likelihood of the data never falls.
func TestEMNeverLowersLikelihood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := drawData(t)
		m := newGMM()
		m.k, m.empty = rapid.IntRange(1, 12).Draw(t, "K"), emptyKeep
		m.covariance = rapid.SampledFrom(covariances).Draw(t, "covariance")
		m.floor = rapid.SampledFrom([]float64{1e-5, 1e-4, 1e-2, 1e-1}).Draw(t, "floor")
		m.start = rapid.SampledFrom([]string{startRandom, startPlusPlus}).Draw(t, "start")
		m.Init(data, drawRand(t))
		last := -meanEnergy(m, data)
		for n := range 15 {
			steps(m, 1, 1)
			now := -meanEnergy(m, data)
			if !(now > last-1e-10) {
				t.Fatalf("iteration %d lowered the log likelihood from %v to %v", n, last, now)
			}
			last = now
		}
	})
}

// TestFreeEnergyBelowEnergy: F is the least E(y, z) of K-means; soft K-means lies between
// that and their mean, and falls with β; a mixture sums, so it lies below the least.
func TestFreeEnergyBelowEnergy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := drawData(t)
		k := rapid.IntRange(1, 20).Draw(t, "K")
		hard, soft, mixture := newKMeans(), newSoftKMeans(), newGMM()
		hard.k, soft.k, mixture.k = k, k, k
		mixture.covariance = rapid.SampledFrom(covariances).Draw(t, "covariance")
		beta := math.Exp(rapid.Float64Range(-5, 9).Draw(t, "log β"))
		warmer := beta * rapid.Float64Range(0.01, 1).Draw(t, "warmer by")
		for _, m := range []ebm.Model{hard, soft, mixture} {
			m.Init(data, drawRand(t))
			steps(m, 3, 1)
		}
		free := func(m ebm.Model, y r2.Vec) float64 {
			e := make([]float64, 1)
			m.Energy(e, []r2.Vec{y})
			return e[0]
		}
		spread := func(m ebm.Latent, y r2.Vec) (least, mean float64) {
			least = math.Inf(1)
			all := m.Latents(y)
			for _, l := range all {
				least = min(least, l.E)
				mean += l.E / float64(len(all))
			}
			return least, mean
		}
		for _, y := range scatter(10, rapid.Uint64().Draw(t, "points")) {
			if least, _ := spread(hard, y); free(hard, y) != least {
				t.Fatalf("K-means: F = %v at %v, the least E is %v", free(hard, y), y, least)
			}
			least, mean := spread(soft, y)
			soft.beta = warmer
			above := free(soft, y)
			soft.beta = beta
			f := free(soft, y)
			if slack := 1e-12*(1+mean) + 1e-14/warmer; f < least-slack || f > above+slack || above > mean+slack {
				t.Fatalf("soft K-means: the order of %v <= F = %v <= %v (β smaller) <= %v is broken at %v", least, f, above, mean, y)
			}
			least, _ = spread(mixture, y)
			if f, slack := free(mixture, y), 1e-12*(1+math.Abs(least)); f > least+slack || f < least-math.Log(float64(k))-slack {
				t.Fatalf("mixture: F = %v at %v, the least E is %v", f, y, least)
			}
		}
	})
}

// TestFreeEnergyBelowAnyCode does so for codes that are no list: any code costs at least F.
func TestFreeEnergyBelowAnyCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := drawRand(t)
		sc := sparseAt(t, nil, drawAtoms(t))
		sc.lambda = math.Exp(rapid.Float64Range(-6, 1).Draw(t, "log λ"))
		sc.nonneg = rapid.Bool().Draw(t, "nonneg")
		local := lccAt(t, nil, drawAnchors(t), sc.lambda)
		e := make([]float64, 1)
		for _, y := range scatter(20, rapid.Uint64().Draw(t, "points")) {
			z := make([]float64, sc.k)
			sc.infer(z, y)
			z[rng.IntN(sc.k)] += 0.1 * math.Abs(rng.NormFloat64())
			sc.Energy(e, []r2.Vec{y})
			if cost := sc.energyOf(y, z); cost < e[0]-1e-9 {
				t.Fatalf("sparse: the code %v of %v costs %v, less than F = %v", z, y, cost, e[0])
			}
			z = make([]float64, local.k)
			local.infer(z, y)
			share := 0.1 * rng.Float64()
			for k := range z {
				z[k] *= 1 - share
			}
			z[rng.IntN(local.k)] += share
			local.Energy(e, []r2.Vec{y})
			if cost := local.energyOf(y, z); cost < e[0]-1e-9 {
				t.Fatalf("local: the code %v of %v costs %v, less than F = %v", z, y, cost, e[0])
			}
		}
	})
}

// TestSparseEnergyIsConvex is why sparse coding cannot follow a spiral: along every line
// the energy in the middle is at most the mean of that at the ends. That of local
// coordinate coding is not convex.
func TestSparseEnergyIsConvex(t *testing.T) {
	middle := func(m ebm.Model, a, b r2.Vec) (above float64) {
		e := make([]float64, 3)
		m.Energy(e, []r2.Vec{a, r2.Scale(0.5, r2.Add(a, b)), b})
		return e[1] - (e[0]+e[2])/2
	}
	rapid.Check(t, func(t *rapid.T) {
		m := sparseAt(t, nil, drawAtoms(t))
		m.lambda = math.Exp(rapid.Float64Range(-6, 1).Draw(t, "log λ"))
		m.nonneg = rapid.Bool().Draw(t, "nonneg")
		ends := scatter(60, rapid.Uint64().Draw(t, "lines"))
		for i := 0; i < len(ends); i += 2 {
			for _, far := range []float64{1, 0.1, 0.001} {
				a, b := ends[i], r2.Add(ends[i], r2.Scale(far, r2.Sub(ends[i+1], ends[i])))
				if above := middle(m, a, b); above > 1e-9 {
					t.Fatalf("between %v and %v the energy bulges up by %v", a, b, above)
				}
			}
		}
	})
	m := lccAt(t, nil, prototypes{[]float64{-1, 1}, []float64{0, 0}}, 1)
	if above := middle(m, r2.Vec{X: -1}, r2.Vec{X: 1}); above < 0.1 {
		t.Errorf("between two anchors the local energy bulges up by %v only", above)
	}
}

// TestMoved moves the data: principal components, Lloyd's method and mixtures must move
// with them. Renumbering the points must change nothing.
func TestMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sin, cos := math.Sincos(rapid.Float64Range(-4, 4).Draw(t, "angle"))
		shift := r2.Vec{X: rapid.Float64Range(-2, 2).Draw(t, "x"), Y: rapid.Float64Range(-2, 2).Draw(t, "y")}
		move := func(p r2.Vec) r2.Vec {
			return r2.Add(shift, r2.Vec{X: cos*p.X - sin*p.Y, Y: sin*p.X + cos*p.Y})
		}
		data := scatter(rapid.IntRange(10, 100).Draw(t, "n"), rapid.Uint64().Draw(t, "data"))
		moved := make([]r2.Vec, len(data))
		for i, j := range drawRand(t).Perm(len(data)) {
			moved[i] = move(data[j])
		}
		k := rapid.IntRange(1, 8).Draw(t, "K")
		covariance := rapid.SampledFrom(covariances).Draw(t, "covariance")
		begin := func(data []r2.Vec, move func(r2.Vec) r2.Vec) []ebm.Model {
			hard, mixture, line := newKMeans(), newGMM(), newPCA()
			hard.k, hard.update = k, updateLloyd
			hard.empty = emptyKeep // of two points of one cluster neither is the worst
			mixture.k, mixture.covariance = k, covariance
			line.update, line.eta = updateEigen, 0.5
			all := []ebm.Model{hard, mixture, line}
			for _, m := range all {
				m.Init(data, rand.New(rand.NewPCG(1, 0)))
			}
			for j, p := range scatter(k, 7) { // begin at the same places
				hard.w.set(j, move(p))
				mixture.w.set(j, move(p))
				mixture.cov[j] = isotropic(0.3)
			}
			mixture.tabulate()
			line.mu = move(r2.Vec{})
			line.u = r2.Sub(move(r2.Vec{X: 0.6, Y: 0.8}), line.mu)
			return all
		}
		at := scatter(20, 3)
		there := make([]r2.Vec, len(at))
		for i, p := range at {
			there[i] = move(p)
		}
		still, gone := begin(data, func(p r2.Vec) r2.Vec { return p }), begin(moved, move)
		e, f := make([]float64, len(at)), make([]float64, len(at))
		for i, name := range []string{"K-means", "mixture", "principal component"} {
			for range 4 {
				steps(still[i], 1, 1)
				steps(gone[i], 1, 1)
			}
			still[i].Energy(e, at)
			gone[i].Energy(f, there)
			for j := range e {
				if math.Abs(e[j]-f[j]) > 1e-8*(1+math.Abs(e[j])) {
					t.Fatalf("%s: F(%v) = %v, after the motion F(%v) = %v", name, at[j], e[j], there[j], f[j])
				}
			}
		}
	})
}

// TestPushes: what is drawn of a step of the methods without networks is what it did. All
// pushes are down, at points of the data, with weights that sum to one, and come from what
// the model offered for the point before the step.
func TestPushes(t *testing.T) {
	data := scatter(300, 1)
	eigen := newPCA()
	eigen.update = updateEigen
	for name, m := range map[string]ebm.Model{"gmm": newGMM(), "pca": newPCA(), "eigen": eigen, "sparse": newSparse(), "lcc": newLCC()} {
		m.Init(data, rand.New(rand.NewPCG(1, 0)))
		for _, p := range steps(m, 5, 1).Trace.Pushes {
			if p.Amount >= 0 {
				t.Fatalf("%s pushes up: %+v", name, p)
			}
		}
		offered := make([]r2.Vec, len(data))
		m.(ebm.Reconstructer).Reconstruct(offered, data)
		from := map[r2.Vec]r2.Vec{}
		for i, y := range data {
			if from[y] = offered[i]; name == "gmm" { // from the component most responsible
				best := math.Inf(1)
				for _, l := range m.(ebm.Latent).Latents(y) {
					if l.E < best {
						best, from[y] = l.E, l.Y
					}
				}
			}
		}
		sum := 0.0
		for _, p := range steps(m, 1, 2).Trace.Pushes {
			want, ok := from[p.At]
			if sum -= p.Amount; !ok || r2.Norm(r2.Sub(p.From, want)) > 1e-12 {
				t.Fatalf("%s: push at %v from %v, want from %v", name, p.At, p.From, want)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: the weights of the pushes sum to %v, want 1", name, sum)
		}
	}
}

// TestWithoutData: a method that has nothing to learn from still has a landscape.
func TestWithoutData(t *testing.T) {
	for _, c := range ebm.Cards() {
		m := c.New()
		m.Init(nil, rand.New(rand.NewPCG(1, 0)))
		steps(m, 3, 1)
		if e := meanEnergy(m, scatter(50, 1)); math.IsNaN(e) || math.IsInf(e, 0) {
			t.Errorf("%s: the mean energy is %v without data", c.ID, e)
		}
	}
}
