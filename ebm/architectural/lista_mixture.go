package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

// The predicted weights of anchors: the code of lista's variant lcc.

// pullLCC finds the codes and the gradient for the mixtures of anchors.
func (m *lista[T]) pullLCC(parallel ebm.For, share float64) {
	encoder := &m.Nets[0]
	encoder.Runner.Blocks(parallel, len(m.Y), m.encode, encoder.MLP, encoder.Grad)
	for i, y := range m.Y {
		for k, z := range m.z[i*m.k : (i+1)*m.k] {
			pull := r2.Sub(r2.Scale(m.lambda, r2.Sub(m.learnt.w.at(k), y)), m.r[i])
			m.grad.w.set(k, r2.Add(m.grad.w.at(k), r2.Scale(2*share*z, pull)))
		}
	}
}

// encodeBlock takes the points lo, …, hi-1 of the batch through the encoder and back.
func (m *lista[T]) encodeBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	encoder := m.Nets[0].MLP
	encoder.Forward(w, m.Y[lo:hi])
	for i, y := range m.Y[lo:hi] {
		z := m.z[(lo+i)*m.k : (lo+i+1)*m.k]
		mixed(z, w, i)
		m.r[lo+i], m.e[lo+i] = m.codeEnergy(m.learnt.w, z, y)
		m.addCodeGrad(w, i, m.learnt.w, z, y, m.r[lo+i], 1/float64(len(m.Y)))
	}
	encoder.Backward(w, grad, false)
}

// mixed writes the code of point i of a workspace: the softmax of its outputs.
func mixed[T net.Float](z []float64, w *net.Workspace[T], i int) {
	most, sum := math.Inf(-1), 0.0
	for k := range z {
		z[k] = sharpness * float64(w.Out[k*net.Block+i])
		most = max(most, z[k])
	}
	for k, a := range z {
		z[k] = 0
		if a = most - a; a < cutoff {
			z[k] = decay(a)
		}
		sum += z[k]
	}
	for k := range z {
		z[k] /= sum
	}
}

// codeEnergy returns y - W z and E(y, z) of a mixture.
func (m *lista[T]) codeEnergy(w prototypes, z []float64, y r2.Vec) (r r2.Vec, e float64) {
	for k, c := range z {
		e += m.lambda * c * w.squared(k, y)
	}
	r = r2.Sub(y, w.mix(z))
	return r, e + r2.Norm2(r)
}

// mix writes E(y, z(y)) of the mixtures that are shown, a block of points at once, by
//
//	Σ_k z_k ‖y - w_k‖² = Σ_k z_k ‖w_k‖² - 2 y·W z + ‖y‖²
func (m *lista[T]) mix(dst []float64, at []r2.Vec) {
	encoder, blend := m.Nets[0].Shown, m.blends.Get().(*net.Mixtures[T])
	blend.Anchors(m.shown.w.x, m.shown.w.y)
	w := encoder.AcquireWorkspace()
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		encoder.Outputs(w, block)
		blend.Mix(w.Out, sharpness)
		for i, y := range block {
			mean, squared := blend.At(i)
			dst[lo+i] = r2.Norm2(r2.Sub(y, mean)) + m.lambda*(squared-2*r2.Dot(y, mean)+r2.Norm2(y))
		}
	}
	encoder.ReleaseWorkspace(w)
	m.blends.Put(blend)
}

// addCodeGrad sets the derivative of weight·E by the outputs at point i. With the slopes
// s_k = ∂E/∂z_k = -2 w_k·r + λ ‖y - w_k‖², through the softmax:
//
//	∂E/∂a_k = 4 z_k (s_k - Σ_j z_j s_j)
func (m *lista[T]) addCodeGrad(ws *net.Workspace[T], i int, w prototypes, z []float64, y, r r2.Vec, weight float64) {
	var room [maxK]float64
	slope, mean := room[:len(z)], 0.0
	for k, c := range z {
		slope[k] = m.lambda*w.squared(k, y) - 2*r2.Dot(w.at(k), r)
		mean += c * slope[k]
	}
	for k, c := range z {
		ws.DOut[k*net.Block+i] = T(sharpness * weight * c * (slope[k] - mean))
	}
}
