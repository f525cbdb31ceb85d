package contrastive

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// guess is what is known of one token, from each context it may be guessed from.
type guess struct {
	v      int
	logp   []float64 // [V+1][V]: log p(k | c)
	counts []float64 // [V+1][V]: how often k was right in a batch
	total  []float64 // [V+1]: their sum over k
	asked  float64   // and over c
}

func newGuess(v int) guess {
	return guess{v: v, logp: make([]float64, (v+1)*v), counts: make([]float64, (v+1)*v), total: make([]float64, v+1)}
}

// row returns log p(· | c).
func (g *guess) row(c int) []float64 { return g.logp[c*g.v : (c+1)*g.v] }

// normalise turns the logits of a row into logarithms of probabilities.
func normalise(row []float64) { floats.AddConst(-floats.LogSumExp(row), row) }

// begin forgets the last batch.
func (g *guess) begin() {
	clear(g.counts)
	clear(g.total)
	g.asked = 0
}

// count takes in that k was right in the context c.
func (g *guess) count(c, k int) {
	g.counts[c*g.v+k]++
	g.total[c]++
	g.asked++
}

// loss returns the cross-entropy, summed over what was counted.
func (g *guess) loss() (sum float64) {
	for i, n := range g.counts {
		if n > 0 {
			sum -= n * g.logp[i]
		}
	}
	return sum
}

// slope returns its derivative by the logit of k in the context c.
func (g *guess) slope(c, k int) float64 {
	i := c*g.v + k
	return g.total[c]*math.Exp(g.logp[i]) - g.counts[i]
}
