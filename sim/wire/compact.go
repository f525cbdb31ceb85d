package wire

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math"
	"sync"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// Frames in the encodings Compact and Small have the header and the table of any frame. Scalars, and
// the step of section 10, are as in F32. The other sections are numbers without their last bits,
// predicted, in byte planes, and deflated:
//
//	a grid (1, 9)         u8 bits, u8 order, u16 0, f32 min, f32 max, f32 middle; then codes
//	rows (2-5, 7, 8)      f32 largest, of the amounts or arrows; then codes
//	small pictures (11)   the section as in F32; each byte is a code
//
// Codes are written as their differences from a prediction, in zigzag order (0, -1, 1, -2, …): the low
// bytes of all, then the high bytes of all, as one raw deflate stream. Small pictures, and grids of
// at most 8 bits, have no high bytes.
//
// A grid's codes have as many bits as make it take about 3 bits a cell: on trained landscapes 12 to 8 in
// Compact, 8 to 5 in Small. [scale] says how far they are off. For the change of the energy, lo and hi are
// -middle and middle, the median of its size. A grid is predicted from the left, the upper and the
// upper left neighbour, as l + u - ul (order 1), or by that and the mean of how far these
// predictions were off at l and u (order 2).
//
// What rows hold, and how far it is off at most, with W for the side of the box:
//
//	coordinates   W/2048 in Compact, W/512 in Small, within 8 W of the box; 0.3 % beyond;
//	              equal coordinates stay equal
//	amounts       0.14 %, and 2^-32 of the largest
//	arrows        1.4° and 9 % in Compact, 2.8° and 12 % in Small
//	paths, kinds, groups, accepted proposals: exact, numbers modulo 2^16
//
// Like [sim.Picture] itself, these frames have only the first rows of long sections: see limits. What the
// rows of a frame leave of its bytes decides how many bits the grids keep.

// limits are what a frame of an encoding has at most.
type limits struct {
	pushes    int // of each sign
	visits    int // in whole paths
	particles int
	marks     int // beyond them lines have fewer vertices
	field     int // beyond them the lattice is coarser
	proposals int
	steps     float64 // of coordinates, for the side of the box; static/js/wire-packed.js has them too
	arrows
	leastBits, mostBits int // of the codes of a grid
	goodBits            int // with which a picture looks right: fewer only where the bytes ask for it
	bytes, cells        int // of the whole, with so many cells; the change of the energy takes a third more
}

var packed = [...]limits{
	Compact: {512, 1024, 1024, 2048, 1024, 120, 1024, arrows{128, 4}, 6, fineBits, 9, 12_000, 128 * 128},
	Small:   {16, 48, 32, 128, 144, 8, 256, arrows{64, 3}, 5, 8, 6, 2500, SmallSide * SmallSide},
}

const (
	mostPerCell = 3. // bits that a grid takes, unless its codes have few bits
	gridHead    = 16
	rowsHead    = 4
	maxRows     = 1 << 14 // of a section
)

// packer has the memory in which frames are packed.
type packer struct {
	limits
	out       []byte // the frame
	planes    []byte
	codes     []uint16
	off       []int32 // of one row
	perCell   float64 // bits that a grid may take
	leastDrop int
	sorted    []uint32
	fewer     Frame        // with fewer cells
	grids     [2][]float32 // of it
	huffman   *flate.Writer
	lz        *flate.Writer
	rowWriter
	lastOf [ebm.MaxPaths][2]int32 // the last point of each path
}

var packers = sync.Pool{New: func() any {
	p := &packer{}
	p.huffman, _ = flate.NewWriter(p, flate.HuffmanOnly)
	p.lz, _ = flate.NewWriter(p, 6)
	return p
}}

// Write appends to the frame.
func (p *packer) Write(b []byte) (int, error) {
	p.out = append(p.out, b...)
	return len(b), nil
}

// encodePacked writes the frame in the encoding Compact or Small.
func encodePacked(f *Frame, format Format) []byte {
	p := packers.Get().(*packer)
	defer packers.Put(p)
	defer func() { p.fewer = Frame{} }() // it holds the rows of the room
	p.limits = packed[format.Enc]
	if format.Enc == Small && max(f.NX, f.NY) > SmallSide {
		f = p.small(f)
	}
	var buf [lastSection]section
	sections := f.sections(&buf, format.Sections)
	n := headerBytes + entryBytes*len(sections)
	p.out = append(p.out[:0], make([]byte, n)...)
	f.header(p.out, format.Enc, len(sections))
	grids := 0
	for i, s := range sections {
		if s.isGrid() {
			grids++
		} else {
			p.add(f, format.Enc, i, s)
		}
	}
	// What the rows have left is for the grids.
	cells := f.NX * f.NY
	limit := p.bytes * max(cells, p.cells) / p.cells
	limit += limit / 3 * max(grids-1, 0)
	for i, s := range sections {
		if !s.isGrid() {
			continue
		}
		n := len(p.out)
		// Deflate takes a little more than is estimated.
		p.perCell = .95 * 8 * float64(limit-n) / float64(cells*grids)
		p.leastDrop = fineBits - p.mostBits
		for {
			drop := p.add(f, format.Enc, i, s)
			if len(p.out) <= n+(limit-n)/grids || drop == fineBits-p.leastBits {
				break
			}
			p.out, p.leastDrop = p.out[:n], drop+1
		}
		grids--
	}
	return bytes.Clone(p.out)
}

// add appends a section and its entry in the table. Of a grid it returns how many bits its codes lost.
func (p *packer) add(f *Frame, enc Encoding, i int, s section) (drop int) {
	offset := len(p.out)
	enc, rows, drop := p.section(f, s, enc)
	e := p.out[headerBytes+entryBytes*i:]
	little.PutUint16(e, s.id)
	e[2], e[3] = byte(enc), s.columns
	little.PutUint32(e[4:], uint32(rows))
	little.PutUint64(e[8:], uint64(offset))
	little.PutUint64(e[16:], uint64(len(p.out)-offset))
	for len(p.out)%8 != 0 {
		p.out = append(p.out, 0)
	}
	return drop
}

func (s section) isGrid() bool { return s.id == sectionGrid || s.id == sectionDelta }

// small returns the frame with at most SmallSide×SmallSide cells.
func (p *packer) small(f *Frame) *Frame {
	s := &p.fewer
	*s = *f
	s.NX, s.NY = min(f.NX, SmallSide), min(f.NY, SmallSide)
	for i, g := range [2]*[]float32{&s.Grid, &s.Delta} {
		if len(*g) == f.NX*f.NY {
			p.grids[i] = resample(resized(p.grids[i], s.NX*s.NY), *g, f.NX, f.NY, s.NX, s.NY)
			*g = p.grids[i]
		}
	}
	return s
}

// resized returns s with n elements, of any values.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// section appends the payload of a section. It returns its encoding, how many rows it has, and how
// many bits the codes of a grid lost.
func (p *packer) section(f *Frame, s section, enc Encoding) (_ Encoding, rows, drop int) {
	switch s.id {
	case sectionGrid:
		least, most := span(f.Grid)
		return enc, s.rows, p.grid(newScale(least, f.Lo, f.Hi, most), f.Grid, f.NX, least, most, 0)
	case sectionDelta:
		least, most := span(f.Delta)
		middle := middleSize(f.Delta)
		return enc, s.rows, p.grid(newScale(least, -middle, middle, most), f.Delta, f.NX, least, most, middle)
	case sectionScalars, sectionSince:
		n := len(p.out)
		p.out = append(p.out, make([]byte, s.bytes)...)
		f.payload(numberWriter{p.out[n:n]}, s.id)
		return F32, s.rows, 0
	case sectionPictures:
		p.planes = appendPictures(p.planes[:0], f.Pictures, true)
		p.deflate(p.planes, nil, false)
		return enc, s.rows, 0
	}
	return enc, p.rows(f, s), 0
}

// middleSize returns about the median of the sizes of the values, at least 1e-30.
func middleSize(values []float32) float32 {
	var count [256]int // by exponent
	n := 0
	for _, v := range values {
		e := math.Float32bits(v) >> 23 & 0xff
		if e < 0xff {
			count[e]++
			n++
		}
	}
	e, below := 0, 0
	for ; e < 254 && below+count[e] < (n+1)/2; e++ {
		below += count[e]
	}
	return max(math.Float32frombits(uint32(e)<<23), 1e-30)
}

// grid appends a grid. It returns how many bits its codes lost.
func (p *packer) grid(s scale, values []float32, nx int, least, most, middle float32) (drop int) {
	p.codes = resized(p.codes, len(values))
	s.codes(p.codes, values)
	drop, order := p.precision(nx)
	n := len(p.out)
	p.out = append(p.out, make([]byte, gridHead)...)
	head := p.out[n:]
	head[0], head[1] = byte(fineBits-drop), byte(order)
	for i, v := range [3]float32{least, most, middle} {
		little.PutUint32(head[4+4*i:], math.Float32bits(v))
	}
	p.planes = resized(p.planes, 2*len(values))
	p.off = resized(p.off, nx)
	low, high := p.planes[:len(values)], p.planes[len(values):]
	unused := 32 - (fineBits - drop)
	for at := 0; at < len(values); at += nx {
		offRow(p.off, p.codes, at, drop, order)
		for i, e := range p.off {
			z := zigzag(e << unused >> unused) // modulo the number of codes
			low[at+i], high[at+i] = byte(z), byte(z>>8)
		}
	}
	if fineBits-drop <= 8 {
		high = nil
	}
	p.deflate(low, high, true)
	return drop
}

// zigzag returns 0, 1, 2, 3, 4, … for 0, -1, 1, -2, 2, …
func zigzag(e int32) uint32 { return uint32(e<<1) ^ uint32(e>>31) }

// offRow writes how far the codes of the row that begins at a cell are off from their predictions,
// without the last bits that are dropped.
func offRow(off []int32, codes []uint16, at, drop, order int) {
	nx := len(off)
	code := func(i int) int32 { return int32(codes[i] >> drop) }
	if at == 0 {
		off[0] = code(0)
		for i := 1; i < nx; i++ {
			off[i] = code(i) - code(i-1)
		}
		return
	}
	row, upper := codes[at:at+nx], codes[at-nx:at]
	off[0] = code(at) - code(at-nx)
	l, ul := code(at), code(at-nx)
	if order == 1 {
		for i := 1; i < nx; i++ {
			c, u := int32(row[i]>>drop), int32(upper[i]>>drop)
			off[i] = c - l - u + ul
			l, ul = c, u
		}
		return
	}
	above := upper // above the second row is none, and its prediction counts as right
	if at >= 2*nx {
		above = codes[at-2*nx : at-nx]
	}
	ull, left := int32(above[0]>>drop), int32(0)
	for i := 1; i < nx; i++ {
		c, u, uu := int32(row[i]>>drop), int32(upper[i]>>drop), int32(above[i]>>drop)
		e := c - l - u + ul
		off[i] = e - (left+u-ul-uu+ull)>>1
		l, ul, ull, left = c, u, uu, e
	}
}

// restoreRow is the inverse of offRow for codes of so many bits.
func restoreRow(codes []uint16, off []int32, at, bits, order int) {
	nx, mask := len(off), int32(1)<<bits-1
	if at == 0 {
		last := int32(0)
		for i, e := range off {
			last = (last + e) & mask
			codes[i] = uint16(last)
		}
		return
	}
	row, upper := codes[at:at+nx], codes[at-nx:at]
	above := upper
	if at >= 2*nx {
		above = codes[at-2*nx : at-nx]
	}
	l, ul, ull, left := (int32(upper[0])+off[0])&mask, int32(upper[0]), int32(above[0]), int32(0)
	row[0] = uint16(l)
	for i := 1; i < nx; i++ {
		u, uu := int32(upper[i]), int32(above[i])
		c := off[i] + l + u - ul
		if order == 2 {
			c += (left + u - ul - uu + ull) >> 1
		}
		c &= mask
		row[i] = uint16(c)
		l, ul, ull, left = c, u, uu, c-l-u+ul
	}
}

// precision chooses how many of their last bits the codes of a grid lose, and the order of their
// prediction.
func (p *packer) precision(nx int) (drop, order int) {
	for drop = p.leastDrop; ; drop++ {
		size := p.estimate(nx, drop, 1)
		order = 1
		if second := p.estimate(nx, drop, 2); second < size {
			size, order = second, 2
		}
		fits := size <= p.perCell && (size <= mostPerCell || fineBits-drop <= p.goodBits)
		if fits || drop == fineBits-p.leastBits {
			return drop, order
		}
	}
}

// estimate returns about how many bits a cell takes, from every third row.
func (p *packer) estimate(nx, drop, order int) float64 {
	const every = 3 // odd: rows may come in pairs
	var count [256]int
	n := 0
	p.off = resized(p.off, nx)
	for at := 2 * nx; at < len(p.codes); at += every * nx {
		offRow(p.off, p.codes, at, drop, order)
		for _, e := range p.off {
			count[min(zigzag(e), 255)]++
		}
		n += nx
	}
	sum := 8 * float64(count[255]) // these have a high byte
	for _, c := range count {
		if c > 0 {
			sum -= float64(c) * math.Log2(float64(c)/float64(n))
		}
	}
	return sum / float64(max(n, 1))
}

// deflate appends two byte planes as one stream. The low bytes of a grid are noise with a common
// distribution; those of rows repeat.
func (p *packer) deflate(low, high []byte, noise bool) {
	const own = 600 // bytes for which a Huffman code of their own is worth its length
	if noise {
		p.huffman.Reset(p)
		p.huffman.Write(low)
		if len(high) == 0 {
			p.huffman.Close()
			return
		}
		p.huffman.Flush()
		low = nil
	}
	p.lz.Reset(p)
	p.lz.Write(low)
	if len(low) > own {
		p.lz.Flush()
	}
	p.lz.Write(high)
	p.lz.Close()
}

// inflate returns the n bytes of a stream.
func inflate(b []byte, n int) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), int64(n)+1))
	if err != nil {
		return nil, err
	}
	if len(out) != n {
		return nil, fmt.Errorf("%d bytes where %d are expected", len(out), n)
	}
	return out, nil
}

// maxPictures bounds the bytes of section 11.
const maxPictures = 4 << 20

// inflateAll returns the bytes of a stream, which are at most maxPictures.
func inflateAll(b []byte) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxPictures+1))
	if err == nil && len(out) > maxPictures {
		err = fmt.Errorf("section %d is larger than %d bytes", sectionPictures, maxPictures)
	}
	return out, err
}

// readGrid reads a grid.
func (p *Frame) readGrid(id uint16, b []byte) ([]float32, error) {
	if len(b) < gridHead {
		return nil, fmt.Errorf("section %d ends before its codes", id)
	}
	bits, order := int(b[0]), int(b[1])
	if bits < 1 || bits > fineBits || order < 1 || order > 2 || p.NX > sim.MaxGrid || p.NY > sim.MaxGrid {
		return nil, fmt.Errorf("section %d has %d×%d codes of %d bits, of order %d, which cannot be read here", id, p.NX, p.NY, bits, order)
	}
	f := func(at int) float32 { return math.Float32frombits(little.Uint32(b[at:])) }
	least, most, lo, hi := f(4), f(8), p.Lo, p.Hi
	if id == sectionDelta {
		lo, hi = -f(12), f(12)
	}
	for _, v := range [4]float32{least, most, lo, hi} {
		if !(v >= -math.MaxFloat32 && v <= math.MaxFloat32) {
			return nil, fmt.Errorf("section %d has a range that is not finite", id)
		}
	}
	n := p.NX * p.NY
	size := n
	if bits > 8 {
		size = 2 * n
	}
	planes, err := inflate(b[gridHead:], size)
	if err != nil {
		return nil, fmt.Errorf("section %d: %w", id, err)
	}
	s := newScale(least, lo, hi, most)
	values := s.values(nil, bits)
	codes, off, out := make([]uint16, n), make([]int32, p.NX), make([]float32, n)
	for at := 0; at < n; at += p.NX {
		for i := range off {
			z := uint32(planes[at+i])
			if bits > 8 {
				z |= uint32(planes[n+at+i]) << 8
			}
			off[i] = int32(z>>1) ^ -int32(z&1)
		}
		restoreRow(codes, off, at, bits, order)
	}
	for i, c := range codes {
		out[i] = values[c]
	}
	return out, nil
}
