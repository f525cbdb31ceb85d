package kernel

import "testing"

// TestLogSumExpEdges lets every slice end where the memory ends.
func TestLogSumExpEdges(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for n := Terms; n <= 5*Terms; n += Terms {
			s.LogSumExp(atEdge(t, n), atEdge(t, n), atEdge(t, n), 1, 1)
		}
	})
}
