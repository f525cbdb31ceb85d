package ebm

import "gonum.org/v1/gonum/spatial/r2"

// L is half the side of the box B = [-L, L]² in which all data, energies and formulas live.
const L = 1.5

// Area is the area of the box B.
const Area = 4 * L * L

// Model is one energy-based method. One goroutine owns it; only Energy and the other
// read-only methods may run concurrently with each other, and never during Step.
type Model interface {
	// Knobs declares the hyperparameters, binding each to a field of the model.
	Knobs(k *Knobs)

	// Init starts the model afresh on the training points. The model may keep data but
	// must not change it. Init is called once the knobs are set, and again whenever a
	// knob that restarts the model changes, so it must reset all that earlier steps left.
	Init(data []r2.Vec, rng Rand)

	// Step makes one update of the parameters, drawing its own batch from u.Rand.
	Step(u *Update)

	// Energy writes F(at[i]) to dst[i]; len(dst) == len(at). It is read-only: calls may
	// run concurrently.
	Energy(dst []float64, at []r2.Vec)
}

// Gradienter is a Model that knows ∂F/∂y exactly. For the others [Gradient] takes
// central differences.
type Gradienter interface {
	// Grad writes ∂F/∂y at at[i] to dst[i]. Read-only, as Energy is.
	Grad(dst, at []r2.Vec)
}

// Reconstructer is a Model that maps every y to a nearest point of its own: r(y) of
// an autoencoder, the prototype w_z* of K-means.
type Reconstructer interface {
	// Reconstruct writes the model's point for at[i] to dst[i]. Read-only.
	Reconstruct(dst, at []r2.Vec)
}

// LatentEnergy is the energy E(y, z) of one value of the latent variable.
type LatentEnergy struct {
	Z float64 // the value of z: the index of a prototype, a position on a curve
	E float64 // E(y, z)
	Y r2.Vec  // the point of the plane that z stands for, such as W z
}

// Latent is a Model whose energy is a minimum, or a soft minimum, over a finite set of z.
type Latent interface {
	// Latents lists E(y, z) over all z, in the order of z. Read-only.
	Latents(y r2.Vec) []LatentEnergy
}

// MarkKind says how a Mark is drawn.
type MarkKind int

const (
	MarkPoint MarkKind = iota // a point, such as a prototype
	MarkLine                  // a vertex of a polyline, such as a learnt curve
	MarkRay                   // the end of a ray from the origin, such as an atom
)

// Mark is one part of the model that can be drawn in the plane. Vertices of one polyline
// share a Group.
type Mark struct {
	Kind  MarkKind
	Group int
	At    r2.Vec
}

// Marker is a Model with parts that can be drawn in the plane: prototypes, atoms, a curve.
type Marker interface {
	// Marks appends the model's marks to dst and returns it.
	Marks(dst []Mark) []Mark
}

// Particler is a Model that keeps points of its own between steps: persistent chains.
type Particler interface {
	// Particles appends where they are to dst and returns it.
	Particles(dst []r2.Vec) []r2.Vec
}

// Scalarer is a Model that reports numbers of its last step, such as its loss.
type Scalarer interface {
	// Scalars writes one number for each of the card's Scalars, in that order; NaN means
	// that the number does not apply (before the first step, say).
	Scalars(dst []float64)
}

// Noticer is a Model that may have something to say of its training points, such as that they are
// fewer than its parts.
type Noticer interface {
	// Notice returns a sentence, "" if there is none. It is true from Init on.
	Notice() string
}

// Gibbs is a Model that has a density of its own at a β that depends on its knobs. See
// [Card.Beta] for the others.
type Gibbs interface {
	// Beta returns the β at which the density of the model is e^{-βF} / Z; 0 if its energy is
	// not meant as a density at present. The β of a soft minimum over z is another one.
	Beta() float64
}

// Gradient writes ∂F/∂y at at[i] to dst[i]: the model's own where it is a Gradienter,
// otherwise central differences of F with step h = 1e-4:
//
//	∂F/∂y1 ≈ (F(y1+h, y2) - F(y1-h, y2)) / 2h
func Gradient(m Model, dst, at []r2.Vec) {
	if g, ok := m.(Gradienter); ok {
		g.Grad(dst, at)
		return
	}
	const h = 1e-4
	for i, y := range at {
		var e [4]float64
		m.Energy(e[:], []r2.Vec{{X: y.X + h, Y: y.Y}, {X: y.X - h, Y: y.Y}, {X: y.X, Y: y.Y + h}, {X: y.X, Y: y.Y - h}})
		dst[i] = r2.Vec{X: (e[0] - e[1]) / (2 * h), Y: (e[2] - e[3]) / (2 * h)}
	}
}
