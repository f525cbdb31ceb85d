package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/net"
)

// gmm32 is gmm with a landscape in float32, for display.
type gmm32 struct{ *gmm }

func (m gmm32) Energy(dst []float64, at []r2.Vec) {
	net.SoftMin(dst, at, m.w.x, m.w.y, m.shapes, 1)
}

// tabulate computes the gaussians and the shapes from the parameters.
func (m *gmm) tabulate() {
	for k, c := range m.cov {
		det := c.xx*c.yy - c.xy*c.xy
		top := math.Log(m.pi[k]) - math.Log(2*math.Pi) - math.Log(det)/2
		m.gaussians[k] = gaussian{m.w.x[k], m.w.y[k], top, c.yy / (2 * det), -c.xy / det, c.xx / (2 * det)}
		m.shapes[k] = c.shape(top + math.Log(float64(m.k)))
	}
}

// shape returns -log N(d; 0, c) less its least value, lowered by top, as squares, which
// do not cancel:
//
//	½ dᵀ Σ⁻¹ d = (a d1 + b d2)² + (c d2)²
//	a² = Σ22 / (2 det Σ),  b = -a Σ12 / Σ22,  c² = 1 / (2 Σ22)
func (c symmetric) shape(top float64) net.Shape {
	a := math.Sqrt(c.yy / (2 * (c.xx*c.yy - c.xy*c.xy)))
	return net.Shape{Offset: -top, A: a, B: -a * c.xy / c.yy, C: math.Sqrt(1 / (2 * c.yy))}
}

// gmmScript is the energy in Python, see ebm.Card.
const gmmScript = `def energy(y):
    """-log Σ_k π_k N(y; w_k, Σ_k)."""
    w, var = P["W"].T, P["var"]
    if var.ndim == 3:
        cov = var
    else:
        cov = np.broadcast_to(var, len(w))[:, None, None] * np.eye(2)
    v = y[:, None] - w
    d = np.einsum("nki,kij,nkj->nk", v, np.linalg.inv(cov), v)
    return -logsum(np.log(P["pi"]) - d / 2 - np.log(2 * np.pi) - np.log(np.linalg.det(cov)) / 2)
`
