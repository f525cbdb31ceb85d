package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// The charts of a room, by name. Each holds the history so far under series ids; the page
// then appends by those ids. Colours are not said here: the page gives every id the
// colour of its meaning, in the light theme and in the dark.
var drawn = map[string]func(sim.History) *charts.Line{
	"loss":      lossChart,
	"histogram": histogramChart,
	"quality":   qualityChart,
}

const unknownChart sim.Code = "unknown-chart"

// chart returns the ECharts option of the chart of that name, as JSON.
func chart(name string, h sim.History) ([]byte, error) {
	draw, ok := drawn[name]
	if !ok {
		return nil, &sim.Error{Code: unknownChart, Message: fmt.Sprintf("there is no chart %s%s",
			strconv.Quote(name), ebm.Suggest(name, slices.Collect(maps.Keys(drawn))))}
	}
	line := draw(h)
	line.Accept(quiet{})
	line.Validate()
	return json.Marshal(line.JSON())
}

// lossChart draws the loss over the steps; it is also the scrubber of time.
func lossChart(h sim.History) *charts.Line {
	line := plane("step", "loss")
	add(line, "loss", "loss", curve(h, "loss"))
	return line
}

// histogramChart compares the energy at the data with the energy over the whole plane.
// It comes empty: the page counts both in the frame it has just drawn.
func histogramChart(sim.History) *charts.Line {
	line := plane("energy", "share")
	add(line, "data", "data", nil, area(.35))
	add(line, "uniform", "whole plane", nil, area(.2))
	return line
}

// qualityChart draws how well the energy tells data from the plane (AUC, left axis) and
// how well it predicts fresh data (NLL in nats, right axis), each with the best figure
// that any model can reach on this dataset.
func qualityChart(h sim.History) *charts.Line {
	line := plane("step", "AUC")
	line.YAxisList[0].Max = 1
	line.ExtendYAxis(opts.YAxis{Type: "value", Name: "NLL", Scale: opts.Bool(true), SplitLine: &opts.SplitLine{Show: opts.Bool(false)}})
	right := charts.WithLineChartOpts(opts.LineChart{YAxisIndex: 1, ShowSymbol: opts.Bool(false)})
	dashed := charts.WithLineStyleOpts(opts.LineStyle{Type: "dashed", Width: 1})
	add(line, "auc", "AUC", curve(h, "auc"))
	add(line, "auc_ceiling", "AUC of the true density", curve(h, "auc_ceiling"), dashed)
	add(line, "nll", "NLL", curve(h, "nll"), right)
	add(line, "nll_true", "NLL of the true density", curve(h, "nll_true"), right, dashed)
	return line
}

// curve returns a scalar over the steps; nothing if the model has no such scalar.
func curve(h sim.History, name string) [][2]float64 {
	i := slices.Index(h.Names, name)
	if i < 0 {
		return nil
	}
	points := make([][2]float64, len(h.Steps))
	for j, step := range h.Steps {
		points[j] = [2]float64{float64(step), h.Values[i][j]}
	}
	return points
}

// plane returns an empty chart with two numeric axes.
func plane(x, y string) *charts.Line {
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Name: x, NameLocation: "middle", NameGap: 24, Scale: opts.Bool(true)}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: y, Scale: opts.Bool(true)}),
		// ECharts 6 puts the legend at the bottom, where the axis is.
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Top: "0"}),
		charts.WithGridOpts(opts.Grid{Left: "48", Right: "48", Top: "32", Bottom: "40"}),
	)
	return line
}

// add adds a curve of points (x, y) under a series id. What is not finite is a gap.
func add(line *charts.Line, id, name string, curve [][2]float64, options ...charts.SeriesOpts) {
	data := make([]opts.LineData, 0, len(curve))
	for _, p := range curve {
		value := [2]*float64{&p[0], &p[1]}
		if math.IsNaN(p[1]) || math.IsInf(p[1], 0) {
			value[1] = nil
		}
		data = append(data, opts.LineData{Value: value})
	}
	plain := charts.WithLineChartOpts(opts.LineChart{ShowSymbol: opts.Bool(false)})
	line.AddSeries(name, data, slices.Concat([]charts.SeriesOpts{charts.WithSeriesId(id), plain}, options)...)
}

// area fills the ground under a curve drawn in steps, one for each bin.
func area(opacity float32) charts.SeriesOpts {
	return func(s *charts.SingleSeries) {
		s.Step = "end"
		s.AreaStyle = &opts.AreaStyle{Opacity: opts.Float(opacity)}
	}
}

// quiet takes out of an option what the page decides (colours, title, toolbox), and asks
// for tooltips drawn on the canvas: those made of HTML need inline styles, which the
// Content-Security-Policy forbids. The library has no field for that.
type quiet struct {
	charts.BaseConfigurationVisitor
}

func (quiet) Visit(option map[string]interface{}) {
	delete(option, "color")
	delete(option, "title")
	delete(option, "toolbox")
	option["tooltip"] = map[string]interface{}{
		"trigger": "axis", "renderMode": "richText", "confine": true, "transitionDuration": 0,
	}
}
