package web

import (
	"ebmviz/sim/wire"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestCurve samples a circle and curves that leave the plane, and sends what is not a curve.
func TestCurve(t *testing.T) {
	h := serve(t, nil)
	post := func(y1, y2 string, n int) (int, string) {
		body, _ := json.Marshal(map[string]any{"y1": y1, "y2": y2, "n": n})
		return h.do("POST", "/api/curve", string(body), "Content-Type", "application/json")
	}
	read := func(y1, y2 string, n int) (d curvePoints) {
		t.Helper()
		status, text := post(y1, y2, n)
		if err := json.Unmarshal([]byte(text), &d); status != 200 || err != nil {
			t.Fatalf("%d %s", status, text)
		}
		return d
	}
	circle := read("cos(2*pi*t)", "sin(2*pi*t)", 9)
	for i, y := range circle.Points {
		if a := 2 * math.Pi * float64(i) / 8; math.Hypot(y[0]-math.Cos(a), y[1]-math.Sin(a)) > 1e-12 {
			t.Errorf("point %d is %v", i, y)
		}
	}
	if len(circle.Points) != 9 || circle.Left != 0 {
		t.Errorf("%d points of the circle, %d left out", len(circle.Points), circle.Left)
	}
	if d := read("t", "0.3/t", 101); len(d.Points) != 81 || d.Left != 20 {
		t.Errorf("%d points of the hyperbola, %d left out, want 81 and 20", len(d.Points), d.Left)
	}
	if d := read("t^2 - 1", "t > 0.5 ? 1 : max(-1, -abs(t))", 3); fmt.Sprint(d.Points) != "[[-1 0] [-0.75 -0.5] [0 1]]" {
		t.Errorf("%v", d.Points)
	}

	for _, c := range []struct {
		y1, y2 string
		n      int
		want   string
	}{
		{"t", "1/(t-t)", 50, "0 of 50 points"},
		{"t", "3", 50, "0 of 50 points"},
		{"t", "f(f)", 50, "unknown name f"},
		{"t", "sin(", 50, "y2 = sin(: a closing parenthesis is missing at the end"},
		{"t", "1 % 0", 50, "divide by zero"},
		{"", "t", 50, "y1 is empty"},
		{"t", strings.Repeat("t+", 5000) + "t", 50, "10001 characters; the limit is 300"},
		{"t", strings.Repeat("(", 150) + "t" + strings.Repeat(")", 149), 50, "a closing parenthesis is missing at the end"},
		{"t", `len(1..1000000000)`, 50, "must not contain"},
		{"t", `"<img src=x>"`, 50, "must not contain"},
		{"t", `map(1..9, #)[0]`, 50, "must not contain"},
		{"t", `1 + sum(map(1..1000, sum(map(1..1000, #))))`, 50, "must not contain"},
		{"t", "t", 1, "from 2 to 20000 points; got 1"},
		{"t", "t", 20_001, "from 2 to 20000 points"},
	} {
		if status, text := post(c.y1, c.y2, c.n); status < 400 || status >= 500 || !strings.Contains(text, c.want) || strings.Contains(text, `\n`) {
			t.Errorf("%.20s, %.20s: %d %s, want %q", c.y1, c.y2, status, text, c.want)
		}
	}
	if status, text := h.do("POST", "/api/curve", `{"y1":"t","y2":"t","noise":-1}`, "Content-Type", "application/json"); status != 400 || !strings.Contains(text, "from 0 to 1") {
		t.Errorf("%d %s", status, text)
	}
}

// FuzzCurve: no formula causes a panic or a long error.
func FuzzCurve(f *testing.F) {
	for _, formula := range []string{"t", "sin(2*pi*t)", "1%0", "[1,2][t]", "1..9", "t ?? 1", `{"a":1}.a`, "let x = t; x*x", "map(1..3, #)"} {
		f.Add(formula)
	}
	f.Fuzz(func(t *testing.T, formula string) {
		d, err := sampleCurve(wire.Curve{Y1: formula, Y2: "t", N: 20})
		if err == nil && len(d.Points)+d.Left != 20 {
			t.Errorf("%q: %d points and %d", formula, len(d.Points), d.Left)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("%q: %s", formula, err)
		}
	})
}
