package kernel

import "testing"

// TestPrototypeEdges lets the assembly's table, points and results end where the memory
// ends.
func TestPrototypeEdges(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		nearest, softMin := nearestAVX2, softMinAVX2
		switch s.Name {
		case "go":
			t.Skip("Go checks its own")
		case "avx512":
			nearest, softMin = nearestAVX512, softMinAVX512
		}
		out, x, y := atEdge(t, Block), atEdge(t, Block), atEdge(t, Block)
		for n := 1; n <= 5; n++ {
			nearest(&out[0], &x[0], &y[0], &atEdge(t, 2*n)[0], n)
			softMin(&out[0], &x[0], &y[0], &atEdge(t, 6*n)[0], n, 1)
		}
	})
}
