package session

import (
	"fmt"
	"testing"

	"ebmviz/sim"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

// BenchmarkFrame makes a frame, from the energies to the bytes; and, of that, the encoding alone.
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{128, 256} {
		for _, model := range []string{"kmeans", "cd", "dae"} {
			b.Run(fmt.Sprintf("%s/%d", model, n), func(b *testing.B) { benchmarkFrame(b, model, n, true) })
		}
		b.Run(fmt.Sprintf("encode/%d", n), func(b *testing.B) { benchmarkFrame(b, "cd", n, false) })
	}
}

func benchmarkFrame(b *testing.B, model string, n int, render bool) {
	r, err := sim.NewRun(sim.Config{Model: model}, sched.Parallel())
	if err == nil {
		err = r.Seek(200)
	}
	if err != nil {
		b.Fatal(err)
	}
	var e sim.Renderer
	p, err := e.Render(r, n)
	b.ReportAllocs()
	for b.Loop() {
		if render {
			p, err = e.Render(r, n)
		}
		if err != nil {
			b.Fatal(err)
		}
		wire.EncodeFrame(&wire.Frame{Picture: *p}, wire.Format{})
	}
}
