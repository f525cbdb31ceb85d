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

// rowWriter collects the codes of rows.
type rowWriter struct {
	x, y  axis
	codes []int32 // row by row, as differences from what is predicted
}

func (w *rowWriter) add(codes ...int32) { w.codes = append(w.codes, codes...) }

func (w *rowWriter) at(v r2.Vec) (x, y int32) { return w.x.code(v.X), w.y.code(v.Y) }

// rows appends the rows of a section, column by column, and returns how many they are.
func (p *packer) rows(f *Frame, s section) int {
	p.rowWriter = rowWriter{newAxis(f.X0, f.X1, p.steps), newAxis(f.Y0, f.Y1, p.steps), p.rowWriter.codes[:0]}
	largest := 0.
	switch s.id {
	case sectionPushes:
		largest = p.pushRows(f.Pushes)
	case sectionPaths:
		p.pathRows(f.Visits)
	case sectionParticles:
		p.particleRows(f.Particles)
	case sectionMarks:
		p.markRows(f.Marks)
	case sectionField:
		largest = p.fieldRows(f.Field)
	case sectionProposals:
		p.proposalRows(f.Proposals)
	}
	p.out = little.AppendUint32(p.out, math.Float32bits(float32(largest)))
	n, columns := len(p.rowWriter.codes), int(s.columns)
	rows := n / columns
	p.planes = resized(p.planes, 2*n)
	low, high := p.planes[:n], p.planes[n:]
	for i, c := range p.rowWriter.codes {
		z := zigzag(int32(int16(c))) // modulo 2^16
		at := i%columns*rows + i/columns
		low[at], high[at] = byte(z), byte(z>>8)
	}
	p.deflate(low, high, false)
	return rows
}

// pushRows adds the pushes, and returns the largest amount.
func (p *packer) pushRows(pushes []ebm.Push) (largest float64) {
	for _, v := range pushes {
		largest = max(largest, math.Abs(v.Amount))
	}
	largest = float64(float32(largest))
	var ups, downs int
	last := int32(0)
	for _, v := range pushes {
		n := &downs
		if v.Amount > 0 {
			n = &ups
		}
		if *n++; *n > p.pushes {
			continue
		}
		x, y := p.at(v.At)
		fx, fy := p.at(v.From)
		a := amountCode(v.Amount, largest)
		p.rowWriter.add(x, y, fx-x, fy-y, a-last)
		last = a
	}
	return largest
}

// pathRows adds the points of the first paths. Each is predicted from the one before it in its path.
func (p *packer) pathRows(visits []ebm.Visit) {
	paths, left := p.pathsWithin(visits), p.visits
	clear(p.lastOf[:])
	number := int32(0)
	for _, v := range visits {
		if v.Path >= paths || left == 0 {
			continue
		}
		left--
		x, y := p.at(v.At)
		last := &p.lastOf[v.Path&(len(p.lastOf)-1)]
		p.rowWriter.add(int32(v.Path)-number, x-last[0], y-last[1])
		number, *last = int32(v.Path), [2]int32{x, y}
	}
}

// particleRows adds the particles, which are in no order, from below.
func (p *packer) particleRows(particles []r2.Vec) {
	p.sorted = p.sorted[:0]
	for _, v := range particles[:min(len(particles), p.particles)] {
		x, y := p.at(v)
		p.sorted = append(p.sorted, uint32(y+1<<15)<<16|uint32(x+1<<15))
	}
	slices.Sort(p.sorted)
	last := int32(0)
	for _, v := range p.sorted {
		x, y := int32(v&0xffff)-1<<15, int32(v>>16)-1<<15
		p.rowWriter.add(x, y-last)
		last = y
	}
}

// markRows adds the marks; where they are too many, of lines each so manyth vertex and the last.
func (p *packer) markRows(marks []ebm.Mark) {
	every, left := (len(marks)+p.marks-1)/p.marks, p.marks+p.marks/4
	var kind, group, lx, ly int32
	for i, v := range marks {
		inLine := v.Kind == ebm.MarkLine && i+1 < len(marks) && marks[i+1].Group == v.Group
		if inLine && i%every != 0 || left == 0 {
			continue
		}
		left--
		x, y := p.at(v.At)
		p.rowWriter.add(int32(v.Kind)-kind, int32(v.Group)-group, x-lx, y-ly)
		kind, group, lx, ly = int32(v.Kind), int32(v.Group), x, y
	}
}

// fieldRows adds the arrows, where they are too many those of a coarser lattice, and returns the length of
// the longest.
func (p *packer) fieldRows(field []sim.Arrow) (longest float64) {
	for _, v := range field {
		longest = max(longest, math.Hypot(v.To.X, v.To.Y))
	}
	longest = min(float64(float32(longest)), math.MaxFloat32)
	side := max(int(math.Sqrt(float64(len(field)))), 1)
	var lx, ly, ld, ls int32
	for i, v := range field {
		if len(field) > p.field && (i%side%2 != 0 || i/side%2 != 0) {
			continue
		}
		x, y := p.at(v.At)
		d, s := p.arrows.codes(v.To, longest)
		p.rowWriter.add(x-lx, y-ly, p.turn(d-ld), int32(int8(s-ls)))
		lx, ly, ld, ls = x, y, d, s
	}
	return longest
}

// proposalRows adds the first proposals.
func (p *packer) proposalRows(proposals []ebm.Proposal) {
	for _, v := range proposals[:min(len(proposals), p.proposals)] {
		x, y := p.at(v.To)
		fx, fy := p.at(v.From)
		accepted := int32(0)
		if v.Accepted {
			accepted = 1
		}
		p.rowWriter.add(x, y, fx-x, fy-y, accepted)
	}
}

// pathsWithin returns how many paths have no more points than a frame may have, at least 1.
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
