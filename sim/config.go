package sim

import (
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Config is what a run is made from. A missing part takes its default: model cd, the dataset of
// the model's card, the default of each knob.
type Config struct {
	Model  string         `json:"model,omitempty"`
	Data   string         `json:"data,omitempty"`
	Seed   uint64         `json:"seed,omitempty"`
	Knobs  map[string]any `json:"knobs,omitempty"` // the model's, and the dataset's with the prefix data.
	Points []r2.Vec       `json:"-"`               // of the dataset "custom"
	Moves  []Move         `json:"log,omitempty"`   // in order of step; the run makes them as it steps, or seeks, past them

	PointsInfo `json:"-"` // what goes with the points
}

// dataPrefix begins the names of a dataset's knobs.
const dataPrefix = "data."

// complete fills in the model and the dataset.
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

// splitKnobs returns the model's knobs and the dataset's.
func splitKnobs(knobs map[string]any) (ofModel, ofData map[string]any) {
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

// setAll sets knobs in the order of their names, so that the same mistake always gives the same
// error.
func setAll(knobs *ebm.Knobs, values map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, err := knobs.Lookup(name); err != nil {
			return &Error{UnknownKnob, err.Error()}
		}
		if err := knobs.Set(name, values[name]); err != nil {
			return &Error{BadValue, err.Error()}
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
