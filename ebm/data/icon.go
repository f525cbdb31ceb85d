package data

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"
)

// lineIcon returns the icon of a curve. The curve is continuous between neighbours in ends,
// such as 0, ½, 1 for a curve of two pieces.
func lineIcon(curve func(u float64) r2.Vec, ends ...float64) string {
	var d strings.Builder
	n := min(60, 120/(len(ends)-1)) // of lines in each piece
	for piece, from := range ends[:len(ends)-1] {
		to := math.Nextafter(ends[piece+1], from)
		for i := range n + 1 {
			command := 'L'
			if i == 0 {
				command = 'M'
			}
			at := curve(from + (to-from)*float64(i)/float64(n))
			fmt.Fprintf(&d, "%c%.1f %.1f", command, iconX(at), iconY(at))
		}
	}
	return d.String()
}

// dotIcon returns the icon of n dots along a curve.
func dotIcon(curve func(u float64) r2.Vec, n int) string {
	var d strings.Builder
	for i := range n {
		at := curve((float64(i) + 0.5) / float64(n))
		fmt.Fprintf(&d, "M%.1f %.1fh.1", iconX(at), iconY(at))
	}
	return d.String()
}

// The box fills the field of an icon but for a margin; y2 points up.
func iconX(y r2.Vec) float64 { return 16 + 10*y.X }
func iconY(y r2.Vec) float64 { return 16 - 10*y.Y }
