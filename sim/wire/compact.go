package wire

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"sync"

	"ebmviz/ebm"
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
