package web

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// boardSuffix follows the id of a class's room in that of its board.
const boardSuffix = ".board"

// boardFPS is how many frames a second a board shows at most.
const boardFPS = 4

var (
	errBoard     = &sim.Error{Code: "forbidden", Message: "only the owner of the class may watch its board"}
	errBoardOnly = &sim.Error{Code: "forbidden", Message: "a board can be watched, and nothing else"}
)

// board is a room that shows small pictures of the forks of a class's members. It can only be watched. Its
// frames have section 11 and no grid; while nobody watches it does nothing.
type board struct {
	*room.Broadcast
	of      *entry // the room of the class
	rooms   *rooms
	wake    chan struct{}
	closing chan struct{}
	seq     uint32
	scaled  map[int]scaled // by the index of a fork
	shown   []wire.SmallPicture
	runs    map[int]boardRun // by the index of a fork, as published last
}

// boardRun is what a fork learns.
type boardRun struct {
	Model string `json:"model"`
	Data  string `json:"data"`
}

// scaled is a small picture with as many cells as the board has room for.
type scaled struct {
	from    *wire.SmallPicture
	side    int
	picture wire.SmallPicture
}

// findOrBoard returns the room of that id, also that of /check, or the board of a class, or nil.
func (rs *rooms) findOrBoard(id string) *entry {
	ofClass, isBoard := strings.CutSuffix(id, boardSuffix)
	if id == checkRoom {
		return rs.checking()
	}
	if !isBoard {
		return rs.find(id)
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	e := rs.byID[ofClass]
	if e == nil || !e.hasClass() {
		return nil
	}
	if e.board == nil {
		e.board = &entry{id: id, token: randomHex(16), Room: newBoard(e, rs)}
		e.board.class.Store(e.class.Load())
	}
	return e.board
}

// isBoard reports whether the room is a board.
func (e *entry) isBoard() bool {
	_, ok := e.Room.(*board)
	return ok
}

func newBoard(of *entry, rs *rooms) *board {
	b := &board{of: of, rooms: rs, wake: make(chan struct{}, 1), closing: make(chan struct{}), scaled: map[int]scaled{}}
	b.Broadcast = room.NewBroadcast(func() {
		select {
		case b.wake <- struct{}{}:
		default:
		}
	})
	b.publishRuns(map[int]boardRun{}, &room.Points{})
	b.PublishFrame(b.frame(nil))
	go b.loop()
	return b
}

// publishRuns publishes what the forks learn, as a part of the state.
func (b *board) publishRuns(runs map[int]boardRun, none *room.Points) {
	now := b.of.Describe()
	state := wire.State{Model: now.State.Model, Data: now.State.Data, Knobs: map[string]any{}, FPS: boardFPS, Pace: "auto"}
	text, _ := json.Marshal(struct { // words and numbers that are finite: it cannot fail
		wire.State
		Forks map[int]boardRun `json:"forks"`
	}{state, runs})
	b.runs = runs
	b.PublishSnapshot(&room.Snapshot{State: state, Points: none, JSON: text})
}

// loop publishes a frame whenever a picture has changed, but not too often.
func (b *board) loop() {
	for {
		select {
		case <-b.closing:
			return
		case <-b.wake:
		}
		for b.Demand().Viewers > 0 {
			if pictures := b.pictures(); b.changed(pictures) {
				b.PublishFrame(b.frame(pictures))
			}
			fps := float64(boardFPS)
			if f := b.Demand().FPS; f > 0 {
				fps = min(fps, f)
			}
			select {
			case <-b.closing:
				return
			case <-time.After(time.Duration(float64(time.Second) / fps)):
			}
		}
	}
}

// pictures returns the newest picture of each fork, in order of their index. If a fork learns something else
// than before, it publishes that.
func (b *board) pictures() []wire.SmallPicture {
	forks := b.rooms.forksOf(b.of.class.Load())
	slices.SortFunc(forks, func(a, b *entry) int { return a.index - b.index })
	side := boardSide(len(forks))
	all := make([]wire.SmallPicture, 0, len(forks))
	now, runs := make(map[int]scaled, len(forks)), make(map[int]boardRun, len(forks))
	for _, e := range forks {
		frame := e.Frame()
		if frame == nil || frame.Small == nil {
			continue
		}
		s, ok := b.scaled[e.index]
		if !ok || s.from != frame.Small || s.side != side {
			s = scaled{frame.Small, side, frame.Small.Scaled(side)}
		}
		now[e.index] = s
		p := s.picture
		state := e.Describe().State
		p.Index, p.Status = uint32(e.index), statusOf(state)
		runs[e.index] = boardRun{state.Model, state.Data}
		all = append(all, p)
	}
	b.scaled = now
	if !maps.Equal(runs, b.runs) {
		b.publishRuns(runs, b.Snapshot().Points)
	}
	return all
}

// boardSide returns how many cells a side the pictures of so many forks have.
func boardSide(forks int) int {
	switch {
	case forks <= 32:
		return 48
	case forks <= 128:
		return 32
	}
	return 16
}

// statusOf returns what a fork does.
func statusOf(s wire.State) wire.Status {
	switch {
	case s.Halt != nil:
		return wire.Halted
	case s.Asleep:
		return wire.Asleep
	case s.Waits:
		return wire.Waiting
	case s.Playing:
		return wire.Playing
	}
	return wire.Paused
}

// changed reports whether the pictures differ from those that were published last, or are wanted in
// another format.
func (b *board) changed(pictures []wire.SmallPicture) bool {
	same := func(p, q wire.SmallPicture) bool {
		return p.Index == q.Index && p.Status == q.Status && p.Step == q.Step && p.NX == q.NX && len(p.Cells) == len(q.Cells) &&
			(len(p.Cells) == 0 || &p.Cells[0] == &q.Cells[0])
	}
	if !slices.EqualFunc(pictures, b.shown, same) {
		return true
	}
	newest := b.Frame()
	return slices.ContainsFunc(b.formats(), func(f wire.Format) bool { return !newest.Has(f) })
}

func (b *board) formats() []wire.Format {
	all := []wire.Format{}
	for _, l := range b.Demand().Looks {
		if f := l.Format(0); !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		all = append(all, wire.Look{}.Format(0))
	}
	return all
}

// frame makes a frame of pictures.
func (b *board) frame(pictures []wire.SmallPicture) *room.Frame {
	b.seq++
	b.shown = pictures
	f := wire.Frame{Seq: b.seq, ServerMS: float64(time.Now().UnixMicro()) / 1000, Pictures: pictures}
	frame := &room.Frame{Seq: b.seq}
	for _, format := range b.formats() {
		frame.Add(format, wire.EncodeFrame(&f, format))
	}
	return frame
}

// Do refuses all commands.
func (b *board) Do(context.Context, wire.Command, wire.Role) (uint64, error) { return 0, errBoardOnly }

// Ask refuses all queries.
func (b *board) Ask(context.Context, wire.Query) (wire.Answer, error) {
	return wire.Answer{}, errBoardOnly
}

// Fork refuses to fork.
func (b *board) Fork(context.Context, room.Fork) (room.Room, error) { return nil, errBoardOnly }

// Describe returns a snapshot without a run.
func (b *board) Describe() *room.Snapshot { return b.Snapshot() }

// Close ends the board and its feeds. It is called once.
func (b *board) Close() {
	close(b.closing)
	b.Broadcast.Close()
}
