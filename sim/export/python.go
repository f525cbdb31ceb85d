package export

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"ebmviz/sim"
)

//go:embed model.py
var pythonTemplate string

// writePython writes a Python program that contains the parameters and prints the energy at given
// points. It needs numpy only. Not every model has one ([ebm.Card] Script).
func writePython(w io.Writer, s Source, _ ebm.For) error {
	c := s.Checkpoint
	card, err := ebm.Lookup(c.Model)
	if err != nil {
		return &sim.Error{Code: sim.UnknownModel, Message: err.Error()}
	}
	if card.Script == "" {
		return &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("%s cannot be exported as a Python script; export its checkpoint or its landscape", card.Title)}
	}
	energy := card.Script
	if strings.Contains(energy, "mlp(") {
		energy = net.Script + "\n\n" + energy
	}
	beta, err := betaOf(card, c.Knobs)
	if err != nil {
		return err
	}
	literal := func(v any) string { // JSON inside a Python string literal
		text, _ := json.Marshal(v) // no error: numbers, strings and booleans
		quoted, _ := json.Marshal(string(text))
		return string(quoted)
	}
	title, _ := json.Marshal(fmt.Sprintf("%s on %s, seed %d, step %d", card.Title, c.Data, c.Seed, c.Step))
	_, err = strings.NewReplacer(
		`"TITLE"`, string(title), `"KNOBS"`, literal(c.Knobs), `"BETA"`, beta, `"PARAMS"`, literal(c.Params), `"AXES"`, literal(c.Axes), "ENERGY\n", energy,
	).WriteString(w, pythonTemplate)
	return err
}

// betaOf returns the β of the model's density at these values of its knobs as a Python number, None if
// it has no density of its own.
func betaOf(card ebm.Card, values map[string]any) (string, error) {
	m, knobs := card.NewExact(), ebm.NewKnobs(card.ID)
	m.Knobs(knobs)
	for name, v := range values {
		if err := knobs.Set(name, v); err != nil {
			return "", &sim.Error{Code: sim.BadCheckpoint, Message: err.Error()}
		}
	}
	if beta := card.Beta(m); beta > 0 {
		return strconv.FormatFloat(beta, 'g', -1, 64), nil
	}
	return "None", nil
}
