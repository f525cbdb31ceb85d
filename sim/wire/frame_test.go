package sim

import (
	"bytes"
	"encoding/hex"
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a small picture with something of everything.
func sample() *Picture {
	return &Picture{
		NX: 3, NY: 2, Seq: 0x01020304, Step: 0x1122334455667788, Generation: 9, ServerMS: 1.5e12,
		X0: -1.5, X1: 1.5, Y0: -1.5, Y1: 1.5, Lo: -0.25, Hi: 4,
		Grid:      []float32{1, 2, 3, 4, 5, 6},
		Pushes:    []ebm.Push{{At: r2.Vec{X: 1, Y: 2}, From: r2.Vec{X: 3, Y: 4}, Amount: -0.5}},
		Visits:    []ebm.Visit{{Path: 2, At: r2.Vec{X: 0.5, Y: -0.5}}, {Path: 2, At: r2.Vec{X: 1, Y: -1}}},
		Particles: []r2.Vec{{X: 7, Y: 8}},
		Marks:     []ebm.Mark{{Kind: ebm.MarkRay, Group: 3, At: r2.Vec{X: 0.25, Y: 0.75}}},
		Scalars:   []float64{1.25, math.Inf(1), -3},
		Field:     []Arrow{{r2.Vec{X: -1, Y: 1}, r2.Vec{X: 0.125, Y: 0}}},
		Proposals: []ebm.Proposal{{From: r2.Vec{X: 1, Y: -1}, To: r2.Vec{X: 0.5, Y: 0.25}, Accepted: true}, {To: r2.Vec{X: 1.5}}},
	}
}

func TestFrameGolden(t *testing.T) {
	got := hex.Dump(Encode(sample()))
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
		t.Errorf("the bytes of a frame have changed; if that is meant, run go test -update\n%s", got)
	}
}

// TestFrameHeader reads the header by hand, at the offsets of the wire's description.
func TestFrameHeader(t *testing.T) {
	b := Encode(sample())
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

func TestDecode(t *testing.T) {
	want := sample()
	got, err := Decode(Encode(want))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	b := Encode(want)
	little.PutUint16(b[64:], 99) // the grid becomes a section nobody knows
	got, err = Decode(b)
	if want.Grid = nil; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("with an unknown section: %+v, %v", got, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, spoil := range map[string]func(b []byte) []byte{
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
		if _, err := Decode(spoil(Encode(sample()))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode(sample()))
	f.Add(Encode(&Picture{NX: 1, NY: 1, Grid: []float32{0}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Decode(b)
		if err != nil {
			return
		}
		if len(p.Grid) != 0 && len(p.Grid) != p.NX*p.NY {
			t.Fatalf("a grid of %d for %d×%d", len(p.Grid), p.NX, p.NY)
		}
		// What was read, written again, reads the same.
		once := Encode(p)
		again, err := Decode(once)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(Encode(again), once) {
			t.Error("written again it is not the same")
		}
	})
}

// TestOnlyFiniteNumbersAreShown lets a model tell of things that lie at infinity.
func TestOnlyFiniteNumbersAreShown(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 1)
	wild := r2.Vec{X: math.Inf(1), Y: 0}
	tr := r.Trace()
	tr.Up(wild, r2.Vec{}, 1)
	tr.Up(r2.Vec{}, r2.Vec{X: math.NaN()}, 1)
	tr.Down(r2.Vec{}, r2.Vec{}, 1e300)
	tr.Visit(0, r2.Vec{Y: 1e39}) // infinite in float32
	r.model.(*toy).w = append([]r2.Vec{wild}, r.model.(*toy).w...)
	p, err := Decode([]byte(shot(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Pushes) != 2 || len(p.Visits) != 2 || len(p.Marks) != 1 {
		t.Errorf("%d pushes, %d visits, %d marks are shown", len(p.Pushes), len(p.Visits), len(p.Marks))
	}
}
