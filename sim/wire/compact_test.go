package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/internal/race"
)

// landscape returns a frame of n×n cells with rows of every kind, some beyond the box.
func landscape(n int, rng *rand.Rand) *Frame {
	f := &Frame{Seq: rng.Uint32(), ServerMS: 1e12 * rng.Float64(), Picture: sim.Picture{
		NX: n, NY: n, Step: rng.Uint64(), Generation: rng.Uint32(), X0: -1.5, X1: 1.5, Y0: -1.5, Y1: 1.5, Since: rng.Uint64N(1 << 50),
	}}
	a, b, high := rng.NormFloat64(), rng.NormFloat64(), math.Exp(3*rng.NormFloat64())
	for i := range n * n {
		y := r2.Vec{X: 3*(float64(i%n)+.5)/float64(n) - 1.5, Y: 3*(float64(i/n)+.5)/float64(n) - 1.5}
		v := high*(y.X*y.X+y.Y*y.Y)*math.Abs(math.Sin(a*y.X+b*y.Y)) + math.Exp(4*y.X) - 2
		f.Grid = append(f.Grid, float32(v))
		f.Delta = append(f.Delta, float32(1e-3*math.Sin(9*y.X)*math.Exp(a*y.Y)))
	}
	sorted := slices.Sorted(slices.Values(f.Grid))
	f.Lo, f.Hi = sorted[n*n/100], sorted[n*n/2]+1e-3
	at := func() r2.Vec {
		if rng.IntN(20) == 0 {
			return r2.Scale(math.Exp(9*rng.NormFloat64()), r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()})
		}
		return r2.Vec{X: 3*rng.Float64() - 1.5, Y: 3*rng.Float64() - 1.5}
	}
	for i := range 12 {
		y := at()
		f.Pushes = append(f.Pushes, ebm.Push{At: y, From: y, Amount: -1. / 12}, ebm.Push{At: at(), From: at(), Amount: rng.Float64() / 12})
		for range 3 {
			f.Visits = append(f.Visits, ebm.Visit{Path: i, At: at()})
		}
		f.Particles = append(f.Particles, at())
		f.Marks = append(f.Marks, ebm.Mark{Kind: ebm.MarkKind(i % 3), Group: i / 2, At: at()})
		f.Field = append(f.Field, sim.Arrow{At: at(), To: r2.Scale(math.Exp(2*rng.NormFloat64()), r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()})})
		f.Proposals = append(f.Proposals, ebm.Proposal{From: at(), To: at(), Accepted: i%2 == 0})
		f.Scalars = append(f.Scalars, rng.NormFloat64())
	}
	f.Proposals = f.Proposals[:8]
	f.Field = append(f.Field, sim.Arrow{})
	f.Scalars[0] = math.NaN()
	cells := make([]byte, 35)
	for i := range cells {
		cells[i] = byte(rng.Uint32())
	}
	f.Pictures = []SmallPicture{{Index: 7, Step: 9, NX: 5, NY: 7, Status: Asleep, Lo: -1, Hi: 2, Measure: .75, Cells: cells}, {NX: 1, NY: 1, Cells: []byte{200}}}
	return f
}

// sectionOf returns the payload of a section.
func sectionOf(frame []byte, id uint16) []byte {
	for i := range int(little.Uint32(frame[28:])) {
		e := frame[headerBytes+entryBytes*i:]
		if little.Uint16(e) == id {
			offset := little.Uint64(e[8:])
			return frame[offset : offset+little.Uint64(e[16:])]
		}
	}
	return nil
}

// gridBound returns how far a value of a grid may be off, as scale says.
func gridBound(v, least, lo, hi, most float64, bits int) float64 {
	w, half := hi-lo, math.Exp2(float64(11-bits))
	rounding := 1e-6 * (math.Abs(v) + math.Abs(lo) + math.Abs(hi) + w)
	switch {
	case v > hi:
		return (w+v-hi)*(math.Pow(1+(most-hi)/w, half/896)-1) + rounding
	case v < lo:
		return (w+lo-v)*(math.Pow(1+(lo-least)/w, half/128)-1) + rounding
	}
	return w/(1.5*math.Exp2(float64(bits))) + rounding
}

// TestPackedBounds: every number is off by no more than its encoding allows.
func TestPackedBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 40 {
		n := []int{8, 17, 64, 64, 40}[trial%5]
		want := landscape(n, rng)
		if trial%3 == 0 {
			want.Delta = nil
		}
		for _, enc := range []Encoding{Compact, Small} {
			b := EncodeFrame(want, Format{Enc: enc})
			got, err := DecodeFrame(b)
			if err != nil {
				t.Fatal(err)
			}
			if got.Seq != want.Seq || got.Step != want.Step || got.Generation != want.Generation || got.ServerMS != want.ServerMS ||
				got.NX != n || got.NY != n || got.Lo != want.Lo || got.Hi != want.Hi || got.X0 != want.X0 || got.Y1 != want.Y1 || Encoding(b[5]) != enc {
				t.Fatalf("%s: the header is %+v", enc, got)
			}
			checkGrid(t, enc.String(), sectionOf(b, sectionGrid), got.Grid, want.Grid, float64(want.Lo), float64(want.Hi))
			if len(want.Delta) > 0 {
				middle := float64(middleSize(want.Delta))
				checkGrid(t, enc.String()+" change", sectionOf(b, sectionDelta), got.Delta, want.Delta, -middle, middle)
				if got.Since != want.Since {
					t.Errorf("the change is since %d, want %d", got.Since, want.Since)
				}
			}
			checkRows(t, enc, got, want)
		}
	}
}

func checkGrid(t *testing.T, name string, payload []byte, got, want []float32, lo, hi float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d cells, want %d", name, len(got), len(want))
	}
	bits := int(payload[0])
	least, most := span(want)
	for i := range got {
		off := math.Abs(float64(got[i]) - float64(want[i]))
		if bound := gridBound(float64(want[i]), float64(least), lo, hi, float64(most), bits); !(off <= bound) {
			t.Fatalf("%s: cell %d of %d bits is %v, want %v within %v; %v is the range", name, i, bits, got[i], want[i], bound, [2]float64{lo, hi})
		}
	}
}

func checkRows(t *testing.T, enc Encoding, got, want *Frame) {
	t.Helper()
	p := packed[enc]
	half := 3 / p.steps / 2
	near := func(what string, a, b r2.Vec) {
		t.Helper()
		for _, c := range [2][2]float64{{a.X, b.X}, {a.Y, b.Y}} {
			bound := half * 1.0001
			if math.Abs(c[1]) > 16384*2*half {
				bound = .003 * math.Abs(c[1])
			}
			if !(math.Abs(c[0]-c[1]) <= bound) {
				t.Fatalf("%s: %s is %v, want %v", enc, what, a, b)
			}
		}
	}
	if len(got.Pushes) != len(want.Pushes) || len(got.Visits) != len(want.Visits) || len(got.Particles) != len(want.Particles) ||
		len(got.Marks) != len(want.Marks) || len(got.Field) != len(want.Field) || len(got.Proposals) != len(want.Proposals) {
		t.Fatalf("%s: rows are missing", enc)
	}
	largest := 0.
	for _, v := range want.Pushes {
		largest = max(largest, math.Abs(v.Amount))
	}
	for i, v := range want.Pushes {
		near("a push", got.Pushes[i].At, v.At)
		near("the origin of a push", got.Pushes[i].From, v.From)
		if v.At == v.From && got.Pushes[i].At != got.Pushes[i].From {
			t.Errorf("%s: equal points are %+v", enc, got.Pushes[i])
		}
		if math.Abs(got.Pushes[i].Amount-v.Amount) > .0014*math.Abs(v.Amount)+math.Exp2(-32)*largest {
			t.Errorf("%s: an amount is %v, want %v", enc, got.Pushes[i].Amount, v.Amount)
		}
	}
	for i, v := range want.Visits {
		near("a path", got.Visits[i].At, v.At)
		if got.Visits[i].Path != v.Path {
			t.Errorf("%s: a point of path %d, want %d", enc, got.Visits[i].Path, v.Path)
		}
	}
	// Particles are in another order.
	left := slices.Clone(got.Particles)
	for _, v := range want.Particles {
		i := slices.IndexFunc(left, func(y r2.Vec) bool {
			return math.Abs(y.X-v.X) <= max(half*1.0001, .003*math.Abs(v.X)) && math.Abs(y.Y-v.Y) <= max(half*1.0001, .003*math.Abs(v.Y))
		})
		if i < 0 {
			t.Fatalf("%s: there is no particle near %v", enc, v)
		}
		left = slices.Delete(left, i, i+1)
	}
	for i, v := range want.Marks {
		near("a mark", got.Marks[i].At, v.At)
		if got.Marks[i].Kind != v.Kind || got.Marks[i].Group != v.Group {
			t.Errorf("%s: a mark is %+v, want %+v", enc, got.Marks[i], v)
		}
	}
	longest := 0.
	for _, v := range want.Field {
		longest = max(longest, r2.Norm(v.To))
	}
	turn, size := math.Pi/float64(p.directions)*1.0001, math.Exp2(.5/float64(p.sizes))*1.0001
	for i, v := range want.Field {
		near("an arrow", got.Field[i].At, v.At)
		to := got.Field[i].To
		if r2.Norm(v.To) < longest*math.Exp2(-254/float64(p.sizes)) {
			continue
		}
		if ratio := r2.Norm(to) / r2.Norm(v.To); r2.Cos(to, v.To) < math.Cos(turn) || ratio > size || ratio < 1/size {
			t.Errorf("%s: an arrow is %v, want %v", enc, to, v.To)
		}
	}
	for i, v := range want.Proposals {
		near("a proposal", got.Proposals[i].To, v.To)
		near("the origin of a proposal", got.Proposals[i].From, v.From)
		if got.Proposals[i].Accepted != v.Accepted {
			t.Errorf("%s: proposal %d is accepted: %v", enc, i, !v.Accepted)
		}
	}
	for i, v := range want.Scalars {
		if math.Float64bits(got.Scalars[i]) != math.Float64bits(v) {
			t.Errorf("%s: scalar %d is %v, want %v", enc, i, got.Scalars[i], v)
		}
	}
	if !reflect.DeepEqual(got.Pictures, want.Pictures) {
		t.Errorf("%s: pictures are %+v, want %+v", enc, got.Pictures, want.Pictures)
	}
}

// TestPackedRows: of long sections the first rows are there, paths whole, and lines with fewer vertices.
func TestPackedRows(t *testing.T) {
	f := &Frame{Picture: sim.Picture{NX: 8, NY: 8, X0: -1.5, X1: 1.5, Y0: -1.5, Y1: 1.5, Hi: 1, Grid: make([]float32, 64)}}
	for i := range 2000 {
		f.Pushes = append(f.Pushes, ebm.Push{Amount: -1}, ebm.Push{Amount: .5})
		f.Visits = append(f.Visits, ebm.Visit{Path: i % 100, At: r2.Vec{X: float64(i%100) / 100}}) // in turn, as chains walk
		f.Particles = append(f.Particles, r2.Vec{})
		f.Proposals = append(f.Proposals, ebm.Proposal{})
	}
	for i := range 4096 {
		f.Marks = append(f.Marks, ebm.Mark{Kind: ebm.MarkLine, Group: i / 512})
	}
	for i := range fieldCells {
		f.Field = append(f.Field, sim.Arrow{At: r2.Vec{X: float64(i%24) / 24, Y: float64(i/24) / 24}})
	}
	for enc, want := range map[Encoding][5]int{Compact: {1024, 51 * 20, 1024, 120, fieldCells}, Small: {32, 2 * 20, 32, 8, fieldCells / 4}} {
		got, err := DecodeFrame(EncodeFrame(f, Format{Enc: enc}))
		if err != nil {
			t.Fatal(err)
		}
		if n := [5]int{len(got.Pushes), len(got.Visits), len(got.Particles), len(got.Proposals), len(got.Field)}; n != want {
			t.Errorf("%s has so many pushes, visits, particles, proposals, arrows: %v, want %v", enc, n, want)
		}
		ups, ends := 0, map[int]bool{}
		for _, p := range got.Pushes {
			if p.Amount > 0 {
				ups++
			}
		}
		for _, m := range got.Marks {
			ends[m.Group] = true
		}
		if ups != len(got.Pushes)/2 || len(ends) != 8 || len(got.Marks) > packed[enc].marks+8 || len(got.Marks) < packed[enc].marks {
			t.Errorf("%s: %d of %d pushes are up; %d marks in %d groups", enc, ups, len(got.Pushes), len(got.Marks), len(ends))
		}
		for _, v := range got.Visits {
			if math.Abs(v.At.X-float64(v.Path)/100) > .01 {
				t.Fatalf("%s: path %d is at %v", enc, v.Path, v.At)
			}
		}
	}
}

const fieldCells = 24 * 24

// TestSmall: a frame in the encoding Small has at most 64×64 cells, which are means of areas.
func TestSmall(t *testing.T) {
	for _, n := range []int{16, 64, 65, 100, 128, 512} {
		f := landscape(n, rand.New(rand.NewPCG(3, uint64(n))))
		got, err := DecodeFrame(EncodeFrame(f, Format{Enc: Small}))
		if err != nil {
			t.Fatal(err)
		}
		side := min(n, SmallSide)
		if got.NX != side || got.NY != side || len(got.Grid) != side*side || len(got.Delta) != side*side {
			t.Errorf("%d cells a side: %d×%d with %d cells", n, got.NX, got.NY, len(got.Grid))
		}
	}
	grid := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}
	got := resample(make([]float32, 4), grid, 3, 3, 2, 2)
	// Each cell of the coarser grid is one and a half cells wide.
	want := []float32{(1 + 2*.5 + 4*.5 + 5*.25) / 2.25, (2*.5 + 3 + 5*.25 + 6*.5) / 2.25, (4*.5 + 5*.25 + 7 + 8*.5) / 2.25, (5*.25 + 6*.5 + 8*.5 + 9) / 2.25}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-5 {
			t.Errorf("resampled to 2×2: %v, want %v", got, want)
		}
	}
	for _, c := range []struct {
		look   Look
		grid   int
		format Format
	}{
		{Look{Enc: Small, Side: 64}, 128, Format{Enc: Small}},
		{Look{Enc: Small, Side: 32}, 128, Format{Enc: Small, Shrink: 2}},
		{Look{Enc: Compact, Side: 64}, 128, Format{Enc: Compact, Shrink: 1}},
		{Look{Enc: Auto}, 128, Format{}},
	} {
		if got := c.look.Format(c.grid); got != c.format {
			t.Errorf("%+v on a grid of %d: %+v, want %+v", c.look, c.grid, got, c.format)
		}
	}
}

// TestPictureOf makes a small picture of a landscape.
func TestPictureOf(t *testing.T) {
	p := &sim.Picture{NX: 4, NY: 4, Step: 5, Lo: 0, Hi: 2, Grid: []float32{-9, -9, 2, 2, -9, -9, 2, 2, 1, 1, 9, 9, 1, 1, 9, 9}}
	got := PictureOf(p, 2, nil)
	if want := (SmallPicture{Step: 5, NX: 2, NY: 2, Hi: 2, Cells: []byte{0, 255, 128, 255}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

var golden = filepath.Join("..", "..", "static", "test", "testdata", "packed.json")

// TestPackedGolden writes frames for the tests of the page: packed, and what they mean in F32.
func TestPackedGolden(t *testing.T) {
	var all []map[string]string
	for i, n := range []int{24, 48, 16} {
		f := landscape(n, rand.New(rand.NewPCG(5, uint64(i))))
		if i == 2 { // the codes of an even slope are fine
			for j := range f.Grid {
				f.Grid[j] = float32(j%n + j/n)
			}
			f.Lo, f.Hi, f.Delta = 0, 20, nil
		}
		for _, enc := range []Encoding{Compact, Small} {
			b := EncodeFrame(f, Format{Enc: enc})
			meant, err := DecodeFrame(b)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, map[string]string{
				"packed": base64.StdEncoding.EncodeToString(b), "meant": base64.StdEncoding.EncodeToString(EncodeFrame(meant, Format{})),
			})
		}
	}
	got, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if got = append(got, '\n'); *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the bytes of packed frames have changed; go test -update writes the new ones")
	}
}

// FuzzPacked encodes frames with any numbers. They are read, and have no number that is not finite.
func FuzzPacked(f *testing.F) {
	f.Add(uint64(1), uint8(16), true, []byte{0, 0, 0x80, 0x7f, 0, 0, 0xc0, 0x7f, 0xff, 0xff, 0x7f, 0x7f})
	f.Add(uint64(2), uint8(70), false, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, seed uint64, n uint8, small bool, raw []byte) {
		want := landscape(max(2, int(n)), rand.New(rand.NewPCG(seed, 0)))
		for i := 0; i+4 <= len(raw); i += 4 {
			v := math.Float32frombits(little.Uint32(raw[i:]))
			want.Grid[i*7919%len(want.Grid)], want.Delta[i*104729%len(want.Grid)] = v, v
			if float64(v) <= math.MaxFloat32 && float64(v) >= -math.MaxFloat32 {
				want.Pushes[i%len(want.Pushes)] = ebm.Push{At: r2.Vec{X: float64(v), Y: -float64(v)}, Amount: float64(v)}
				want.Field[i%len(want.Field)].To.X = float64(v)
				want.Particles[i%len(want.Particles)].Y = float64(v)
			}
		}
		enc := Compact
		if small {
			enc = Small
		}
		got, err := DecodeFrame(EncodeFrame(want, Format{Enc: enc}))
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range slices.Concat(got.Grid, got.Delta) {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("cell %d is %v", i, v)
			}
		}
		for _, v := range got.Pushes {
			if !(math.Abs(v.At.X+v.At.Y+v.From.X+v.From.Y+v.Amount) <= 4*math.MaxFloat32) {
				t.Fatalf("a push is %+v", v)
			}
		}
		for _, v := range got.Field {
			if !(math.Abs(v.To.X+v.To.Y) <= 2*math.MaxFloat32) {
				t.Fatalf("an arrow is %+v", v)
			}
		}
	})
}

func TestPackedAllocatesOnce(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	f := landscape(128, rand.New(rand.NewPCG(1, 1)))
	for _, enc := range []Encoding{Compact, Small} {
		if n := testing.AllocsPerRun(50, func() { EncodeFrame(f, Format{Enc: enc}) }); n > 1 {
			t.Errorf("a frame in the encoding %s allocates %v times, want once", enc, n)
		}
	}
}
