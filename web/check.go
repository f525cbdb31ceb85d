package web

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// checkRoom is the id of the room in which the page /check tries the line. Everybody may watch it.
const checkRoom = "check"

const (
	checkFPS  = 10
	checkSide = 48
)

var errCheckOnly = &sim.Error{Code: "forbidden", Message: "this room is there to try the line; it can be watched, and nothing else"}

// check is a room without a run, whose frames show a hill that moves. While nobody watches it does nothing.
type check struct {
	*room.Broadcast
	wake    chan struct{}
	closing chan struct{}
	close   sync.Once
	frame   wire.Frame
}

func newCheck() *check {
	c := &check{wake: make(chan struct{}, 1), closing: make(chan struct{})}
	c.Broadcast = room.NewBroadcast(func() {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	})
	c.frame.Picture = sim.Picture{NX: checkSide, NY: checkSide, X0: -1, X1: 1, Y0: -1, Y1: 1, Hi: 1, Grid: make([]float32, checkSide*checkSide)}
	state := wire.State{Knobs: map[string]any{}, FPS: checkFPS, Grid: checkSide, Pace: "auto", Playing: true}
	text, _ := json.Marshal(state) // words and numbers that are finite: it cannot fail
	c.PublishSnapshot(&room.Snapshot{State: state, Points: &room.Points{}, JSON: text})
	c.publish()
	go c.loop()
	return c
}

func (c *check) loop() {
	tick := time.NewTicker(time.Second / checkFPS)
	defer tick.Stop()
	for {
		for c.Demand().Viewers == 0 {
			select {
			case <-c.closing:
				return
			case <-c.wake:
			}
		}
		c.publish()
		select {
		case <-c.closing:
			return
		case <-tick.C:
		}
	}
}

// publish publishes the next frame.
func (c *check) publish() {
	f := &c.frame
	f.Seq++
	f.Step++
	f.ServerMS = float64(time.Now().UnixMicro()) / 1000
	sin, cos := math.Sincos(float64(f.Seq) / checkFPS)
	for i := range f.Grid {
		x, y := float64(i%checkSide)/checkSide*2-1-.5*cos, float64(i/checkSide)/checkSide*2-1-.5*sin
		f.Grid[i] = float32(math.Exp(-4 * (x*x + y*y)))
	}
	frame := &room.Frame{Seq: f.Seq, Step: f.Step, Grid: checkSide}
	for _, l := range append(slices.Clone(c.Demand().Looks), wire.Look{}) {
		if format := l.Format(checkSide); !frame.Has(format) {
			frame.Add(format, wire.EncodeFrame(f, format))
		}
	}
	c.PublishFrame(frame)
}

func (c *check) Do(context.Context, wire.Command, wire.Role) (uint64, error) { return 0, errCheckOnly }

func (c *check) Ask(context.Context, wire.Query) (wire.Answer, error) {
	return wire.Answer{}, errCheckOnly
}

func (c *check) Fork(context.Context, room.Fork) (room.Room, error) { return nil, errCheckOnly }

func (c *check) Describe() *room.Snapshot { return c.Snapshot() }

// Close ends the room and its feeds.
func (c *check) Close() {
	c.close.Do(func() { close(c.closing) })
	c.Broadcast.Close()
}

// isCheck reports whether the room is the one that tries lines.
func (e *entry) isCheck() bool {
	_, ok := e.Room.(*check)
	return ok
}

// checking returns the room that tries lines, nil once the server closes.
func (rs *rooms) checking() *entry {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed {
		return nil
	}
	if rs.check == nil {
		rs.check = &entry{id: checkRoom, token: randomHex(16), Room: newCheck()}
	}
	return rs.check
}

// noteDevice notes when another device than this computer has reached the server, and not which.
func (s *Server) noteDevice(r *http.Request) {
	if from := addressOf(r); from.IsValid() && !s.isHere(r) {
		s.reachedAt.Store(time.Now().Unix())
	}
}

// isHere reports whether a request comes from this computer.
func (s *Server) isHere(r *http.Request) bool {
	from := addressOf(r)
	return from.IsLoopback() || s.guard.addrs[from] || s.guard.local != nil && s.guard.local.has(from)
}

// getCheck says what the page /check cannot find out: whether the browser is on this computer, how many
// seconds ago another device has reached it, -1 for never, and at which addresses that is to be tried.
func (s *Server) getCheck(w http.ResponseWriter, r *http.Request) {
	out := struct {
		Open      bool     `json:"open"` // to other devices
		Here      bool     `json:"here"`
		Reached   int64    `json:"reached"`
		Addresses []string `json:"addresses"`
	}{Open: s.options.Open, Here: s.isHere(r), Reached: -1, Addresses: []string{}}
	if out.Here {
		if at := s.reachedAt.Load(); at > 0 {
			out.Reached = max(0, time.Now().Unix()-at)
		}
		if s.options.Open {
			out.Addresses = append(out.Addresses, s.Addresses()...)
		}
	}
	body, _ := json.Marshal(out) // texts and numbers: it cannot fail
	answer(w, body)
}
