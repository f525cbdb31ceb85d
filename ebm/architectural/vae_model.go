package architectural

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Energy writes F, the energy of the mixture of the lattice.
func (v *vae[T]) Energy(dst []float64, at []r2.Vec) {
	s := v.spare.Get().(*search[T])
	s.energy(&v.lattice, v.sigma, dst, at)
	v.spare.Put(s)
}

// Grad writes the difference from the posterior mean of the decoded codes, over σ²:
//
//	∂F/∂y = (y - Σ_j r_j g(z_j)) / σ²,   r_j ∝ p(z_j) N(y; g(z_j), σ²I)
func (v *vae[T]) Grad(dst, at []r2.Vec) {
	weights := v.weights.Get().(*[]float64)
	for i, y := range at {
		sum, _ := v.lattice.weigh(*weights, y, v.sigma)
		var mean r2.Vec
		for j, r := range *weights {
			mean = r2.Add(mean, r2.Scale(r/sum, v.lattice.g[j]))
		}
		dst[i] = r2.Scale(1/(v.sigma*v.sigma), r2.Sub(y, mean))
	}
	v.weights.Put(weights)
}

// Reconstruct writes g(m(y)), the decoded mean of the encoder.
func (v *vae[T]) Reconstruct(dst, at []r2.Vec) {
	v.enc.Shown.Map(dst, at) // the first two outputs: m, or m and log s², which a decoder of one input leaves alone
	for i, z := range dst {
		dst[i] = r2.Scale(v.codeScale, z)
	}
	v.dec.Shown.Map(dst, dst)
}

// Latents lists, for a code of one number, E(y, z) = -log p(z) - log N(y; g(z), σ²I).
func (v *vae[T]) Latents(y r2.Vec) []ebm.LatentEnergy {
	if v.dec.MLP.Spec().In > 1 {
		return nil
	}
	all := make([]ebm.LatentEnergy, len(v.lattice.z))
	for j, g := range v.lattice.g {
		z := v.lattice.z[j].X
		prior := z*z/2 + math.Log(2*math.Pi)/2
		all[j] = ebm.LatentEnergy{Z: z, E: prior + r2.Norm2(r2.Sub(y, g))/(2*v.sigma*v.sigma) + math.Log(2*math.Pi*v.sigma*v.sigma), Y: g}
	}
	return all
}

// Marks draws the image of the codes within ±3: the curve, or a mesh of eight lines each way.
func (v *vae[T]) Marks(dst []ebm.Mark) []ebm.Mark {
	if v.dec.MLP.Spec().In == 1 {
		for j, z := range v.lattice.z {
			if math.Abs(z.X) <= 3 {
				dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, At: v.lattice.g[j]})
			}
		}
		return dst
	}
	const first, apart, lines = 18, 7, 8 // symmetric among the 86 rows and columns
	for line := range lines {
		fixed := first + apart*line
		for moving := first; moving <= first+apart*(lines-1); moving++ {
			dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, Group: line, At: v.lattice.g[fixed*planeSide+moving]})
		}
		for moving := first; moving <= first+apart*(lines-1); moving++ {
			dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, Group: lines + line, At: v.lattice.g[moving*planeSide+fixed]})
		}
	}
	return dst
}

func (v *vae[T]) Scalars(dst []float64) {
	dst[0], dst[1], dst[2] = v.loss, v.reconstruction, v.divergence
}

func (v *vae[T]) State() ebm.State {
	s := v.Learner.State()
	s.Train["warmup"] = ebm.Scalar(float64(v.age))
	return s
}

func (v *vae[T]) SetState(s ebm.State) error {
	age := float64(warmUp) // what is shown only has been trained before
	if len(s.Train) > 0 {
		t, err := ebm.Fetch(s.Train, "warmup", 1)
		if err != nil {
			return err
		}
		if age = t.Values[0]; age < 0 || age > warmUp || age != math.Trunc(age) {
			return fmt.Errorf("tensor %q holds %v where a number of steps up to %d is needed", "warmup", age, warmUp)
		}
	}
	if err := v.Learner.SetState(s); err != nil {
		return err
	}
	v.age = int(age)
	v.tabulate()
	return nil
}
