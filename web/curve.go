package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// maxFormula is how many letters a formula may have. It is arithmetic and nothing else, so this
// bounds how long it takes: the language of expr has loops and lists, which are refused.
const maxFormula = 300

// ownCurve is how somebody describes points: two formulas of t, which goes from 0 to 1, and how
// many points are laid along it, how far they stray.
type ownCurve struct {
	y1, y2 string
	n      int
	noise  float64
}

// curvePoints are the points of a curve, and how many of it lie outside the plane or nowhere.
type curvePoints struct {
	Points []sim.Point `json:"points"`
	Left   int         `json:"left"`
}

// postCurve reckons the points of a curve.
func (s *Server) postCurve(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	if err != nil {
		fail(w, err)
		return
	}
	c, err := readCurve(text)
	if err != nil {
		fail(w, err)
		return
	}
	d, err := c.draw()
	if err != nil {
		fail(w, err)
		return
	}
	body, err := json.Marshal(d)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}

func readCurve(text []byte) (ownCurve, error) {
	c := ownCurve{n: 400}
	err := object(text, "the curve", map[string]field{
		"y1":    into(&c.y1, "a formula of t"),
		"y2":    into(&c.y2, "a formula of t"),
		"n":     into(&c.n, "a whole number of points"),
		"noise": into(&c.noise, "a number from 0 to 1"),
	})
	switch {
	case err != nil:
		return c, err
	case c.n < 2 || c.n > data.MaxPoints:
		return c, &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("a curve has from 2 to %d points; got %d", data.MaxPoints, c.n)}
	case !(c.noise >= 0 && c.noise <= 1):
		return c, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("the noise of a curve is from 0 to 1; got %v", c.noise)}
	}
	return c, nil
}

// names is what a formula may speak of, besides abs, ceil, floor, max, min and round.
func names(t float64) map[string]any {
	return map[string]any{
		"t": t, "pi": math.Pi, "e": math.E,
		"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
		"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh,
		"exp": math.Exp, "log": math.Log, "sqrt": math.Sqrt, "pow": math.Pow, "atan2": math.Atan2, "hypot": math.Hypot,
	}
}

// compile reads the formula of a coordinate.
func compile(coordinate, formula string) (*vm.Program, error) {
	bad := func(format string, args ...any) error {
		return &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("the formula of "+coordinate+" "+format, args...)}
	}
	switch {
	case strings.TrimSpace(formula) == "":
		return nil, bad("is empty; it may be t, or sin(2*pi*t)")
	case len(formula) > maxFormula:
		return nil, bad("has %d letters; %d are allowed", len(formula), maxFormula)
	}
	var program *vm.Program
	tree, err := parser.Parse(formula)
	if err == nil {
		var strange strange
		ast.Walk(&tree.Node, &strange)
		if strange != "" {
			return nil, bad("may not have %q in it; it may have numbers, t, pi, e, + - * / ^, and functions such as sin, exp and sqrt", strange)
		}
		program, err = expr.Compile(formula, expr.Env(names(0)), expr.AsFloat64())
	}
	var at *file.Error
	switch {
	case errors.As(err, &at):
		return nil, bad("cannot be read at letter %d: %s; it may have numbers, t, pi, e, + - * / ^, and functions such as sin, exp and sqrt", at.Column+1, at.Message)
	case err != nil:
		return nil, bad("cannot be read: %s", firstLine(err))
	}
	return program, nil
}

// strange is the first part of a formula that is not arithmetic.
type strange string

func (s *strange) Visit(node *ast.Node) {
	ok := false
	switch n := (*node).(type) {
	case *ast.IdentifierNode, *ast.IntegerNode, *ast.FloatNode, *ast.UnaryNode, *ast.ConditionalNode, *ast.CallNode:
		ok = true
	case *ast.BinaryNode:
		ok = slices.Contains([]string{"+", "-", "*", "/", "%", "^", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or", "&&", "||"}, n.Operator)
	case *ast.BuiltinNode:
		ok = slices.Contains([]string{"abs", "ceil", "floor", "max", "min", "round"}, n.Name)
	}
	if !ok && *s == "" {
		*s = strange((*node).String())
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// draw lays the points along the curve. Where it leaves the plane or has no value, there are none.
func (c ownCurve) draw() (curvePoints, error) {
	var d curvePoints
	one, err := compile("y1", c.y1)
	if err != nil {
		return d, err
	}
	two, err := compile("y2", c.y2)
	if err != nil {
		return d, err
	}
	rng := rand.New(rand.NewPCG(1, 0))
	env := names(0)
	var machine vm.VM
	at := func(p *vm.Program) (float64, error) {
		v, err := machine.Run(p, env)
		if err != nil {
			return 0, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("the formula has no value at t = %.3g: %s", env["t"], firstLine(err))}
		}
		return v.(float64) + c.noise*rng.NormFloat64(), nil
	}
	inside := func(v float64) bool { return math.Abs(v) <= ebm.L } // NaN is not
	for i := range c.n {
		env["t"] = float64(i) / float64(c.n-1)
		y1, err := at(one)
		if err != nil {
			return d, err
		}
		y2, err := at(two)
		if err != nil {
			return d, err
		}
		if inside(y1) && inside(y2) {
			d.Points = append(d.Points, sim.Point{y1, y2})
		} else {
			d.Left++
		}
	}
	if len(d.Points) < 2 {
		return d, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("%d of %d points of this curve lie in the plane, which reaches from %v to %v in y1 and y2", len(d.Points), c.n, -ebm.L, ebm.L)}
	}
	return d, nil
}
