package sampler

import (
	"math"
	"testing"

	"ebmviz/ebm/internal/ref"
	"gonum.org/v1/gonum/spatial/r2"
)

type layer struct {
	W [][]float64
	B []float64
}

// tanhNet is a plain multilayer perceptron with tanh, written apart from ebm/net so that
// the samplers are checked alone.
type tanhNet []layer

func (m tanhNet) EnergyGrad(e []float64, g, at []r2.Vec) {
	for i, y := range at {
		e[i], g[i] = m.at(y)
	}
}

func (m tanhNet) at(y r2.Vec) (float64, r2.Vec) {
	x, dx1, dx2 := []float64{y.X, y.Y}, []float64{1, 0}, []float64{0, 1} // values and ∂/∂y1, ∂/∂y2
	for l, layer := range m {
		var v, d1, d2 []float64
		for o, row := range layer.W {
			s, s1, s2 := layer.B[o], 0., 0.
			for j, w := range row {
				s, s1, s2 = s+w*x[j], s1+w*dx1[j], s2+w*dx2[j]
			}
			if l < len(m)-1 {
				s = math.Tanh(s)
				s1, s2 = s1*(1-s*s), s2*(1-s*s)
			}
			v, d1, d2 = append(v, s), append(d1, s1), append(d2, s2)
		}
		x, dx1, dx2 = v, d1, d2
	}
	return x[0], r2.Vec{X: dx1[0], Y: dx2[0]}
}

// TestRef checks every step of the reference's walks from the place where it began. The
// reference has no walls, so steps that would leave the box are left out.
func TestRef(t *testing.T) {
	t.Run("mcmc", func(t *testing.T) {
		var c struct {
			ref.Tolerance
			Layers    tanhNet
			Y0        [][]float64
			Beta, Eta float64
			Noise     [][][]float64
			U         [][]float64
			GD        [][][]float64
			MALA      [][][]float64
			Info      []struct {
				LogAlpha []float64 `json:"log_alpha"`
				Accept   []bool
			} `json:"mala_info"`
			Reflect struct{ Y, Out [][]float64 }
		}
		ref.Load(t, "mcmc", &c)
		near := func(what string, got, want r2.Vec) {
			t.Helper()
			c.Near(t, what+" y1", got.X, want.X)
			c.Near(t, what+" y2", got.Y, want.Y)
		}

		for i, y := range ref.Vecs(c.Reflect.Y) {
			near("reflected", Reflect(y), ref.Vecs(c.Reflect.Out)[i])
		}

		n := len(c.Y0)
		w, next := NewWalkers(n), NewWalkers(n)
		for k := range c.GD[1:] {
			copy(w.Y, ref.Vecs(c.GD[k]))
			Descent{Eta: c.Eta * c.Beta, Clip: math.Inf(1)}.Step(w, c.Layers)
			for i, want := range ref.Vecs(c.GD[k+1]) {
				if inside(want) {
					near("descent", w.Y[i], want)
				}
			}
		}

		from := ref.Vecs(c.Y0)
		for k, info := range c.Info {
			copy(w.Y, from)
			w.Look(c.Layers)
			before := NewWalkers(n)
			copy(before.Y, w.Y)
			before.Look(c.Layers)
			m := MALA{Eta: c.Eta, Beta: c.Beta}
			m.Step(w, next, c.Layers, ref.Vecs(c.Noise[k]), c.U[k])
			want := ref.Vecs(c.MALA[k])
			for i := range want {
				c.Near(t, "log α", m.LogAlpha(before, next, i), info.LogAlpha[i])
				if inside(next.Y[i]) {
					near("MALA", w.Y[i], want[i])
				}
			}
			from = want
		}
	})
}
