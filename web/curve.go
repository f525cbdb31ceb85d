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
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// maxFormula is the length limit of a formula, in bytes. Since a formula must be plain arithmetic,
// without the loops and lists of the language expr, this also bounds the time to evaluate it.
const maxFormula = 300

// curvePoints are the points of a curve that lie in the plane.
type curvePoints struct {
	Points []wire.Point `json:"points"`
	Left   int          `json:"left"` // number of points outside the plane or without a value
}

// postCurve answers with the points of the curve in the body.
func (s *Server) postCurve(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxMessage))
	if err != nil {
		fail(w, err)
		return
	}
	c, err := wire.DecodeCurve(text)
	if err != nil {
		fail(w, err)
		return
	}
	points, err := sampleCurve(c)
	if err != nil {
		fail(w, err)
		return
	}
	body, err := json.Marshal(points)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}

// environment returns the variables and functions of a formula at t, besides those of expr in
// builtins.
func environment(t float64) map[string]any {
	return map[string]any{
		"t": t, "pi": math.Pi, "e": math.E,
		"sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
		"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh,
		"exp": math.Exp, "log": math.Log, "sqrt": math.Sqrt, "pow": math.Pow, "atan2": math.Atan2, "hypot": math.Hypot,
	}
}

// The operators and the functions of expr that a formula may use.
var (
	operators = []string{"+", "-", "*", "/", "%", "^", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or", "&&", "||"}
	builtins  = []string{"abs", "ceil", "floor", "max", "min", "round"}
)

// syntax is what the errors say of it.
const syntax = "a formula has numbers, t, pi, e, + - * / ^, and functions such as sin, exp and sqrt"

// compile compiles the formula of a coordinate. The error is a [*sim.Error].
func compile(coordinate, formula string) (*vm.Program, error) {
	bad := func(format string, args ...any) error {
		return &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("the formula of "+coordinate+" "+format, args...)}
	}
	switch {
	case strings.TrimSpace(formula) == "":
		return nil, bad("is empty; it may be t, or sin(2*pi*t)")
	case len(formula) > maxFormula:
		return nil, bad("has %d characters; the limit is %d", len(formula), maxFormula)
	}
	var program *vm.Program
	tree, err := parser.Parse(formula)
	if err == nil {
		var check arithmetic
		ast.Walk(&tree.Node, &check)
		if check.forbidden != "" {
			return nil, bad("must not contain %q; %s", check.forbidden, syntax)
		}
		program, err = expr.Compile(formula, expr.Env(environment(0)), expr.AsFloat64())
	}
	if err != nil {
		if advice := advise(formula); advice != "" {
			return nil, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("in %s = %s: %s", coordinate, shortFormula(formula), advice)}
		}
	}
	var at *file.Error
	switch {
	case errors.As(err, &at):
		return nil, bad("has an error at character %d: %s; %s", at.Column+1, at.Message, syntax)
	case err != nil:
		return nil, bad("has an error: %s", firstLine(err))
	}
	return program, nil
}

// arithmetic is an [ast.Visitor] that finds what is not plain arithmetic.
type arithmetic struct {
	forbidden string // the first such part of the formula
}

func (a *arithmetic) Visit(node *ast.Node) {
	ok := false
	switch n := (*node).(type) {
	case *ast.IdentifierNode, *ast.IntegerNode, *ast.FloatNode, *ast.UnaryNode, *ast.ConditionalNode, *ast.CallNode:
		ok = true
	case *ast.BinaryNode:
		ok = slices.Contains(operators, n.Operator)
	case *ast.BuiltinNode:
		ok = slices.Contains(builtins, n.Name)
	}
	if !ok && a.forbidden == "" {
		a.forbidden = (*node).String()
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// sampleCurve returns the points of the curve that lie in the plane. It is an error if fewer than two do.
func sampleCurve(c wire.Curve) (curvePoints, error) {
	var points curvePoints
	program1, err := compile("y1", c.Y1)
	if err != nil {
		return points, err
	}
	program2, err := compile("y2", c.Y2)
	if err != nil {
		return points, err
	}
	rng := rand.New(rand.NewPCG(1, 0))
	env := environment(0)
	var machine vm.VM
	evaluate := func(p *vm.Program) (float64, error) {
		v, err := machine.Run(p, env)
		if err != nil {
			return 0, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("the formula has no value at t = %.3g: %s", env["t"], firstLine(err))}
		}
		return v.(float64) + c.Noise*rng.NormFloat64(), nil
	}
	inside := func(v float64) bool { return math.Abs(v) <= ebm.L } // false for NaN
	for i := range c.N {
		env["t"] = float64(i) / float64(c.N-1)
		y1, err := evaluate(program1)
		if err != nil {
			return points, err
		}
		y2, err := evaluate(program2)
		if err != nil {
			return points, err
		}
		if inside(y1) && inside(y2) {
			points.Points = append(points.Points, wire.Point{y1, y2})
		} else {
			points.Left++
		}
	}
	if len(points.Points) < 2 {
		return points, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("%d of %d points of this curve lie in the plane, where y1 and y2 are from %v to %v", len(points.Points), c.N, -ebm.L, ebm.L)}
	}
	return points, nil
}
