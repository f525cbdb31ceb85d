package export

import (
	"encoding/json"
	"io"
	"math"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// writeJSON writes the landscape as one JSON object. Its field "curves" holds the steps of the
// history and, for each scalar, its value at each of them; null where it has none. Where the data were
// a user's points it says what the measures were taken on.
func writeJSON(w io.Writer, s Source, f ebm.For) error {
	l, err := newLandscape(s, f)
	if err != nil {
		return err
	}
	curves := map[string]any{"step": s.History.Steps}
	if s.History.OnOwnPoints() {
		curves[MeasuredOn] = s.History.On
	}
	for i, name := range sim.ColumnNames(s.Checkpoint.Model, s.History.Names, "step", MeasuredOn) {
		values := make([]*float64, len(s.History.Steps))
		for j, v := range s.History.Values[i] {
			if finite(v) {
				values[j] = &v
			}
		}
		curves[name] = values
	}
	return json.NewEncoder(w).Encode(struct {
		landscape
		Curves map[string]any `json:"curves"`
	}{l, curves})
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
