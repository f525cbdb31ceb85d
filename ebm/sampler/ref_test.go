package sampler

import (
	"fmt"
	"math"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"gonum.org/v1/gonum/spatial/r2"
)

type layer struct {
	W [][]float64
	B []float64
}

// plainNet is a multilayer perceptron, written apart from ebm/net so that the samplers are
// checked alone.
type plainNet struct {
	Layers []layer
	Act    string
}

func (m plainNet) EnergyGrad(e []float64, g, at []r2.Vec) {
	for i, y := range at {
		e[i], g[i] = m.at(y)
	}
}

// bend returns the value and the derivative of the activation.
func (m plainNet) bend(x float64) (v, slope float64) {
	sigmoid := 1 / (1 + math.Exp(-x))
	switch m.Act {
	case "tanh":
		v = math.Tanh(x)
		return v, 1 - v*v
	case "softplus":
		return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))), sigmoid
	case "silu":
		return x * sigmoid, sigmoid * (1 + x*(1-sigmoid))
	}
	panic("no activation " + m.Act)
}

func (m plainNet) at(y r2.Vec) (float64, r2.Vec) {
	x, dx1, dx2 := []float64{y.X, y.Y}, []float64{1, 0}, []float64{0, 1} // values and ∂/∂y1, ∂/∂y2
	for l, layer := range m.Layers {
		var v, d1, d2 []float64
		for o, row := range layer.W {
			s, s1, s2 := layer.B[o], 0., 0.
			for j, w := range row {
				s, s1, s2 = s+w*x[j], s1+w*dx1[j], s2+w*dx2[j]
			}
			if l < len(m.Layers)-1 {
				bent, slope := m.bend(s)
				s, s1, s2 = bent, s1*slope, s2*slope
			}
			v, d1, d2 = append(v, s), append(d1, s1), append(d2, s2)
		}
		x, dx1, dx2 = v, d1, d2
	}
	return x[0], r2.Vec{X: dx1[0], Y: dx2[0]}
}

// shrunk is a scaled target: E(far·y). A walk over it, with step sizes to match,
// is the walk over E in a box that many times as wide, to the bit where far is a power of
// two. The reference's walks, which have no edges, never reach one in it.
type shrunk struct{ plainNet }

const far = 1 << 12

func (s shrunk) EnergyGrad(e []float64, g, at []r2.Vec) {
	s.plainNet.EnergyGrad(e, g, grown(at))
	for i := range g {
		g[i] = r2.Scale(far, g[i])
	}
}

// grown returns the points as the reference writes them.
func grown(at []r2.Vec) []r2.Vec {
	out := make([]r2.Vec, len(at))
	for i, y := range at {
		out[i] = r2.Scale(far, y)
	}
	return out
}

type mcmcRef struct {
	ref.Tolerance
	plainNet
	Y0            [][]float64
	Beta, Eta     float64
	Noise         [][][]float64
	U             [][]float64
	ULA, GD, MALA [][][]float64
	MALAInfo      []verdicts `json:"mala_info"`
	RWMS          float64    `json:"rwm_s"`
	RWM           [][][]float64
	RWMInfo       []verdicts `json:"rwm_info"`
	HMC           struct {
		Eps    float64
		Steps  int
		P0     [][]float64
		QTraj  [][][]float64 `json:"q_traj"`
		PFinal [][]float64   `json:"p_final"`
		H0, H1 []float64
		DH     []float64
	}
	Reflect struct {
		L      float64
		Y, Out [][]float64
	}
}

type verdicts struct {
	LogAlpha []float64 `json:"log_alpha"`
	Accept   []bool
}

func (c *mcmcRef) near(t *testing.T, what string, got r2.Vec, want []float64) {
	t.Helper()
	c.Near(t, what+" y1", got.X, want[0])
	c.Near(t, what+" y2", got.Y, want[1])
}

// start returns walkers at the reference's starts.
func (c *mcmcRef) start() (Walkers, Proposals) {
	w := NewWalkers(len(c.Y0))
	for i, y := range ref.Vecs(c.Y0) {
		w.Y[i] = r2.Scale(1./far, y)
	}
	return w, NewProposals(len(w.Y))
}

// follow walks with the reference's random numbers and compares every place. check is called for
// each step what was known before it, and what was proposed.
func (c *mcmcRef) follow(t *testing.T, k Kernel, want [][][]float64, check func(step int, before Walkers, next Proposals)) {
	t.Helper()
	w, next := c.start()
	k.Begin(w, shrunk{c.plainNet})
	for step, places := range want {
		before := NewWalkers(len(w.Y))
		copy(before.Y, w.Y)
		copy(before.E, w.E)
		copy(before.G, w.G)
		went := k.Step(w, next, shrunk{c.plainNet}, ref.Vecs(c.Noise[step]), c.U[step])
		for i, y := range grown(w.Y) {
			c.near(t, fmt.Sprintf("step %d, walker %d:", step, i), y, places[i])
			if next.Accepted[i] {
				went--
			}
		}
		if went != 0 {
			t.Errorf("step %d counts %+d walkers too many", step, went)
		}
		check(step, before, next)
	}
}

func (c *mcmcRef) judge(t *testing.T, info verdicts, next Proposals, i int, logAlpha float64) {
	t.Helper()
	c.Near(t, "log α", logAlpha, info.LogAlpha[i])
	if next.Accepted[i] != info.Accept[i] {
		t.Errorf("walker %d went: %v, want %v", i, next.Accepted[i], info.Accept[i])
	}
}

// TestRef walks the reference's walks from beginning to end.
func TestRef(t *testing.T) {
	t.Run("mcmc", func(t *testing.T) {
		var c mcmcRef
		ref.Load(t, "mcmc", &c)
		all := func(int, Walkers, Proposals) {}

		t.Run("reflect", func(t *testing.T) {
			if c.Reflect.L != ebm.L {
				t.Skipf("the reference's box is %g wide", 2*c.Reflect.L)
			}
			for i, y := range ref.Vecs(c.Reflect.Y) {
				c.near(t, "reflected", Reflect(y), c.Reflect.Out[i])
			}
		})
		t.Run("gd", func(t *testing.T) {
			c.follow(t, &Descent{Eta: c.Eta * c.Beta / far / far, Clip: math.Inf(1)}, c.GD[1:], all)
		})
		t.Run("ula", func(t *testing.T) {
			c.follow(t, &ULA{Eta: c.Eta / far / far, Beta: c.Beta, Clip: math.Inf(1)}, c.ULA[1:], all)
		})
		t.Run("mala", func(t *testing.T) {
			m := &MALA{Eta: c.Eta / far / far, Beta: c.Beta}
			c.follow(t, m, c.MALA, func(step int, before Walkers, next Proposals) {
				for i := range before.Y {
					c.judge(t, c.MALAInfo[step], next, i, m.LogAlpha(before, next.Walkers, i))
				}
			})
		})
		t.Run("rwm", func(t *testing.T) {
			r := &RandomWalk{S: c.RWMS / far, Beta: c.Beta}
			c.follow(t, r, c.RWM, func(step int, before Walkers, next Proposals) {
				for i := range before.Y {
					c.judge(t, c.RWMInfo[step], next, i, r.LogAlpha(before, next.Walkers, i))
				}
			})
		})
		t.Run("hmc", c.hmc)
	})
}

// hmc compares one proposal, with every leapfrog step. The reference accepts or rejects nothing.
func (c *mcmcRef) hmc(t *testing.T) {
	w, next := c.start()
	n := len(w.Y)
	next.KeepPaths(n, c.HMC.Steps)
	h := &HMC{Eps: c.HMC.Eps / far, Beta: c.Beta, Leaps: c.HMC.Steps}
	p := ref.Vecs(c.HMC.P0)
	h.Begin(w, shrunk{c.plainNet})
	before := NewWalkers(n)
	copy(before.Y, w.Y)
	copy(before.E, w.E)
	u := make([]float64, n)
	for i := range u {
		u[i] = math.Exp(-c.HMC.DH[i]) * (1 - 1e-6*float64(1-2*(i%2))) // just accepted and just rejected
	}
	h.Step(w, next, shrunk{c.plainNet}, p, u)
	for i := range n {
		for l, places := range c.HMC.QTraj {
			c.near(t, fmt.Sprintf("leap %d, walker %d:", l, i), grown(next.Path[i])[l+1], places[i])
		}
		c.near(t, "momentum", next.P[i], c.HMC.PFinal[i])
		c.Near(t, "H before", h.Beta*before.E[i]+r2.Norm2(p[i])/2, c.HMC.H0[i])
		c.Near(t, "H after", h.Beta*next.E[i]+r2.Norm2(next.P[i])/2, c.HMC.H1[i])
		c.Near(t, "ΔH", h.DeltaH(before, next, p, i), c.HMC.DH[i])
		if next.Accepted[i] != (i%2 == 0) {
			t.Errorf("walker %d went: %v", i, next.Accepted[i])
		}
	}
}
