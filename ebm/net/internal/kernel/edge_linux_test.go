package kernel

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// atEdge returns n numbers behind which lies a page that must not be touched.
func atEdge(t *testing.T, n int) []float32 {
	t.Helper()
	page := os.Getpagesize()
	room := (4*n+page-1)/page*page + page
	mem, err := syscall.Mmap(-1, 0, room, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip("no memory to map:", err)
	}
	t.Cleanup(func() { syscall.Munmap(mem) })
	if err := syscall.Mprotect(mem[room-page:], syscall.PROT_NONE); err != nil {
		t.Skip("no page to protect:", err)
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&mem[room-page-4*n])), n)
}

// TestEdges lets every slice end where the memory ends: a kernel that reads or writes
// beyond it dies here, not once a month in a classroom.
func TestEdges(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for m := 1; m <= 9; m++ {
			for k := 1; k <= 9; k++ {
				a, x, y, bias := atEdge(t, m*k), atEdge(t, m*Block), atEdge(t, k*Block), atEdge(t, m)
				s.Gemm(x, a, k, 1, y, bias, m, k)
				s.Gemm(x, a, 1, m, y, nil, m, k)
				s.GemmMul(x, a, 1, m, y, atEdge(t, m*Block), m, k)
				s.Dots(a, k, x, y, m, k)
				s.Add(bias, bias)
			}
			for n := 15; n <= 18; n++ {
				s.Dots(atEdge(t, m*n), n, atEdge(t, m*Block), atEdge(t, n*Block), m, n)
				s.Dots(atEdge(t, m*n), m, atEdge(t, n*Block), atEdge(t, m*Block), n, m)
			}
			a, d, z := atEdge(t, m*Block), atEdge(t, m*Block), atEdge(t, m*Block)
			for f := SiLU; f <= ReLU; f++ {
				s.Activate(f, a, d, z)
				s.Activate(f, a, nil, z)
			}
			s.Add(a, d)
			s.Exp(a, z)
			for n := range 20 {
				s.Adam(atEdge(t, n+m), atEdge(t, n+m), atEdge(t, n+m), atEdge(t, n+m), .1, 2)
			}
		}
		for in := 1; in <= 2; in++ {
			for k := range 4 {
				n := in * (1 + 2*k) * Block
				f, df, g := atEdge(t, n), atEdge(t, n), atEdge(t, in*Block)
				s.Features(f, in, k, 3)
				s.Fold(g, f, df, in, k, 1)
			}
		}
	})
}
