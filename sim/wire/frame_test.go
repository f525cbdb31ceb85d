package wire

import (
	"bytes"
	"encoding/hex"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/internal/race"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample returns a small frame with each section but the delta.
func sample() *Frame {
	return &Frame{Seq: 0x01020304, ServerMS: 1.5e12, Picture: sim.Picture{
		NX: 3, NY: 2, Step: 0x1122334455667788, Generation: 9,
		X0: -1.5, X1: 1.5, Y0: -1.5, Y1: 1.5, Lo: -0.25, Hi: 4,
		Grid:      []float32{1, 2, 3, 4, 5, 6},
		Pushes:    []ebm.Push{{At: r2.Vec{X: 1, Y: 2}, From: r2.Vec{X: 3, Y: 4}, Amount: -0.5}},
		Visits:    []ebm.Visit{{Path: 2, At: r2.Vec{X: 0.5, Y: -0.5}}, {Path: 2, At: r2.Vec{X: 1, Y: -1}}},
		Particles: []r2.Vec{{X: 7, Y: 8}},
		Marks:     []ebm.Mark{{Kind: ebm.MarkRay, Group: 3, At: r2.Vec{X: 0.25, Y: 0.75}}},
		Scalars:   []float64{1.25, math.Inf(1), -3},
		Field:     []sim.Arrow{{At: r2.Vec{X: -1, Y: 1}, To: r2.Vec{X: 0.125, Y: 0}}},
		Proposals: []ebm.Proposal{{From: r2.Vec{X: 1, Y: -1}, To: r2.Vec{X: 0.5, Y: 0.25}, Accepted: true}, {To: r2.Vec{X: 1.5}}},
	}}
}

func TestFrameGolden(t *testing.T) {
	got := hex.Dump(EncodeFrame(sample(), Format{}))
	file := filepath.Join("testdata", "frame.hex")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the bytes of a frame have changed; go test -update writes the new ones:\n%s", got)
	}
}

// TestFrameHeader reads the header at the offsets that the description of the format names.
func TestFrameHeader(t *testing.T) {
	b := EncodeFrame(sample(), Format{})
	for _, c := range []struct {
		name      string
		got, want uint64
	}{
		{"magic", uint64(little.Uint32(b)), 0x314d4245}, // "EBM1"
		{"version", uint64(b[4]), 1},
		{"enc", uint64(b[5]), 0},
		{"header bytes", uint64(little.Uint16(b[6:])), 64},
		{"nx", uint64(little.Uint16(b[8:])), 3},
		{"ny", uint64(little.Uint16(b[10:])), 2},
		{"seq", uint64(little.Uint32(b[12:])), 0x01020304},
		{"step", little.Uint64(b[16:]), 0x1122334455667788},
		{"generation", uint64(little.Uint32(b[24:])), 9},
		{"sections", uint64(little.Uint32(b[28:])), 8},
		{"server ms", little.Uint64(b[32:]), math.Float64bits(1.5e12)},
		{"x0", uint64(little.Uint32(b[40:])), uint64(math.Float32bits(-1.5))},
		{"hi", uint64(little.Uint32(b[60:])), uint64(math.Float32bits(4))},
	} {
		if c.got != c.want {
			t.Errorf("%s is %#x, want %#x", c.name, c.got, c.want)
		}
	}
	for i, want := range []struct {
		columns     uint8
		rows, bytes uint64
	}{{1, 2, 24}, {5, 1, 20}, {3, 2, 24}, {2, 1, 8}, {4, 1, 16}, {1, 3, 24}, {4, 1, 16}} {
		e := b[64+24*i:]
		offset := little.Uint64(e[8:])
		if int(little.Uint16(e)) != i+1 || e[3] != want.columns || uint64(little.Uint32(e[4:])) != want.rows ||
			little.Uint64(e[16:]) != want.bytes || offset%8 != 0 {
			t.Errorf("section %d: id %d, %d columns, %d rows, %d bytes at %d", i+1, little.Uint16(e), e[3],
				little.Uint32(e[4:]), little.Uint64(e[16:]), offset)
		}
	}
}

func TestDecodeFrame(t *testing.T) {
	want := sample()
	got, err := DecodeFrame(EncodeFrame(want, Format{}))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	b := EncodeFrame(want, Format{})
	little.PutUint16(b[64:], 99) // the grid becomes an unknown section
	got, err = DecodeFrame(b)
	if want.Grid = nil; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("with an unknown section: %+v, %v", got, err)
	}
}

func TestDecodeFrameRefuses(t *testing.T) {
	for name, corrupt := range map[string]func(b []byte) []byte{
		"empty":      func(b []byte) []byte { return nil },
		"magic":      func(b []byte) []byte { b[0] = 'X'; return b },
		"version":    func(b []byte) []byte { b[4] = 2; return b },
		"cut":        func(b []byte) []byte { return b[:len(b)-8] },
		"sections":   func(b []byte) []byte { b[28] = 200; return b },
		"unaligned":  func(b []byte) []byte { b[64+8]++; return b },
		"far away":   func(b []byte) []byte { b[64+15] = 0x80; return b },
		"rows":       func(b []byte) []byte { b[64+24+4]++; return b },
		"huge rows":  func(b []byte) []byte { b[64+24+7] = 0xff; return b },
		"columns":    func(b []byte) []byte { b[64+3]++; return b },
		"twice":      func(b []byte) []byte { copy(b[64+24:64+48], b[64:]); return b },
		"other grid": func(b []byte) []byte { b[8]++; return b },
	} {
		if _, err := DecodeFrame(corrupt(EncodeFrame(sample(), Format{}))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzDecodeFrame(f *testing.F) {
	f.Add(EncodeFrame(sample(), Format{}))
	f.Add(EncodeFrame(sample(), Format{Enc: Compact}))
	f.Add(EncodeFrame(landscape(12, rand.New(rand.NewPCG(1, 1))), Format{Enc: Small}))
	f.Add(EncodeFrame(&Frame{Picture: sim.Picture{NX: 1, NY: 1, Grid: []float32{0}}}, Format{}))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := DecodeFrame(b)
		if err != nil {
			return
		}
		if len(p.Grid) != 0 && len(p.Grid) != p.NX*p.NY {
			t.Fatalf("a grid of %d for %d×%d", len(p.Grid), p.NX, p.NY)
		}
		// Encoding and decoding again gives the same bytes.
		once := EncodeFrame(p, Format{})
		again, err := DecodeFrame(once)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(EncodeFrame(again, Format{}), once) {
			t.Error("encoded again it has other bytes")
		}
	})
}

// TestDelta: the change of the energy and its step are sections 9 and 10, and both are missing
// without a change.
func TestDelta(t *testing.T) {
	f := sample()
	f.Delta, f.Since = []float32{0, -1, 2, -3, 4, -5}, 1<<40
	got, err := DecodeFrame(EncodeFrame(f, Format{}))
	if err != nil || !reflect.DeepEqual(got, f) {
		t.Errorf("%+v, %v; want %+v", got, err, f)
	}
	f.Delta = nil
	if got, err = DecodeFrame(EncodeFrame(f, Format{})); err != nil || got.Since != 0 {
		t.Errorf("without a change it is since step %d, %v", got.Since, err)
	}
}

// TestSections encodes some of the sections.
func TestSections(t *testing.T) {
	var marksAndScalars Sections = 1<<sectionMarks | 1<<sectionScalars
	if marksAndScalars.Field() || !Sections(0).Field() || !Sections(1<<sectionField).Field() {
		t.Error("Field does not report whether the field is in the set")
	}
	want, all := sample(), sample()
	want.Picture = sim.Picture{
		NX: all.NX, NY: all.NY, Step: all.Step, Generation: all.Generation,
		X0: all.X0, X1: all.X1, Y0: all.Y0, Y1: all.Y1, Lo: all.Lo, Hi: all.Hi,
		Marks: all.Marks, Scalars: all.Scalars,
	}
	b := EncodeFrame(all, Format{Sections: marksAndScalars})
	if got, err := DecodeFrame(b); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if n := little.Uint32(b[28:]); n != 2 {
		t.Errorf("the frame has %d sections, want 2", n)
	}
}

// TestShrink halves grids by means over 2×2 cells.
func TestShrink(t *testing.T) {
	frame := func(nx, ny int) *Frame {
		f := &Frame{Picture: sim.Picture{NX: nx, NY: ny}}
		for i := range nx * ny {
			f.Grid, f.Delta = append(f.Grid, float32(i)), append(f.Delta, float32(-i))
		}
		return f
	}
	f := frame(4, 2)
	for _, c := range []struct {
		f      *Frame
		times  int
		nx, ny int
		grid   []float32 // its first cells
	}{
		{f, 0, 4, 2, []float32{0, 1}},
		{f, 1, 2, 1, []float32{2.5, 4.5}},
		{f, 2, 2, 1, []float32{2.5, 4.5}}, // a row cannot be halved
		{frame(8, 8), 2, 2, 2, []float32{13.5, 17.5, 45.5, 49.5}},
		{frame(6, 6), 2, 3, 3, []float32{3.5, 5.5}},
		{frame(5, 5), 1, 5, 5, []float32{0, 1}},
	} {
		got, err := DecodeFrame(EncodeFrame(c.f, Format{Shrink: c.times}))
		if err != nil || got.NX != c.nx || got.NY != c.ny || len(got.Grid) != c.nx*c.ny {
			t.Errorf("%d×%d halved %d times is %d×%d with %d cells, %v", c.f.NX, c.f.NY, c.times, got.NX, got.NY, len(got.Grid), err)
			continue
		}
		for i, want := range c.grid {
			if got.Grid[i] != want || got.Delta[i] != -want {
				t.Errorf("%d×%d halved %d times: cell %d is %v and has changed by %v, want %v", c.f.NX, c.f.NY, c.times, i, got.Grid[i], got.Delta[i], want)
			}
		}
	}
	if f.NX != 4 || f.Grid[1] != 1 {
		t.Error("the frame was changed")
	}
}

func TestLookFormat(t *testing.T) {
	for _, c := range []struct{ side, grid, shrink int }{
		{0, 512, 0}, {512, 256, 0}, {256, 256, 0}, {255, 256, 1}, {128, 256, 1}, {127, 256, 2}, {64, 256, 2}, {4, 256, 2},
		{4, 16, 2}, {8, 18, 1}, {4, 17, 0}, {4, 18, 1},
	} {
		got := Look{Side: c.side, FPS: 3, Sections: 6}.Format(c.grid)
		if want := (Format{Shrink: c.shrink, Sections: 6}); got != want {
			t.Errorf("side %d on a grid of %d: %+v, want %+v", c.side, c.grid, got, want)
		}
	}
}

func TestEncodeFrameAllocatesOnce(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	f := sample()
	if n := testing.AllocsPerRun(20, func() { EncodeFrame(f, Format{}) }); n != 1 {
		t.Errorf("a frame allocates %v times, want once", n)
	}
}
