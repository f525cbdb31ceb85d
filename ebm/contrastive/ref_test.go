package contrastive

import (
	"fmt"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

// layers is a network, or a gradient of one, as the reference writes it.
type layers []struct {
	W [][]float64
	B []float64
}

// spec returns the shape, without Fourier features.
func (l layers) spec(act string) net.Spec {
	s := net.Spec{In: len(l[0].W[0]), Out: len(l[len(l)-1].W), Act: net.Activation(act)}
	for _, layer := range l[:len(l)-1] {
		s.Hidden = append(s.Hidden, len(layer.W))
	}
	return s
}

// flat returns the numbers in the order of net.MLP's Params.
func (l layers) flat() (all []float64) {
	for _, layer := range l {
		all = append(all, slices.Concat(layer.W...)...)
		all = append(all, layer.B...)
	}
	return all
}

// load gives the network and its average the reference's weights, and takes away what the
// reference does without: the limit of the gradient and Adam.
func load[T net.Float](n *network[T], l layers, lr float64, batch int) {
	for i, v := range l.flat() {
		n.mlp.Params()[i], n.shown.Params()[i] = T(v), T(v)
	}
	n.Optimiser, n.Limit, n.LR, n.Batch = string(net.SGD), 0, lr, batch
}

// scriptedRand is an ebm.Rand with fixed numbers: the batch is the data in order, and normal
// numbers come from a list.
type scriptedRand struct {
	normal []float64
	index  int
}

func (d *scriptedRand) Float64() float64 { panic("no uniform number is due") }
func (d *scriptedRand) IntN(n int) int   { d.index++; return (d.index - 1) % n }
func (d *scriptedRand) NormFloat64() float64 {
	v := d.normal[0]
	d.normal = d.normal[1:]
	return v
}

// scriptedNoise returns the noise of a step in units of its standard deviation.
func scriptedNoise(noise [][]float64, sd float64) *scriptedRand {
	d := &scriptedRand{}
	for _, v := range slices.Concat(noise...) {
		d.normal = append(d.normal, v/sd)
	}
	return d
}

func TestRef(t *testing.T) {
	for _, file := range []struct {
		name           string
		double, single func(t *testing.T)
	}{
		{"autoencoder", refAutoencoder[float64], refAutoencoder[float32]},
		{"exact_ml", refExactML[float64], refExactML[float32]},
		{"cd", refCD[float64], refCD[float32]},
	} {
		t.Run(file.name, func(t *testing.T) {
			t.Run("float64", file.double)
			t.Run("float32", file.single)
		})
	}
}

func refAutoencoder[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers         layers
		Queries, Recon [][]float64
		GradY          [][]float64 `json:"grad_y"`
		Energy         []float64
		DAE            struct {
			Y, Noise [][]float64
			Loss, LR float64
			Grad     layers
			After    layers
		}
		Iterate [][][]float64
	}
	ref.Load(t, "autoencoder", &c)
	near := ref.Checker[T](t, c.Tolerance)

	d := newDAE[T]()
	d.begin(c.Layers.spec("tanh"), ref.Vecs(c.DAE.Y))
	load(&d.network, c.Layers, c.DAE.LR, len(c.DAE.Y))

	at := ref.Vecs(c.Queries)
	points, energy := make([]r2.Vec, len(at)), make([]float64, len(at))
	d.Reconstruct(points, at)
	near.Points("r(y)", points, c.Recon)
	d.Energy(energy, at)
	near.List("E", energy, c.Energy)
	d.Grad(points, at)
	near.Points("∂E/∂y", points, c.GradY)

	y := slices.Clone(at)
	for i, want := range c.Iterate {
		if i > 0 {
			d.Reconstruct(y, y)
		}
		near.Points(fmt.Sprintf("y after %d times r", i), y, want)
	}

	d.Step(ebm.NewUpdate(scriptedNoise(c.DAE.Noise, d.sigma)))
	near.One("loss", d.loss, c.DAE.Loss)
	near.List("gradient", ref.Wide(d.Gradient), c.DAE.Grad.flat())
	near.List("weights after a step", ref.Wide(d.mlp.Params()), c.DAE.After.flat())
}

func refExactML[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers   layers
		Act      string
		Data     [][]float64
		G        int
		Beta     float64
		Loss, LR float64
		Grad     layers
		After    layers    `json:"after_sgd"`
		P        []float64 `json:"grid_prob_first10"`
		PMax     float64   `json:"grid_prob_max"`
		Mean     []float64 `json:"expected_y"`
		MC       struct {
			Points [][]float64
			Loss   float64
			Grad   layers
		}
	}
	ref.Load(t, "exact_ml", &c)
	near := ref.Checker[T](t, c.Tolerance)
	begin := func() *maxlik[T] {
		m := newMaxLik[T]()
		m.r, m.beta, m.g, m.jitter = 0, c.Beta, c.G, false
		m.begin(c.Layers.spec(c.Act), ref.Vecs(c.Data))
		load(&m.network, c.Layers, c.LR, len(c.Data))
		return m
	}

	m := begin()
	m.Step(ebm.NewUpdate(&scriptedRand{}))
	near.One("loss", m.loss, c.Loss)
	near.List("gradient", ref.Wide(m.Gradient), c.Grad.flat())
	near.List("weights after a step", ref.Wide(m.mlp.Params()), c.After.flat())
	near.List("p", m.p[:len(c.P)], c.P)
	near.One("greatest p", slices.Max(m.p), c.PMax)
	var mean r2.Vec
	for i, p := range m.p {
		mean = r2.Add(mean, r2.Scale(p, m.grid[i]))
	}
	near.List("mean of y", []float64{mean.X, mean.Y}, c.Mean)

	// The same with uniform points in place of the grid.
	m = begin()
	m.Draw(&scriptedRand{})
	m.grid = ref.Vecs(c.MC.Points)
	m.contrast(ebm.Serial)
	near.One("Monte Carlo loss", m.loss, c.MC.Loss)
	near.List("Monte Carlo gradient", ref.Wide(m.Gradient), c.MC.Grad.flat())
}

func refCD[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers    layers
		Act       string
		Y, Kick   [][]float64
		Eta, Clip float64
		K         int
		Traj      [][][]float64
		Loss      float64
		Grad      layers
		Reg       float64
		LossReg   float64 `json:"loss_reg"`
		GradReg   layers  `json:"grad_reg"`
		LR        float64
		After     layers `json:"after_sgd"`
	}
	ref.Load(t, "cd", &c)
	near := ref.Checker[T](t, c.Tolerance)
	step := func(r float64) (*cd[T], *ebm.Trace) {
		m := newCD[T]()
		m.r, m.eta, m.clip, m.chain = r, c.Eta, c.Clip, c.K
		m.begin(c.Layers.spec(c.Act), ref.Vecs(c.Y))
		load(&m.network, c.Layers, c.LR, len(c.Y))
		u := ebm.NewUpdate(scriptedNoise(c.Kick, m.perturbSize))
		m.Draw(u.Rand)
		m.startWalkers(u.Rand)
		// The reference does not reflect perturbed points: one that leaves the box is used as it is.
		for i, y := range ref.Vecs(c.Traj[0]) {
			if sampler.Reflect(y) == y {
				near.Points("kicked", m.walkers.Y[i:i+1], c.Traj[0][i:i+1])
			}
			m.walkers.Y[i] = y
		}
		m.contrast(u)
		return m, u.Trace
	}

	m, _ := step(0)
	near.One("loss", m.loss, c.Loss)
	near.List("gradient", ref.Wide(m.Gradient), c.Grad.flat())

	m, trace := step(c.Reg)
	near.One("regularised loss", m.loss, c.LossReg)
	near.List("regularised gradient", ref.Wide(m.Gradient), c.GradReg.flat())
	near.List("weights after a step", ref.Wide(m.mlp.Params()), c.After.flat())
	paths := min(len(c.Y), ebm.MaxPaths, ebm.MaxVisits/(c.K+2)) // the trace keeps no more
	for k, want := range c.Traj {
		var got []r2.Vec
		for p := range paths {
			got = append(got, trace.Visits[p*(c.K+2)+k+1].At)
		}
		near.Points(fmt.Sprintf("walkers after %d steps", k), got, want[:paths])
	}
	near.Points("pushed up", m.walkers.Y, c.Traj[c.K])
}
