package wire

// Look is what one viewer wants of the frames of a room. The zero value is everything, as the room
// shows it.
type Look struct {
	FPS      float64  // frames per second; 0 is the room's
	Side     int      // cells a side; 0 is the room's
	Sections Sections // 0 is all
}

// Format is how the frames of a look are encoded in a room of a certain grid.
type Format struct {
	Shrink   int // how many times the grid is halved by means over 2×2 cells
	Sections Sections
}

// maxShrink makes a quarter of the side.
const maxShrink = 2

// Format returns the format of the look in a room whose grid has so many cells a side: the
// grid itself, a half or a quarter of it. It is the largest that has no more cells than the look
// asks for, or else the smallest; a side that is odd cannot be halved.
func (l Look) Format(grid int) Format {
	f := Format{Sections: l.Sections}
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
