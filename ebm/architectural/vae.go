package architectural

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "vae",
		Title:    "Variational autoencoder",
		Family:   ebm.Architectural,
		Strategy: "A2",
		Summary: "{down|Each training point} is rebuilt from a code to which noise is added, and codes far from 0 cost something. " +
			"Nothing is pushed up: codes that are fuzzy balls and must lie close together leave room for the data only.",
		Formulas: []ebm.Formula{
			{Label: "Encoder", TeX: `z=m(y)+s(y)\odot n,\quad n\sim\mathcal N(0,I),\;z\in\mathbb R^{\knob{code}}`},
			{Label: "Loss", TeX: `L=\frac{\lVert \down{y}-g(z)\rVert^2}{2\sigma^2}+\knob{kl_weight}\,\mathrm{KL},\quad\sigma=\knob{sigma}`},
			{Label: "Room for codes", TeX: `\mathrm{KL}=\tfrac12\sum_i\left(m_i^2+s_i^2-1-\log s_i^2\right)`},
			{Label: "Energy", TeX: `F(y)=-\log\int\mathcal N(z;0,I)\;\mathcal N\!\left(y;g(z),\sigma^2I\right)dz`},
		},
		Pathology: "Set σ to 0.3 and the KL weight to 10: no code pays its price any more. The encoder gives the same for every point (kl falls to 0, the posterior collapse), " +
			"the net of codes shrinks to a point, and one round bowl is left. At σ = 0.2 alone the arms have already melted together.",
		Slip: "What is trained is a bound: the loss is at least F, up to a constant, and often the loss itself is shown as the energy. " +
			"Here F is the integral over all codes, which in one or two dimensions is a sum; the encoder has no part in it.",
		Map: ebm.MapDecode,
		Stages: ebm.Stages{
			ebm.StageNear: "Encode each point, add noise to the code, and decode it.",
			ebm.StagePull: "Move the reconstruction closer to the point" + fallsThere,
		},
		Data:    "spiral",
		Steps:   3000,
		Scalars: []string{"loss", "reconstruction", "kl"},
		Nats:    true,
		Script:  vaeScript,
		New:     func() ebm.Model { return newVAE[float32]() },
		Exact:   func() ebm.Model { return newVAE[float64]() },
	})
}

const (
	// warmUp is how many steps it takes the weight of the KL term to rise to its knob. A
	// price on codes that still say nothing would keep them from ever saying anything.
	warmUp = 600

	// lossShare of the loss goes down: at a small σ its gradient is long, and would be cut
	// at every step.
	lossShare = .1

	// The encoder's log s² is cut to [leastLog, mostLog].
	leastLog, mostLog = -10, 3
)

// vae is the variational autoencoder: a decoder g that makes a point of a random code,
// and an encoder that guesses the codes of a point. One sees the image of a round cloud of
// codes, a net folded over the data and blurred by σ. It cannot be torn: between the arms
// of a spiral it is stretched thin, and the ground there stays lower than it should.
//
//	z = m(y) + s(y) n,  n ~ N(0, I)
//	L = ‖y - g(z)‖²/2σ² + w KL,  KL = ½ Σ (m² + s² - 1 - log s²)
//	F(y) = -log ∫ N(z; 0, I) N(y; g(z), σ²I) dz,  a sum over a lattice of codes
//
// The weight w rises from 0 over the first 600 steps of a model's life. It does not start
// again when a knob is moved: the codes would spread, and the landscape dissolve.
//
// The decoder is given codes times 6/7, so that the lattice of ±3.5 lies within the ±3
// that its waves need to repeat; without waves, the codes themselves.
//
// D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", 2014; D. J. Rezende
// et al., "Stochastic backpropagation and approximate inference in deep generative
// models", 2014.
//
// State: that of learn.Learner, with the networks "enc." and "dec."; for going on "warmup"
// [1], the steps made, up to 600.
type vae[T net.Float] struct {
	learn.Learner[T]
	learn.Shape
	code      int
	sigma, kl float64

	enc, dec *learn.Net[T]
	zoom     float64 // what codes are multiplied with for the decoder
	age      int     // steps made, up to warmUp

	guesses []guess
	rebuilt []r2.Vec // g(z) of the batch

	encode, decode, learn func(w *net.Workspace[T], grad []T, lo, hi int)

	lattice lattice
	zoomed  []r2.Vec  // its codes, as the decoder is given them
	spare   sync.Pool // of *search[T]
	weights sync.Pool // of *[]float64, as many as the lattice has codes

	loss, reconstruction, divergence float64
}

// guess is what the encoder says of a point of the batch, and a code drawn from that.
type guess struct {
	m, logVar [2]float64
	noise, z  [2]float64
	slope     [2]float64 // of the reconstruction term by z
}

func newVAE[T net.Float]() *vae[T] {
	v := &vae[T]{code: 2, sigma: .07, kl: 1}
	v.Learner, v.Shape = learn.New[T](), learn.DefaultShape()
	v.Activation, v.LR = string(net.Tanh), 2e-2
	return v
}

func (v *vae[T]) Knobs(k *ebm.Knobs) {
	k.Int(&v.code, "code", "d", 1, 2,
		"How many numbers a code has. 1: a curve, which tangles easily and stays so. 2: a net, folded over the data.", ebm.Restarts, ebm.Called("code size"))
	k.Float(&v.sigma, "sigma", `\sigma`, .02, .5,
		"How far from its code's image a point may lie. Small: thinner canyons, and codes that say much; below 0.05 the energy, which sums over a lattice of codes, shows that lattice as stripes and beads. Large: a blurred landscape; at 0.2 the arms melt together, for it no longer pays to tell them apart.", ebm.OnLog, ebm.Called("blur"))
	k.Float(&v.kl, "kl_weight", "w", .01, 10,
		"The price of codes that say much. 0: they spread beyond the round cloud that the energy counts, whose net then covers the middle of the data only. Large: they crowd together and say less, and the ground between the arms sinks.", ebm.OnLog, ebm.OrZero, ebm.Called("KL weight"))
	v.Rate(k)
	v.Learner.Knobs(k)
	v.Shape.Knobs(k)
}

func (v *vae[T]) Init(data []r2.Vec, rng ebm.Rand) {
	v.begin(v.Spec(2, 2*v.code), v.Spec(v.code, 2), data)
	v.Randomise(rng)
	v.Settle()
	v.tabulate()
}

// begin makes networks of these shapes with all weights 0, and forgets any earlier ones.
func (v *vae[T]) begin(enc, dec net.Spec, data []r2.Vec) {
	v.Learner.Begin(data, learn.Part{Name: "enc.", Net: enc}, learn.Part{Name: "dec.", Net: dec})
	v.enc, v.dec, v.age = &v.Nets[0], &v.Nets[1], 0
	v.encode, v.decode, v.learn = v.encodeBlock, v.decodeBlock, v.learnBlock
	v.zoom = 1
	if dec.Harmonics > 0 {
		v.zoom = 2 * ebm.L / reach
	}
	v.lattice = newLattice(dec.In)
	v.zoomed = make([]r2.Vec, len(v.lattice.z))
	for j, z := range v.lattice.z {
		v.zoomed[j] = r2.Scale(v.zoom, z)
	}
	v.spare = sync.Pool{New: func() any { return new(search[T]) }}
	v.weights = sync.Pool{New: func() any { w := make([]float64, len(v.zoomed)); return &w }}
	v.loss, v.reconstruction, v.divergence = math.NaN(), math.NaN(), math.NaN()
}

// tabulate decodes the lattice.
func (v *vae[T]) tabulate() { v.dec.Shown.Map(v.lattice.g, v.zoomed) }

// price is the weight of the KL term at present.
func (v *vae[T]) price() float64 { return v.kl * float64(v.age) / warmUp }

func (v *vae[T]) Step(u *ebm.Update) {
	if len(v.Data) == 0 {
		return
	}
	v.Draw(u.Rand)
	n, d := len(v.Y), v.dec.MLP.Spec().In
	v.guesses, v.rebuilt = learn.Sized(v.guesses, n), learn.Sized(v.rebuilt, n)
	for i := range v.guesses {
		for j := range d {
			v.guesses[i].noise[j] = u.Rand.NormFloat64()
		}
	}
	v.enc.Team.Blocks(u.For, n, v.encode, v.enc.MLP, nil)
	v.dec.Team.Blocks(u.For, n, v.decode, v.dec.MLP, v.dec.Grad)
	v.enc.Team.Blocks(u.For, n, v.learn, v.enc.MLP, v.enc.Grad)

	share := 1 / float64(n)
	v.reconstruction, v.divergence = 0, 0
	for i, y := range v.Y {
		v.reconstruction += share * r2.Norm2(r2.Sub(y, v.rebuilt[i])) / (2 * v.sigma * v.sigma)
		g := &v.guesses[i]
		for j := range d {
			v.divergence += share * (g.m[j]*g.m[j] + math.Exp(g.logVar[j]) - 1 - g.logVar[j]) / 2
		}
		u.Trace.Down(y, v.rebuilt[i], share)
	}
	v.loss = v.reconstruction + v.price()*v.divergence
	v.age = min(v.age+1, warmUp)
	v.Descend(v.sigma, v.kl)
	v.tabulate()
}

// encodeBlock draws the codes of the points lo, …, hi-1.
func (v *vae[T]) encodeBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	v.enc.MLP.Forward(w, v.Y[lo:hi])
	d := v.dec.MLP.Spec().In
	for i := range hi - lo {
		g := &v.guesses[lo+i]
		for j := range d {
			g.m[j] = float64(w.Out[j*net.Block+i])
			g.logVar[j] = min(max(float64(w.Out[(d+j)*net.Block+i]), leastLog), mostLog)
			g.z[j] = g.m[j] + math.Exp(g.logVar[j]/2)*g.noise[j]
		}
	}
}

// decodeBlock takes the codes through the decoder and back.
func (v *vae[T]) decodeBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	d := v.dec.MLP.Spec().In
	for i := range hi - lo {
		for j := range d {
			w.In[j*net.Block+i] = T(v.zoom * v.guesses[lo+i].z[j])
		}
	}
	v.dec.MLP.ForwardRows(w, hi-lo)
	slope := lossShare / (v.sigma * v.sigma * float64(len(v.Y)))
	for i, y := range v.Y[lo:hi] {
		r := w.Point(i)
		v.rebuilt[lo+i] = r
		w.Pull(i, r2.Scale(slope, r2.Sub(r, y)))
	}
	v.dec.MLP.Backward(w, grad, true)
	for i := range hi - lo {
		for j := range d {
			v.guesses[lo+i].slope[j] = v.zoom * float64(w.DIn[j*net.Block+i])
		}
	}
}

// learnBlock takes the slopes back through the encoder. Where log s² was cut it may come
// back, but go no farther.
func (v *vae[T]) learnBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	v.enc.MLP.Forward(w, v.Y[lo:hi])
	d := v.dec.MLP.Spec().In
	price := lossShare * v.price() / float64(len(v.Y))
	for i := range hi - lo {
		g := &v.guesses[lo+i]
		for j := range d {
			s := math.Exp(g.logVar[j] / 2)
			byLog := g.slope[j]*g.noise[j]*s/2 + price*(s*s-1)/2
			if raw := float64(w.Out[(d+j)*net.Block+i]); raw > mostLog && byLog < 0 || raw < leastLog && byLog > 0 {
				byLog = 0
			}
			w.DOut[j*net.Block+i] = T(g.slope[j] + price*g.m[j])
			w.DOut[(d+j)*net.Block+i] = T(byLog)
		}
	}
	v.enc.MLP.Backward(w, grad, false)
}

// vaeScript is the energy in Python, see ebm.Card.
const vaeScript = `def energy(y):
    """-log of the integral of N(z; 0, 1) N(y; g(z), σ²) over the codes z, on a lattice."""
    side = 60 if K["code"] == 2 else 400
    h = 7 / side
    line = h * (np.arange(side) + 0.5) - 3.5
    z = np.stack(np.meshgrid(*[line] * K["code"]), axis=-1).reshape(-1, K["code"])
    g = mlp(z * (3 / 3.5 if K["harmonics"] else 1), "dec.")
    prior = -np.sum(z ** 2, axis=1) / 2 + K["code"] * np.log(h / np.sqrt(2 * np.pi))
    s2 = K["sigma"] ** 2
    return -np.concatenate([logsum(prior - squared(part, g) / (2 * s2) - np.log(2 * np.pi * s2)) for part in np.array_split(y, 1 + len(y) // 64)])
`
