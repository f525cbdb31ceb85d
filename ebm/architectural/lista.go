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
		ID:       "lista",
		Title:    "Amortised sparse coding",
		Family:   ebm.Architectural,
		Strategy: "A2",
		Summary: "A network guesses the code of a point in one go, where sparse and local coordinate coding would search for it: each {down|training point pulls} both the anchors and the guess. " +
			"Nothing is pushed up: far from the anchors, and wherever the guess is wrong, the code is dear.",
		Formulas: []ebm.Formula{
			{Label: "lcc: energy", TeX: `E(y,z)=\lVert y-Wz\rVert^2+\knob{lambda}\sum_k z_k\lVert y-w_k\rVert^2`},
			{Label: "lcc: code", TeX: `z(y)=\operatorname{softmax}(4\,\mathrm{enc}(y)),\quad k\le\knob{k}`},
			{Label: "lista: energy", TeX: `E(y,z)=\lVert y-Wz\rVert^2+\knob{lambda}\,\lVert z\rVert_1,\quad\lVert w_k\rVert=1`},
			{Label: "lista: code", TeX: `z_0=S_\theta(W_e\,y),\quad z_{t+1}=S_\theta(W_e\,y+S z_t),\quad t<\knob{depth}`},
			{Label: "What is shown", TeX: `F_{\mathrm{am}}(y)=E(y,z(y))\ \ge\ \min_z E(y,z)`},
			{Label: "Loss", TeX: `L=\tfrac{1}{\knob{batch}}\sum_{\down{y}}F_{\mathrm{am}}(\down{y})`},
		},
		Pathology: "The guess is trained at the data only. Halfway between two arms it turns from the anchors of the one to those of the other: look for creases and faint ghost lines there, which the searched code does not have. " +
			"Set the width to 4: so narrow an encoder guesses badly, the gap stays two to five times as wide, and the inner turns of the spiral are blurred.",
		Slip: "The energy of an encoder's code is often written as if it were F. It is an upper bound: equal only where the guess is the best code, and above it everywhere else.",
		Map:  ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "The network predicts the code of each point; the code reconstructs the point.",
			ebm.StagePull: "Move the anchors and the prediction towards the point" + fallsThere,
		},
		Data:    "spiral",
		Steps:   800,
		Scalars: []string{"loss", "gap", "ista"},
		Script:  listaScript,
		New:     func() ebm.Model { return newLISTA[float32]() },
		Exact:   func() ebm.Model { return newLISTA[float64]() },
	})
}

// The codes that are guessed.
const (
	variantLCC   = "lcc"   // a mixture of anchors, by an encoder with a softmax
	variantLISTA = "lista" // few of K atoms, by some steps of ISTA with weights that are learnt
)

// sharpness is what the outputs of the encoder are multiplied by, so that few of the
// anchors are mixed from the beginning.
const sharpness = 4

// lista is sparse coding whose code is not searched for but guessed by a network: one
// pass instead of an inner loop. One sees nearly the landscape of the searched code along
// the data, and another one off them, where nobody told the network what to guess.
//
//	F_am(y) = E(y, z(y)) >= min_z E(y, z)
//
// By default E is that of lcc, and z(y) the softmax of an encoder. With the other variant
// E is that of sparse coding, and the encoder is ISTA itself, cut off after a few steps,
// whose matrices and thresholds go on learning: see unrolled. The gap between the two
// sides is reported, averaged over the batch.
//
// K. Gregor, Y. LeCun, "Learning fast approximations of sparse coding", 2010.
//
// State: that of learn.Learner. The parts are "W" [2, K] and "enc." for lcc, and "W",
// "We" [K, 2], "S" [K, K] and "theta" [K] for lista.
type lista[T net.Float] struct {
	learn.Learner[T]
	learn.Shape
	variant  string
	k, depth int
	lambda   float64

	learnt, shown unrolled // the arrays, and their averages
	grad          unrolled
	z             []float64 // codes of the batch, for lcc
	r             []r2.Vec  // y - W z of the batch
	e             []float64 // E(y, z(y)) of the batch
	encode        func(w *net.Workspace[T], grad []T, lo, hi int)
	pads          sync.Pool // of *pad, for lista
	blends        sync.Pool // of *net.Mixtures, for lcc
	searched      *sparse   // for lista: the same atoms, where the code is searched for

	loss, gap, ista float64
}

func newLISTA[T net.Float]() *lista[T] {
	return &lista[T]{Learner: learn.New[T](), Shape: learn.DefaultShape(), variant: variantLCC, k: 32, depth: 3, lambda: .3}
}

func (m *lista[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.variant, "variant", `z(y)`, []string{variantLCC, variantLISTA},
		"What is guessed. lcc: a mixture of anchors, and tubes follow the data. lista: a sparse code, and whatever is done there is a bowl round the origin.", ebm.Restarts, ebm.Called("code"))
	k.Float(&m.lambda, "lambda", `\lambda`, 1e-3, 5,
		"The price of the code. lcc: small lets the arms run together, large breaks tubes into wells. lista: large makes the bowl round and steep.", ebm.OnLog, ebm.Called("code price"))
	k.Int(&m.k, "k", "K", 2, 64,
		"The number of anchors, or atoms. Few: tubes cut across the arms. Many: they follow every turn, if the encoder can tell them apart.", ebm.Restarts, ebm.Called("anchors"))
	k.Int(&m.depth, "depth", "T", 1, 8,
		"How often the guess is improved. As it is trained, one step does nearly as well as eight; plain ISTA with as many steps (the number ista) begins higher and comes down towards it.", ebm.OnlyFor("variant", variantLISTA))
	m.Learner.Rate(k)
	m.Learner.Knobs(k)
	own := len(k.All())
	m.Shape.Knobs(k)
	for _, knob := range k.All()[own:] {
		ebm.OnlyFor("variant", variantLCC)(knob)
	}
}

// Init puts the anchors on training points, far from each other, or lets the atoms point
// anywhere and the guess be ISTA's.
func (m *lista[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.Spec(2, m.k), data)
	if m.variant == variantLCC {
		m.learnt.w.place(startPlusPlus, data, rng)
		m.Randomise(rng)
	} else {
		m.searched.Init(nil, rng)
		m.learnt.w.copyFrom(m.searched.w)
		m.learnt.imitate(m.lambda, m.searched.steep)
	}
	m.keep()
	m.Settle()
	m.tabulate()
}

// begin makes the parts, all 0.
func (m *lista[T]) begin(encoder net.Spec, data []r2.Vec) {
	parts := []learn.Part{{Name: "W", Shape: []int{2, m.k}}}
	if m.variant == variantLCC {
		parts = append(parts, learn.Part{Name: "enc.", Net: encoder})
	} else {
		parts = append(parts, learn.Part{Name: "We", Shape: []int{m.k, 2}}, learn.Part{Name: "S", Shape: []int{m.k, m.k}}, learn.Part{Name: "theta", Shape: []int{m.k}})
	}
	m.Begin(data, parts...)
	m.learnt, m.shown, m.grad = newUnrolled(m.k), newUnrolled(m.k), newUnrolled(m.k)
	m.searched = newSparse()
	m.searched.k = m.k
	m.encode = m.encodeBlock
	m.pads = sync.Pool{New: func() any { return &pad{} }}
	m.blends = sync.Pool{New: func() any { return net.NewMixtures[T]() }}
	m.loss, m.gap, m.ista = math.NaN(), math.NaN(), math.NaN()
}

// keep writes what is learnt to the learner's parameters, and fetch reads it.
func (m *lista[T]) keep() {
	m.learnt.each(len(m.Arrays), func(array, i int, v *float64) { m.Arrays[array].Values[i] = T(*v) })
}

func (m *lista[T]) fetch() {
	m.learnt.each(len(m.Arrays), func(array, i int, v *float64) { *v = float64(m.Arrays[array].Values[i]) })
}

// tabulate reads the averages, which is what is shown. They lag behind what restrain does.
func (m *lista[T]) tabulate() {
	m.shown.each(len(m.Arrays), func(array, i int, v *float64) { *v = float64(m.Arrays[array].Shown[i]) })
	for k, t := range m.shown.theta {
		m.shown.theta[k] = max(t, 0)
	}
}

// Step goes down the gradient of the mean energy of a batch at its guessed codes, in the
// anchors and in what guesses.
func (m *lista[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	n := len(m.Y)
	m.z, m.r, m.e = learn.Sized(m.z, n*m.k), learn.Sized(m.r, n), learn.Sized(m.e, n)
	m.fetch()
	m.grad.each(len(m.Arrays), func(_, _ int, v *float64) { *v = 0 })
	share := 1 / float64(n)
	if m.variant == variantLCC {
		m.pullLCC(u.For, share)
	} else {
		m.pullLISTA(share)
	}
	m.grad.each(len(m.Arrays), func(array, i int, v *float64) { m.Arrays[array].Grad[i] = T(*v) })
	m.loss = 0
	for i, y := range m.Y {
		m.loss += share * m.e[i]
		u.Trace.Down(y, r2.Sub(y, m.r[i]), share)
	}
	m.compare(share)
	m.Descend(m.lambda)
	if m.variant == variantLISTA {
		m.fetch()
		m.learnt.restrain()
		m.keep()
	}
	m.tabulate()
}

// pullLISTA finds the codes and the gradient for the unrolled ISTA.
func (m *lista[T]) pullLISTA(share float64) {
	p := m.pads.Get().(*pad)
	for i, y := range m.Y {
		m.r[i], m.e[i] = m.learnt.guess(p, y, m.depth, m.lambda)
		m.learnt.back(p, y, m.r[i], m.depth, m.lambda, share, &m.grad)
	}
	m.pads.Put(p)
}

// compare finds how far the guess is above the best code, and where ISTA would be after
// as many steps.
func (m *lista[T]) compare(share float64) {
	m.gap, m.ista = m.loss, math.NaN()
	if m.variant == variantLCC {
		best := lcc{k: m.k, lambda: m.lambda, w: m.learnt.w}
		for _, y := range m.Y {
			m.gap -= share * best.exact(y).e
		}
		return
	}
	s := m.searched
	s.lambda, s.inference, s.iterations = m.lambda, inferExact, m.depth+1
	s.w.copyFrom(m.learnt.w)
	s.tabulate()
	for _, y := range m.Y {
		m.gap -= share * s.free(m.z[:m.k], y)
	}
	s.inference, m.ista = inferISTA, 0
	for _, y := range m.Y {
		m.ista += share * s.free(m.z[:m.k], y)
	}
}

// look calls body for each point with its code as it is shown, y - W z, E and, if asked
// for, ∂E/∂y.
func (m *lista[T]) look(at []r2.Vec, sloped bool, body func(i int, r r2.Vec, e float64, slope r2.Vec)) {
	if m.variant == variantLISTA {
		p := m.pads.Get().(*pad)
		for i, y := range at {
			r, e := m.shown.guess(p, y, m.depth, m.lambda)
			var slope r2.Vec
			if sloped {
				slope = m.shown.back(p, y, r, m.depth, m.lambda, 0, nil)
			}
			body(i, r, e, slope)
		}
		m.pads.Put(p)
		return
	}
	encoder := m.Nets[0].Shown
	w := encoder.Borrow()
	var room [maxK]float64
	z := room[:m.k]
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		encoder.Forward(w, block)
		var r [net.Block]r2.Vec
		var e [net.Block]float64
		for i, y := range block {
			mixed(z, w, i)
			r[i], e[i] = m.price(m.shown.w, z, y)
			if sloped {
				m.steer(w, i, m.shown.w, z, y, r[i], 1)
			}
		}
		if sloped {
			encoder.Backward(w, nil, true)
		}
		for i := range block {
			var slope r2.Vec
			if sloped { // at a fixed code, and by way of the code
				slope = r2.Add(r2.Scale(2*(1+m.lambda), r[i]), w.Slope(i))
			}
			body(lo+i, r[i], e[i], slope)
		}
	}
	encoder.GiveBack(w)
}

func (m *lista[T]) Energy(dst []float64, at []r2.Vec) {
	if m.variant == variantLCC {
		m.mix(dst, at)
		return
	}
	m.look(at, false, func(i int, _ r2.Vec, e float64, _ r2.Vec) { dst[i] = e })
}

func (m *lista[T]) Grad(dst, at []r2.Vec) {
	m.look(at, true, func(i int, _ r2.Vec, _ float64, slope r2.Vec) { dst[i] = slope })
}

// Reconstruct offers W z(y).
func (m *lista[T]) Reconstruct(dst, at []r2.Vec) {
	m.look(at, false, func(i int, r r2.Vec, _ float64, _ r2.Vec) { dst[i] = r2.Sub(at[i], r) })
}

// Marks are the anchors, or the atoms, rays from the origin.
func (m *lista[T]) Marks(dst []ebm.Mark) []ebm.Mark {
	first := len(dst)
	dst = m.shown.w.marks(dst)
	for i := range dst[first:] {
		if m.variant == variantLISTA {
			dst[first+i].Kind = ebm.MarkRay
		}
	}
	return dst
}

// Scalars gives the mean energy of the last batch with its guessed codes; how much of it
// the best codes would save; and, for lista, what ISTA would reach in as many steps.
func (m *lista[T]) Scalars(dst []float64) { dst[0], dst[1], dst[2] = m.loss, m.gap, m.ista }

func (m *lista[T]) SetState(s ebm.State) error {
	err := m.Learner.SetState(s)
	if err == nil {
		m.tabulate()
	}
	return err
}

// listaScript is the energy in Python, see ebm.Card.
const listaScript = `def energy(y):
    """E(y, z(y)) for the code z that the encoder guesses."""
    w, lam = P["W"].T, K["lambda"]
    if K["variant"] == "lcc":
        out = 4 * mlp(y, "enc.")
        z = np.exp(out - logsum(out)[:, None])
        return np.sum((y - z @ w) ** 2, axis=1) + lam * np.sum(z * squared(y, w), axis=1)
    first = u = y @ P["We"].T
    for _ in range(K["depth"]):
        u = first + (np.sign(u) * np.maximum(np.abs(u) - P["theta"], 0)) @ P["S"].T
    z = np.sign(u) * np.maximum(np.abs(u) - P["theta"], 0)
    return np.sum((y - z @ w) ** 2, axis=1) + lam * np.abs(z).sum(axis=1)
`
