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
		Summary: "A network predicts the code of a point in one pass, where sparse and local coordinate coding optimise it: each {down|training point pulls} both the anchors and the prediction. " +
			"Nothing is pushed up: far from the anchors, and wherever the prediction is wrong, the energy is high.",
		Formulas: []ebm.Formula{
			{Label: "lcc: energy", TeX: `E(y,z)=\lVert y-Wz\rVert^2+\knob{lambda}\sum_k z_k\lVert y-w_k\rVert^2`},
			{Label: "lcc: code", TeX: `z(y)=\operatorname{softmax}(4\,\mathrm{enc}(y)),\quad k\le\knob{k}`},
			{Label: "lista: energy", TeX: `E(y,z)=\lVert y-Wz\rVert^2+\knob{lambda}\,\lVert z\rVert_1,\quad\lVert w_k\rVert=1`},
			{Label: "lista: code", TeX: `z_0=S_\theta(W_e\,y),\quad z_{t+1}=S_\theta(W_e\,y+S z_t),\quad t<\knob{depth}`},
			{Label: "What is shown", TeX: `F_{\mathrm{am}}(y)=E(y,z(y))\ \ge\ \min_z E(y,z)`},
			{Label: "Loss", TeX: `L=\tfrac{1}{\knob{batch}}\sum_{\down{y}}F_{\mathrm{am}}(\down{y})`},
		},
		FailureMode: "The encoder is trained at the data only. Halfway between two arms its code switches from the anchors of one to those of the other, far from the best code: the energy is several times that of the best code there. " +
			"Set the width to 4: the predictions of so narrow an encoder are bad, the gap is about two to six times as wide, and a fifth or more of the ground between the arms is as low as the data.",
		Misconception: "The energy of an encoder's code is often written as if it were F. It is an upper bound: equal only where the prediction is the best code, and above F everywhere else. " +
			"Nor are the defaults the LISTA of Gregor and LeCun (2010), which unrolls ISTA: they train an encoder of one pass together with the anchors of local coordinate coding, closer to predictive sparse decomposition (Kavukcuoglu et al., 2008). The code of the paper is the choice lista.",
		Map: ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "The network predicts the code of each point; the code reconstructs the point.",
			ebm.StagePull: "Move the anchors and the prediction towards the point" + fallsThere,
		},
		Source:  "K. Gregor and Y. LeCun, “Learning fast approximations of sparse coding”, 2010",
		Data:    "spiral",
		Steps:   800,
		Scalars: []string{"loss", "gap", "ista"},
		Script:  listaScript,
		New:     func() ebm.Model { return newLISTA[float32]() },
		Exact:   func() ebm.Model { return newLISTA[float64]() },
	})
}

// The codes that are predicted.
const (
	variantLCC   = "lcc"   // a mixture of anchors, by an encoder with a softmax
	variantLISTA = "lista" // few of K atoms, by some steps of ISTA with weights that are learnt
)

// sharpness multiplies the outputs of the encoder, so that codes are concentrated on few
// anchors from the beginning.
const sharpness = 4

// lista is sparse coding whose code is predicted by a network, in one pass instead of an inner
// loop. Along the data one sees nearly the landscape of the optimal code, and another one away
// from them, where the network was not trained.
//
//	F_am(y) = E(y, z(y)) >= min_z E(y, z)
//
// By default E is that of lcc, and z(y) the softmax of an encoder. With the other variant
// E is that of sparse coding, and the encoder is a few steps of ISTA, whose matrices and
// thresholds are learnt: see unrolled. The gap between the two
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
	tapes         sync.Pool // of *pad, for lista
	blends        sync.Pool // of *net.Mixtures, for lcc
	exactCode     *sparse   // for lista: the same atoms with the optimal code

	loss, gap, ista float64
}

func newLISTA[T net.Float]() *lista[T] {
	return &lista[T]{Learner: learn.New[T](), Shape: learn.DefaultShape(), variant: variantLCC, k: 32, depth: 3, lambda: .3}
}

func (m *lista[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.variant, "variant", `z(y)`, []string{variantLCC, variantLISTA},
		"The code that is predicted. lcc: weights of anchors, and tubes follow the data. lista: a sparse code, and the landscape is always a bowl around the origin.", ebm.Restarts, ebm.Called("code"))
	k.Float(&m.lambda, "lambda", `\lambda`, 1e-3, 5,
		"The penalty on the code. lcc: small makes the arms merge, large breaks tubes into wells. lista: large makes the bowl round and steep.", ebm.OnLog, ebm.Called("code penalty"))
	k.Int(&m.k, "k", "K", 2, 64,
		"The number of anchors, or atoms. Few: tubes cut across the arms. Many: they follow the spiral, if the encoder can distinguish them.", ebm.Restarts, ebm.Called("anchors"))
	k.Int(&m.depth, "depth", "T", 1, 8,
		"Steps of the encoder. Trained, one step does nearly as well as eight; plain ISTA with as many steps (the number ista) starts higher and approaches it.", ebm.OnlyFor("variant", variantLISTA))
	m.Learner.Rate(k)
	m.Learner.Knobs(k)
	own := len(k.All())
	m.Shape.Knobs(k)
	for _, knob := range k.All()[own:] {
		ebm.OnlyFor("variant", variantLCC)(knob)
	}
}

// Init puts the anchors on training points, far from each other, or draws random directions
// for the atoms and starts the encoder as ISTA.
func (m *lista[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.Spec(2, m.k), data)
	if m.variant == variantLCC {
		m.learnt.w.place(startPlusPlus, data, rng)
		m.Randomise(rng)
	} else {
		m.exactCode.Init(nil, rng)
		m.learnt.w.copyFrom(m.exactCode.w)
		m.learnt.initISTA(m.lambda, m.exactCode.lipschitz)
	}
	m.storeParams()
	m.InitAverage()
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
	m.exactCode = newSparse()
	m.exactCode.k = m.k
	m.encode = m.encodeBlock
	m.tapes = sync.Pool{New: func() any { return &tape{} }}
	m.blends = sync.Pool{New: func() any { return net.NewMixtures[T]() }}
	m.loss, m.gap, m.ista = math.NaN(), math.NaN(), math.NaN()
}

// storeParams writes the arrays to the learner's parameters.
func (m *lista[T]) storeParams() {
	m.learnt.each(len(m.Arrays), func(array, i int, v *float64) { m.Arrays[array].Values[i] = T(*v) })
}

func (m *lista[T]) loadAverages() {
	m.learnt.each(len(m.Arrays), func(array, i int, v *float64) { *v = float64(m.Arrays[array].Values[i]) })
}

// tabulate reads the averages, which are displayed. They lag behind the projected parameters.
func (m *lista[T]) tabulate() {
	m.shown.each(len(m.Arrays), func(array, i int, v *float64) { *v = float64(m.Arrays[array].Shown[i]) })
	for k, t := range m.shown.theta {
		m.shown.theta[k] = max(t, 0)
	}
}

// Step goes down the gradient of the mean energy of a batch at its predicted codes, by the
// anchors and the encoder.
func (m *lista[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	n := len(m.Y)
	m.z, m.r, m.e = learn.Resize(m.z, n*m.k), learn.Resize(m.r, n), learn.Resize(m.e, n)
	m.loadAverages()
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
		m.loadAverages()
		m.learnt.project()
		m.storeParams()
	}
	m.tabulate()
}

// pullLISTA finds the codes and the gradient for the unrolled ISTA.
func (m *lista[T]) pullLISTA(share float64) {
	p := m.tapes.Get().(*tape)
	for i, y := range m.Y {
		m.r[i], m.e[i] = m.learnt.predict(p, y, m.depth, m.lambda)
		m.learnt.backward(p, y, m.r[i], m.depth, m.lambda, share, &m.grad)
	}
	m.tapes.Put(p)
}

// compare computes the gap between the energies of the predicted and the best codes, and the
// energy of plain ISTA after as many steps.
func (m *lista[T]) compare(share float64) {
	m.gap, m.ista = m.loss, math.NaN()
	if m.variant == variantLCC {
		best := lcc{k: m.k, lambda: m.lambda, w: m.learnt.w}
		for _, y := range m.Y {
			m.gap -= share * best.exact(y).e
		}
		return
	}
	s := m.exactCode
	s.lambda, s.inference, s.iterations = m.lambda, inferExact, m.depth+1
	s.w.copyFrom(m.learnt.w)
	s.tabulate()
	for _, y := range m.Y {
		m.gap -= share * s.freeEnergy(m.z[:m.k], y)
	}
	s.inference, m.ista = inferISTA, 0
	for _, y := range m.Y {
		m.ista += share * s.freeEnergy(m.z[:m.k], y)
	}
}

// forEachCode calls body for each point with its residual y - W z, E and, if sloped, ∂E/∂y,
// from the displayed parameters.
func (m *lista[T]) forEachCode(at []r2.Vec, sloped bool, body func(i int, r r2.Vec, e float64, slope r2.Vec)) {
	if m.variant == variantLISTA {
		p := m.tapes.Get().(*tape)
		for i, y := range at {
			r, e := m.shown.predict(p, y, m.depth, m.lambda)
			var slope r2.Vec
			if sloped {
				slope = m.shown.backward(p, y, r, m.depth, m.lambda, 0, nil)
			}
			body(i, r, e, slope)
		}
		m.tapes.Put(p)
		return
	}
	encoder := m.Nets[0].Shown
	w := encoder.AcquireWorkspace()
	var room [maxK]float64
	z := room[:m.k]
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		encoder.Forward(w, block)
		var r [net.Block]r2.Vec
		var e [net.Block]float64
		for i, y := range block {
			mixed(z, w, i)
			r[i], e[i] = m.codeEnergy(m.shown.w, z, y)
			if sloped {
				m.addCodeGrad(w, i, m.shown.w, z, y, r[i], 1)
			}
		}
		if sloped {
			encoder.Backward(w, nil, true)
		}
		for i := range block {
			var slope r2.Vec
			if sloped { // at a fixed code, and by way of the code
				slope = r2.Add(r2.Scale(2*(1+m.lambda), r[i]), w.InputGrad(i))
			}
			body(lo+i, r[i], e[i], slope)
		}
	}
	encoder.ReleaseWorkspace(w)
}

func (m *lista[T]) Energy(dst []float64, at []r2.Vec) {
	if m.variant == variantLCC {
		m.mix(dst, at)
		return
	}
	m.forEachCode(at, false, func(i int, _ r2.Vec, e float64, _ r2.Vec) { dst[i] = e })
}

func (m *lista[T]) Grad(dst, at []r2.Vec) {
	m.forEachCode(at, true, func(i int, _ r2.Vec, _ float64, slope r2.Vec) { dst[i] = slope })
}

// Reconstruct writes W z(y).
func (m *lista[T]) Reconstruct(dst, at []r2.Vec) {
	m.forEachCode(at, false, func(i int, r r2.Vec, _ float64, _ r2.Vec) { dst[i] = r2.Sub(at[i], r) })
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

// Scalars gives the mean energy of the last batch with its predicted codes; the gap to the
// best codes; and, for lista, the energy of plain ISTA with as many steps.
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
    """E(y, z(y)) for the code z that the encoder predicts."""
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
