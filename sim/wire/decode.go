package wire

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// DecodeFrame reads the bytes of a frame. It skips sections that it does not know. The error says
// what is wrong with the bytes. It takes no more memory than a small multiple of their length.
func DecodeFrame(b []byte) (*Frame, error) {
	if len(b) < headerBytes || string(b[:4]) != magic {
		return nil, fmt.Errorf("these %d bytes are no frame, which begins with %s and a header of %d bytes", len(b), magic, headerBytes)
	}
	if b[4] != version || b[5] > byte(Small) || little.Uint16(b[6:]) != headerBytes {
		return nil, fmt.Errorf("a frame of version %d, encoding %d, header %d cannot be read here", b[4], b[5], little.Uint16(b[6:]))
	}
	p := &Frame{Seq: little.Uint32(b[12:]), ServerMS: math.Float64frombits(little.Uint64(b[32:]))}
	p.NX, p.NY = int(little.Uint16(b[8:])), int(little.Uint16(b[10:]))
	p.Step, p.Generation = little.Uint64(b[16:]), little.Uint32(b[24:])
	for i, v := range [6]*float32{&p.X0, &p.X1, &p.Y0, &p.Y1, &p.Lo, &p.Hi} {
		*v = math.Float32frombits(little.Uint32(b[40+4*i:]))
	}
	n := uint64(little.Uint32(b[28:]))
	if n > 64 || headerBytes+entryBytes*n > uint64(len(b)) {
		return nil, fmt.Errorf("a frame of %d bytes has no room for %d sections", len(b), n)
	}
	var seen [256]bool
	for i := range n {
		e := b[headerBytes+entryBytes*i:]
		id, offset, size := little.Uint16(e), little.Uint64(e[8:]), little.Uint64(e[16:])
		if offset%8 != 0 || offset > uint64(len(b)) || size > uint64(len(b))-offset {
			return nil, fmt.Errorf("section %d lies at %d+%d, outside the frame of %d bytes or not aligned", id, offset, size, len(b))
		}
		if id == 0 || id > lastSection {
			continue
		}
		if seen[id] {
			return nil, fmt.Errorf("section %d is there twice", id)
		}
		seen[id] = true
		if err := p.read(id, e[2], e[3], uint64(little.Uint32(e[4:])), b[offset:offset+size]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// read reads one section.
func (p *Frame) read(id uint16, enc, columns uint8, rows uint64, b []byte) error {
	var want section
	switch id {
	case sectionGrid, sectionDelta:
		want = section{columns: 1, rows: p.NY, bytes: 4 * p.NX * p.NY}
	case sectionPushes, sectionProposals:
		want = section{columns: 5, rows: int(rows), bytes: 20 * int(rows)}
	case sectionPaths:
		want = section{columns: 3, rows: int(rows), bytes: 12 * int(rows)}
	case sectionParticles:
		want = section{columns: 2, rows: int(rows), bytes: 8 * int(rows)}
	case sectionMarks, sectionField:
		want = section{columns: 4, rows: int(rows), bytes: 16 * int(rows)}
	case sectionScalars:
		want = section{columns: 1, rows: int(rows), bytes: 8 * int(rows)}
	case sectionSince:
		want = section{columns: 1, rows: 1, bytes: 8}
	case sectionPictures:
		want = section{columns: 1, rows: int(rows), bytes: len(b)}
	}
	if enc == byte(Compact) || enc == byte(Small) {
		return p.readPacked(id, Encoding(enc), want, int(rows), columns, b)
	}
	if enc != byte(F32) || columns != want.columns || int(rows) != want.rows || len(b) != want.bytes {
		return fmt.Errorf("section %d has encoding %d, %d columns, %d rows and %d bytes, which do not go together", id, enc, columns, rows, len(b))
	}
	if id == sectionPictures {
		var err error
		p.Pictures, err = readPictures(int(rows), b, false)
		return err
	}
	f := func(i int) float64 { return float64(math.Float32frombits(little.Uint32(b[4*i:]))) }
	vec := func(i int) r2.Vec { return r2.Vec{X: f(i), Y: f(i + 1)} }
	for i := range int(rows) {
		switch id {
		case sectionGrid:
			for j := range p.NX {
				p.Grid = append(p.Grid, math.Float32frombits(little.Uint32(b[4*(i*p.NX+j):])))
			}
		case sectionDelta:
			for j := range p.NX {
				p.Delta = append(p.Delta, math.Float32frombits(little.Uint32(b[4*(i*p.NX+j):])))
			}
		case sectionSince:
			p.Since = uint64(math.Float64frombits(little.Uint64(b)))
		case sectionPushes:
			p.Pushes = append(p.Pushes, ebm.Push{At: vec(5 * i), From: vec(5*i + 2), Amount: f(5*i + 4)})
		case sectionPaths:
			p.Visits = append(p.Visits, ebm.Visit{Path: int(f(3 * i)), At: vec(3*i + 1)})
		case sectionParticles:
			p.Particles = append(p.Particles, vec(2*i))
		case sectionMarks:
			p.Marks = append(p.Marks, ebm.Mark{Kind: ebm.MarkKind(f(4 * i)), Group: int(f(4*i + 1)), At: vec(4*i + 2)})
		case sectionScalars:
			p.Scalars = append(p.Scalars, math.Float64frombits(little.Uint64(b[8*i:])))
		case sectionField:
			p.Field = append(p.Field, sim.Arrow{At: vec(4 * i), To: vec(4*i + 2)})
		case sectionProposals:
			p.Proposals = append(p.Proposals, ebm.Proposal{To: vec(5 * i), From: vec(5*i + 2), Accepted: f(5*i+4) == 1})
		}
	}
	return nil
}

// readPacked reads one section that is not in the encoding F32.
func (p *Frame) readPacked(id uint16, enc Encoding, want section, rows int, columns uint8, b []byte) error {
	if id == sectionScalars || id == sectionSince || columns != want.columns || rows != want.rows || rows > maxRows {
		return fmt.Errorf("section %d has encoding %d, %d columns and %d rows, which do not go together", id, enc, columns, rows)
	}
	var err error
	switch id {
	case sectionGrid:
		p.Grid, err = p.readGrid(id, b)
	case sectionDelta:
		p.Delta, err = p.readGrid(id, b)
	case sectionPictures:
		if b, err = inflateAll(b); err == nil {
			p.Pictures, err = readPictures(rows, b, true)
		}
	default:
		err = p.readRows(id, enc, int(columns), rows, b)
	}
	return err
}
