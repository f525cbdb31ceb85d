package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "masked",
		Title:    "Masked autoencoder",
		Family:   ebm.Contrastive,
		Strategy: "C3",
		Summary: "Each coordinate is a token of a small vocabulary; one of the two is masked, and a network predicts it from the other: " +
			"the energy is {down|pushed down at the pixel of the training point} and {up|pushed up at the pixels that were predicted instead}.",
		Formulas: []ebm.Formula{
			{Label: "Tokens", TeX: `t_i=\left\lfloor\frac{y_i+\tfrac32}{3}\,V\right\rfloor,\quad V=\knob{vocabulary}`},
			{Label: "Loss", TeX: `L=-\log p(\down{t_1}\mid\text{[MASK]},t_2)\quad\text{or}\quad-\log p(\down{t_2}\mid t_1,\text{[MASK]})`},
			{Label: "Pushes on a row", TeX: `-\frac{\partial L}{\partial E(k,t_2)}=\up{p(k\mid\text{[MASK]},t_2)}-\down{\mathbb 1[k=t_1]}`},
			{Label: "Pseudo-likelihood", TeX: `E(y)=-\log p(t_1\mid\text{[MASK]},t_2)-\log p(t_2\mid t_1,\text{[MASK]})`},
			{Label: "Chain", TeX: `E(y)=-\log p(t_1\mid\text{[MASK]},\text{[MASK]})-\log p(t_2\mid t_1,\text{[MASK]})`},
		},
		FailureMode: "Set energy to independent: each token is predicted without the other, and the spiral becomes a box of rows and columns. " +
			"Set tokens to 48: a row has only twenty points to learn from, and the finer pixels are no better. Between the arms, where there are no data, the energies are arbitrary: other model seeds give other ones.",
		Misconception: "The sum of the two log probabilities is often used as a log density. It counts the mutual information of the tokens twice, so its valleys are about twice too deep (the best β is near a half) " +
			"and its mass is not 1. The chain rule predicts one token without the other, and the other from it: that is a density, and its mass is 1. " +
			"So a slice at β = 1 shows the predicted distribution of the second token only with energy chain.",
		Stages: ebm.Stages{
			ebm.StageGuess: "Mask one coordinate of each point, and predict it from the other.",
			ebm.StageUp:    "{up|Push up} at the wrong predictions, in proportion to their probability.",
		},
		Source:  "J. Devlin et al., “BERT: pre-training of deep bidirectional transformers for language understanding”, 2019; J. Besag, “Statistical analysis of non-lattice data”, 1975",
		Data:    "spiral",
		Steps:   600,
		Scalars: []string{"loss", "perplexity", "mass"},
		Script:  maskedScript,
		New:     func() ebm.Model { return newMasked[float32]() },
		Exact:   func() ebm.Model { return newMasked[float64]() },
	})
}

// embedded is the size of a token's embedding.
const embedded = 16

// How the energy is computed from the predictions.
const (
	energyPseudo      = "pseudo"      // each token from the other
	energyChain       = "chain"       // the first unconditionally, the second from the first
	energyIndependent = "independent" // both unconditionally
)

// masked is a masked autoencoder, a BERT of two words. One sees pixels: the energy of a point
// is minus the log probability of its two tokens, each predicted from the other.
//
//	t_i = ⌊(y_i + L) V / 2L⌋, within 0 … V-1
//	L = -mean log p(t_i | what is not masked), over the masked tokens of a batch
//	E(y) = -log p(t1 | [MASK], t2) - log p(t2 | t1, [MASK])
//
// A prediction is a distribution, and may have a peak at every arm of the spiral that a column
// crosses: a discrete distribution can represent several answers. The derivative of L by the
// logits is the predicted distribution less the one-hot target, so a row is pushed up at all
// tokens in proportion to their probability, and down at the true one.
//
// There are only 2V+1 different masked inputs. So a step evaluates each of them once and
// weights it by how often it occurs in the batch.
//
// J. Devlin et al., "BERT: pre-training of deep bidirectional transformers for language
// understanding", 2018; the energy is the pseudo-likelihood of J. Besag, "Statistical
// analysis of non-lattice data", 1975.
//
// State: that of learn.Learner, with one network and the arrays "token1" and "token2"
// [V+1, 16], the last row of which is [MASK].
type masked[T net.Float] struct {
	learn.Learner[T]
	vocabulary, width int
	both              float64
	energy            string

	v           int           // the vocabulary since Init
	batch       [][2]int      // the tokens of the batch
	hidden      []int         // which of them is masked: 0, 1, or bothHidden
	predictions [2]prediction // of the first token and of the second
	back        []float64     // [2V+1][2][embedded]: ∂L by the embeddings of each masked input
	table       []float64     // E of each pixel, t1 running first
	predict     func(w *net.Workspace[T], grad []T, lo, hi int)
	train       func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, mass float64
}

const bothHidden = 2

func newMasked[T net.Float]() *masked[T] {
	return &masked[T]{Learner: learn.New[T](), vocabulary: 32, width: 64, both: .1, energy: energyPseudo}
}

func (m *masked[T]) Knobs(k *ebm.Knobs) {
	k.Int(&m.vocabulary, "vocabulary", "V", 8, 48,
		"Tokens for each coordinate: pixels along each side. Few: blocks wider than the canyon. Many: fine pixels, but each row has few points to learn from.", ebm.Restarts, ebm.Called("tokens"))
	k.Float(&m.both, "both", `p`, 0, 1,
		"How often both tokens are masked at once. 0: unconditional predictions are never learnt, and the energy chain is wrong. 1: nothing else is learnt, and there is no spiral.", ebm.Called("both masked"))
	k.Choice(&m.energy, "energy", "E", []string{energyPseudo, energyChain, energyIndependent},
		"pseudo: each token is predicted from the other; deep, narrow valleys. chain: the first unconditionally, the second from the first; a density. independent: both unconditionally; rows and columns only.")
	m.Learner.Rate(k)
	m.Learner.Knobs(k)
	k.Int(&m.width, "width", "H", 4, 128,
		"Units in the hidden layer. Few: neighbouring rows share a prediction, and arms blur. Many: each row has its own.", ebm.OnLog2, ebm.Restarts)
}

func (m *masked[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.v = m.vocabulary
	m.Begin(data,
		learn.Part{Net: net.Spec{In: 2 * embedded, Hidden: []int{m.width}, Out: 2 * m.v, Act: net.SiLU}},
		learn.Part{Name: "token1", Shape: []int{m.v + 1, embedded}},
		learn.Part{Name: "token2", Shape: []int{m.v + 1, embedded}})
	m.predictions = [2]prediction{newPrediction(m.v), newPrediction(m.v)}
	m.back, m.table = make([]float64, (2*m.v+1)*2*embedded), make([]float64, m.v*m.v)
	m.predict, m.train = m.predictBlock, m.trainBlock
	m.loss = math.NaN()
	m.Randomise(rng)
	for _, tokens := range m.Arrays {
		for i := range tokens.Values {
			tokens.Values[i] = T(rng.NormFloat64())
		}
	}
	m.InitAverage()
	m.tabulate(ebm.Serial)
}

func (m *masked[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	m.maskTokens(u.Rand)
	m.Nets[0].Runner.Blocks(u.For, 2*m.v+1, m.train, m.Nets[0].MLP, m.Nets[0].Grad)
	m.embeddings()
	m.loss = (m.predictions[0].loss() + m.predictions[1].loss()) / (m.predictions[0].occurrences + m.predictions[1].occurrences)
	m.record(u.Trace)
	m.Descend(m.both)
	m.tabulate(u.For)
}

// maskTokens turns the batch into tokens, masks some, and counts the masked inputs.
func (m *masked[T]) maskTokens(rng ebm.Rand) {
	m.batch, m.hidden = learn.Resize(m.batch, len(m.Y)), learn.Resize(m.hidden, len(m.Y))
	m.predictions[0].begin()
	m.predictions[1].begin()
	for i, y := range m.Y {
		t := [2]int{token(y.X, m.v), token(y.Y, m.v)}
		m.batch[i], m.hidden[i] = t, bothHidden
		if p := rng.Float64(); p >= m.both {
			m.hidden[i] = 0
			if p >= (1+m.both)/2 {
				m.hidden[i] = 1
			}
		}
		for d := range m.predictions {
			if c, isMasked := m.context(i, d); isMasked {
				m.predictions[d].count(c, t[d])
			}
		}
	}
}

// token returns the number of the pixel that a coordinate lies in.
func token(y float64, v int) int {
	t := math.Floor((y + ebm.L) / (2 * ebm.L) * float64(v))
	return int(max(0, min(float64(v-1), t)))
}

// context returns what the d-th token of example i is predicted from, the other token or V
// for [MASK], and whether it is masked at all.
func (m *masked[T]) context(i, d int) (c int, isMasked bool) {
	if m.hidden[i] == bothHidden {
		return m.v, true
	}
	return m.batch[i][1-d], m.hidden[i] == d
}

// The masked inputs are numbered: 0 … V-1 mask the first token, the number being the second;
// V masks both; V+1 … 2V mask the second, the number being V+1 plus the first.

// maskedInput returns the tokens of masked input q, with V for [MASK].
func (m *masked[T]) maskedInput(q int) [2]int {
	if q <= m.v {
		return [2]int{m.v, q}
	}
	return [2]int{q - m.v - 1, m.v}
}

// predicts returns the context from which masked input q predicts token d, and whether it
// does.
func (m *masked[T]) predicts(q, d int) (c int, isMasked bool) {
	t := m.maskedInput(q)
	return t[1-d], t[d] == m.v
}

// read takes the masked inputs lo, …, hi-1 through a network and stores the predictions.
func (m *masked[T]) read(mlp *net.MLP[T], w *net.Workspace[T], tokens [2][]T, lo, hi int) {
	for i := range hi - lo {
		t := m.maskedInput(lo + i)
		for d, values := range tokens {
			for j, x := range values[t[d]*embedded : (t[d]+1)*embedded] {
				w.In[(d*embedded+j)*net.Block+i] = x
			}
		}
	}
	mlp.ForwardRows(w, hi-lo)
	for i := range hi - lo {
		for d := range m.predictions {
			if c, isMasked := m.predicts(lo+i, d); isMasked {
				row := m.predictions[d].row(c)
				for k := range row {
					row[k] = float64(w.Out[(d*m.v+k)*net.Block+i])
				}
				normalise(row)
			}
		}
	}
}

// trainBlock takes masked inputs forward and back through the network.
func (m *masked[T]) trainBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	n := m.Nets[0].MLP
	m.read(n, w, [2][]T{m.Arrays[0].Values, m.Arrays[1].Values}, lo, hi)
	share := 1 / (m.predictions[0].occurrences + m.predictions[1].occurrences)
	for i := range hi - lo {
		for d := range m.predictions {
			c, isMasked := m.predicts(lo+i, d)
			for k := range m.v {
				slope := 0.
				if isMasked {
					slope = share * m.predictions[d].slope(c, k)
				}
				w.DOut[(d*m.v+k)*net.Block+i] = T(slope)
			}
		}
	}
	n.Backward(w, grad, true)
	for i := range hi - lo {
		for j := range 2 * embedded {
			m.back[(lo+i)*2*embedded+j] = float64(w.DIn[j*net.Block+i])
		}
	}
}

// embeddings adds up the gradient by the embeddings, in the order of the masked inputs.
func (m *masked[T]) embeddings() {
	for q := range 2*m.v + 1 {
		for d, t := range m.maskedInput(q) {
			from := m.back[(2*q+d)*embedded : (2*q+d+1)*embedded]
			for j, g := range from {
				m.Arrays[d].Grad[t*embedded+j] += T(g)
			}
		}
	}
}

// tabulate computes the energy of every pixel from the average of the parameters.
func (m *masked[T]) tabulate(f ebm.For) {
	m.Nets[0].Runner.Blocks(f, 2*m.v+1, m.predict, m.Nets[0].Shown, nil)
	m.buildTable()
}

func (m *masked[T]) predictBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	m.read(m.Nets[0].Shown, w, [2][]T{m.Arrays[0].Shown, m.Arrays[1].Shown}, lo, hi)
}

// unconditional reports whether the energy uses the unconditional prediction of token d.
func (m *masked[T]) unconditional(d int) bool {
	return m.energy == energyIndependent || m.energy == energyChain && d == 0
}

// buildTable computes the table from the predictions.
func (m *masked[T]) buildTable() {
	m.mass = 0
	for t2 := range m.v {
		for t1 := range m.v {
			t, e := [2]int{t1, t2}, 0.
			for d := range m.predictions {
				c := t[1-d]
				if m.unconditional(d) {
					c = m.v
				}
				e -= m.predictions[d].row(c)[t[d]]
			}
			m.table[t2*m.v+t1] = e
			m.mass += math.Exp(-e)
		}
	}
}

// record adds to the trace the pushes on the energy that is shown: down at the datum, and up
// along its row or column at the tokens predicted instead, an arrow for every 1/128 of their
// probability. An unconditional prediction pushes whole columns; its arrows are drawn at the
// datum. A prediction that this energy does not use is not recorded.
func (m *masked[T]) record(t *ebm.Trace) {
	total := 0.
	for i := range m.batch {
		total += m.errorProbability(i, 0) + m.errorProbability(i, 1)
	}
	sum, shown := 0., 0.
	for i, y := range m.Y {
		for d := range m.predictions {
			errorProbability := m.errorProbability(i, d)
			if !(errorProbability > 0) {
				continue
			}
			t.Down(y, y, errorProbability/total)
			c, _ := m.context(i, d)
			for k, p := range m.predictions[d].row(c) {
				if k == m.batch[i][d] {
					continue
				}
				sum += math.Exp(p) / total
				if mass := math.Floor(sum*arrows+.5) - shown; mass > 0 {
					shown += mass
					t.Up(m.withToken(y, d, k), y, mass/arrows)
				}
			}
		}
	}
}

// errorProbability returns the predicted probability of all values but the true one for token
// d of example i; 0 if the token was not masked, or the energy shown does not use the
// prediction.
func (m *masked[T]) errorProbability(i, d int) float64 {
	c, isMasked := m.context(i, d)
	if !isMasked || (c == m.v) != m.unconditional(d) {
		return 0
	}
	return 1 - math.Exp(m.predictions[d].row(c)[m.batch[i][d]])
}

// withToken returns y with its d-th coordinate at the centre of token k.
func (m *masked[T]) withToken(y r2.Vec, d, k int) r2.Vec {
	middle := 2*ebm.L*(float64(k)+.5)/float64(m.v) - ebm.L
	if d == 0 {
		return r2.Vec{X: middle, Y: y.Y}
	}
	return r2.Vec{X: y.X, Y: middle}
}

func (m *masked[T]) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.table[token(y.Y, m.v)*m.v+token(y.X, m.v)]
	}
}

// Grad writes 0: the energy is constant on a pixel. (Differences across its edge would give a
// large slope where there is a step.)
func (m *masked[T]) Grad(dst, _ []r2.Vec) { clear(dst) }

// Scalars gives the mean loss of a prediction; its perplexity; and the sum of e^-E over all
// pixels, which is 1 for a density.
func (m *masked[T]) Scalars(dst []float64) { dst[0], dst[1], dst[2] = m.loss, math.Exp(m.loss), m.mass }

func (m *masked[T]) SetState(s ebm.State) error {
	err := m.Learner.SetState(s)
	if err == nil {
		m.tabulate(ebm.Serial)
	}
	return err
}

// maskedScript is the energy in Python, see ebm.Card.
const maskedScript = `def energy(y):
    """-log p of each of the two tokens of y, predicted from the other or unconditionally."""
    tokens = [P["token1"], P["token2"]]
    mask = len(tokens[0]) - 1
    t = np.clip(np.floor((y + 1.5) / 3 * mask), 0, mask - 1).astype(int)
    e = np.zeros(len(y))
    for d in (0, 1):
        seen = np.full_like(t, mask)
        if not (K["energy"] == "independent" or K["energy"] == "chain" and d == 0):
            seen[:, 1 - d] = t[:, 1 - d]
        out = mlp(np.hstack([tokens[0][seen[:, 0]], tokens[1][seen[:, 1]]]))[:, d * mask:(d + 1) * mask]
        e += logsum(out) - out[np.arange(len(y)), t[:, d]]
    return e
`
