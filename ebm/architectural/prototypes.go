package architectural

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// maxK is the largest number of prototypes a knob allows.
const maxK = 100

// block is the number of points that one task of a parallel loop looks at.
const block = 512

// prototypes are the columns w_1 … w_K of W, kept as two rows so that the loop over them
// reads memory in order.
type prototypes struct{ x, y []float64 }

func newPrototypes(k int) prototypes {
	return prototypes{make([]float64, k), make([]float64, k)}
}

func (w prototypes) at(k int) r2.Vec { return r2.Vec{X: w.x[k], Y: w.y[k]} }

func (w prototypes) set(k int, p r2.Vec) { w.x[k], w.y[k] = p.X, p.Y }

func (w prototypes) copyFrom(o prototypes) { copy(w.x, o.x); copy(w.y, o.y) }

// squared is ‖p - w_k‖².
func (w prototypes) squared(k int, p r2.Vec) float64 {
	dx, dy := p.X-w.x[k], p.Y-w.y[k]
	return dx*dx + dy*dy
}

// nearest returns z* = argmin_z ‖p - w_z‖² and that least squared distance. Of several
// equally near it takes the first.
func (w prototypes) nearest(p r2.Vec) (z int, least float64) {
	x := w.x
	y := w.y[:len(x)]
	least = math.Inf(1)
	for k := range x {
		dx, dy := p.X-x[k], p.Y-y[k]
		if d := dx*dx + dy*dy; d < least {
			z, least = k, d
		}
	}
	return z, least
}

// mix is W z.
func (w prototypes) mix(z []float64) (p r2.Vec) {
	for k, c := range z {
		p.X += c * w.x[k]
		p.Y += c * w.y[k]
	}
	return p
}

// tensor returns W as [2, K].
func (w prototypes) tensor() ebm.Tensor {
	return ebm.Tensor{Shape: []int{2, len(w.x)}, Values: slices.Concat(w.x, w.y)}
}

// setTensor restores what tensor returned.
func (w prototypes) setTensor(t ebm.Tensor) {
	copy(w.x, t.Values)
	copy(w.y, t.Values[len(w.x):])
}

// state saves W, and how far the last step moved it.
func (w prototypes) state(moved float64) ebm.State {
	return ebm.State{
		Params: map[string]ebm.Tensor{"W": w.tensor()},
		Train:  map[string]ebm.Tensor{"progress": ebm.Scalar(moved)},
	}
}

// restore restores what state returned, and returns how far the last step moved W.
func (w prototypes) restore(s ebm.State) (moved float64, err error) {
	t, err := ebm.Fetch(s.Params, "W", 2, len(w.x))
	if err != nil {
		return 0, err
	}
	if len(s.Train) > 0 {
		progress, err := ebm.Fetch(s.Train, "progress", 1)
		if err != nil {
			return 0, err
		}
		moved = progress.Values[0]
	}
	w.setTensor(t)
	return moved, nil
}

func (w prototypes) marks(dst []ebm.Mark) []ebm.Mark {
	for k := range w.x {
		dst = append(dst, ebm.Mark{Kind: ebm.MarkPoint, Group: k, At: w.at(k)})
	}
	return dst
}

// latents lists E(y, z) = ‖y - w_z‖² over all z.
func (w prototypes) latents(y r2.Vec) []ebm.LatentEnergy {
	all := make([]ebm.LatentEnergy, len(w.x))
	for k := range all {
		all[k] = ebm.LatentEnergy{Z: float64(k), E: w.squared(k, y), Y: w.at(k)}
	}
	return all
}

// trace records the path of each prototype that a step has moved, and returns the longest
// move.
func (w prototypes) trace(tr *ebm.Trace, before prototypes) (moved float64) {
	for k := range w.x {
		if d := w.squared(k, before.at(k)); d > 0 {
			moved = max(moved, math.Sqrt(d))
			tr.Visit(k, before.at(k))
			tr.Visit(k, w.at(k))
		}
	}
	return moved
}

// blocks is the number of blocks that n points are cut into.
func blocks(n int) int { return (n + block - 1) / block }

// stride is the step at which n points are walked so that at most limit are visited.
func stride(n, limit int) int { return max(1, (n+limit-1)/limit) }
