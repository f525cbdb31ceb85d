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

// chartBuilders has the charts of a room by name. Each is a complete ECharts option with the
// history so far. The page adds to it what depends on its theme, colours and fonts, by the
// series' ids, and appends to the series as the model learns.
var chartBuilders = map[string]func(sim.History) *charts.Line{
	"loss":      lossChart,
	"histogram": histogramChart,
	"quality":   qualityChart,
}

const unknownChart sim.Code = "unknown-chart"

// chart returns the ECharts option of the chart of that name, as JSON.
func chart(name string, h sim.History) ([]byte, error) {
	build, ok := chartBuilders[name]
	if !ok {
		return nil, &sim.Error{Code: unknownChart, Message: fmt.Sprintf("there is no chart %s%s",
			strconv.Quote(name), ebm.Suggest(name, slices.Collect(maps.Keys(chartBuilders))))}
	}
	line := build(h)
	line.Validate()
	return json.Marshal(line.JSON())
}

// lossChart draws the loss over the steps, without axes: it lies over the slider of time. The
// loss of a batch is noisy, so the page fills the series mean with its running mean; other
// is the loss of a run that this one is compared with.
func lossChart(h sim.History) *charts.Line {
	line := newLine(opts.Grid{Left: "0", Right: "0", Top: "4", Bottom: "4"}, withoutTooltip,
		opts.XAxis{Show: opts.Bool(false)}, opts.YAxis{Show: opts.Bool(false)})
	addSeries(line, "loss", "loss", curve(h, "loss"), stroke(opts.LineStyle{Width: 1, Opacity: opts.Float(.35)}))
	addSeries(line, "other", "loss of the other run", nil, stroke(opts.LineStyle{Width: 1.5, Type: "dashed"}))
	addSeries(line, "mean", "running mean of the loss", nil, stroke(opts.LineStyle{Width: 1.5, Opacity: opts.Float(.8)}))
	return line
}

// histogramChart compares the energy at the data with the energy over the whole plane. It has no
// data: the page counts both in the frame that it has just drawn.
func histogramChart(sim.History) *charts.Line {
	line := newLine(opts.Grid{Left: "4", Right: "4", Top: "4", Bottom: "18"}, withoutTooltip,
		opts.XAxis{SplitNumber: 3, AxisLabel: &opts.AxisLabel{
			ShowMinLabel: opts.Bool(true), AlignMinLabel: "left", ShowMaxLabel: opts.Bool(true), AlignMaxLabel: "right",
		}},
		opts.YAxis{Show: opts.Bool(false), Min: 0})
	addSeries(line, "uniform", "whole plane", nil, area(.4))
	addSeries(line, "data", "data", nil, area(.88))
	return line
}

// qualityChart draws how well the energy tells data from the plane (AUC, left axis) and
// how well it predicts data (NLL in nats, right axis), each with the best value that any model can
// reach on this dataset. On a user's points the names say which of them they were last measured on.
func qualityChart(h sim.History) *charts.Line {
	line := newLine(opts.Grid{Left: "30", Right: "30", Top: "8", Bottom: "18"}, withTooltip,
		opts.XAxis{SplitNumber: 3, AxisLabel: &opts.AxisLabel{ShowMaxLabel: opts.Bool(true), AlignMaxLabel: "right"}},
		opts.YAxis{SplitNumber: 2, Max: 1})
	line.ExtendYAxis(yAxis(opts.YAxis{SplitNumber: 2}))
	right := func(s *charts.SingleSeries) { s.YAxisIndex = 1 }
	solid := stroke(opts.LineStyle{Width: 1.5})
	on := ""
	if n := len(h.On); n > 0 && h.On[n-1].Own() {
		on = " on " + string(h.On[n-1])
	}
	addSeries(line, "auc", "AUC"+on, curve(h, "auc"), solid)
	addSeries(line, "auc_ceiling", "AUC of the true density", curve(h, "auc_ceiling"),
		stroke(opts.LineStyle{Width: 1, Type: "dashed", Opacity: opts.Float(.6)}))
	addSeries(line, "nll", "NLL"+on, curve(h, "nll"), right, solid)
	addSeries(line, "nll_true", "NLL of the true density", curve(h, "nll_true"), right,
		stroke(opts.LineStyle{Width: 1, Type: "dashed", Opacity: opts.Float(.7)}))
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

// newLine returns a line chart without series: margins in CSS pixels, two numeric axes without
// names, ticks and grid lines, no legend, no animation.
func newLine(margins opts.Grid, tooltip tooltip, x opts.XAxis, y opts.YAxis) *charts.Line {
	x.Type, x.Scale = "value", opts.Bool(true)
	x.AxisLine, x.AxisTick, x.SplitLine = &opts.AxisLine{Show: opts.Bool(true)}, &opts.AxisTick{Show: opts.Bool(false)}, &opts.SplitLine{Show: opts.Bool(false)}
	if x.AxisLabel == nil {
		x.AxisLabel = &opts.AxisLabel{}
	}
	x.AxisLabel.HideOverlap = opts.Bool(true)
	line := charts.NewLine()
	line.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithXAxisOpts(x),
		charts.WithYAxisOpts(yAxis(y)),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithGridOpts(margins),
	)
	line.Accept(&visitor{tooltip: tooltip})
	return line
}

// yAxis completes a vertical axis as newLine does.
func yAxis(y opts.YAxis) opts.YAxis {
	y.Type, y.Scale = "value", opts.Bool(true)
	y.AxisLine, y.SplitLine = &opts.AxisLine{Show: opts.Bool(true)}, &opts.SplitLine{Show: opts.Bool(false)}
	y.AxisLabel = &opts.AxisLabel{HideOverlap: opts.Bool(true)}
	return y
}

// addSeries adds a curve of points (x, y) under a series id. What is not finite is a gap.
func addSeries(line *charts.Line, id, name string, curve [][2]float64, options ...charts.SeriesOpts) {
	data := make([]opts.LineData, 0, len(curve))
	for _, p := range curve {
		value := [2]*float64{&p[0], &p[1]}
		if math.IsNaN(p[1]) || math.IsInf(p[1], 0) {
			value[1] = nil
		}
		data = append(data, opts.LineData{Value: value})
	}
	plain := charts.WithLineChartOpts(opts.LineChart{Symbol: "none", ShowSymbol: opts.Bool(false)})
	line.AddSeries(name, data, slices.Concat([]charts.SeriesOpts{charts.WithSeriesId(id), plain}, options)...)
}

// stroke sets width, dash and opacity of a line.
func stroke(style opts.LineStyle) charts.SeriesOpts {
	return charts.WithLineStyleOpts(style)
}

// area fills the area under a curve that is drawn in steps, one for each bin, without its line.
func area(opacity float32) charts.SeriesOpts {
	return func(s *charts.SingleSeries) {
		s.Step = "end"
		s.LineStyle = &opts.LineStyle{Opacity: opts.Float(0)} // a width of 0 would be left out
		s.AreaStyle = &opts.AreaStyle{Opacity: opts.Float(opacity)}
	}
}

// tooltip is an ECharts tooltip.
type tooltip map[string]any

// Tooltips are drawn on the canvas: those made of HTML need inline styles, which the
// Content-Security-Policy forbids. The library has no field for that.
var (
	withTooltip    = tooltip{"trigger": "axis", "renderMode": "richText", "confine": true, "transitionDuration": 0}
	withoutTooltip = tooltip{"show": false}
)

// visitor changes an option where the library cannot say what is wanted: it removes the
// colours, the title and the toolbox, sets the tooltip, and hides the ticks of vertical axes.
type visitor struct {
	charts.BaseConfigurationVisitor
	tooltip tooltip
}

// Visit changes the option as a whole.
func (v *visitor) Visit(option map[string]any) {
	delete(option, "color")
	delete(option, "title")
	delete(option, "toolbox")
	option["tooltip"] = v.tooltip
}

// VisitYAxis hides the ticks.
func (v *visitor) VisitYAxis(axes []opts.YAxis) any {
	type withTick struct {
		opts.YAxis
		AxisTick opts.AxisTick `json:"axisTick"`
	}
	out := make([]withTick, len(axes))
	for i, axis := range axes {
		out[i] = withTick{axis, opts.AxisTick{Show: opts.Bool(false)}}
	}
	return out
}
