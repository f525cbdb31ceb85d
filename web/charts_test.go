package web

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

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
	Tooltip   struct{ RenderMode string }
	Legend    struct{ Top string }
	Grid      []struct{ Bottom string }
	XAxis     []struct{ Type, Name string }
	YAxis     []struct{ Type, Name string }
	Series    []struct {
		ID, Type   string
		YAxisIndex int
		ShowSymbol *bool
		Data       []struct{ Value []*float64 }
	}
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
		"loss":      {"loss"},
		"histogram": {"data", "uniform"},
		"quality":   {"auc", "auc_ceiling", "nll", "nll_true"},
	} {
		o := options(t, name, past)
		var got []string
		for _, s := range o.Series {
			got = append(got, s.ID)
			if s.Type != "line" || s.ShowSymbol == nil || *s.ShowSymbol {
				t.Errorf("%s: series %s is %q, symbols %v", name, s.ID, s.Type, s.ShowSymbol)
			}
		}
		if !reflect.DeepEqual(got, ids) {
			t.Errorf("%s has the series %q, want %q", name, got, ids)
		}
		if o.Animation == nil || *o.Animation {
			t.Errorf("%s moves by itself", name)
		}
		if o.Tooltip.RenderMode != "richText" {
			t.Errorf("%s: tooltips are %q, which needs inline styles", name, o.Tooltip.RenderMode)
		}
		if o.Color != nil || o.Title != nil {
			t.Errorf("%s decides what is the page's to decide: colours %s, title %s", name, o.Color, o.Title)
		}
		if len(o.Grid) != 1 || o.Grid[0].Bottom == "" || o.Legend.Top != "0" {
			t.Errorf("%s: grid %v and legend %v: the axis and the legend may overlap", name, o.Grid, o.Legend)
		}
		if o.XAxis[0].Type != "value" {
			t.Errorf("%s: the x axis is of type %q", name, o.XAxis[0].Type)
		}
	}
}

func TestChartsKeepZerosAndLeaveGaps(t *testing.T) {
	loss := options(t, "loss", past).Series[0].Data
	if len(loss) != 3 || *loss[0].Value[0] != 0 || *loss[0].Value[1] != 0 || *loss[2].Value[0] != 16 || *loss[2].Value[1] != 1.5 {
		t.Errorf("the loss is %+v", loss)
	}
	q := options(t, "quality", past)
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
