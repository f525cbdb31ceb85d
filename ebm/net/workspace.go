package net

import "unsafe"

// Workspace is the memory that one goroutine needs to take up to Block points through a
// network and back. Its matrices have a row for each unit and a column for each point:
// Out[o*Block+i] is output o at point i.
type Workspace[T Float] struct {
	In   []T // [In][Block]: the inputs, for ForwardRows
	Out  []T // [Out][Block]: the outputs, after Forward
	DOut []T // [Out][Block]: the derivative of some loss by each output, set by the caller before Backward
	DIn  []T // [In][Block]: its derivative by each coordinate, after Backward(…, true)

	n     int   // points in use
	x     [][]T // x[l]: what layer l is given; the last is Out
	slope [][]T // slope[l]: act'(z) behind layer l, [out][Block]
	delta [2][]T
	ones  []T // one row of ones
}

// NewWorkspace returns the memory for networks of that shape.
func NewWorkspace[T Float](s Spec) *Workspace[T] {
	layers := s.layers()
	size, widest := s.In+s.Out+1, s.Out
	for i, l := range layers {
		size += l.in
		widest = max(widest, l.in)
		if i+1 < len(layers) {
			size += l.out
		}
	}
	size += s.Out + 2*widest
	room := aligned[T](size * Block)
	take := func(rows int) []T {
		part := room[: rows*Block : rows*Block]
		room = room[rows*Block:]
		return part
	}
	w := &Workspace[T]{}
	for i, l := range layers {
		w.x = append(w.x, take(l.in))
		if i+1 < len(layers) {
			w.slope = append(w.slope, take(l.out))
		}
	}
	w.Out, w.DOut, w.DIn = take(s.Out), take(s.Out), take(s.In)
	w.x = append(w.x, w.Out)
	w.In = w.x[0][:s.In*Block]
	w.delta = [2][]T{take(widest), take(widest)}
	w.ones = take(1)
	for i := range w.ones {
		w.ones[i] = 1
	}
	return w
}

// aligned returns n numbers that begin at a cache line: a vector of 64 bytes that lies
// across two of them costs two reads.
func aligned[T Float](n int) []T {
	const line = 64
	size := int(unsafe.Sizeof(T(0)))
	room := make([]T, n+line/size)
	skip := (line - int(uintptr(unsafe.Pointer(&room[0]))%line)) % line / size
	return room[skip : skip+n : skip+n]
}
