package kernel

import "testing"

// TestExpSumsEdges lets every slice end where the memory ends.
func TestExpSumsEdges(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for n := 1; n <= 5; n++ {
			s.Powers(atEdge(t, n*Side), atEdge(t, n), atEdge(t, n), atEdge(t, Side))
			for m := 1; m <= Side; m++ {
				s.Outer(atEdge(t, Side*Side), atEdge(t, n*Side), atEdge(t, n*Side), m, n)
			}
		}
	})
}
