package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// pointsInfo is the JSON form of a [sim.PointsInfo], embedded in that of points.
type pointsInfo struct {
	Axes  *axes  `json:"axes,omitempty"`
	Label *label `json:"label,omitempty"`
}

type axes data.Axes

type label struct {
	Name   string   `json:"name"`
	Groups []string `json:"groups"`
	Of     Indices  `json:"of"`
}

func pointsInfoJSON(p sim.PointsInfo) pointsInfo {
	out := pointsInfo{Axes: (*axes)(p.Axes)}
	if l := p.Label; l != nil {
		out.Label = &label{l.Name, append([]string{}, l.Groups...), l.Of} // [] and not null
	}
	return out
}

func (p pointsInfo) value() sim.PointsInfo {
	out := sim.PointsInfo{Axes: (*data.Axes)(p.Axes)}
	if l := p.Label; l != nil {
		out.Label = &sim.Label{Name: l.Name, Groups: l.Groups, Of: l.Of}
	}
	return out
}

// fields adds to the fields of an object those that p is read from. null is the same as none.
func (p *pointsInfo) fields(known map[string]field) map[string]field {
	known["axes"] = optional(&p.Axes)
	known["label"] = optional(&p.Label)
	return known
}

// optional reads a value that may be null with the sentence of its own error.
func optional[T json.Unmarshaler](p *T) field {
	return func(raw json.RawMessage) error {
		if err := json.Unmarshal(raw, p); err != nil {
			return fmt.Errorf("is wrong: %w", err)
		}
		return nil
	}
}

// UnmarshalJSON reads axes strictly.
func (a *axes) UnmarshalJSON(text []byte) error {
	return object(text, "the axes", map[string]field{
		"names":  pair(&a.Names, "two names"),
		"scale":  pair(&a.Scale, "two numbers"),
		"offset": pair(&a.Offset, "two numbers"),
	})
}

// UnmarshalJSON reads a label strictly.
func (l *label) UnmarshalJSON(text []byte) error {
	return object(text, "the label", map[string]field{
		"name":   into(&l.Name, "a name"),
		"groups": into(&l.Groups, "a list of names"),
		"of":     into(&l.Of, "a list with the number of a group, from 0, for each point"),
	})
}

// pair reads two values.
func pair[T any](p *[2]T, want string) field {
	return func(raw json.RawMessage) error {
		var two []*T
		if json.Unmarshal(raw, &two) != nil || len(two) != 2 || two[0] == nil || two[1] == nil {
			return fmt.Errorf("must be %s; got %s", want, excerpt(raw))
		}
		*p = [2]T{*two[0], *two[1]}
		return nil
	}
}

// Indices are written in JSON as a list of numbers, and not as base64.
type Indices []uint8

// MarshalJSON writes a list of numbers.
func (i Indices) MarshalJSON() ([]byte, error) {
	text := append(make([]byte, 0, 2+3*len(i)), '[')
	for j, v := range i {
		if j > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendUint(text, uint64(v), 10)
	}
	return append(text, ']'), nil
}

// UnmarshalJSON reads a list of numbers from 0 to 255.
func (i *Indices) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte(`"`)) {
		return fmt.Errorf("must be a list of numbers; got %s", excerpt(text))
	}
	var all []*uint8
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	*i = make(Indices, len(all))
	for j, v := range all {
		if v == nil {
			return fmt.Errorf("must be a list of numbers; got null")
		}
		(*i)[j] = *v
	}
	return nil
}
