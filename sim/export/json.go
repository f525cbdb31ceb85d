package export

import (
	"encoding/json"
	"io"
	"math"

	"ebmviz/ebm"
)

// writeJSON writes the landscape as one JSON object. Its field "curves" holds the steps of the
// history and, for each scalar, its value at each of them; null where it has none.
func writeJSON(w io.Writer, s Source, f ebm.For) error {
	l, err := newLandscape(s, f)
	if err != nil {
		return err
	}
	curves := map[string]any{"step": s.History.Steps}
	for i, name := range s.History.Names {
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
