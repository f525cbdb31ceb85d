package net

import (
	"fmt"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net/internal/kernel"
	"gonum.org/v1/gonum/spatial/r2"
)

// layerRef is one layer as the reference files write it.
type layerRef struct {
	W [][]float64
	B []float64 `json:"b"`
}

type mlpCase struct {
	Act     Activation
	K       int `json:"fourier_k"`
	Layers  []layerRef
	Y       [][]float64
	Energy  []float64
	GradY   [][]float64   `json:"grad_y"`
	Hessian [][][]float64 `json:"hessian_y"`
	GradW   []layerRef    `json:"grad_theta_mean_E"`
}

func (c mlpCase) spec() Spec {
	s := Spec{In: 2, Harmonics: c.K, Out: 1, Act: c.Act}
	for _, l := range c.Layers[:len(c.Layers)-1] {
		s.Hidden = append(s.Hidden, len(l.W))
	}
	return s
}

// flat lays layers out as Params does.
func flat(layers []layerRef) []float64 {
	var out []float64
	for _, l := range layers {
		for _, row := range l.W {
			out = append(out, row...)
		}
		out = append(out, l.B...)
	}
	return out
}

// build returns the network of the case.
func build[T Float](c mlpCase) *MLP[T] {
	m := New[T](c.spec())
	narrow(m.params[:0], flat(c.Layers))
	return m
}

func TestRefMLP(t *testing.T) {
	var file struct {
		ref.Tolerance
		Cases []mlpCase
	}
	ref.Load(t, "mlp", &file)
	t.Run("mlp.json", func(t *testing.T) {
		for _, c := range file.Cases {
			name := fmt.Sprintf("%s-%d", c.Act, c.K)
			t.Run(name+"/float64", func(t *testing.T) {
				exact := func(...float64) ref.Tolerance { return file.Tolerance }
				checkMLP(t, c, kernel.Exact, exact)
				checkHessian(t, c, file.Tolerance)
			})
			for _, set := range kernel.Sets {
				t.Run(name+"/float32/"+set.Name, func(t *testing.T) { checkMLP(t, c, set, ref.Scaled) })
			}
		}
	})
}

func checkMLP[T Float](t *testing.T, c mlpCase, set *kernel.Set[T], tol func(...float64) ref.Tolerance) {
	m, at := build[T](c), ref.Vecs(c.Y)
	m.set = set
	e, g := make([]float64, len(at)), make([]r2.Vec, len(at))
	m.Energy(e, at)
	m.Grad(g, at)
	var slopes []float64
	for _, row := range c.GradY {
		slopes = append(slopes, row...)
	}
	for i := range at {
		tol(c.Energy...).Near(t, fmt.Sprintf("E(%v)", at[i]), e[i], c.Energy[i])
		tol(slopes...).Near(t, fmt.Sprintf("dE/dy1(%v)", at[i]), g[i].X, c.GradY[i][0])
		tol(slopes...).Near(t, fmt.Sprintf("dE/dy2(%v)", at[i]), g[i].Y, c.GradY[i][1])
	}
	grad := make([]T, len(m.params))
	mean := func(int, float64) float64 { return 1 / float64(len(at)) }
	runner := NewRunner[T](m.spec)
	for i, got := range runner.Accumulate(ebm.Serial, m, grad, at, mean) {
		tol(c.Energy...).Near(t, fmt.Sprintf("E(%v)", at[i]), got, c.Energy[i])
	}
	want := flat(c.GradW)
	for i := range want {
		tol(want...).Near(t, fmt.Sprintf("dE/dθ[%d]", i), float64(grad[i]), want[i])
	}
}

// checkHessian compares differences of the gradient, of the eighth order, with the file's
// second derivatives: Fourier features are steep, and those of high derivatives steeper.
func checkHessian(t *testing.T, c mlpCase, tol ref.Tolerance) {
	const h = 2e-4
	weights := []float64{4. / 5, -1. / 5, 4. / 105, -1. / 280} // of the pairs at ±h, ±2h, …
	m := build[float64](c)
	for i, y := range ref.Vecs(c.Y) {
		if c.Hessian == nil || c.Hessian[i] == nil {
			continue
		}
		for a, axis := range []r2.Vec{{X: 1}, {Y: 1}} {
			var d r2.Vec
			for k, weight := range weights {
				var g [2]r2.Vec
				step := r2.Scale(h*float64(k+1), axis)
				m.Grad(g[:], []r2.Vec{r2.Add(y, step), r2.Sub(y, step)})
				d = r2.Add(d, r2.Scale(weight/h, r2.Sub(g[0], g[1])))
			}
			tol.Near(t, fmt.Sprintf("∂²E/∂y1∂y%d(%v)", a+1, y), d.X, c.Hessian[i][0][a])
			tol.Near(t, fmt.Sprintf("∂²E/∂y2∂y%d(%v)", a+1, y), d.Y, c.Hessian[i][1][a])
		}
	}
}

func TestRefOptim(t *testing.T) {
	var file struct {
		ref.Tolerance
		W0       []float64
		Grads    [][]float64
		Adam     [][]float64
		Momentum [][]float64 `json:"sgd_momentum"`
	}
	ref.Load(t, "optim", &file)
	t.Run("optim.json", func(t *testing.T) {
		exact := func(...float64) ref.Tolerance { return file.Tolerance }
		t.Run("adam/float64", func(t *testing.T) { checkOptim[float64](t, Adam, .01, file.W0, file.Grads, file.Adam, exact) })
		t.Run("adam/float32", func(t *testing.T) { checkOptim[float32](t, Adam, .01, file.W0, file.Grads, file.Adam, ref.Scaled) })
		t.Run("momentum/float64", func(t *testing.T) {
			checkOptim[float64](t, Momentum, .1, file.W0, file.Grads, file.Momentum, exact)
		})
		t.Run("momentum/float32", func(t *testing.T) {
			checkOptim[float32](t, Momentum, .1, file.W0, file.Grads, file.Momentum, ref.Scaled)
		})
	})
}

func checkOptim[T Float](t *testing.T, kind Optimiser, lr float64, w0 []float64, grads, want [][]float64, tol func(...float64) ref.Tolerance) {
	o, params := NewOptim[T](len(w0)), narrow([]T(nil), w0)
	for step, g := range grads {
		o.Step(kind, params, narrow([]T(nil), g), lr, 0)
		for i, p := range params {
			tol(want[step]...).Near(t, fmt.Sprintf("step %d, θ[%d]", step+1, i), float64(p), want[step][i])
		}
	}
}

// narrow appends x to dst.
func narrow[T Float](dst []T, x []float64) []T {
	for _, v := range x {
		dst = append(dst, T(v))
	}
	return dst
}
