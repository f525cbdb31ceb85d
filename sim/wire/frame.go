package wire

import (
	"encoding/binary"
	"math"

	"ebmviz/sim"
)

// Frame is a picture with a sequence number and a time. The same picture can be sent in several frames.
type Frame struct {
	Seq      uint32
	ServerMS float64 // when it was made, in ms since 1970
	sim.Picture
	Pictures []SmallPicture // of other runs
}

// SmallPicture is a landscape in a group of several, such as the board of a class.
type SmallPicture struct {
	Index, Step uint32 // which of the group it is; the step of its run
	NX, NY      uint16
	Status      Status
	Lo, Hi      float32 // the colour range
	Measure     float32 // how good the run is, -1 where that is not known
	Cells       []byte  // NX*NY energies: 0 is Lo or less, 255 is Hi or more
}

// Status is what the run of a small picture does.
type Status uint8

// What a run does.
const (
	Paused Status = iota
	Playing
	Asleep
	Halted
	Waiting // for its turn on a core
)

// The parts of a frame. A section's number is its place in the table, from 1.
const (
	magic       = "EBM1"
	version     = 1
	headerBytes = 64
	entryBytes  = 24
)

const (
	sectionGrid      = 1
	sectionPushes    = 2
	sectionPaths     = 3
	sectionParticles = 4
	sectionMarks     = 5
	sectionScalars   = 6
	sectionField     = 7
	sectionProposals = 8
	sectionDelta     = 9
	sectionSince     = 10
	sectionPictures  = 11
	lastSection      = sectionPictures
)

var little = binary.LittleEndian

// section is one entry of a frame's table.
type section struct {
	id      uint16
	columns uint8
	rows    int
	bytes   int
}

// sections lists what the frame holds. An empty section is left out.
func (f *Frame) sections(buf *[lastSection]section, wanted Sections) []section {
	n := 0
	add := func(id uint16, columns uint8, rows, size int) {
		if rows > 0 && wanted.Has(id) {
			buf[n] = section{id, columns, rows, rows * size}
			n++
		}
	}
	if len(f.Grid) > 0 {
		add(sectionGrid, 1, f.NY, 4*f.NX) // its columns are NX, which may exceed a byte
	}
	add(sectionPushes, 5, len(f.Pushes), 5*4)
	add(sectionPaths, 3, len(f.Visits), 3*4)
	add(sectionParticles, 2, len(f.Particles), 2*4)
	add(sectionMarks, 4, len(f.Marks), 4*4)
	add(sectionScalars, 1, len(f.Scalars), 8)
	add(sectionField, 4, len(f.Field), 4*4)
	add(sectionProposals, 5, len(f.Proposals), 5*4)
	if len(f.Delta) > 0 {
		add(sectionDelta, 1, f.NY, 4*f.NX)
		add(sectionSince, 1, 1, 8)
	}
	if len(f.Pictures) > 0 && wanted.Has(sectionPictures) {
		size := 0
		for i := range f.Pictures {
			size += pictureSize(f.Pictures[i].NX, f.Pictures[i].NY)
		}
		buf[n] = section{sectionPictures, 1, len(f.Pictures), size}
		n++
	}
	return buf[:n]
}

// aligned rounds up to the 8 bytes at which a browser can place an array of f64.
func aligned(n int) int { return (n + 7) &^ 7 }

// EncodeFrame writes the frame in a format. The bytes are the only thing it allocates at full size.
// They must not be changed afterwards: all viewers of that format share them. At 256² and 60 frames
// per second they are 18 MB per second, and to collect them takes 2 ms of one core: too little to
// count the readers of a frame and use its memory again.
func EncodeFrame(f *Frame, format Format) []byte {
	if format.Shrink > 0 {
		f = f.shrunk(format.Shrink)
	}
	if format.Enc == Compact || format.Enc == Small {
		return encodePacked(f, format)
	}
	var buf [lastSection]section
	sections := f.sections(&buf, format.Sections)
	offset := headerBytes + entryBytes*len(sections)
	size := offset
	for _, s := range sections {
		size += aligned(s.bytes)
	}
	b := make([]byte, size)
	f.header(b, F32, len(sections))
	for i, s := range sections {
		e := b[headerBytes+entryBytes*i:]
		little.PutUint16(e, s.id)
		e[2], e[3] = byte(F32), s.columns
		little.PutUint32(e[4:], uint32(s.rows))
		little.PutUint64(e[8:], uint64(offset))
		little.PutUint64(e[16:], uint64(s.bytes))
		f.payload(numberWriter{b[offset:offset:size]}, s.id)
		offset += aligned(s.bytes)
	}
	return b
}

// shrunk returns the frame with its grids halved so many times by means over 2×2 cells.
func (f *Frame) shrunk(times int) *Frame {
	small := *f
	for ; times > 0 && small.NX%2 == 0 && small.NY%2 == 0; times-- {
		small.Grid, small.Delta = halved(small.Grid, small.NX), halved(small.Delta, small.NX)
		small.NX, small.NY = small.NX/2, small.NY/2
	}
	return &small
}

func halved(grid []float32, nx int) []float32 {
	if len(grid) == 0 {
		return nil
	}
	out := make([]float32, 0, len(grid)/4)
	for row := 0; row < len(grid); row += 2 * nx {
		for i := row; i < row+nx; i += 2 {
			out = append(out, (grid[i]+grid[i+1]+grid[i+nx]+grid[i+nx+1])/4)
		}
	}
	return out
}

func (f *Frame) header(b []byte, enc Encoding, sections int) {
	copy(b, magic)
	b[4], b[5] = version, byte(enc)
	little.PutUint16(b[6:], headerBytes)
	little.PutUint16(b[8:], uint16(f.NX))
	little.PutUint16(b[10:], uint16(f.NY))
	little.PutUint32(b[12:], f.Seq)
	little.PutUint64(b[16:], f.Step)
	little.PutUint32(b[24:], f.Generation)
	little.PutUint32(b[28:], uint32(sections))
	little.PutUint64(b[32:], math.Float64bits(f.ServerMS))
	for i, v := range [6]float32{f.X0, f.X1, f.Y0, f.Y1, f.Lo, f.Hi} {
		little.PutUint32(b[40+4*i:], math.Float32bits(v))
	}
}

// numberWriter writes numbers one after the other.
type numberWriter struct{ b []byte }

func (w *numberWriter) f32(values ...float64) {
	for _, v := range values {
		w.b = little.AppendUint32(w.b, math.Float32bits(float32(v)))
	}
}

func (w *numberWriter) grid(values []float32) {
	for _, v := range values {
		w.b = little.AppendUint32(w.b, math.Float32bits(v))
	}
}

func (f *Frame) payload(w numberWriter, id uint16) {
	switch id {
	case sectionGrid:
		w.grid(f.Grid)
	case sectionDelta:
		w.grid(f.Delta)
	case sectionSince:
		w.b = little.AppendUint64(w.b, math.Float64bits(float64(f.Since)))
	case sectionPushes:
		for _, v := range f.Pushes {
			w.f32(v.At.X, v.At.Y, v.From.X, v.From.Y, v.Amount)
		}
	case sectionPaths:
		for _, v := range f.Visits {
			w.f32(float64(v.Path), v.At.X, v.At.Y)
		}
	case sectionParticles:
		for _, v := range f.Particles {
			w.f32(v.X, v.Y)
		}
	case sectionMarks:
		for _, v := range f.Marks {
			w.f32(float64(v.Kind), float64(v.Group), v.At.X, v.At.Y)
		}
	case sectionScalars:
		for _, v := range f.Scalars {
			w.b = little.AppendUint64(w.b, math.Float64bits(v))
		}
	case sectionProposals:
		for _, v := range f.Proposals {
			accepted := 0.
			if v.Accepted {
				accepted = 1
			}
			w.f32(v.To.X, v.To.Y, v.From.X, v.From.Y, accepted)
		}
	case sectionField:
		for _, v := range f.Field {
			w.f32(v.At.X, v.At.Y, v.To.X, v.To.Y)
		}
	case sectionPictures:
		appendPictures(w.b, f.Pictures, false)
	}
}
