package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"ebmviz/ebm"
	"ebmviz/sim/content"
)

type models struct {
	JSON bool `help:"Print the catalogue as JSON."`
}

func (c *models) Run(m *Main) error {
	catalog := content.Catalog()
	if c.JSON {
		out := json.NewEncoder(m.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(catalog)
	}
	table := tabwriter.NewWriter(m.Stdout, 0, 4, 2, ' ', 0)
	for _, card := range ebm.Cards() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%d steps on %s. %s.\n", card.ID, card.Strategy, card.Title, card.Steps, card.Data, card.Source)
		knobs := ebm.NewKnobs(card.ID)
		card.New().Knobs(knobs)
		printKnobs(table, knobs.All())
		fmt.Fprintln(table)
	}
	for _, set := range catalog.Datasets {
		fmt.Fprintf(table, "%s\tdata\t%s\n", set.ID, set.Title)
		printKnobs(table, set.Knobs)
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// printKnobs prints a line for each knob: its name, default, allowed values and help.
func printKnobs(w io.Writer, knobs []*ebm.Knob) {
	for _, k := range knobs {
		fmt.Fprintf(w, "  %s=%v\t\t%s\t%s\n", k.Name, k.Default, k.Allowed(), strings.TrimSpace(k.Help))
	}
}
