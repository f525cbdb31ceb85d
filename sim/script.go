package sim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

//go:embed script.py
var scriptFrame string

// Script writes a checkpoint as a program in Python that needs numpy and nothing else: it has
// the parameters in it, and prints F where it is asked. The error says that the method has none.
func Script(c Checkpoint) (string, error) {
	card, err := ebm.Lookup(c.Model)
	if err != nil {
		return "", &Error{UnknownModel, err.Error()}
	}
	if card.Script == "" {
		return "", complain(BadValue, "there is no script for %s yet; its checkpoint and its landscape can be saved", card.Title)
	}
	body := card.Script
	if strings.Contains(body, "mlp(") {
		body = net.Script + "\n\n" + body
	}
	quoted := func(v any) string { // a Python literal: JSON within JSON's own quotes
		text, _ := json.Marshal(v) // of numbers and words
		twice, _ := json.Marshal(string(text))
		return string(twice)
	}
	title, _ := json.Marshal(fmt.Sprintf("%s on %s, seed %d, step %d", card.Title, c.Data.Name, c.Seed, c.Step))
	return strings.NewReplacer(
		"\"TITLE\"", string(title), "\"KNOBS\"", quoted(c.Knobs), "\"PARAMS\"", quoted(c.Params), "ENERGY\n", body,
	).Replace(scriptFrame), nil
}
