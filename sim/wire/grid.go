package wire

import (
	"fmt"
	"math"

	"ebmviz/sim"
)

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
