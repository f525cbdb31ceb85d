package main

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// series is how long a grid takes against something that grows.
type series struct {
	file  string
	goal  string
	label string
	name  string // of the benchmarks, with the size left open
	sizes []int
	tick  string // how a size is written on the axis
	x     func(size int) float64
	slope float64 // of the ideal, in logarithms
}

var (
	byPoints = series{
		file: "points.svg", goal: "grid time, growth from size to size over that of the points", label: "points",
		name: "GridPoints/side=%d", sizes: []int{64, 96, 128, 192, 256, 384, 512}, tick: "%d²",
		x: func(side int) float64 { return float64(side * side) }, slope: 1,
	}
	byWidth = series{
		file: "width.svg", goal: "grid time, growth from size to size over that of H²", label: "H",
		name: "GridWidth/H=%d", sizes: []int{16, 24, 32, 48, 64, 96, 128, 192, 256}, tick: "%d",
		x: func(h int) float64 { return float64(h) }, slope: 2,
	}
)

// ideal is by how much the time should grow if x grows by the factor.
func (s series) ideal(factor float64) float64 { return math.Pow(factor, s.slope) }

// curve returns the sizes that were measured with a set of kernels, and the seconds.
func (s series) curve(r *results, set string) (x, y []float64) {
	for _, size := range s.sizes {
		if t, ok := r.best(ours("scale", fmt.Sprintf(s.name, size), set)); ok {
			x, y = append(x, s.x(size)), append(y, t.seconds())
		}
	}
	return x, y
}

var (
	ink  = color.Gray{0x40}
	hues = []color.Color{color.RGBA{0x1f, 0x6f, 0xb4, 0xff}, color.RGBA{0xd0, 0x5a, 0x10, 0xff}}
)

// draw writes the curves of all sets, with the ideal through the last point of each, into
// the folder.
func (s series) draw(r *results, sets []string, folder string) error {
	p := plot.New()
	p.BackgroundColor = color.White
	p.X.Label.Text, p.Y.Label.Text = s.label, "milliseconds"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.Y.Tick.Marker = plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.Padding = vg.Points(2)
	p.Add(plotter.NewGrid())
	var ticks plot.ConstantTicks
	for _, size := range s.sizes {
		ticks = append(ticks, plot.Tick{Value: s.x(size), Label: fmt.Sprintf(s.tick, size)})
	}
	for i, set := range sets {
		x, y := s.curve(r, set)
		if len(x) < 2 {
			return nil
		}
		last := len(x) - 1
		measured, ideal := make(plotter.XYs, len(x)), make(plotter.XYs, len(x))
		for j := range x {
			measured[j] = plotter.XY{X: x[j], Y: 1e3 * y[j]}
			ideal[j] = plotter.XY{X: x[j], Y: 1e3 * y[last] * s.ideal(x[j]/x[last])}
		}
		dashes, err := plotter.NewLine(ideal)
		if err != nil {
			return err
		}
		dashes.Color, dashes.Dashes = color.Gray{0x90}, []vg.Length{vg.Points(3), vg.Points(3)}
		line, dots, err := plotter.NewLinePoints(measured)
		if err != nil {
			return err
		}
		line.Color, line.Width = hues[i%len(hues)], vg.Points(1.5)
		dots.Color, dots.Shape, dots.Radius = line.Color, draw.CircleGlyph{}, vg.Points(2.5)
		p.Add(dashes, line, dots)
		p.Legend.Add(set, line, dots)
		if i == len(sets)-1 {
			p.Legend.Add(fmt.Sprintf("slope %g", s.slope), dashes)
		}
	}
	p.X.Tick.Marker = ticks
	p.Y.Max *= 1.5 // room for the legend
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Label.TextStyle.Color, a.Tick.Color, a.Tick.Label.Color = ink, ink, ink, ink
		a.Padding = vg.Points(6)
	}
	return save(p, filepath.Join(folder, s.file))
}

// save writes a plot as SVG.
func save(p *plot.Plot, name string) error {
	canvas := vgsvg.New(5.2*vg.Inch, 3.6*vg.Inch)
	p.Draw(draw.Crop(draw.New(canvas), 0, -vg.Points(16), 0, -vg.Points(6))) // labels stick out
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = canvas.WriteTo(file)
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
