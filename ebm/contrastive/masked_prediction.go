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
func (p *prediction) row(c int) []float64 { return p.logp[c*p.v : (c+1)*p.v] }

// normalise turns the logits of a row into logarithms of probabilities.
func normalise(row []float64) { floats.AddConst(-floats.LogSumExp(row), row) }

// begin clears the counts of the last batch.
func (p *prediction) begin() {
	clear(p.counts)
	clear(p.total)
	p.occurrences = 0
}

// count adds one occurrence of k in the context c.
func (p *prediction) count(c, k int) {
	p.counts[c*p.v+k]++
	p.total[c]++
	p.occurrences++
}

// loss returns the cross-entropy, summed over what was counted.
func (p *prediction) loss() (sum float64) {
	for i, n := range p.counts {
		if n > 0 {
			sum -= n * p.logp[i]
		}
	}
	return sum
}

// slope returns its derivative by the logit of k in the context c.
func (p *prediction) slope(c, k int) float64 {
	i := c*p.v + k
	return p.total[c]*math.Exp(p.logp[i]) - p.counts[i]
}
