package sim

import (
	"encoding/binary"
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Picture is one whole instant of a run, as it goes over the wire.
type Picture struct {
	NX, NY     int
	Seq        uint32
	Step       uint64
	Generation uint32  // of the training points
	ServerMS   float64 // when it was made, in ms since 1970

	X0, X1, Y0, Y1 float32 // the box
	Lo, Hi         float32 // the colour range

	Grid      []float32 // NX*NY energies, row by row, y0 first
	Pushes    []ebm.Push
	Visits    []ebm.Visit // the points of the paths
	Particles []r2.Vec
	Marks     []ebm.Mark
	Scalars   []float64
	Field     []Arrow
	Proposals []ebm.Proposal
	Change    []float32 // NX*NY: what has happened to the energies since a step; empty if nobody asks
	Since     uint64    // that step
}

// Arrow is one arrow of the vector field: -∂F/∂y, or r(y) - y.
type Arrow struct{ At, To r2.Vec }

// What the frame is made of.
const (
	magic        = "EBM1"
	version      = 1
	encFloat32   = 0
	headerBytes  = 64
	entryBytes   = 24
	sectionGrid  = 1
	sectionPush  = 2
	sectionPath  = 3
	sectionPart  = 4
	sectionMark  = 5
	sectionScal  = 6
	sectionField = 7
	sectionProp  = 8
	sectionDelta = 9
	sectionSince = 10
)

var little = binary.LittleEndian

// section is one entry of a frame's table of contents.
type section struct {
	id      uint16
	columns uint8
	rows    int
	bytes   int
}

// sections lists what the picture holds. An empty section is left out.
func (p *Picture) sections(buf *[10]section) []section {
	n := 0
	add := func(id uint16, columns uint8, rows, size int) {
		if rows > 0 {
			buf[n] = section{id, columns, rows, rows * size}
			n++
		}
	}
	add(sectionGrid, 1, p.NY, 4*p.NX) // its columns are NX, which may be beyond a byte
	add(sectionPush, 5, len(p.Pushes), 5*4)
	add(sectionPath, 3, len(p.Visits), 3*4)
	add(sectionPart, 2, len(p.Particles), 2*4)
	add(sectionMark, 4, len(p.Marks), 4*4)
	add(sectionScal, 1, len(p.Scalars), 8)
	add(sectionField, 4, len(p.Field), 4*4)
	add(sectionProp, 5, len(p.Proposals), 5*4)
	if len(p.Change) > 0 {
		add(sectionDelta, 1, p.NY, 4*p.NX)
		add(sectionSince, 1, 1, 8)
	}
	return buf[:n]
}

// aligned rounds up to the 8 bytes at which the browser can lay an array of f64.
func aligned(n int) int { return (n + 7) &^ 7 }

// Encode writes the picture as the bytes of a frame. They are the only thing it
// allocates, and nobody changes them afterwards: all viewers of a session share them.
// At 256² and 60 frames per second they are 18 MB per second, and to collect them takes
// 2 ms of one core: too little to count who still reads a frame, and use it again.
func Encode(p *Picture) []byte {
	var buf [10]section
	sections := p.sections(&buf)
	offset := headerBytes + entryBytes*len(sections)
	size := offset
	for _, s := range sections {
		size += aligned(s.bytes)
	}
	b := make([]byte, size)
	p.header(b, len(sections))
	for i, s := range sections {
		e := b[headerBytes+entryBytes*i:]
		little.PutUint16(e, s.id)
		e[2], e[3] = encFloat32, s.columns
		little.PutUint32(e[4:], uint32(s.rows))
		little.PutUint64(e[8:], uint64(offset))
		little.PutUint64(e[16:], uint64(s.bytes))
		p.payload(pen{b[offset:offset:size]}, s.id)
		offset += aligned(s.bytes)
	}
	return b
}

func (p *Picture) header(b []byte, sections int) {
	copy(b, magic)
	b[4], b[5] = version, encFloat32
	little.PutUint16(b[6:], headerBytes)
	little.PutUint16(b[8:], uint16(p.NX))
	little.PutUint16(b[10:], uint16(p.NY))
	little.PutUint32(b[12:], p.Seq)
	little.PutUint64(b[16:], p.Step)
	little.PutUint32(b[24:], p.Generation)
	little.PutUint32(b[28:], uint32(sections))
	little.PutUint64(b[32:], math.Float64bits(p.ServerMS))
	for i, v := range [6]float32{p.X0, p.X1, p.Y0, p.Y1, p.Lo, p.Hi} {
		little.PutUint32(b[40+4*i:], math.Float32bits(v))
	}
}

// pen writes numbers one after the other.
type pen struct{ b []byte }

func (w *pen) f32(values ...float64) {
	for _, v := range values {
		w.b = little.AppendUint32(w.b, math.Float32bits(float32(v)))
	}
}

func (p *Picture) payload(w pen, id uint16) {
	switch id {
	case sectionGrid:
		for _, v := range p.Grid {
			w.b = little.AppendUint32(w.b, math.Float32bits(v))
		}
	case sectionDelta:
		for _, v := range p.Change {
			w.b = little.AppendUint32(w.b, math.Float32bits(v))
		}
	case sectionSince:
		w.b = little.AppendUint64(w.b, math.Float64bits(float64(p.Since)))
	case sectionPush:
		for _, v := range p.Pushes {
			w.f32(v.At.X, v.At.Y, v.From.X, v.From.Y, v.Amount)
		}
	case sectionPath:
		for _, v := range p.Visits {
			w.f32(float64(v.Path), v.At.X, v.At.Y)
		}
	case sectionPart:
		for _, v := range p.Particles {
			w.f32(v.X, v.Y)
		}
	case sectionMark:
		for _, v := range p.Marks {
			w.f32(float64(v.Kind), float64(v.Group), v.At.X, v.At.Y)
		}
	case sectionScal:
		for _, v := range p.Scalars {
			w.b = little.AppendUint64(w.b, math.Float64bits(v))
		}
	case sectionProp:
		for _, v := range p.Proposals {
			accepted := 0.
			if v.Accepted {
				accepted = 1
			}
			w.f32(v.To.X, v.To.Y, v.From.X, v.From.Y, accepted)
		}
	case sectionField:
		for _, v := range p.Field {
			w.f32(v.At.X, v.At.Y, v.To.X, v.To.Y)
		}
	}
}
