package architectural

import (
	"math"
	"sync"

	"ebmviz/ebm/net"
)

// momentum is the number t of FISTA, 1 at first.
type momentum float64

// next returns the factor by which a code is extrapolated along its last move, and advances t:
//
//	(t - 1)/t',   t' = (1 + √(1 + 4t²))/2
func (t *momentum) next() (extrapolation float64) {
	now := float64(*t)
	next := (1 + math.Sqrt(1+4*now*now)) / 2
	*t = momentum(next)
	return (now - 1) / next
}

// searches is memory for iterated codes, in float32, of many points at once.
var searches = sync.Pool{New: func() any { return net.NewCodes[float32]() }}
