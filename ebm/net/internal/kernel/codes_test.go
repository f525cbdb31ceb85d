package kernel

import (
	"fmt"
	"math"
	"testing"
)

// someCodes returns the beginning of a search with k atoms: a block of points, and codes
// that are all z.
func someCodes(seed uint64, k int, scale float64, z float32) *Codes[float32] {
	c := &Codes[float32]{
		W1: numbers(seed, k, scale), W2: numbers(seed+1, k, scale), B: numbers(seed+2, k, .1),
		Y: numbers(seed+3, 2*Block, scale), Z: make([]float32, k*Block), Q: make([]float32, k*Block),
		Pull: make([]float32, 2*Block), Threshold: make([]float32, Block),
	}
	steep := 0.
	for i := range c.W1 {
		steep += 2 * (float64(c.W1[i])*float64(c.W1[i]) + float64(c.W2[i])*float64(c.W2[i]))
	}
	c.Rate = float32(2 / steep)
	c.Start(z)
	return c
}

// wide returns the same in float64.
func (c *Codes[T]) wide() *Codes[float64] {
	list := func(x []T) []float64 {
		out := make([]float64, len(x))
		for i, v := range x {
			out[i] = float64(v)
		}
		return out
	}
	return &Codes[float64]{W1: list(c.W1), W2: list(c.W2), B: list(c.B), Rate: float64(c.Rate), Y: list(c.Y),
		Z: list(c.Z), Q: list(c.Q), Pull: list(c.Pull), Threshold: list(c.Threshold)}
}

// checkCodes runs searches of n steps in each set and in float64, and compares codes and
// pulls.
func checkCodes(t *testing.T, k, n int, scale float64, seed uint64) {
	t.Helper()
	cut := float32(.02)
	steps := map[string]func(s *Set[float32], c *Codes[float32], momentum float32){
		"Shrink": func(s *Set[float32], c *Codes[float32], momentum float32) { s.Shrink(c, -cut, cut, momentum) },
		"positive": func(s *Set[float32], c *Codes[float32], momentum float32) {
			s.Shrink(c, float32(math.Inf(-1)), cut, momentum)
		},
		"Simplex": func(s *Set[float32], c *Codes[float32], momentum float32) { s.Simplex(c, momentum) },
	}
	exact := map[string]func(c *Codes[float64], momentum float64){
		"Shrink":   func(c *Codes[float64], momentum float64) { Exact.Shrink(c, -float64(cut), float64(cut), momentum) },
		"positive": func(c *Codes[float64], momentum float64) { Exact.Shrink(c, math.Inf(-1), float64(cut), momentum) },
		"Simplex":  func(c *Codes[float64], momentum float64) { Exact.Simplex(c, momentum) },
	}
	start := map[string]float32{"Simplex": 1 / float32(k)}
	for name := range steps {
		want := someCodes(seed, k, scale, start[name]).wide()
		for i := range n {
			exact[name](want, float64(i)/float64(i+3))
		}
		for _, s := range Sets {
			c := someCodes(seed, k, scale, start[name])
			c.Z, c.Q, c.Pull, c.Threshold = guarded(c.Z), guarded(c.Q), guarded(c.Pull), guarded(c.Threshold)
			for i := range n {
				steps[name](s, c, float32(i)/float32(i+3))
			}
			for _, x := range [][]float32{c.Z, c.Q, c.Pull, c.Threshold} {
				intact(t, x)
			}
			size := make([]float64, k*Block)
			for p := range Block { // the largest coefficient there is, and the point's own size
				most := 1.
				for i := range k {
					most = max(most, math.Abs(want.Q[i*Block+p]))
				}
				for i := range k {
					size[i*Block+p] = most
				}
			}
			what := fmt.Sprintf("%s: %s of %d atoms, %d steps", s.Name, name, k, n)
			near(t, what+": z", c.Z, want.Z, size, 2e-6)
			near(t, what+": q", c.Q, want.Q, size, 4e-6)
			if name == "Simplex" {
				onSimplex(t, what, c)
			}
		}
	}
}

// onSimplex holds the codes to sums of 1 and to no number below 0.
func onSimplex(t *testing.T, what string, c *Codes[float32]) {
	t.Helper()
	for p := range Block {
		sum := 0.
		for k := range c.W1 {
			z := c.Z[k*Block+p]
			if sum += float64(z); z < 0 {
				t.Fatalf("%s: z_%d of point %d is %v", what, k, p, z)
			}
		}
		if !(math.Abs(sum-1) < 1e-5) {
			t.Fatalf("%s: the code of point %d sums to %v", what, p, sum)
		}
	}
}

func TestCodes(t *testing.T) {
	for k := 1; k <= 65; k++ {
		checkCodes(t, k, 1+k%7, 1, uint64(k))
	}
	for _, scale := range []float64{1e-20, 1e-3, 1e3} {
		checkCodes(t, 20, 5, scale, 7)
	}
	checkCodes(t, 32, 100, 1, 8)
}

// FuzzCodes tries numbers of atoms and of steps.
func FuzzCodes(f *testing.F) {
	f.Add(uint8(1), uint8(1), uint64(1))
	f.Add(uint8(64), uint8(20), uint64(2))
	f.Fuzz(func(t *testing.T, k, n uint8, seed uint64) { checkCodes(t, 1+int(k)%100, int(n)%50, 1, seed) })
}

// TestSimplexAnywhere: wherever the last threshold was, the next one is the right one.
func TestSimplexAnywhere(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for seed := range uint64(20) {
			var want []float32
			for _, threshold := range []float32{float32(math.Inf(-1)), -1e6, -1, 0, .3, 1e6} {
				c := someCodes(seed, 17, 1, .1)
				c.Rate *= 10 // far apart, so that many fall to 0
				c.Start(.1)
				for p := range c.Threshold {
					c.Threshold[p] = threshold
				}
				s.Simplex(c, 0)
				onSimplex(t, "a threshold", c)
				if want == nil {
					want = c.Z
				}
				for i, z := range c.Z {
					if math.Abs(float64(z-want[i])) > 1e-6 {
						t.Fatalf("from a threshold of %v z[%d] is %v, else %v", threshold, i, z, want[i])
					}
				}
			}
		}
	})
}

// TestCodesStayApart: a point gets the same bits whatever lies in the other lanes, which
// may need more steps or not be numbers at all. A NaN stays one.
func TestCodesStayApart(t *testing.T) {
	const k = 20
	steps := map[string]func(s *Set[float32], c *Codes[float32]){
		"Shrink":  func(s *Set[float32], c *Codes[float32]) { s.Shrink(c, -.01, .01, .5) },
		"Simplex": func(s *Set[float32], c *Codes[float32]) { s.Simplex(c, .5) },
	}
	nan := float32(math.NaN())
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for name, step := range steps {
			all := someCodes(1, k, 1, .05)
			for lane := range Block {
				lone := someCodes(1, k, 1, .05)
				other := (lane*7 + 3) % Block // where it is put; all else is NaN or huge
				for i := range lone.Y {
					if lone.Y[i] = 1e30; i%3 == 0 {
						lone.Y[i] = nan
					}
				}
				lone.Y[other], lone.Y[Block+other] = all.Y[lane], all.Y[Block+lane]
				lone.Start(.05)
				if lane == 0 {
					all.Start(.05)
				}
				for range 10 {
					if step(s, lone); lane == 0 {
						step(s, all)
					}
				}
				for i := range k {
					if a, b := all.Z[i*Block+lane], lone.Z[i*Block+other]; a != b {
						t.Fatalf("%s: z_%d of point %d is %v, among other points %v", name, i, lane, a, b)
					}
					for p := 0; p < Block; p += 3 {
						if z := lone.Z[i*Block+p]; p != other && z == z {
							t.Fatalf("%s: z_%d of a point that is not one is %v", name, i, z)
						}
					}
				}
			}
		}
	})
}

func TestCodesLengths(t *testing.T) {
	for name, change := range map[string]func(c *Codes[float32]){
		"none":      func(c *Codes[float32]) { c.W1 = nil },
		"W2":        func(c *Codes[float32]) { c.W2 = c.W2[:2] },
		"B":         func(c *Codes[float32]) { c.B = c.B[:2] },
		"Y":         func(c *Codes[float32]) { c.Y = c.Y[:2*Block-1] },
		"Z":         func(c *Codes[float32]) { c.Z = c.Z[:3*Block-1] },
		"Q":         func(c *Codes[float32]) { c.Q = c.Q[:3*Block-1] },
		"Pull":      func(c *Codes[float32]) { c.Pull = c.Pull[:2*Block-1] },
		"Threshold": func(c *Codes[float32]) { c.Threshold = c.Threshold[:Block-1] },
	} {
		c := someCodes(1, 3, 1, 0)
		change(c)
		func() {
			defer func() {
				if _, ok := recover().(string); !ok {
					t.Errorf("%s: no complaint of its own", name)
				}
			}()
			if name != "B" && name != "Threshold" {
				Fast.Shrink(c, 0, 0, 0)
			}
			Fast.Simplex(c, 0)
		}()
	}
}

func BenchmarkCodes(b *testing.B) {
	const k = 32
	for _, s := range Sets {
		c := someCodes(1, k, 1, 1./k)
		measure := func(name string, step func()) {
			b.Run(name+"/"+s.Name, func(b *testing.B) {
				for b.Loop() {
					step()
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*k*Block), "ns/number")
			})
		}
		measure("shrink", func() { s.Shrink(c, -.02, .02, .9) })
		c.Start(1. / k)
		measure("simplex", func() { s.Simplex(c, .9) })
	}
}
