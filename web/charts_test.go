package web

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm/measure"
	"ebmviz/sim"
)

var past = sim.History{
	Names:  []string{"loss", "auc", "auc_ceiling", "nll"},
	Steps:  []uint64{0, 8, 16},
	Values: [][]float64{{0, 2, 1.5}, {math.NaN(), .5, .75}, {.945, .945, .945}, {math.Inf(1), -1, 0}},
}

// option is what of an ECharts option the tests look at.
type option struct {
	Animation *bool
	Color     json.RawMessage
	Title     json.RawMessage
	Tooltip   struct {
		RenderMode string
		Show       *bool
	}
	Legend struct{ Show *bool }
	Grid   []struct{ Left, Right, Top, Bottom string }
	XAxis  []axis
	YAxis  []axis
	Series []struct {
		ID, Type, Name string
		Symbol         string
		Step           string
		YAxisIndex     int
		ShowSymbol     *bool
		LineStyle      struct {
			Width, Opacity *float64
			Type           string
		}
		AreaStyle *struct{ Opacity *float64 }
		Data      []struct{ Value []*float64 }
	}
}

type axis struct {
	Type, Name          string
	Show                *bool
	Min                 *float64
	AxisTick, SplitLine struct{ Show *bool }
	AxisLabel           struct{ HideOverlap *bool }
}

func options(t *testing.T, name string, h sim.History) option {
	t.Helper()
	text, err := chart(name, h)
	if err != nil {
		t.Fatal(err)
	}
	for _, trap := range []string{"http://", "https://", "function", "__f__"} {
		if strings.Contains(string(text), trap) {
			t.Errorf("%s holds %q: %s", name, trap, text)
		}
	}
	var o option
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCharts(t *testing.T) {
	for name, ids := range map[string][]string{
		"loss":      {"loss", "other", "mean"},
		"histogram": {"uniform", "data"}, // the data are drawn over the plane
		"quality":   {"auc", "auc_ceiling", "nll", "nll_true"},
	} {
		o := options(t, name, past)
		var got []string
		for _, s := range o.Series {
			got = append(got, s.ID)
			if s.Type != "line" || s.Symbol != "none" || on(s.ShowSymbol) {
				t.Errorf("%s: series %s is %q with symbols %q", name, s.ID, s.Type, s.Symbol)
			}
			if s.AreaStyle == nil && s.LineStyle.Width == nil {
				t.Errorf("%s: series %s has no width", name, s.ID)
			}
			if a := s.AreaStyle; a != nil && (s.Step != "end" || a.Opacity == nil || s.LineStyle.Opacity == nil || *s.LineStyle.Opacity != 0) {
				t.Errorf("%s: series %s is no histogram: step %q, area %+v, line %+v", name, s.ID, s.Step, a, s.LineStyle)
			}
		}
		if !reflect.DeepEqual(got, ids) {
			t.Errorf("%s has the series %q, want %q", name, got, ids)
		}
		if on(o.Animation) {
			t.Errorf("%s is animated", name)
		}
		if name == "quality" && o.Tooltip.RenderMode != "richText" {
			t.Errorf("%s: tooltips are %q, which needs inline styles", name, o.Tooltip.RenderMode)
		}
		if name != "quality" && on(o.Tooltip.Show) {
			t.Errorf("%s has a tooltip", name)
		}
		if o.Color != nil || o.Title != nil {
			t.Errorf("%s has what the page decides: colours %s, title %s", name, o.Color, o.Title)
		}
		if len(o.Grid) != 1 || o.Grid[0].Left == "" || o.Grid[0].Right == "" || o.Grid[0].Top == "" || o.Grid[0].Bottom == "" || on(o.Legend.Show) {
			t.Errorf("%s: margins %+v, legend %+v", name, o.Grid, o.Legend)
		}
		for _, a := range slices.Concat(o.XAxis, o.YAxis) {
			if a.Type != "value" || a.Name != "" || on(a.AxisTick.Show) || on(a.SplitLine.Show) || a.AxisLabel.HideOverlap == nil || !*a.AxisLabel.HideOverlap {
				t.Errorf("%s has the axis %+v", name, a)
			}
		}
	}
	// The loss lies over the slider of time and has no axes; the histogram has none upwards.
	if loss := options(t, "loss", past); on(loss.XAxis[0].Show) || on(loss.YAxis[0].Show) {
		t.Errorf("the loss has the axes %+v and %+v", loss.XAxis, loss.YAxis)
	}
	if y := options(t, "histogram", past).YAxis[0]; on(y.Show) || y.Min == nil || *y.Min != 0 {
		t.Errorf("the histogram has the vertical axis %+v", y)
	}
	for _, s := range options(t, "quality", past).Series {
		if dashed := s.LineStyle.Type == "dashed"; dashed != (s.ID == "auc_ceiling" || s.ID == "nll_true") {
			t.Errorf("%s is dashed: %v", s.ID, dashed)
		}
	}
}

// on reports whether an option is true or left to its default.
func on(b *bool) bool { return b == nil || *b }

func TestChartsKeepZerosAndLeaveGaps(t *testing.T) {
	loss := options(t, "loss", past).Series[0].Data
	if len(loss) != 3 || *loss[0].Value[0] != 0 || *loss[0].Value[1] != 0 || *loss[2].Value[0] != 16 || *loss[2].Value[1] != 1.5 {
		t.Errorf("the loss is %+v", loss)
	}
	own := past
	own.On = []measure.TestSet{measure.FreshSamples, measure.HeldOutPoints, measure.TrainingPoints}
	for _, s := range options(t, "quality", own).Series {
		if measured := s.ID == "auc" || s.ID == "nll"; measured != strings.HasSuffix(s.Name, " on training points") {
			t.Errorf("%s is called %s", s.ID, s.Name)
		}
	}
	q := options(t, "quality", past)
	if q.Series[0].Name != "AUC" {
		t.Errorf("on fresh samples AUC is called %s", q.Series[0].Name)
	}
	if auc := q.Series[0].Data; auc[0].Value[1] != nil || *auc[1].Value[1] != .5 {
		t.Errorf("AUC: %+v, want a gap and .5", auc)
	}
	nll := q.Series[2]
	if nll.Data[0].Value[1] != nil || *nll.Data[1].Value[1] != -1 || *nll.Data[2].Value[1] != 0 {
		t.Errorf("NLL: %+v, want a gap, -1 and 0", nll.Data)
	}
	if len(q.YAxis) != 2 || nll.YAxisIndex != 1 || q.Series[0].YAxisIndex != 0 {
		t.Error("AUC and NLL share an axis")
	}
	if n := len(q.Series[3].Data); n != 0 {
		t.Errorf("a scalar that the model does not have has %d points", n)
	}
}

func TestUnknownChart(t *testing.T) {
	if _, err := chart("los", past); err == nil || !strings.Contains(err.Error(), `did you mean "loss"?`) {
		t.Errorf("got %v", err)
	}
}
