package wire

import (
	"encoding/json"

	"ebmviz/sim"
)

// LogFormat is the format of a run log in JSON.
const LogFormat = "ebmviz-log/1"

// runLog is the JSON form of a [sim.Log].
type runLog struct {
	Format  string             `json:"format"`
	Opening opening            `json:"opening"`
	Entries []logEntry         `json:"entries"`
	Steps   uint64             `json:"steps"`            // how many the run has made
	Points  map[string][]Point `json:"points,omitempty"` // by their id
}

// opening has a configuration, or a checkpoint with its metrics.
type opening struct {
	Open       *openJSON   `json:"open,omitempty"`
	Checkpoint *checkpoint `json:"checkpoint,omitempty"`
	Metrics    *metrics    `json:"metrics,omitempty"`
	Generation uint32      `json:"generation"`
}

type metrics struct {
	Values  []*float64 `json:"values"`
	Beta    *float64   `json:"beta"`
	Stale   bool       `json:"stale,omitempty"`
	Pending bool       `json:"pending,omitempty"`
	Parts   int        `json:"parts"`
}

// logEntry is a knob that was set, or the id of points.
type logEntry struct {
	Step       uint64 `json:"step"`
	Generation uint32 `json:"generation,omitempty"`
	Knob       string `json:"knob,omitempty"`
	Value      any    `json:"value,omitempty"`
	Points     string `json:"points,omitempty"`
	pointsInfo
}

func logJSON(l sim.Log) runLog {
	out := runLog{Format: LogFormat, Steps: l.Furthest, Entries: []logEntry{}, Points: map[string][]Point{}}
	out.Opening.Generation = l.Opening.Generation
	if c := l.Opening.Checkpoint; c != nil {
		text, m := checkpointJSON(*c), l.Opening.Metrics
		out.Opening.Checkpoint = &text
		out.Opening.Metrics = &metrics{numbers(m.Values[:]), number(m.Beta), m.Stale, m.Pending, m.Parts}
	} else {
		open := openOf(l.Opening.Config)
		out.Opening.Open = &open
		if open.Points != "" {
			out.Points[open.Points] = Points(l.Opening.Config.Points)
		}
	}
	for _, e := range l.Entries {
		line := logEntry{Step: e.Step, Generation: e.Generation, Knob: e.Knob, Value: e.Value}
		if e.Points != nil {
			line.Points, line.pointsInfo = sim.PointsID(e.Points), pointsInfoJSON(e.PointsInfo)
			out.Points[line.Points] = Points(e.Points)
		}
		out.Entries = append(out.Entries, line)
	}
	return out
}

func (l runLog) value() (sim.Log, error) {
	if l.Format != LogFormat {
		return sim.Log{}, sim.Errorf(sim.BadCheckpoint, "the format of the run log is %s; this program reads %q", quote(l.Format), LogFormat)
	}
	out := sim.Log{Furthest: l.Steps}
	out.Opening.Generation = l.Opening.Generation
	switch o := l.Opening; {
	case (o.Open == nil) == (o.Checkpoint == nil):
		return out, sim.Errorf(sim.BadCheckpoint, "the opening of a run log is a configuration or a checkpoint")
	case o.Open != nil && o.Open.Moves != nil:
		return out, sim.Errorf(sim.BadCheckpoint, "the configuration that opens a run log has no log of its own")
	case o.Open != nil:
		out.Opening.Config = o.Open.Config
		out.Opening.Config.Seed = o.Open.Seed
		if o.Open.Points != "" {
			points, err := l.pointsOf(o.Open.Points)
			if err != nil {
				return out, err
			}
			out.Opening.Config.Points, out.Opening.Config.PointsInfo = Vectors(points), o.Open.value()
		}
	case o.Checkpoint.Past != nil:
		return out, sim.Errorf(sim.BadCheckpoint, "the checkpoint that opens a run log has no past")
	default:
		c, err := o.Checkpoint.value()
		if err != nil {
			return out, err
		}
		out.Opening.Checkpoint = &c
		if m := o.Metrics; m != nil {
			into := &out.Opening.Metrics
			copy(into.Values[:], floats(m.Values))
			into.Beta, into.Stale, into.Pending, into.Parts = floats([]*float64{m.Beta})[0], m.Stale, m.Pending, m.Parts
		}
	}
	for _, line := range l.Entries {
		e := sim.Entry{Step: line.Step, Generation: line.Generation, Change: sim.Change{Knob: line.Knob, Value: line.Value}}
		if line.Points != "" {
			points, err := l.pointsOf(line.Points)
			if err != nil {
				return out, err
			}
			e.Change = sim.Change{Points: Vectors(points), PointsInfo: line.value()}
		}
		out.Entries = append(out.Entries, e)
	}
	return out, nil
}

func (l runLog) pointsOf(id string) ([]Point, error) {
	points, ok := l.Points[id]
	if !ok {
		return nil, sim.Errorf(sim.BadCheckpoint, "the run log names points %s, and does not have them", quote(id))
	}
	return points, nil
}

// EncodeLog writes a run log as JSON. It has the points of the user by their id.
func EncodeLog(l sim.Log) ([]byte, error) { return json.Marshal(logJSON(l)) }

// DecodeLog reads a run log. [sim.Replay] checks what it says.
func DecodeLog(text []byte) (sim.Log, error) {
	var l runLog
	if err := decodeStrictly(text, &l, "run log"); err != nil {
		return sim.Log{}, err
	}
	return l.value()
}
