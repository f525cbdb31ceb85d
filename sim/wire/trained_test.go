package wire_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim"
	"ebmviz/sim/internal/race"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

// trained calls f with the frame of each method after so many steps, or after its training if that
// is shorter, and after a fiftieth of them.
func trained(t testing.TB, steps, grid int, f func(name string, frame *wire.Frame)) {
	for _, card := range ebm.Cards() {
		r, err := sim.NewRun(sim.Config{Model: card.ID}, sched.Parallel())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.SetDeltaSpan(20); err != nil {
			t.Fatal(err)
		}
		all := min(int(card.Steps), steps)
		for done := 1; done <= all; done++ {
			if err := r.Step(); err != nil {
				t.Fatal(err)
			}
			if done == all/50 || done == all {
				p, err := new(sim.Renderer).Render(r, grid)
				if err != nil {
					t.Fatal(err)
				}
				f(fmt.Sprintf("%s-%d", card.ID, done), &wire.Frame{Seq: 1, Picture: *p})
			}
		}
	}
}

// TestTrained encodes landscapes of all methods, and measures how large they are, whole, and how far
// what the page draws is from what it draws of the frame in f32. With -v it prints both.
func TestTrained(t *testing.T) {
	if race.Enabled || testing.Short() {
		t.Skip("slow: runs without -short and without the race detector")
	}
	// Bytes of a whole frame, without and with the change of the energy, which is for who asks for it.
	limits := map[wire.Encoding][2]int{wire.Compact: {12_000, 20_000}, wire.Small: {2500, 4500}}
	dir := t.TempDir()
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%-18s %8s %8s %8s %8s %8s  %s", "method-steps", "f32", "compact", "+ change", "small", "+ change", "bytes of the sections of compact; bits of the grid")
	trained(t, 400, 128, func(name string, frame *wire.Frame) {
		without := ^wire.Sections(1<<9|1<<10) &^ 1
		plain := wire.EncodeFrame(frame, wire.Format{Sections: without})
		write(name+".f32", plain)
		line := fmt.Sprintf("%-18s %8d", name, len(plain))
		parts := ""
		for _, enc := range []wire.Encoding{wire.Compact, wire.Small} {
			b := wire.EncodeFrame(frame, wire.Format{Enc: enc, Sections: without})
			both := wire.EncodeFrame(frame, wire.Format{Enc: enc})
			write(name+"."+enc.String(), b)
			line += fmt.Sprintf(" %8d %8d", len(b), len(both))
			if len(b) > limits[enc][0] || len(both) > limits[enc][1] {
				t.Errorf("%s in the encoding %s has %d bytes, %d with the change; want at most %v", name, enc, len(b), len(both), limits[enc])
			}
			if enc == wire.Compact {
				parts = sizes(b)
			}
		}
		t.Logf("%s  %s", line, parts)
	})
	t.Run("picture", func(t *testing.T) { comparePictures(t, dir) })
}

// sizes lists the sections of a frame: their numbers and bytes, and the bits of the grid.
func sizes(b []byte) string {
	var out []string
	bits := byte(0)
	for i := range int(binary.LittleEndian.Uint32(b[28:])) {
		e := b[64+24*i:]
		if binary.LittleEndian.Uint16(e) == 1 {
			bits = b[binary.LittleEndian.Uint64(e[8:])]
		}
		out = append(out, fmt.Sprintf("%d:%d", binary.LittleEndian.Uint16(e), binary.LittleEndian.Uint64(e[16:])))
	}
	return fmt.Sprintf("%s; %d bits", strings.Join(out, " "), bits)
}

// comparePictures draws the frames of a folder with the page's own code.
func comparePictures(t *testing.T, dir string) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here")
	}
	out, err := exec.Command(node, filepath.Join("..", "..", "static", "test", "packed-picture.js"), dir).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var all []struct {
		Name, Enc string
		Mean      float64 // difference of a pixel's colour, of 255
		Seen      float64 // share of pixels that differ by more than 12
		Lines     float64 // the same with contours
		Level     float64 // how far a contour level is off, as a share of the colour range
	}
	if err := json.Unmarshal(out, &all); err != nil || len(all) == 0 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, p := range all {
		t.Logf("%-18s %-8s mean difference %6.3f of 255, %5.2f %% of the pixels differ by more than 12, %5.2f %% with contours; levels off by %5.2f %%", p.Name, p.Enc, p.Mean, 100*p.Seen, 100*p.Lines, 100*p.Level)
		// Small has a quarter of the cells.
		if p.Enc == "compact" && (p.Mean > 1 || p.Seen > .001 || p.Level > .005) || p.Enc == "small" && (p.Mean > 14 || p.Level > .05) {
			t.Errorf("%s in the encoding %s looks different: %+v", p.Name, p.Enc, p)
		}
	}
}

// BenchmarkEncode encodes a trained landscape of 128×128 cells, with all that its step did.
func BenchmarkEncode(b *testing.B) {
	frames := map[string]*wire.Frame{}
	for _, model := range []string{"maxlik", "cd", "pcd", "ae", "vae"} {
		r, err := sim.NewRun(sim.Config{Model: model}, sched.Parallel())
		if err != nil {
			b.Fatal(err)
		}
		for range 300 {
			if err := r.Step(); err != nil {
				b.Fatal(err)
			}
		}
		p, err := new(sim.Renderer).Render(r, 128)
		if err != nil {
			b.Fatal(err)
		}
		frames[model] = &wire.Frame{Picture: *p}
	}
	for _, enc := range []wire.Encoding{wire.F32, wire.Compact, wire.Small} {
		for _, model := range []string{"maxlik", "cd", "pcd", "ae", "vae"} {
			b.Run(fmt.Sprintf("%s/%s", enc, model), func(b *testing.B) {
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					n = len(wire.EncodeFrame(frames[model], wire.Format{Enc: enc}))
				}
				b.ReportMetric(float64(n), "bytes")
			})
		}
	}
}
