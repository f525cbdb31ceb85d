package wire

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// axis maps one coordinate to codes of 16 bits, 0 in the middle of the box.
type axis struct{ middle, step float64 }

// linearCodes are the codes of each sign that are evenly spaced. Those beyond are logarithmic: the
// last is for the greatest float32.
const (
	linearCodes = 1 << 14
	perE        = (1<<15 - 1 - linearCodes) / 96. // codes in which a distance grows by e
)

func newAxis(lo, hi float32, steps float64) axis {
	a := axis{(float64(lo) + float64(hi)) / 2, (float64(hi) - float64(lo)) / steps}
	if !(a.step > 1e-6) || a.step > 1e6 || math.IsNaN(a.middle) || math.IsInf(a.middle, 0) {
		return axis{0, 1e-3} // of a frame that no run has made
	}
	return a
}

func (a axis) code(v float64) int32 {
	t := (v - a.middle) / a.step
	if size := math.Abs(t); size > linearCodes {
		beyond := math.Round(perE * math.Log(size/linearCodes))
		return int32(math.Copysign(min(linearCodes+beyond, 1<<15-1), t))
	}
	return int32(math.Round(t))
}

func (a axis) value(c int32) float64 {
	t := float64(c)
	if size := math.Abs(t); size > linearCodes {
		t = math.Copysign(linearCodes*math.Exp((size-linearCodes)/perE), t)
	}
	return max(-math.MaxFloat32, min(a.middle+a.step*t, math.MaxFloat32))
}

// Amounts have a sign and a size, 0 or a power of 2 of the largest.
const perOctave = 256

func amountCode(v, largest float64) int32 {
	if v == 0 || math.IsNaN(v) {
		return 0
	}
	size := int32(1 + min(math.Round(-perOctave*math.Log2(math.Abs(v)/largest)), 32*perOctave))
	if v < 0 {
		return -size
	}
	return size
}

func amountOf(c int32, largest float64) float64 {
	switch {
	case c == 0:
		return 0
	case c < 0:
		return -largest * math.Exp2(float64(c+1)/perOctave)
	}
	return largest * math.Exp2(float64(1-c)/perOctave)
}

// arrows are codes for a direction and a size; the last size is 0.
type arrows struct {
	directions, sizes int // sizes in which an arrow halves
}

const noArrow = 255

func (a arrows) codes(v r2.Vec, largest float64) (direction, size int32) {
	length := math.Hypot(v.X, v.Y)
	if !(length > 0) {
		return 0, noArrow
	}
	turn := math.Round(math.Atan2(v.Y, v.X) / (2 * math.Pi) * float64(a.directions))
	return int32(turn) & int32(a.directions-1), int32(min(math.Round(-float64(a.sizes)*math.Log2(length/largest)), noArrow))
}

func (a arrows) of(direction, size int32, largest float64) r2.Vec {
	if size == noArrow {
		return r2.Vec{}
	}
	length := largest * math.Exp2(-float64(size)/float64(a.sizes))
	sin, cos := math.Sincos(float64(direction) * (2 * math.Pi / float64(a.directions)))
	return r2.Vec{X: length * cos, Y: length * sin}
}

// rowWriter writes the codes of rows, column by column, as bytes of zigzag numbers.
type rowWriter struct {
	columns int
	x, y    axis
	codes   []int32 // row by row: what is written
}

func (w *rowWriter) add(codes ...int32) { w.codes = append(w.codes, codes...) }

func (w *rowWriter) at(v r2.Vec) (x, y int32) { return w.x.code(v.X), w.y.code(v.Y) }

// rows appends the rows of a section, and returns the encoding and how many they are.
func (p *packer) rows(f *Frame, id uint16) int {
	w := &p.rowWriter
	w.codes = w.codes[:0]
	w.x, w.y = newAxis(f.X0, f.X1, p.steps), newAxis(f.Y0, f.Y1, p.steps)
	largest := 0.
	rows := 0
	var lx, ly int32 // the last point
	switch id {
	case sectionPushes:
		for _, v := range f.Pushes {
			largest = max(largest, math.Abs(v.Amount))
		}
		largest = float64(float32(largest))
		var ups, downs int
		last := int32(0)
		for _, v := range f.Pushes {
			n := &downs
			if v.Amount > 0 {
				n = &ups
			}
			if *n++; *n > p.pushes {
				continue
			}
			x, y := w.at(v.At)
			fx, fy := w.at(v.From)
			a := amountCode(v.Amount, largest)
			w.add(x, y, fx-x, fy-y, a-last)
			last = a
			rows++
		}
	case sectionPaths:
		paths := p.pathsWithin(f.Visits)
		var number int32
		clear(p.lastOf[:])
		for _, v := range f.Visits {
			if v.Path >= paths || rows == p.visits {
				continue
			}
			x, y := w.at(v.At)
			last := &p.lastOf[v.Path&(len(p.lastOf)-1)]
			w.add(int32(v.Path)-number, x-last[0], y-last[1])
			number, *last = int32(v.Path), [2]int32{x, y}
			rows++
		}
	case sectionParticles:
		// They are in no order, so that they can be sorted.
		p.sorted = p.sorted[:0]
		for _, v := range f.Particles[:min(len(f.Particles), p.particles)] {
			x, y := w.at(v)
			p.sorted = append(p.sorted, uint32(y+1<<15)<<16|uint32(x+1<<15))
		}
		slices.Sort(p.sorted)
		for _, v := range p.sorted {
			x, y := int32(v&0xffff)-1<<15, int32(v>>16)-1<<15
			w.add(x, y-ly)
			ly = y
			rows++
		}
	case sectionMarks:
		var kind, group int32
		every := (len(f.Marks) + p.marks - 1) / p.marks
		for i, v := range f.Marks {
			if inLine := v.Kind == ebm.MarkLine && i+1 < len(f.Marks) && f.Marks[i+1].Group == v.Group; inLine && i%every != 0 || rows == p.marks+p.marks/4 {
				continue
			}
			x, y := w.at(v.At)
			w.add(int32(v.Kind)-kind, int32(v.Group)-group, x-lx, y-ly)
			kind, group, lx, ly = int32(v.Kind), int32(v.Group), x, y
			rows++
		}
	case sectionField:
		for _, v := range f.Field {
			largest = max(largest, math.Hypot(v.To.X, v.To.Y))
		}
		largest = min(float64(float32(largest)), math.MaxFloat32)
		var ld, ls int32
		for i, v := range f.Field {
			if len(f.Field) > p.field && !p.thinned(i, len(f.Field)) {
				continue
			}
			x, y := w.at(v.At)
			d, s := p.arrows.codes(v.To, largest)
			w.add(x-lx, y-ly, p.turn(d-ld), int32(int8(s-ls)))
			lx, ly, ld, ls = x, y, d, s
			rows++
		}
	case sectionProposals:
		for _, v := range f.Proposals[:min(len(f.Proposals), p.proposals)] {
			x, y := w.at(v.To)
			fx, fy := w.at(v.From)
			accepted := int32(0)
			if v.Accepted {
				accepted = 1
			}
			w.add(x, y, fx-x, fy-y, accepted)
			rows++
		}
	}
	p.out = little.AppendUint32(p.out, math.Float32bits(float32(largest)))
	p.planes = resized(p.planes, 2*len(w.codes))
	low, high := p.planes[:len(w.codes)], p.planes[len(w.codes):]
	columns := len(w.codes) / max(rows, 1)
	for i, c := range w.codes {
		z := zigzag(int32(int16(c))) // modulo 2^16
		at := i%columns*rows + i/columns
		low[at], high[at] = byte(z), byte(z>>8)
	}
	p.deflate(low, high, false)
	return rows
}

// pathsWithin returns how many paths have no more points than a frame may have, at least one.
func (p *packer) pathsWithin(visits []ebm.Visit) int {
	var count [ebm.MaxPaths]int
	for _, v := range visits {
		if v.Path >= 0 && v.Path < len(count) {
			count[v.Path]++
		}
	}
	sum := 0
	for i, n := range count {
		if sum += n; sum > p.visits {
			return max(i, 1)
		}
	}
	return len(count)
}

// turn returns the turn between two directions, the short way.
func (a arrows) turn(d int32) int32 {
	half := int32(a.directions / 2)
	return (d+half)&int32(a.directions-1) - half
}

// thinned reports whether an arrow is on the coarser lattice.
func (p *packer) thinned(i, n int) bool {
	side := int(math.Sqrt(float64(n)))
	return i%side%2 == 0 && i/side%2 == 0
}

// readRows reads the rows of a section.
func (p *Frame) readRows(id uint16, enc Encoding, columns, rows int, b []byte) error {
	if len(b) < rowsHead {
		return fmt.Errorf("section %d ends before its codes", id)
	}
	largest := float64(math.Float32frombits(little.Uint32(b)))
	if !(largest >= 0 && largest <= math.MaxFloat32) {
		return fmt.Errorf("section %d has %v for the largest of its amounts", id, largest)
	}
	n := rows * columns
	planes, err := inflate(b[rowsHead:], 2*n)
	if err != nil {
		return fmt.Errorf("section %d: %w", id, err)
	}
	code := func(row, column int) int32 {
		at := column*rows + row
		z := uint32(planes[at]) | uint32(planes[n+at])<<8
		return int32(int16(z>>1)) ^ -int32(z&1)
	}
	limits := &packed[enc]
	ax, ay := newAxis(p.X0, p.X1, limits.steps), newAxis(p.Y0, p.Y1, limits.steps)
	// Sums are modulo 2^16, as the codes are.
	at := func(x, y int32) r2.Vec { return r2.Vec{X: ax.value(int32(int16(x))), Y: ay.value(int32(int16(y)))} }
	var x, y, a, c int32
	lastOf := [ebm.MaxPaths][2]int32{}
	for i := range rows {
		switch id {
		case sectionPushes:
			x, y = code(i, 0), code(i, 1)
			a = int32(int16(a + code(i, 4)))
			p.Pushes = append(p.Pushes, ebm.Push{At: at(x, y), From: at(x+code(i, 2), y+code(i, 3)), Amount: amountOf(a, largest)})
		case sectionPaths:
			a = int32(uint16(a + code(i, 0)))
			last := &lastOf[a%ebm.MaxPaths]
			last[0], last[1] = last[0]+code(i, 1), last[1]+code(i, 2)
			p.Visits = append(p.Visits, ebm.Visit{Path: int(a), At: at(last[0], last[1])})
		case sectionParticles:
			y += code(i, 1)
			p.Particles = append(p.Particles, at(code(i, 0), y))
		case sectionMarks:
			a, c = int32(uint16(a+code(i, 0))), int32(uint16(c+code(i, 1)))
			x, y = x+code(i, 2), y+code(i, 3)
			p.Marks = append(p.Marks, ebm.Mark{Kind: ebm.MarkKind(a), Group: int(c), At: at(x, y)})
		case sectionField:
			x, y = x+code(i, 0), y+code(i, 1)
			a, c = (a+code(i, 2))&int32(limits.directions-1), (c+code(i, 3))&noArrow
			p.Field = append(p.Field, sim.Arrow{At: at(x, y), To: limits.arrows.of(a, c, largest)})
		case sectionProposals:
			x, y = code(i, 0), code(i, 1)
			p.Proposals = append(p.Proposals, ebm.Proposal{To: at(x, y), From: at(x+code(i, 2), y+code(i, 3)), Accepted: code(i, 4) == 1})
		}
	}
	return nil
}
