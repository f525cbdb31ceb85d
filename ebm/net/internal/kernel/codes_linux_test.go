package kernel

import "testing"

// TestCodesEdges lets every slice end where the memory ends.
func TestCodesEdges(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for k := 1; k <= 5; k++ {
			c := &Codes[float32]{
				W1: atEdge(t, k), W2: atEdge(t, k), B: atEdge(t, k), Y: atEdge(t, 2*Block), Z: atEdge(t, k*Block), Q: atEdge(t, k*Block),
				Pull: atEdge(t, 2*Block), Threshold: atEdge(t, Block),
			}
			s.Shrink(c, -1, 1, 0)
			s.Simplex(c, 0)
		}
	})
}
