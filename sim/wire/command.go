package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// Command is something that a room does between two steps. It is a plain value; its JSON form,
// written by [EncodeCommand] and read by [DecodeCommand], is the same on a socket and in a journal.
type Command interface {
	verb() string // the key that names it
	body() any    // as JSON
}

// Set sets a knob. The value is a number, a string (of a choice) or a bool.
type Set struct {
	Knob  string `json:"knob"`
	Value any    `json:"value"`
}

// Do is one of the commands that have no parameters.
type Do string

const (
	Play  Do = "play"
	Pause Do = "pause"
	Step  Do = "step"  // makes one step while the run is paused
	Reset Do = "reset" // begins again at step 0 with the present knobs
)

// Open replaces the run by that of a configuration.
type Open struct {
	Config sim.Config

	// Points is how the message names the points of the configuration: their [sim.PointsID], or the
	// code of [DecodePoints]. A room is given the points themselves.
	Points string
}

// Load replaces the run by that of a checkpoint.
type Load struct{ Checkpoint sim.Checkpoint }

// SetPoints makes a user's points the dataset. The model goes on training on them.
type SetPoints struct {
	Points []r2.Vec
	ID     string // their [sim.PointsID]; "" is that of Points

	sim.PointsInfo // what goes with them
}

// SetView changes what the room shows, and how fast; nil leaves a part as it is.
type SetView struct {
	Grid  *int     `json:"grid,omitempty"`
	FPS   *float64 `json:"fps,omitempty"`
	Speed *Speed   `json:"speed,omitempty"`
	// DeltaSpan is over how many steps each frame shows the change of the energy; 0 for none.
	DeltaSpan *int `json:"ledger,omitempty"`
}

// Seek goes to an earlier step, which is quick, or to a later one, which takes as long as its
// steps.
type Seek struct {
	Step uint64 `json:"step"`
}

func (Set) verb() string       { return "set" }
func (Do) verb() string        { return "do" }
func (Open) verb() string      { return "open" }
func (Load) verb() string      { return "load" }
func (SetPoints) verb() string { return "points" }
func (SetView) verb() string   { return "view" }
func (Seek) verb() string      { return "seek" }

func (c Set) body() any     { return c }
func (c Do) body() any      { return string(c) }
func (c SetView) body() any { return c }
func (c Seek) body() any    { return c }
func (c Load) body() any    { return checkpointJSON(c.Checkpoint) }
func (c Open) body() any {
	o := openOf(c.Config)
	if c.Config.Points == nil {
		o.Points = c.Points
	}
	return o
}
func (c SetPoints) body() any {
	if c.ID == "" {
		c.ID = sim.PointsID(c.Points)
	}
	return struct {
		ID string `json:"id"`
		pointsInfo
	}{c.ID, pointsInfoJSON(c.PointsInfo)}
}

// openJSON is the body of "open". Its points are named by their [sim.PointsID]; what goes with them is
// written out, since the same points may have other axes. The seed is always written: a missing one is
// 1 in a command.
type openJSON struct {
	sim.Config
	Seed   uint64 `json:"seed"`
	Points string `json:"points,omitempty"`
	pointsInfo
}

func openOf(c sim.Config) openJSON {
	o := openJSON{Config: c, Seed: c.Seed, pointsInfo: pointsInfoJSON(c.PointsInfo)}
	if c.Points != nil {
		o.Points = sim.PointsID(c.Points)
	}
	return o
}

// PointsOf returns the points that a command carries, nil if it carries none. Its JSON form only
// names them.
func PointsOf(c Command) []r2.Vec {
	switch c := c.(type) {
	case Open:
		return c.Config.Points
	case SetPoints:
		return c.Points
	}
	return nil
}

// PointsNameOf returns how the JSON form of a command named its points, "" if it named none.
func PointsNameOf(c Command) string {
	switch c := c.(type) {
	case Open:
		return c.Points
	case SetPoints:
		return c.ID
	}
	return ""
}

// WithPoints returns the command with the points that its JSON form named.
func WithPoints(c Command, points []r2.Vec) Command {
	switch c := c.(type) {
	case Open:
		c.Config.Points = points
		return c
	case SetPoints:
		c.Points = points
		return c
	}
	return c
}

// EncodeCommand writes a command as JSON, {"set":{"knob":"k","value":20}}.
func EncodeCommand(c Command) ([]byte, error) {
	return json.Marshal(map[string]any{c.verb(): c.body()})
}

// DecodeCommand reads a command. The points of "open" and "points" are named, and have to be looked
// up ([PointsNameOf], [WithPoints]).
func DecodeCommand(text []byte) (Command, error) {
	r, err := decodeRequest(text, len(text), commandVerbs)
	return r.Command, err
}

// Speed is a number of steps per second, or one of two special values. In JSON, MaxSpeed is 0 and
// AutoSpeed is "auto".
type Speed float64

// AutoSpeed is the speed of the model's card, MaxSpeed is as fast as the machine allows.
const AutoSpeed Speed = 0

var MaxSpeed = Speed(math.Inf(1))

// MaxStepsPerSecond is the greatest speed that can be set as a number.
const MaxStepsPerSecond = 1e6

// MarshalJSON writes "auto" or a number.
func (s Speed) MarshalJSON() ([]byte, error) {
	switch s {
	case AutoSpeed:
		return []byte(`"auto"`), nil
	case MaxSpeed:
		return []byte("0"), nil
	}
	return json.Marshal(float64(s))
}

// UnmarshalJSON reads "auto" or a number.
func (s *Speed) UnmarshalJSON(text []byte) error {
	if string(text) == `"auto"` {
		*s = AutoSpeed
		return nil
	}
	if err := json.Unmarshal(text, (*float64)(s)); err != nil {
		return err
	}
	if *s == 0 {
		*s = MaxSpeed
	}
	return nil
}

// Name returns how a state calls the speed: auto, max or set.
func (s Speed) Name() string {
	switch s {
	case AutoSpeed:
		return "auto"
	case MaxSpeed:
		return "max"
	}
	return "set"
}

// Role is what a client may do in a room.
type Role string

const (
	Anonymous Role = "anonymous" // has not said hello
	Viewer    Role = "viewer"
	Driver    Role = "driver" // has the token of the room or of the site, or is the member whose fork it is
	Chalk     Role = "chalk"  // a member whom the owner of the class lets drive
	Member    Role = "member" // of the class of the room
	Screen    Role = "screen" // a projector: it shows
)

// JournalEntry is a command as a room has carried it out.
type JournalEntry struct {
	Revision uint64    // 1, 2, 3, … in the order in which the commands were carried out
	Step     uint64    // of the run before it
	Role     Role      // of who gave it
	Time     time.Time // when
	Command  Command
}

// clientCommands lists the commands that a client sends, and how the body of each is read.
var clientCommands = map[string]func(body json.RawMessage) (Command, error){
	"set":  readSet,
	"do":   readDo,
	"open": readOpen,
	"view": readView,
	"seek": readSeek,
}

// commandVerbs lists all commands.
var commandVerbs = func() map[string]reader {
	all := map[string]reader{}
	for verb, read := range clientCommands {
		all[verb] = readCommand(read)
	}
	all["load"] = readCommand(func(body json.RawMessage) (Command, error) {
		c, err := DecodeCheckpoint(body)
		return Load{c}, err
	})
	all["points"] = readCommand(func(body json.RawMessage) (Command, error) {
		var c SetPoints
		var info pointsInfo
		err := object(body, "points", info.fields(map[string]field{"id": into(&c.ID, "the id of points")}))
		c.PointsInfo = info.value()
		return c, err
	})
	return all
}()

func readCommand(read func(json.RawMessage) (Command, error)) reader {
	return func(r *Request, body json.RawMessage) (err error) {
		r.Command, err = read(body)
		return err
	}
}

func readSet(body json.RawMessage) (Command, error) {
	var c Set
	err := object(body, "set", map[string]field{
		"knob": into(&c.Knob, "the name of a knob"),
		"value": func(raw json.RawMessage) error {
			// The knob checks what it allows. Only numbers too large for any knob are refused here.
			if json.Unmarshal(raw, &c.Value) != nil {
				return fmt.Errorf("must be a number, a word, true or false; got %s", excerpt(raw))
			}
			return nil
		},
	})
	if err == nil && c.Knob == "" {
		return nil, errors.New(`set needs the name of a knob: {"set":{"knob":"k","value":20}}`)
	}
	return c, err
}

var actions = []string{string(Play), string(Pause), string(Step), string(Reset)}

func readDo(body json.RawMessage) (Command, error) {
	var what string
	if err := into(&what, "play, pause, step or reset")(body); err != nil {
		return nil, err
	}
	if !slices.Contains(actions, what) {
		return nil, fmt.Errorf("cannot be %s%s", quote(what), ebm.Suggest(what, actions))
	}
	return Do(what), nil
}

// EncodeOpening writes what [sim.Run.Opening] returns: the command that makes an equal run, or why
// there is none, {"missing":"…"}.
func EncodeOpening(c sim.Config, err error) ([]byte, error) {
	if err != nil {
		return json.Marshal(map[string]string{"missing": err.Error()})
	}
	return EncodeCommand(Open{Config: c})
}

func readOpen(body json.RawMessage) (Command, error) { return DecodeOpen(body) }

// DecodeOpen reads the body of "open". Any part may be missing; the seed is then 1.
func DecodeOpen(body []byte) (Open, error) {
	o := Open{Config: sim.Config{Seed: 1}}
	var info pointsInfo
	err := object(body, "open", info.fields(map[string]field{
		"model":  into(&o.Config.Model, "the id of a model"),
		"data":   into(&o.Config.Data, "the id of a dataset"),
		"seed":   into(&o.Config.Seed, "a whole number from 0 to 18446744073709551615"),
		"knobs":  into(&o.Config.Knobs, "an object of knobs and their values"),
		"points": into(&o.Points, "a code of points, or the id of points that the server has"),
		"log":    readMoves(&o.Config.Moves),
	}))
	o.Config.PointsInfo = info.value()
	return o, err
}

// readMoves reads a list of moves, [{"step":100,"set":{"knob":"kick","value":0.5}},…].
func readMoves(moves *[]sim.Move) field {
	return func(raw json.RawMessage) error {
		var all []json.RawMessage
		if err := into(&all, "a list of moves")(raw); err != nil {
			return err
		}
		for _, text := range all {
			var m sim.Move
			err := object(text, "a move", map[string]field{
				"step": into(&m.Step, "a whole number, 0 or more"),
				"set": func(raw json.RawMessage) error {
					c, err := readSet(raw)
					if err == nil {
						m.Set = sim.Setting(c.(Set))
					}
					return err
				},
			})
			if err == nil && m.Set.Knob == "" {
				err = errors.New(`a move needs a setting: {"step":100,"set":{"knob":"kick","value":0.5}}`)
			}
			if err != nil {
				return fmt.Errorf("is wrong: %w", err)
			}
			*moves = append(*moves, m)
		}
		return nil
	}
}

func readView(body json.RawMessage) (Command, error) {
	var v SetView
	err := object(body, "view", map[string]field{
		"grid":   into(&v.Grid, "a whole number from 16 to 512"),
		"fps":    into(&v.FPS, "a number from 1 to 60"),
		"speed":  into(&v.Speed, `a number of steps per second, 0 for as fast as possible, or "auto"`),
		"ledger": into(&v.DeltaSpan, "a whole number of steps from 0 to 100"),
	})
	return v, err
}

func readSeek(body json.RawMessage) (Command, error) {
	var c Seek
	missing := true
	err := object(body, "seek", map[string]field{"step": func(raw json.RawMessage) error {
		missing = false
		return into(&c.Step, "a whole number, 0 or more")(raw)
	}})
	if err == nil && missing {
		return nil, errors.New(`seek needs a step: {"seek":{"step":400}}`)
	}
	return c, err
}
