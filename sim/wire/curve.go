package wire

import (
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// Curve is a curve in the plane, given by two formulas of t, which goes from 0 to 1.
type Curve struct {
	Y1, Y2 string
	N      int     // number of points, at equal steps of t
	Noise  float64 // standard deviation of the Gaussian noise that is added to each coordinate
}

// DecodeCurve reads a curve. Without n it has 400 points.
func DecodeCurve(text []byte) (Curve, error) {
	c := Curve{N: 400}
	err := object(text, "the curve", map[string]field{
		"y1":    into(&c.Y1, "a formula of t"),
		"y2":    into(&c.Y2, "a formula of t"),
		"n":     into(&c.N, "a whole number of points"),
		"noise": into(&c.Noise, "a number from 0 to 1"),
	})
	switch {
	case err != nil:
		return c, err
	case c.N < 2 || c.N > data.MaxPoints:
		return c, sim.Errorf(sim.Limit, "a curve must have from 2 to %d points; got %d", data.MaxPoints, c.N)
	case !(c.Noise >= 0 && c.Noise <= 1):
		return c, sim.Errorf(sim.BadValue, "the noise of a curve must be from 0 to 1; got %v", c.Noise)
	}
	return c, nil
}
