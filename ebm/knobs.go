package ebm

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a knob's value.
type Kind string

const (
	Float  Kind = "float"
	Int    Kind = "int"
	Choice Kind = "choice"
	Bool   Kind = "bool"
)

// Scale says how a slider spreads a knob's range.
type Scale string

const (
	Linear Scale = "linear"
	Log    Scale = "log"
	Log2   Scale = "log2" // doubling at each stop; values between the stops are allowed
)

// Knob describes one hyperparameter. Its JSON is part of the catalogue.
type Knob struct {
	Name    string   `json:"name"`
	Label   string   `json:"label,omitempty"` // the name shown, if it is not Name
	Symbol  string   `json:"symbol"`
	Kind    Kind     `json:"kind"`
	Default any      `json:"default"` // float64, int, string or bool
	Min     float64  `json:"min"`
	Max     float64  `json:"max"`
	Scale   Scale    `json:"scale,omitempty"`
	Zero    bool     `json:"zero,omitempty"` // the slider's lowest stop is 0, below Min
	Choices []string `json:"choices,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Help    string   `json:"help"`    // what one will see
	Restart bool     `json:"restart"` // whether changing it starts the model (or the data) afresh
	When    *When    `json:"when,omitempty"`

	bound any // *float64, *int, *string or *bool
}

// When says that a knob has an effect only while another one, a choice, is one of these.
type When struct {
	Knob string   `json:"knob"`
	Is   []string `json:"is"`
}

// Option adds to the description of a knob.
type Option func(*Knob)

var (
	OnLog    Option = func(k *Knob) { k.Scale = Log }
	OnLog2   Option = func(k *Knob) { k.Scale = Log2 }
	OrZero   Option = func(k *Knob) { k.Zero = true }
	Restarts Option = func(k *Knob) { k.Restart = true }
)

// Called sets the label that is shown: "step size" for eta.
func Called(label string) Option { return func(k *Knob) { k.Label = label } }

// OnlyFor says that the knob has an effect only while the named choice is one of these.
// Otherwise it is hidden and keeps its value.
func OnlyFor(choice string, is ...string) Option {
	return func(k *Knob) { k.When = &When{choice, is} }
}

// Unit names the unit of a knob's value.
func Unit(u string) Option { return func(k *Knob) { k.Unit = u } }

// Knobs is a list of declared hyperparameters, each bound to a field, in the manner of
// package flag: the value of the field at the time of declaration is the default.
type Knobs struct {
	owner string // what the errors call the owner: a model's or a dataset's id
	list  []*Knob
}

// NewKnobs returns an empty list for the model or dataset of that id.
func NewKnobs(owner string) *Knobs { return &Knobs{owner: owner} }

// Float declares a real-valued knob on [lo, hi]. symbol is TeX, help says what one will see.
func (k *Knobs) Float(p *float64, name, symbol string, lo, hi float64, help string, opts ...Option) {
	k.add(&Knob{Name: name, Symbol: symbol, Kind: Float, Default: *p, Min: lo, Max: hi, Help: help, bound: p}, opts)
}

// Int declares a whole-numbered knob on {lo, …, hi}.
func (k *Knobs) Int(p *int, name, symbol string, lo, hi int, help string, opts ...Option) {
	k.add(&Knob{Name: name, Symbol: symbol, Kind: Int, Default: *p, Min: float64(lo), Max: float64(hi), Help: help, bound: p}, opts)
}

// Choice declares a knob that is one of a few strings.
func (k *Knobs) Choice(p *string, name, symbol string, choices []string, help string, opts ...Option) {
	k.add(&Knob{Name: name, Symbol: symbol, Kind: Choice, Default: *p, Choices: choices, Help: help, bound: p}, opts)
}

// Bool declares a switch.
func (k *Knobs) Bool(p *bool, name, symbol, help string, opts ...Option) {
	k.add(&Knob{Name: name, Symbol: symbol, Kind: Bool, Default: *p, Help: help, bound: p}, opts)
}

func (k *Knobs) add(n *Knob, opts []Option) {
	if n.Kind == Float || n.Kind == Int {
		n.Scale = Linear
	}
	for _, o := range opts {
		o(n)
	}
	if k.find(n.Name) != nil {
		panic(fmt.Sprintf("ebm: knob %q of %s is declared twice", n.Name, k.owner))
	}
	if err := n.check(n.Default); err != nil || n.Help == "" {
		panic(fmt.Sprintf("ebm: knob %q of %s needs a help text and a default in its range: %v", n.Name, k.owner, err))
	}
	k.list = append(k.list, n)
}

// All returns the knobs in the order of declaration.
func (k *Knobs) All() []*Knob { return k.list }

func (k *Knobs) find(name string) *Knob {
	for _, n := range k.list {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// Lookup returns the knob of that name, or an error that suggests the nearest.
func (k *Knobs) Lookup(name string) (*Knob, error) {
	if n := k.find(name); n != nil {
		return n, nil
	}
	names := make([]string, len(k.list))
	for i, n := range k.list {
		names[i] = n.Name
	}
	return nil, fmt.Errorf("knob %q does not exist for %s%s", name, k.owner, Suggest(name, names))
}

// Set gives a knob a value: a float64 or int for numbers, a string for a choice, a bool
// for a switch. A value of another type or out of range is an error that names what is
// allowed, and changes nothing.
func (k *Knobs) Set(name string, value any) error {
	n, err := k.Lookup(name)
	if err != nil {
		return err
	}
	if err := n.check(value); err != nil {
		return err
	}
	switch p := n.bound.(type) {
	case *float64:
		*p = number(value)
	case *int:
		*p = int(number(value))
	case *string:
		*p = value.(string)
	case *bool:
		*p = value.(bool)
	}
	return nil
}

// Parse sets a knob from text, as on the command line.
func (k *Knobs) Parse(name, text string) error {
	n, err := k.Lookup(name)
	if err != nil {
		return err
	}
	var value any = text
	switch n.Kind {
	case Float, Int:
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			value = v
		}
	case Bool:
		if v, err := strconv.ParseBool(text); err == nil {
			value = v
		}
	}
	return k.Set(name, value)
}

// Values returns the present value of every knob by name.
func (k *Knobs) Values() map[string]any {
	all := make(map[string]any, len(k.list))
	for _, n := range k.list {
		all[n.Name] = n.Value()
	}
	return all
}

// Value returns the present value: a float64, int, string or bool.
func (n *Knob) Value() any {
	switch p := n.bound.(type) {
	case *float64:
		return *p
	case *int:
		return *p
	case *string:
		return *p
	default:
		return *(p.(*bool))
	}
}

// check reports whether the knob may take the value.
func (n *Knob) check(value any) error {
	switch n.Kind {
	case Float, Int:
		v := number(value)
		inside := v >= n.Min && v <= n.Max || n.Zero && v == 0
		if math.IsNaN(v) || !inside || n.Kind == Int && v != math.Trunc(v) {
			return fmt.Errorf("knob %q must be %s; got %s", n.Name, n.Allowed(), describe(value))
		}
	case Choice:
		if v, ok := value.(string); !ok || !slices.Contains(n.Choices, v) {
			return fmt.Errorf("knob %q must be %s; got %s", n.Name, n.Allowed(), describe(value))
		}
	case Bool:
		if _, ok := value.(bool); !ok {
			return fmt.Errorf("knob %q must be %s; got %s", n.Name, n.Allowed(), describe(value))
		}
	}
	return nil
}

// Allowed says in words what values the knob may take: "a number from 0.02 to 0.5".
func (n *Knob) Allowed() string {
	switch n.Kind {
	case Choice:
		return "one of " + strings.Join(n.Choices, ", ")
	case Bool:
		return "true or false"
	}
	noun := "a number"
	if n.Kind == Int {
		noun = "a whole number"
	}
	text := fmt.Sprintf("%s from %v to %v", noun, n.Min, n.Max)
	if n.Zero {
		text += ", or 0"
	}
	return text
}

// number returns the value as a float64, NaN if it is no number.
func number(value any) float64 {
	switch v := value.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	}
	return math.NaN()
}

func describe(value any) string {
	if s, ok := value.(string); ok {
		if len(s) > 40 {
			s = strings.ToValidUTF8(s[:40], "") + "…"
		}
		return strconv.Quote(s)
	}
	if value == nil {
		return "nothing"
	}
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	switch value.(type) {
	case int, bool:
		return fmt.Sprint(value)
	}
	return "a value that is not a number, string or bool"
}
