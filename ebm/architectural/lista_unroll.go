package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// unrolled are the arrays of lista: the columns of W and, for the variant of that name, an
// ISTA whose matrices and thresholds are parameters,
//
//	u_0 = We y,   z_t = S_θ(u_t),   u_{t+1} = We y + S z_t
//	S_θ(u) = sign(u) max(|u| - θ, 0), each coordinate with a θ of its own
type unrolled struct {
	w     prototypes
	we    prototypes // the rows of We
	s     []float64  // S, column after column
	theta []float64
}

func newUnrolled(k int) unrolled {
	return unrolled{newPrototypes(k), newPrototypes(k), make([]float64, k*k), make([]float64, k)}
}

// each visits the numbers of the first n of the arrays W [2, K], We [K, 2], S [K, K] and
// theta [K], i being the place in an array.
func (c *unrolled) each(n int, visit func(array, i int, v *float64)) {
	size := len(c.theta)
	for k := range size {
		visit(0, k, &c.w.x[k])
		visit(0, size+k, &c.w.y[k])
	}
	if n == 1 {
		return
	}
	for k := range size {
		visit(1, 2*k, &c.we.x[k])
		visit(1, 2*k+1, &c.we.y[k])
		for j := range size {
			visit(2, k*size+j, &c.s[j*size+k])
		}
		visit(3, k, &c.theta[k])
	}
}

// initISTA sets the parameters to those of ISTA for the atoms W: We = 2 Wᵀ/ℓ, S = I - 2 WᵀW/ℓ, θ = λ/ℓ with
// ℓ = 2 λ_max(WᵀW), here steep.
func (c *unrolled) initISTA(lambda, lipschitz float64) {
	for k := range c.theta {
		c.we.set(k, r2.Scale(2/lipschitz, c.w.at(k)))
		c.theta[k] = lambda / lipschitz
		for j := range c.theta {
			c.s[j*len(c.theta)+k] = -2 * r2.Dot(c.w.at(k), c.w.at(j)) / lipschitz
		}
		c.s[k*len(c.theta)+k]++
	}
}

// project scales the atoms to length 1, without which λ would have no effect, and sets
// negative thresholds to 0.
func (c *unrolled) project() {
	for k, t := range c.theta {
		if n := r2.Norm(c.w.at(k)); n > 0 {
			c.w.set(k, r2.Scale(1/n, c.w.at(k)))
		}
		c.theta[k] = max(t, 0)
	}
}

// tape holds the intermediate results of one forward pass. It grows on demand.
type tape struct {
	z    [][]float64 // the iterates
	u, d []float64   // before a threshold; ∂E/∂z in the backward pass
}

func (p *tape) grow(k, depth int) {
	for len(p.z) <= depth {
		p.z = append(p.z, make([]float64, k))
	}
	if len(p.u) != k {
		p.u, p.d = make([]float64, k), make([]float64, k)
	}
}

// predict writes z_0, …, z_depth to p and returns y - W z and E(y, z) of the last.
func (c *unrolled) predict(p *tape, y r2.Vec, depth int, lambda float64) (r r2.Vec, e float64) {
	k := len(c.theta)
	p.grow(k, depth)
	for t := range depth + 1 {
		for i := range p.u {
			p.u[i] = c.we.x[i]*y.X + c.we.y[i]*y.Y
		}
		if t > 0 {
			for j, v := range p.z[t-1] {
				if v != 0 {
					u := p.u[:k]
					for i, s := range c.s[j*k : (j+1)*k][:len(u)] {
						u[i] += v * s
					}
				}
			}
		}
		for i, u := range p.u {
			p.z[t][i] = math.Copysign(max(math.Abs(u)-c.theta[i], 0), u)
		}
	}
	r = r2.Sub(y, c.w.mix(p.z[depth]))
	e = r2.Norm2(r)
	for _, v := range p.z[depth] {
		e += lambda * math.Abs(v)
	}
	return r, e
}

// backward is the backward pass of the last prediction, from r = y - W z. It adds weight times
// the derivative of E to grad, unless that is nil, and returns the derivative by y.
//
//	∂E/∂z_T = -2 Wᵀr + λ sign(z),   δ_t = ∂E/∂z_t where z_t ≠ 0, else 0
//	∂E/∂z_{t-1} = Sᵀ δ_t,   ∂E/∂θ = -Σ_t sign(z_t) δ_t,   ∂E/∂We = Σ_t δ_t yᵀ
//	∂E/∂S = Σ_t δ_t z_{t-1}ᵀ,   ∂E/∂W = -2 r zᵀ,   ∂E/∂y = 2 r + Weᵀ Σ_t δ_t
func (c *unrolled) backward(p *tape, y, r r2.Vec, depth int, lambda, weight float64, grad *unrolled) (slope r2.Vec) {
	k := len(c.theta)
	slope = r2.Scale(2, r)
	for i, v := range p.z[depth] {
		p.d[i] = -2*r2.Dot(c.w.at(i), r) + math.Copysign(lambda, v)
		if grad != nil {
			grad.w.set(i, r2.Sub(grad.w.at(i), r2.Scale(2*weight*v, r)))
		}
	}
	for t := depth; t >= 0; t-- {
		for i, v := range p.z[t] {
			if v == 0 {
				p.d[i] = 0
				continue
			}
			d := p.d[i]
			slope = r2.Add(slope, r2.Scale(d, c.we.at(i)))
			if grad != nil {
				grad.theta[i] -= weight * math.Copysign(d, d*v)
				grad.we.set(i, r2.Add(grad.we.at(i), r2.Scale(weight*d, y)))
			}
		}
		if t == 0 {
			break
		}
		for j, v := range p.z[t-1] { // p.u is free by now
			p.u[j] = 0
			if v == 0 {
				continue
			}
			column := c.s[j*k : (j+1)*k]
			for i, d := range p.d {
				p.u[j] += column[i] * d
			}
			if grad != nil {
				to := grad.s[j*k : (j+1)*k]
				for i, d := range p.d {
					to[i] += weight * v * d
				}
			}
		}
		p.d, p.u = p.u, p.d
	}
	return slope
}
