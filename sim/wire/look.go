package wire

import (
	"fmt"
	"slices"
)

// Look is what one viewer wants of the frames of a room. The zero value is everything, as the room
// shows it.
type Look struct {
	FPS      float64  // frames per second; 0 is the room's
	Side     int      // cells a side; 0 is the room's
	Sections Sections // 0 is all
	Enc      Encoding // Auto is for who watches to resolve; a format takes it for F32
}

// Format is how the frames of a look are encoded in a room of a certain grid.
type Format struct {
	Shrink   int // how many times the grid is halved by means over 2×2 cells
	Sections Sections
	Enc      Encoding // F32, Compact or Small
}

// maxShrink makes a quarter of the side.
const maxShrink = 2

// Format returns the format of the look in a room whose grid has so many cells a side: the
// grid itself, a half or a quarter of it. It is the largest that has no more cells than the look
// asks for, or else the smallest; a side that is odd cannot be halved. In the encoding Small a side
// of [SmallSide] or more is the same as none.
func (l Look) Format(grid int) Format {
	f := Format{Sections: l.Sections, Enc: l.Enc}
	switch {
	case l.Enc == Auto:
		f.Enc = F32
	case l.Enc == Small && l.Side >= SmallSide:
		return f
	}
	for l.Side > 0 && grid > l.Side && f.Shrink < maxShrink && grid%2 == 0 {
		grid /= 2
		f.Shrink++
	}
	return f
}

// Sections is a set of sections of a frame; 0 is all of them.
type Sections uint16

// Has reports whether the section is in the set.
func (s Sections) Has(id uint16) bool { return s == 0 || s&(1<<id) != 0 }

// Field reports whether the set has the vector field, which takes time to evaluate.
func (s Sections) Field() bool { return s.Has(sectionField) }

// Encoding is how the numbers of a frame are written.
type Encoding uint8

const (
	F32     Encoding = iota // every number as it is
	Compact                 // at most 12 KB for 128×128 cells
	Small                   // at most 64×64 cells and 2.5 KB
	Auto                    // what a client asks for that leaves the choice to the server
)

// SmallSide is how many cells a side a frame in the encoding Small has at most.
const SmallSide = 64

var encodings = [...]string{"f32", "compact", "small", "auto"}

// String returns the name of the encoding in messages.
func (e Encoding) String() string {
	if int(e) < len(encodings) {
		return encodings[e]
	}
	return fmt.Sprintf("Encoding(%d)", uint8(e))
}

// UnmarshalText reads the name of an encoding.
func (e *Encoding) UnmarshalText(text []byte) error {
	i := slices.Index(encodings[:], string(text))
	if i < 0 {
		return fmt.Errorf("no encoding is named %s", quote(string(text)))
	}
	*e = Encoding(i)
	return nil
}

// EncodingOf returns the encoding of a frame that [EncodeFrame] wrote.
func EncodingOf(frame []byte) Encoding { return Encoding(frame[5]) }
