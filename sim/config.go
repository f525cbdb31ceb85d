package sim

import (
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// Config is what a run is made from. Its JSON is the wire's `open`. What is missing takes
// its default: model cd, the data of the model's card, every knob its own.
type Config struct {
	Model  string         `json:"model,omitempty"`
	Data   string         `json:"data,omitempty"`
	Seed   uint64         `json:"seed,omitempty"`
	Knobs  map[string]any `json:"knobs,omitempty"` // the model's, and the dataset's under data.*
	Points []r2.Vec       `json:"-"`               // of the dataset "custom"
}

const dataPrefix = "data."

// complete fills in the model and the data.
func (c Config) complete() (Config, ebm.Card, error) {
	if c.Model == "" {
		c.Model = "cd"
	}
	card, err := ebm.Lookup(c.Model)
	if err != nil {
		return c, card, &Error{UnknownModel, err.Error()}
	}
	if c.Data == "" {
		c.Data = card.Data
	}
	return c, card, nil
}

// split returns the model's knobs and the dataset's.
func split(knobs map[string]any) (ofModel, ofData map[string]any) {
	ofModel, ofData = map[string]any{}, map[string]any{}
	for name, value := range knobs {
		if strings.HasPrefix(name, dataPrefix) {
			ofData[name] = value
		} else {
			ofModel[name] = value
		}
	}
	return ofModel, ofData
}

// setAll gives the knobs their values, in the order of their names so that the same
// mistake always gives the same sentence.
func setAll(knobs *ebm.Knobs, values map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := setOne(knobs, name, values[name]); err != nil {
			return err
		}
	}
	return nil
}

func setOne(knobs *ebm.Knobs, name string, value any) error {
	if _, err := knobs.Lookup(name); err != nil {
		return &Error{UnknownKnob, err.Error()}
	}
	if err := knobs.Set(name, value); err != nil {
		return &Error{BadValue, err.Error()}
	}
	return nil
}

// cloud is a dataset at certain values of its knobs. It never changes: a moved knob makes
// another one.
type cloud struct {
	card       data.Card
	set        data.Set
	knobs      *ebm.Knobs
	points     []r2.Vec
	given      []r2.Vec // of the dataset "custom"
	own        string   // their name
	generation uint32
	truth      *truth // nil until something is measured
}

// newCloud draws the points of the dataset at these values of its knobs.
func newCloud(id string, given []r2.Vec, values map[string]any, generation uint32) (*cloud, error) {
	card, err := data.Lookup(id)
	if err != nil {
		return nil, &Error{UnknownDataset, err.Error()}
	}
	c := &cloud{card: card, given: given, generation: generation, knobs: ebm.NewKnobs(id)}
	c.set = card.New()
	if id == "custom" {
		if err := checkPoints(given); err != nil {
			return nil, err
		}
		c.set, c.own = data.NewCustom(given), OwnID(given)
	}
	c.set.Knobs(c.knobs)
	if err := setAll(c.knobs, values); err != nil {
		return nil, err
	}
	c.points = c.set.Points()
	return c, nil
}

// ownPoints is the name under which a timeline takes down that somebody brought points.
const ownPoints = "points"

// with returns the dataset with one knob moved, or with other points of somebody's own.
func (c *cloud) with(name string, value any, generation uint32) (*cloud, error) {
	values := c.knobs.Values()
	if name == ownPoints {
		if c.card.ID != "custom" {
			values = nil
		}
		delete(values, "data.n") // of all of them
		return newCloud("custom", value.([]r2.Vec), values, generation)
	}
	if _, err := c.knobs.Lookup(name); err != nil {
		return nil, &Error{UnknownKnob, err.Error()}
	}
	values[name] = value
	return newCloud(c.card.ID, c.given, values, generation)
}

// equal reports whether two datasets have the same points and the same knobs.
func (c *cloud) equal(other *cloud) bool {
	return c.card.ID == other.card.ID && c.own == other.own && maps.Equal(c.knobs.Values(), other.knobs.Values())
}

// checkPoints refuses points that no model can learn from.
func checkPoints(given []r2.Vec) error {
	switch {
	case len(given) == 0:
		return complain(BadValue, "the dataset custom has no points yet")
	case len(given) > data.MaxPoints:
		return complain(Limit, "%d points are more than the %d that are allowed", len(given), data.MaxPoints)
	}
	for i, y := range given {
		if !finite(y.X) || !finite(y.Y) {
			return complain(BadValue, "point %d is not finite", i+1)
		}
	}
	return nil
}

// merged returns the values of both lists of knobs.
func merged(a, b *ebm.Knobs) map[string]any {
	all := a.Values()
	maps.Copy(all, b.Values())
	return all
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
