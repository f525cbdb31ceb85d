package data

import (
	"errors"
	"io"

	"gonum.org/v1/gonum/spatial/r2"
)

// Limits bound what ReadCSV takes from a file before it refuses the rest.
type Limits struct {
	Bytes  int64 // of the whole file
	Line   int   // bytes of one line
	Points int   // lines that hold a point
}

// ReadCSV reads points y1,y2.
func ReadCSV(r io.Reader, lim Limits) ([]r2.Vec, error) { return nil, errors.New("not yet") }
