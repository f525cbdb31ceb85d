package contrastive

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// prediction holds the predicted distribution of one token for each context.
type prediction struct {
	v           int
	logp        []float64 // [V+1][V]: log p(k | c)
	counts      []float64 // [V+1][V]: how often k was right in a batch
	total       []float64 // [V+1]: their sum over k
	occurrences float64   // and over c
}

func newPrediction(v int) prediction {
	return prediction{v: v, logp: make([]float64, (v+1)*v), counts: make([]float64, (v+1)*v), total: make([]float64, v+1)}
}

// row returns log p(· | c).
func (g *prediction) row(c int) []float64 { return g.logp[c*g.v : (c+1)*g.v] }

// normalise turns the logits of a row into logarithms of probabilities.
func normalise(row []float64) { floats.AddConst(-floats.LogSumExp(row), row) }

// begin clears the counts of the last batch.
func (g *prediction) begin() {
	clear(g.counts)
	clear(g.total)
	g.occurrences = 0
}

// count adds one occurrence of k in the context c.
func (g *prediction) count(c, k int) {
	g.counts[c*g.v+k]++
	g.total[c]++
	g.occurrences++
}

// loss returns the cross-entropy, summed over what was counted.
func (g *prediction) loss() (sum float64) {
	for i, n := range g.counts {
		if n > 0 {
			sum -= n * g.logp[i]
		}
	}
	return sum
}

// slope returns its derivative by the logit of k in the context c.
func (g *prediction) slope(c, k int) float64 {
	i := c*g.v + k
	return g.total[c]*math.Exp(g.logp[i]) - g.counts[i]
}
