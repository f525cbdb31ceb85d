package infer

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

// layers is a network as the reference writes it.
type layers []struct {
	W [][]float64
	B []float64
}

// mlp returns the network itself, without Fourier features.
func (l layers) mlp(act net.Activation) *net.MLP[float64] {
	s := net.Spec{In: len(l[0].W[0]), Out: len(l[len(l)-1].W), Act: act}
	params := []float64{}
	for i, layer := range l {
		if i < len(l)-1 {
			s.Hidden = append(s.Hidden, len(layer.W))
		}
		params = append(append(params, slices.Concat(layer.W...)...), layer.B...)
	}
	return net.Over(s, params)
}

// branches is F(y1, y2) = min_z (y2 - g_z(y1))² + R_z.
type branches struct {
	fixedModel
	g *net.MLP[float64]
	r []float64
}

func (m branches) Latents(y r2.Vec) (all []ebm.LatentEnergy) {
	w := net.NewWorkspace[float64](m.g.Spec())
	m.g.Forward(w, []r2.Vec{y})
	for z, r := range m.r {
		v := w.Out[z*net.Block]
		all = append(all, ebm.LatentEnergy{Z: float64(z), E: (y.Y-v)*(y.Y-v) + r, Y: r2.Vec{X: y.X, Y: v}})
	}
	return all
}

func (m branches) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = slices.Min(energies(m.Latents(y)))
	}
}

// curve is F(y) = min_z ‖y - g(z)‖² over n values of z from -1 to 1.
type curve struct {
	fixedModel
	g *net.MLP[float64]
	n int
}

func (m curve) Latents(y r2.Vec) (all []ebm.LatentEnergy) {
	z, to := make([]r2.Vec, m.n), make([]r2.Vec, m.n)
	for i, v := range floats.Span(make([]float64, m.n), -1, 1) {
		z[i].X = v
	}
	m.g.Map(to, z)
	for i, p := range to {
		all = append(all, ebm.LatentEnergy{Z: z[i].X, E: r2.Norm2(r2.Sub(y, p)), Y: p})
	}
	return all
}

func TestRef(t *testing.T) {
	t.Run("fbeta", refFBeta)
	t.Run("glo", refGLO)
	t.Run("conditional_latent", refConditionalLatent)
}

func refFBeta(t *testing.T) {
	var r struct {
		ref.Tolerance
		Prototypes, Queries [][]float64
		Least               []float64 `json:"E_min"`
		Mean                []float64 `json:"E_mean"`
		Cases               []struct {
			Beta float64
			Sum  []float64 `json:"F_sum"`
			Mean []float64 `json:"F_mean"`
		}
	}
	ref.Load(t, "fbeta", &r)
	w := ref.Vecs(r.Prototypes)
	m := wells{w: w, cost: make([]float64, len(w)), scale: 1}
	for i, y := range ref.Vecs(r.Queries) {
		all, best := Latents(m, y)
		e := energies(all)
		r.Near(t, "E(y, z*)", e[best], r.Least[i])
		r.Near(t, "F at β = ∞", FreeEnergy(e, math.Inf(1)), r.Least[i])
		r.Near(t, "F at β = 0", FreeEnergy(e, 0), r.Mean[i])
		for _, c := range r.Cases {
			name := fmt.Sprintf("F of query %d at β = %v, ", i, c.Beta)
			r.Near(t, name+"mean form", FreeEnergy(e, c.Beta), c.Mean[i])
			r.Near(t, name+"sum form", FreeEnergySum(e, c.Beta), c.Sum[i])
		}
	}
}

func refGLO(t *testing.T) {
	var r struct {
		ref.Tolerance
		Layers  layers
		Queries [][]float64
		N       int       `json:"z_grid_n"`
		Best    []int     `json:"grid_argmin"`
		F       []float64 `json:"grid_F"`
		Beta    float64
		FBeta   []float64 `json:"Fbeta"`
	}
	ref.Load(t, "glo", &r)
	m := curve{g: r.Layers.mlp(net.Tanh), n: r.N}
	for i, y := range ref.Vecs(r.Queries) {
		all, best := Latents(m, y)
		if best != r.Best[i] {
			t.Errorf("z* of query %d is number %d, want %d", i, best, r.Best[i])
		}
		r.Near(t, "F", all[best].E, r.F[i])
		r.Near(t, "F_β", FreeEnergy(energies(all), r.Beta), r.FBeta[i])
	}
}

func refConditionalLatent(t *testing.T) {
	var r struct {
		ref.Tolerance
		Layers layers
		Act    net.Activation
		X, Y   [][]float64
		R      []float64
		E      [][]float64
		Best   []int `json:"zstar"`
		F      []float64
		FBeta  []float64 `json:"Fbeta"`
		Beta   float64
		Gibbs  struct {
			X, Mean float64
			LogZ    float64 `json:"logZ"`
			Argmin  float64 `json:"argmin_y"`
			Least   float64 `json:"F_min"`
		}
	}
	ref.Load(t, "conditional_latent", &r)
	m := branches{g: r.Layers.mlp(r.Act), r: r.R}
	for i := range r.X {
		all, best := Latents(m, r2.Vec{X: r.X[i][0], Y: r.Y[i][0]})
		if best != r.Best[i] {
			t.Errorf("z* of point %d is %d, want %d", i, best, r.Best[i])
		}
		for z, l := range all {
			r.Near(t, "E", l.E, r.E[i][z])
		}
		r.Near(t, "F", all[best].E, r.F[i])
		r.Near(t, "F_β", FreeEnergySum(energies(all), r.Beta), r.FBeta[i])
	}

	s := Given(m, Y1, r.Gibbs.X, r.Beta)
	least := floats.MinIdx(s.F)
	r.Near(t, "the lowest of the slice", s.Other[least], r.Gibbs.Argmin)
	r.Near(t, "its F", s.F[least], r.Gibbs.Least)
	if _, off := nearestTo(s.Minima, s.Other[least]); off > 0.0075 {
		t.Errorf("no minimum of %v is within half a point of %v", s.Minima, s.Other[least])
	}

	// The reference lets both ends of the interval count in full. So does the trapezoidal
	// rule if they are not the ends: with one more point beyond each, of no density.
	h := s.Other[1] - s.Other[0]
	x := slices.Concat([]float64{s.Other[0] - h}, s.Other, []float64{s.Other[len(s.Other)-1] + h})
	f := slices.Concat([]float64{math.Inf(1)}, s.F, []float64{math.Inf(1)})
	density := make([]float64, len(x))
	r.Near(t, "log Z", Gibbs(density, x, f, r.Beta), r.Gibbs.LogZ)
	r.Near(t, "the mean", Mean(x, density), r.Gibbs.Mean)
}

// nearestTo returns the one of x that is nearest to v, and how far it is.
func nearestTo(x []float64, v float64) (at, off float64) {
	off = math.Inf(1)
	for _, a := range x {
		if d := math.Abs(a - v); d < off {
			at, off = a, d
		}
	}
	return at, off
}
