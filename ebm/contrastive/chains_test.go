package contrastive

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

var refusing = []string{sampler.NameRandomWalk, sampler.NameMALA, sampler.NameHMC}

// follow takes the walkers through their walks by the samplers themselves, without
// blocks, and returns where they end and how clearly it was decided whether each of them
// goes: the least |log u - log α| on its way.
func follow(k sampler.Kernel, t sampler.Target, y, noise []r2.Vec, u []float64) (end []r2.Vec, margin []float64) {
	n := len(y)
	margin = make([]float64, n)
	w, next := sampler.NewWalkers(n), sampler.NewProposals(n)
	copy(w.Y, y)
	for lo := range n { // one by one
		w, next := w.Slice(lo, lo+1), next.Slice(lo, lo+1)
		k.Begin(w, t)
		margin[lo] = math.Inf(1)
		for at := lo; at < len(noise); at += n {
			before := sampler.NewWalkers(1)
			before.Y[0], before.E[0], before.G[0] = w.Y[0], w.E[0], w.G[0]
			k.Step(w, next, t, noise[at:at+1], u[at:at+1])
			margin[lo] = min(margin[lo], math.Abs(math.Log(u[at])-logAlpha(k, before, next, noise[at:at+1])))
		}
	}
	return w.Y, margin
}

func logAlpha(k sampler.Kernel, w sampler.Walkers, next sampler.Proposals, noise []r2.Vec) float64 {
	switch k := k.(type) {
	case *sampler.RandomWalk:
		return k.LogAlpha(w, next.Walkers, 0)
	case *sampler.MALA:
		return k.LogAlpha(w, next.Walkers, 0)
	case *sampler.HMC:
		return -k.DeltaH(w, next, noise, 0)
	}
	return math.Inf(-1) // it rejects nothing
}

// TestChainsWalkAsTheirSampler compares the walks, which go in blocks and on a network,
// with those of the sampler one by one on the same landscape at float64. A walk of
// float32 may differ once it has been decided on a knife's edge: those are left out, and
// must be few. Walks are short, for balls that roll magnify what was rounded.
func TestChainsWalkAsTheirSampler(t *testing.T) {
	for _, name := range append(refusing, sampler.NameULA) {
		t.Run(name, func(t *testing.T) {
			t.Run("float64", func(t *testing.T) { compareWalks[float64](t, name, 1e-8, 1e-8) })
			t.Run("float32", func(t *testing.T) { compareWalks[float32](t, name, 1e-3, 2e-4) })
		})
	}
}

func compareWalks[T net.Float](t *testing.T, name string, edge, tolerance float64) {
	p := newPCD[T]()
	const n = 70 // two blocks
	p.sampler, p.chain, p.Batch = name, 3, n
	r := start(t, p, 1).steps(60)
	landscape := newPCD[float64]()
	start(t, landscape, 2)
	for i, v := range p.mlp.Params() {
		landscape.mlp.Params()[i], landscape.shown.Params()[i] = float64(v), float64(v)
	}
	p.selectChains(r.u.Rand, n)
	settings := p.settings()
	settings.Size = p.step
	k, err := sampler.New(name)
	if err != nil {
		t.Fatal(err)
	}
	k.Set(settings)
	want, margin := follow(k, sampler.On(landscape), p.from, p.noise, p.u)
	p.walk(ebm.Serial, &p.network)
	compared := 0
	for i, y := range p.walkers.Y {
		if margin[i] < edge {
			continue
		}
		compared++
		if d := r2.Norm(r2.Sub(y, want[i])); !(d < tolerance*ebm.L) {
			t.Errorf("walker %d ends at %v, want %v; every decision was clear by %.2g", i, y, want[i], margin[i])
		}
	}
	if compared < n*9/10 {
		t.Errorf("only %d of %d walks were decided clearly", compared, n)
	}
}

// TestTraceOfChains checks the walks and proposals in the trace of a step.
func TestTraceOfChains(t *testing.T) {
	for _, c := range []struct {
		name   string
		model  ebm.Model
		set    []any
		paths  int
		length int
		ups    int
	}{
		{"mcmc", newMCMC[float32](), []any{"batch", 100}, 97, 41, 100},
		{"mcmc mala", newMCMC[float32](), []any{"sampler", "mala", "chain", 3}, 128, 4, 256},
		{"pcd", newPCD[float32](), []any{"eta", 3e-3}, 128, 21, 256},
		{"pcd few", newPCD[float32](), []any{"chains", 70, "eta", 2e-2}, 70, 21, 70},
		{"pcd ula", newPCD[float32](), []any{"sampler", "ula"}, 128, 21, 256},
		{"hmc", newHMC[float32](), []any{"eps", .3}, 128, 13, 256},
		{"hmc long", newHMC[float32](), []any{"chain", 10, "leapfrog", 20, "eps", .3}, 20, 201, 256},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, c.model, 1, c.set...).steps(20)
			var ups []ebm.Push
			sum := 0.
			for _, p := range r.u.Trace.Pushes {
				if p.Amount > 0 {
					ups = append(ups, p)
					sum += p.Amount
				}
			}
			if len(ups) != c.ups || math.Abs(sum-1) > 1e-9 {
				t.Errorf("%d pushes up that weigh %v, want %d that weigh 1", len(ups), sum, c.ups)
			}
			paths := map[int][]r2.Vec{}
			for _, v := range r.u.Trace.Visits {
				paths[v.Path] = append(paths[v.Path], v.At)
			}
			if len(paths) != c.paths {
				t.Errorf("the trace has %d walks, want %d", len(paths), c.paths)
			}
			for i, path := range paths {
				if len(path) != c.length || path[0] != ups[i].From || path[len(path)-1] != ups[i].At {
					t.Fatalf("walk %d has %d places from %v to %v; want %d from %v to %v", i, len(path), path[0], path[len(path)-1], c.length, ups[i].From, ups[i].At)
				}
			}
			if c.name == "pcd ula" {
				if len(r.u.Trace.Proposals) != 0 {
					t.Error("ula is said to have proposed something")
				}
				return
			}
			if len(r.u.Trace.Proposals) != c.ups {
				t.Fatalf("%d proposals, want %d", len(r.u.Trace.Proposals), c.ups)
			}
			refused := 0
			for i, p := range r.u.Trace.Proposals {
				end := p.To
				if !p.Accepted {
					refused++
					end = p.From
				}
				if end != ups[i].At {
					t.Fatalf("walker %d proposed to go from %v to %v, accepted: %v; it is at %v", i, p.From, p.To, p.Accepted, ups[i].At)
				}
			}
			if refused == 0 || refused == c.ups {
				t.Errorf("%d of %d were rejected", refused, c.ups)
			}
		})
	}
}

// TestPathsOfHMC checks the leapfrog steps in the trace: the first is where the momentum after
// a half step leads, and a rejected ball does not move.
func TestPathsOfHMC(t *testing.T) {
	h := newHMC[float32]()
	r := start(t, h, 1, "chain", 1, "leapfrog", 6, "eps", .3).steps(20)
	h.Draw(r.u.Rand)
	h.selectChains(r.u.Rand, len(h.Y))
	eps := h.step
	h.walk(ebm.Serial, &h.network)
	r.u.Trace.Reset()
	h.record(r.u.Trace)
	slopes := make([]r2.Vec, len(h.from))
	h.mlp.Grad(slopes, h.from)
	rolled, back := 0, 0
	for i := range h.paths {
		way := []r2.Vec{}
		for _, v := range r.u.Trace.Visits {
			if v.Path == i {
				way = append(way, v.At)
			}
		}
		if !h.next.Accepted[i] {
			back++
			if slices.ContainsFunc(way, func(y r2.Vec) bool { return y != way[0] }) {
				t.Fatalf("ball %d was rejected, and its path is %v", i, way)
			}
			continue
		}
		to := r2.Add(way[0], r2.Scale(eps, r2.Sub(h.noise[i], r2.Scale(eps/2, slopes[i]))))
		if sampler.Reflect(to) != to {
			continue
		}
		rolled++
		if d := r2.Norm(r2.Sub(way[1], to)); d > 1e-6 {
			t.Fatalf("ball %d leaps from %v to %v, want %v", i, way[0], way[1], to)
		}
	}
	if rolled < 10 || back < 10 {
		t.Errorf("%d of %d balls moved and %d were rejected", rolled, h.paths, back)
	}
}

// TestStuck counts in the trace. With one step to a walk, a rejected walker is stuck.
func TestStuck(t *testing.T) {
	for _, name := range refusing {
		p := newPCD[float32]()
		r := start(t, p, 1, "sampler", name, "chain", 1).steps(30)
		accepted := 0.
		for _, proposal := range r.u.Trace.Proposals {
			if proposal.Accepted {
				accepted++
			}
		}
		accepted /= float64(len(r.u.Trace.Proposals))
		if p.acceptance != accepted || math.Abs(p.stuck-(1-accepted)) > 1e-12 {
			t.Errorf("%s: %v were accepted; acceptance %v, stuck %v", name, accepted, p.acceptance, p.stuck)
		}
		r.set("chain", 4)
		still := 0.
		for _, push := range r.steps(1).u.Trace.Pushes {
			if push.Amount > 0 && push.At == push.From {
				still++
			}
		}
		if p.stuck != still/256 {
			t.Errorf("%s: %v of 256 chains stand where they stood; stuck %v", name, still, p.stuck)
		}
	}
}

func TestStepSizesOfChains(t *testing.T) {
	p := newPCD[float32]()
	r := start(t, p, 1).steps(400)
	if math.Abs(p.acceptance-sampler.AcceptanceMALA) > .1 {
		t.Errorf("%.2f of the steps of mala are accepted at η = %.2g", p.acceptance, p.step)
	}
	adapted := p.step
	r.set("sampler", "ula")
	if r.steps(3); p.step != p.eta || !math.IsNaN(p.acceptance) || !math.IsNaN(p.stuck) {
		t.Errorf("ula has a step size of %v, an acceptance of %v, and %v stuck", p.step, p.acceptance, p.stuck)
	}
	r.set("sampler", "hmc")
	if r.steps(1); math.Abs(p.step/p.eps-1) > .1 || adapted == p.step {
		t.Errorf("hmc begins with %v where the knob says %v", p.step, p.eps)
	}
	r.set("s", .2, "sampler", "randomwalk")
	if r.steps(1); math.Abs(p.step/.2-1) > .1 {
		t.Errorf("randomwalk begins with %v where the knob says 0.2", p.step)
	}
}

// TestShortWalksStartUniformly: the starts fill the box evenly, whatever the landscape.
func TestShortWalksStartUniformly(t *testing.T) {
	m := newMCMC[float32]()
	r := start(t, m, 1, "batch", 512)
	var quarter [4]int
	for range 20 {
		for _, p := range r.steps(1).u.Trace.Pushes {
			if p.Amount > 0 {
				q := 0
				if p.From.X > 0 {
					q++
				}
				if math.Abs(p.From.Y) > ebm.L/2 {
					q += 2
				}
				quarter[q]++
			}
		}
	}
	for q, n := range quarter {
		if math.Abs(float64(n)-2560) > 4*math.Sqrt(10240*.25*.75) {
			t.Errorf("%d of 10240 walks begin in quarter %d", n, q)
		}
	}
}

// TestChainsOnSeveralCores checks the walks block by block, in any order.
func TestChainsOnSeveralCores(t *testing.T) {
	backwards := func(n int, body func(i int)) {
		for i := n - 1; i >= 0; i-- {
			body(i)
		}
	}
	for _, name := range append(refusing, sampler.NameULA) {
		a, b := newPCD[float32](), newPCD[float32]()
		ra, rb := start(t, a, 1, "sampler", name, "batch", 300), start(t, b, 1, "sampler", name, "batch", 300)
		rb.u.For = backwards
		ra.steps(5)
		rb.steps(5)
		if !slices.Equal(a.Particles(nil), b.Particles(nil)) || a.acceptance != b.acceptance && name != sampler.NameULA {
			t.Errorf("%s: the chains depend on the order of the blocks", name)
		}
	}
}

// TestKnobsOfChainsRestartTheSchedule moves every knob that does not restart the model.
func TestKnobsOfChainsRestartTheSchedule(t *testing.T) {
	type learner interface {
		ebm.Model
		ScheduleStep() int
	}
	for _, m := range []learner{newMCMC[float32](), newHMC[float32](), newPCD[float32]()} {
		r := start(t, m, 1, "batch", 16, "chain", 1).steps(3)
		for _, k := range r.knobs.All() {
			if k.Restart {
				continue
			}
			switch k.Kind {
			case ebm.Choice:
				r.set(k.Name, k.Choices[1-min(1, slices.Index(k.Choices, k.Value().(string)))])
			case ebm.Int:
				r.set(k.Name, k.Value().(int)+1)
			default:
				r.set(k.Name, k.Value().(float64)*.9)
			}
			if r.steps(1); m.ScheduleStep() != 1 {
				t.Errorf("%T: %s moved, and t = %d a step later", m, k.Name, m.ScheduleStep())
			}
			r.steps(1)
		}
	}
}

func TestNoDataForChains(t *testing.T) {
	for _, m := range []ebm.Model{newMCMC[float32](), newHMC[float32](), newPCD[float32]()} {
		u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
		m.Init(nil, u.Rand)
		m.Step(u)
		if len(u.Trace.Pushes) > 0 {
			t.Error("pushes without data")
		}
	}
}
