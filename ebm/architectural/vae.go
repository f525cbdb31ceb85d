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
		Summary: "{down|Each training point} is reconstructed from a code with noise, and a penalty keeps codes near 0. " +
			"Nothing is pushed up: noisy codes that must lie close together have room for the data only.",
		Formulas: []ebm.Formula{
			{Label: "Encoder", TeX: `z=m(y)+s(y)\odot n,\quad n\sim\mathcal N(0,I),\;z\in\mathbb R^{\knob{code}}`},
			{Label: "Loss", TeX: `L=\frac{\lVert \down{y}-g(z)\rVert^2}{2\sigma^2}+\knob{kl_weight}\,\mathrm{KL},\quad\sigma=\knob{sigma}`},
			{Label: "KL divergence", TeX: `\mathrm{KL}=\tfrac12\sum_i\left(m_i^2+s_i^2-1-\log s_i^2\right)`},
			{Label: "Energy", TeX: `F(y)=-\log\int\mathcal N(z;0,I)\;\mathcal N\!\left(y;g(z),\sigma^2I\right)dz`},
		},
		FailureMode: "Posterior collapse: set σ to 0.3 and the KL weight to 10. The encoder ignores its input (kl falls to 0), " +
			"the decoded codes shrink to a point, and one round bowl is left. At σ = 0.2 alone the arms have already merged.",
		Misconception: "The loss is often shown as the energy. It is only an upper bound of F, up to a constant. " +
			"Here F is the integral over all codes, computed as a sum in one or two dimensions; the encoder has no part in it.",
		Map: ebm.MapDecode,
		Stages: ebm.Stages{
			ebm.StageNear:  "Encode each point, add noise to the code, and decode it.",
			ebm.StageLimit: "Noise in the code moves the reconstruction from the dot, by {varies} on average. The KL penalty keeps the noise from shrinking.",
			ebm.StagePull:  "Move the reconstruction closer to the point" + fallsThere,
		},
		Source:       "D. P. Kingma and M. Welling, “Auto-encoding variational Bayes”, 2014; D. J. Rezende, S. Mohamed and D. Wierstra, “Stochastic backpropagation and approximate inference in deep generative models”, 2014",
		Data:         "spiral",
		Steps:        3000,
		Scalars:      []string{"loss", "reconstruction", "kl"},
		IsNegLogProb: true,
		Script:       vaeScript,
		New:          func() ebm.Model { return newVAE[float32]() },
		Exact:        func() ebm.Model { return newVAE[float64]() },
	})
}

const (
	// warmUp is the number of steps in which the weight of the KL term rises to its knob. A
	// full penalty from the start would collapse the posterior.
	warmUp = 600

	// lossShare multiplies the loss for the descent: at a small σ its gradient is long, and
	// would be clipped at every step.
	lossShare = .1

	// decoderScale multiplies the codes for a decoder with Fourier features, so that codes within
	// ±3.5 lie within ±3, a period of the features.
	decoderScale = 2 * ebm.L / 3.5

	// The encoder's log s² is clipped to [leastLog, mostLog].
	leastLog, mostLog = -10, 3
)

// vae is the variational autoencoder: a decoder g from random codes to points, and an encoder
// that predicts the codes of a point. One sees the image of normally distributed codes, a mesh
// folded over the data and blurred by σ. The image is connected: between the arms of a spiral
// it is thin, but the energy there stays too low.
//
//	z = m(y) + s(y) n,  n ~ N(0, I)
//	L = ‖y - g(z)‖²/2σ² + w KL,  KL = ½ Σ (m² + s² - 1 - log s²)
//	F(y) = -log ∫ N(z; 0, I) N(y; g(z), σ²I) dz,  a sum over a lattice of codes
//
// The weight w rises from 0 over the first 600 steps. It does not restart when a knob is
// moved: the codes would spread, and the landscape blur.
//
// The lattice extends over ±5 in each number. Over ±3.5 it would cut off a part of the prior, and F
// would be too high where only its codes reach: with a code of one number, or a small KL weight, by
// a nat and more where F is 8. A decoder with Fourier features gets the codes times
// decoderScale; one without gets the codes themselves.
//
// D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", 2014; D. J. Rezende
// et al., "Stochastic backpropagation and approximate inference in deep generative
// models", 2014.
//
// State: that of learn.Learner, with the networks "enc." and "dec."; to continue training "warmup"
// [1], the steps made, up to 600.
type vae[T net.Float] struct {
	learn.Learner[T]
	learn.Shape
	code      int
	sigma, kl float64

	enc, dec  *learn.Net[T]
	codeScale float64 // what codes are multiplied with for the decoder
	age       int     // steps made, up to warmUp

	posteriors []posterior
	rebuilt    []r2.Vec // g(z) of the batch
	noiseless  []r2.Vec // g(m), likewise

	encode, decode, learn func(w *net.Workspace[T], grad []T, lo, hi int)

	lattice lattice
	scaled  []r2.Vec  // its codes, scaled for the decoder
	spare   sync.Pool // of *search[T]
	weights sync.Pool // of *[]float64, as many as the lattice has codes

	loss, reconstruction, divergence float64
}

// posterior is that of the encoder for a point of the batch, and a code drawn from it.
type posterior struct {
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
		"The size of the code. 1: a curve, which tangles easily and stays tangled. 2: a mesh, folded over the data.", ebm.Restarts, ebm.Called("code size"))
	k.Float(&v.sigma, "sigma", `\sigma`, .02, .5,
		"The standard deviation of the decoder. Small: thinner canyons, and informative codes; below 0.05 the lattice of codes becomes visible in the energy as stripes and dots. Large: a blurred landscape; at 0.2 the arms merge.", ebm.OnLog, ebm.Called("blur"))
	k.Float(&v.kl, "kl_weight", "w", .01, 10,
		"The penalty on informative codes. 0: they spread beyond the prior, whose image then covers the middle of the data only. Large: they move together and hold less information, and the energy between the arms falls.", ebm.OnLog, ebm.OrZero, ebm.Called("KL weight"))
	v.Rate(k)
	v.Learner.Knobs(k)
	v.Shape.Knobs(k)
}

func (v *vae[T]) Init(data []r2.Vec, rng ebm.Rand) {
	v.begin(v.Spec(2, 2*v.code), v.Spec(v.code, 2), data)
	v.Randomise(rng)
	v.InitAverage()
	v.tabulate()
}

// begin makes networks of these shapes with all weights 0.
func (v *vae[T]) begin(enc, dec net.Spec, data []r2.Vec) {
	v.Learner.Begin(data, learn.Part{Name: "enc.", Net: enc}, learn.Part{Name: "dec.", Net: dec})
	v.enc, v.dec, v.age = &v.Nets[0], &v.Nets[1], 0
	v.encode, v.decode, v.learn = v.encodeBlock, v.decodeBlock, v.learnBlock
	v.codeScale = 1
	if dec.Harmonics > 0 {
		v.codeScale = decoderScale
	}
	v.lattice = newLattice(dec.In)
	v.scaled = make([]r2.Vec, len(v.lattice.z))
	for j, z := range v.lattice.z {
		v.scaled[j] = r2.Scale(v.codeScale, z)
	}
	v.spare = sync.Pool{New: func() any { return new(search[T]) }}
	v.weights = sync.Pool{New: func() any { w := make([]float64, len(v.scaled)); return &w }}
	v.loss, v.reconstruction, v.divergence = math.NaN(), math.NaN(), math.NaN()
}

// tabulate decodes the lattice.
func (v *vae[T]) tabulate() { v.dec.Shown.Map(v.lattice.g, v.scaled) }

// klWeight is the weight of the KL term at present.
func (v *vae[T]) klWeight() float64 { return v.kl * float64(v.age) / warmUp }

func (v *vae[T]) Step(u *ebm.Update) {
	if len(v.Data) == 0 {
		return
	}
	v.Draw(u.Rand)
	n, d := len(v.Y), v.dec.MLP.Spec().In
	v.posteriors, v.rebuilt, v.noiseless = learn.Resize(v.posteriors, n), learn.Resize(v.rebuilt, n), learn.Resize(v.noiseless, n)
	for i := range v.posteriors {
		for j := range d {
			v.posteriors[i].noise[j] = u.Rand.NormFloat64()
		}
	}
	v.enc.Runner.Blocks(u.For, n, v.encode, v.enc.MLP, nil)
	v.dec.Runner.Blocks(u.For, n, v.decode, v.dec.MLP, v.dec.Grad)
	v.enc.Runner.Blocks(u.For, n, v.learn, v.enc.MLP, v.enc.Grad)

	share := 1 / float64(n)
	v.reconstruction, v.divergence = 0, 0
	for i, y := range v.Y {
		v.reconstruction += share * r2.Norm2(r2.Sub(y, v.rebuilt[i])) / (2 * v.sigma * v.sigma)
		g := &v.posteriors[i]
		for j := range d {
			v.divergence += share * (g.m[j]*g.m[j] + math.Exp(g.logVar[j]) - 1 - g.logVar[j]) / 2
		}
		u.Trace.Down(y, v.rebuilt[i], share)
		u.Trace.Visit(i, y)
		u.Trace.Visit(i, v.noiseless[i])
		u.Trace.Visit(i, v.rebuilt[i])
	}
	v.loss = v.reconstruction + v.klWeight()*v.divergence
	v.age = min(v.age+1, warmUp)
	v.Descend(v.sigma, v.kl)
	v.tabulate()
}

// encodeBlock draws the codes of the points lo, …, hi-1.
func (v *vae[T]) encodeBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	v.enc.MLP.Forward(w, v.Y[lo:hi])
	d := v.dec.MLP.Spec().In
	for i := range hi - lo {
		g := &v.posteriors[lo+i]
		for j := range d {
			g.m[j] = float64(w.Out[j*net.Block+i])
			g.logVar[j] = min(max(float64(w.Out[(d+j)*net.Block+i]), leastLog), mostLog)
			g.z[j] = g.m[j] + math.Exp(g.logVar[j]/2)*g.noise[j]
		}
	}
}

// decodeBlock takes the codes forward and back through the decoder, and their means forward.
func (v *vae[T]) decodeBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	d := v.dec.MLP.Spec().In
	for i := range hi - lo {
		for j := range d {
			w.In[j*net.Block+i] = T(v.codeScale * v.posteriors[lo+i].z[j])
		}
	}
	v.dec.MLP.ForwardRows(w, hi-lo)
	slope := lossShare / (v.sigma * v.sigma * float64(len(v.Y)))
	for i, y := range v.Y[lo:hi] {
		r := w.Point(i)
		v.rebuilt[lo+i] = r
		w.SetOutputGrad(i, r2.Scale(slope, r2.Sub(r, y)))
	}
	v.dec.MLP.Backward(w, grad, true)
	for i := range hi - lo {
		for j := range d {
			v.posteriors[lo+i].slope[j] = v.codeScale * float64(w.DIn[j*net.Block+i])
			w.In[j*net.Block+i] = T(v.codeScale * v.posteriors[lo+i].m[j])
		}
	}
	v.dec.MLP.ForwardRows(w, hi-lo)
	for i := range hi - lo {
		v.noiseless[lo+i] = w.Point(i)
	}
}

// learnBlock is the backward pass of the encoder. A clipped log s² gets a gradient only back
// into its range.
func (v *vae[T]) learnBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	v.enc.MLP.Forward(w, v.Y[lo:hi])
	d := v.dec.MLP.Spec().In
	penalty := lossShare * v.klWeight() / float64(len(v.Y))
	for i := range hi - lo {
		g := &v.posteriors[lo+i]
		for j := range d {
			s := math.Exp(g.logVar[j] / 2)
			byLog := g.slope[j]*g.noise[j]*s/2 + penalty*(s*s-1)/2
			if raw := float64(w.Out[(d+j)*net.Block+i]); raw > mostLog && byLog < 0 || raw < leastLog && byLog > 0 {
				byLog = 0
			}
			w.DOut[j*net.Block+i] = T(g.slope[j] + penalty*g.m[j])
			w.DOut[(d+j)*net.Block+i] = T(byLog)
		}
	}
	v.enc.MLP.Backward(w, grad, false)
}

// vaeScript is the energy in Python, see ebm.Card.
const vaeScript = `def energy(y):
    """-log of the integral of N(z; 0, 1) N(y; g(z), σ²) over the codes z, on a lattice."""
    side = 86 if K["code"] == 2 else 572
    h = 10 / side
    line = h * (np.arange(side) + 0.5) - 5
    z = np.stack(np.meshgrid(*[line] * K["code"]), axis=-1).reshape(-1, K["code"])
    g = mlp(z * (3 / 3.5 if K["harmonics"] else 1), "dec.")
    prior = -np.sum(z ** 2, axis=1) / 2 + K["code"] * np.log(h / np.sqrt(2 * np.pi))
    s2 = K["sigma"] ** 2
    return -np.concatenate([logsum(prior - squared(part, g) / (2 * s2) - np.log(2 * np.pi * s2)) for part in np.array_split(y, 1 + len(y) // 64)])
`
