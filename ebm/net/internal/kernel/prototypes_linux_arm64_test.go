package kernel

import "testing"

// TestPrototypeEdges lets the assembly's table, points and results end where the memory
// ends.
func TestPrototypeEdges(t *testing.T) {
	out, x, y := atEdge(t, Block), atEdge(t, Block), atEdge(t, Block)
	for n := 1; n <= 5; n++ {
		nearestNEON(&out[0], &x[0], &y[0], &atEdge(t, 2*n)[0], n)
		softMinNEON(&out[0], &x[0], &y[0], &atEdge(t, 6*n)[0], n, 1)
	}
}
