package contrastive

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/measure"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

// TestRefMasked puts the reference's logits in the place of the network's answers.
func TestRefMasked(t *testing.T) {
	t.Run("masked_ae", func(t *testing.T) {
		t.Run("float64", refMasked[float64])
		t.Run("float32", refMasked[float32])
	})
}

func refMasked[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		V                int
		Logits1, Logits2 [][]float64
		Pseudo           [][]float64 `json:"pseudo_energy"` // [t1][t2]
		Both             [][]float64 `json:"both_masked"`
		Gibbs            [][]float64 `json:"gibbs_from_energy"`
		CE               struct {
			Tokens [][2]int
			Loss   float64
			Grad   [][]float64 `json:"grad_logits1"`
		} `json:"ce_mask_y1"`
		TokensOf struct {
			L   float64
			Y   [][]float64
			Tok [][2]int
		} `json:"tokens_of"`
	}
	ref.Load(t, "masked_ae", &c)
	near := ref.Checker[T](t, c.Tolerance)

	if c.TokensOf.L != ebm.L {
		t.Fatalf("the reference's box has L = %v", c.TokensOf.L)
	}
	for i, y := range ref.Vecs(c.TokensOf.Y) {
		if got := [2]int{token(y.X, c.V), token(y.Y, c.V)}; got != c.TokensOf.Tok[i] {
			t.Errorf("tokens of %v are %v, want %v", y, got, c.TokensOf.Tok[i])
		}
	}

	m := newMasked[T]()
	m.vocabulary = c.V
	m.Init(nil, rand.New(rand.NewPCG(1, 1)))
	m.answers(func(d, context int) []float64 { return [][][]float64{c.Logits1, c.Logits2}[d][context] })
	h := 2 * ebm.L / float64(c.V)
	var centres []r2.Vec // t1 outermost, as the reference has it
	for t1 := range c.V {
		for t2 := range c.V {
			centres = append(centres, r2.Vec{X: -ebm.L + h*(float64(t1)+.5), Y: -ebm.L + h*(float64(t2)+.5)})
		}
	}
	e := make([]float64, len(centres))
	m.buildTable()
	m.Energy(e, centres)
	near.List("pseudo energy", e, slices.Concat(c.Pseudo...))
	logZ := measure.LogZ(e, 1)
	for i := range e {
		e[i] = math.Exp(-e[i]-logZ) * h * h
	}
	near.List("Gibbs probability of a pixel", e, slices.Concat(c.Gibbs...))
	m.energy = energyIndependent
	m.buildTable()
	m.Energy(e, centres)
	near.List("energy with both hidden", e, slices.Concat(c.Both...))
	near.One("its mass", m.mass, 1)
	m.energy = energyChain
	m.buildTable()
	near.One("mass of the chain", m.mass, 1)

	// The first token of some points is hidden.
	g := &m.predictions[0]
	for _, tokens := range c.CE.Tokens {
		g.count(tokens[1], tokens[0])
	}
	near.One("cross-entropy", g.loss()/g.occurrences, c.CE.Loss)
	for context, want := range c.CE.Grad {
		got := make([]float64, c.V)
		for k := range got {
			got[k] = g.slope(context, k) / g.occurrences
		}
		near.List("its gradient", got, want)
	}
}

// answers puts logits in the place of the network's.
func (m *masked[T]) answers(logits func(d, context int) []float64) {
	for d := range m.predictions {
		for c := range m.v + 1 {
			copy(m.predictions[d].row(c), logits(d, c))
			normalise(m.predictions[d].row(c))
		}
	}
}

// TestMaskedGradient compares the gradient by all parameters, embeddings too, with
// differences of the loss.
func TestMaskedGradient(t *testing.T) {
	m := newMasked[float64]()
	r := start(t, m, 1, "vocabulary", 40, "width", 5, "both", .3, "batch", 64).steps(2)
	loss := func() float64 {
		clear(m.Gradient)
		m.Nets[0].Runner.Blocks(r.u.For, 2*m.v+1, m.train, m.Nets[0].MLP, m.Nets[0].Grad)
		m.embeddings()
		return (m.predictions[0].loss() + m.predictions[1].loss()) / (m.predictions[0].occurrences + m.predictions[1].occurrences)
	}
	loss()
	grad := slices.Clone(m.Gradient)
	compareGradient(t, "all", m.Params, grad, loss)
	for i, a := range m.Arrays {
		mask := a.Values[m.v*embedded:]
		compareGradient(t, "[MASK]", mask, slices.Clone(grad[len(grad)-(2-i)*len(a.Values):][m.v*embedded:len(a.Values)]), loss)
	}
}

// TestMaskTokens counts what is masked, and checks that each prediction gets the right token
// and context.
func TestMaskTokens(t *testing.T) {
	m := newMasked[float32]()
	r := start(t, m, 1, "both", .4, "batch", 1000)
	m.Draw(r.u.Rand)
	m.maskTokens(r.u.Rand)
	var hidden [3]int
	for _, h := range m.hidden {
		hidden[h]++
	}
	for h, want := range [3]float64{300, 300, 400} {
		if math.Abs(float64(hidden[h])-want) > 75 { // five standard errors
			t.Errorf("hidden %v times each, want 300, 300 and 400", hidden)
		}
	}
	for d, g := range m.predictions {
		if int(g.occurrences) != hidden[d]+hidden[bothHidden] || int(g.total[m.v]) != hidden[bothHidden] {
			t.Errorf("token %d is asked for %v times, %v of them blindly; hidden %v", d, g.occurrences, g.total[m.v], hidden)
		}
		if floats.Sum(g.total) != g.occurrences || floats.Sum(g.counts) != g.occurrences {
			t.Errorf("token %d: counts add up to %v and %v, not to %v", d, floats.Sum(g.total), floats.Sum(g.counts), g.occurrences)
		}
	}
	at := slices.Index(m.hidden, 1)
	if t1, t2 := m.batch[at][0], m.batch[at][1]; m.predictions[1].counts[t1*m.v+t2] == 0 {
		t.Errorf("the second of the tokens (%d, %d) was hidden, but is not counted", t1, t2)
	}
}

// TestMaskedPushes: arrows lead along the row or the column of a datum to other pixels, as
// often and as far as the predictions that the energy uses are wrong.
func TestMaskedPushes(t *testing.T) {
	for energy, uses := range map[string]func(i, d int, m *masked[float32]) bool{
		energyPseudo:      func(i, d int, m *masked[float32]) bool { return m.hidden[i] == d },
		energyChain:       func(i, d int, m *masked[float32]) bool { return m.hidden[i] == 2-d }, // both for the first, the second for the second
		energyIndependent: func(i, d int, m *masked[float32]) bool { return m.hidden[i] == bothHidden },
	} {
		m := newMasked[float32]()
		r := start(t, m, 1, "energy", energy, "both", .3, "batch", 64).steps(100)
		trace := ebm.NewTrace()
		m.record(trace) // once more, with the same predictions
		if len(trace.Pushes) == 0 || len(r.u.Trace.Pushes) == 0 {
			t.Fatalf("%s: no pushes", energy)
		}
		var got, want [2]float64 // how far along rows and along columns, on average
		weight, total := map[bool]float64{}, 0.
		for _, p := range trace.Pushes {
			weight[p.Amount > 0] += math.Abs(p.Amount)
			d := r2.Sub(p.At, p.From)
			if d.X != 0 && d.Y != 0 || p.Amount < 0 && d != (r2.Vec{}) {
				t.Fatalf("%s: a push by %v from %v at %v", energy, p.Amount, p.From, p.At)
			}
			if p.Amount > 0 {
				got[0] += p.Amount * math.Abs(d.X)
				got[1] += p.Amount * math.Abs(d.Y)
				if token(p.At.X, m.v) == token(p.From.X, m.v) && token(p.At.Y, m.v) == token(p.From.Y, m.v) {
					t.Fatalf("%s: pushed up at %v, in the pixel of the datum %v", energy, p.At, p.From)
				}
			}
		}
		if math.Abs(weight[true]-1) > .02 || math.Abs(weight[false]-1) > 1e-9 {
			t.Errorf("%s: the pushes up weigh %v and those down %v, want 1 each", energy, weight[true], weight[false])
		}
		for i, y := range m.Y {
			for d := range want {
				if !uses(i, d, m) {
					continue
				}
				c := m.batch[i][1-d]
				if m.hidden[i] == bothHidden {
					c = m.v
				}
				for k, p := range m.predictions[d].row(c) {
					if k != m.batch[i][d] {
						total += math.Exp(p)
						want[d] += math.Exp(p) * math.Abs([]float64{y.X, y.Y}[d]+ebm.L-3*(float64(k)+.5)/float64(m.v))
					}
				}
			}
		}
		for d := range want {
			if want[d] /= total; math.Abs(got[d]-want[d]) > .1*want[d] {
				t.Errorf("%s: arrows of %.3f along coordinate %d, predictions are wrong by %.3f", energy, got[d], d, want[d])
			}
		}
	}
}

// TestMaskedPredictsSeveralAnswers: in a column that crosses the spiral several times, each
// crossing gets its share, and what lies between next to nothing.
func TestMaskedPredictsSeveralAnswers(t *testing.T) {
	m := newMasked[float32]()
	r := start(t, m, 1).steps(600)
	column, counts := token(.1, m.v), make([]float64, m.v)
	total := 0.
	for _, y := range spiral(t) {
		if token(y.X, m.v) == column {
			counts[token(y.Y, m.v)]++
			total++
		}
	}
	p, seen, away := m.predictions[1].row(column), 0, 0.
	for k := range p {
		p := math.Exp(p[k])
		if counts[k] >= .15*total {
			seen++
			if p < .5*counts[k]/total {
				t.Errorf("token %d is right in %v of %v cases, and predicted with probability %.2f", k, counts[k], total, p)
			}
		}
		if counts[max(0, k-1)]+counts[k]+counts[min(m.v-1, k+1)] == 0 {
			away += p
		}
	}
	if seen < 3 || away > .15 {
		t.Errorf("%d likely answers, and a probability of %.2f for what is not near any", seen, away)
	}

	grad := []r2.Vec{{X: 9, Y: 9}}
	if m.Grad(grad, []r2.Vec{{}}); grad[0] != (r2.Vec{}) { // on the edge of four pixels
		t.Errorf("the slope at 0 is %v", grad[0])
	}
	var s [3]float64
	if m.Scalars(s[:]); s[0] != m.loss || math.Abs(s[1]-math.Exp(m.loss)) > 1e-12 || !(s[2] > 0) {
		t.Errorf("scalars %v", s)
	}
	r.set("energy", energyChain)
	r.steps(1)
	if m.Scalars(s[:]); math.Abs(s[2]-1) > 1e-9 {
		t.Errorf("the chain has a mass of %v", s[2])
	}
}

func TestQualityMasked(t *testing.T) { reaches(t, "masked", .922, .63) }
