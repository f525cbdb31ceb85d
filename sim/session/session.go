package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

// Codes of the errors of a session, besides those of package sim.
const (
	Panicked sim.Code = "panic"
	Stuck    sim.Code = "stuck"
	Closed   sim.Code = "closed"
)

// Options say how a session is opened, besides its run and its view.
type Options struct {
	Cores *sched.Cores // the cores it shares; nil is those of the whole process
	Play  bool         // plays at once
	Log   *slog.Logger // where the stack of a panic goes; nil is nowhere

	// Background is as in [room.Fork]. Turns are those that sessions in the background take; they
	// need none if it is nil.
	Background bool
	Turns      *sched.Turns
	Bounds     *room.Bounds // see [room.Fork]

	points *room.Points // of the parent of a fork
}

// Session is a run with a goroutine, a pace and viewers. Its methods may be called by any
// goroutine.
type Session struct {
	*room.Broadcast
	options  Options
	share    *sched.Share
	log      *slog.Logger
	requests chan *request
	wake     chan struct{}
	closing  chan struct{}
	done     chan struct{}
	close    sync.Once
	watchdog watchdog
	awake    *sched.Turn // nil if it needs none

	// The rest belongs to the goroutine.
	run           *sim.Run     // nil while it is parked
	past          *sim.Past    // of a run that is parked
	snapshotBytes int          // the bound of a run in the background
	idle          time.Time    // since when the run has been at rest; zero if it makes steps
	stepRun       func() error // run.Step, bound once: binding allocates
	renderer      sim.Renderer
	frame         wire.Frame
	small         *wire.SmallPicture // made last
	smallTime     time.Time
	view          View
	playing       bool
	asleep        bool
	waits         bool // for a turn
	halt          *wire.Halt
	goal          *uint64 // the step that a Seek goes to
	journal       journal
	replies       []reply // to be sent at the end of the turn
	pacer
	seq          uint32
	runs         uint64 // how many runs and restarts there were
	revision     uint64 // how many commands were carried out
	runRevision  uint64 // of the run, when it was last published
	frameChanged bool   // there is something new to show
	stateChanged bool   // there is something new in the state
}

// Open starts a session with a new run, paused unless the options say otherwise. Its first frame
// is published when Open returns.
func Open(c sim.Config, v View, o Options) (*Session, error) {
	return open(func(f ebm.For) (*sim.Run, error) { return sim.NewRun(c, f) }, v, o)
}

// OpenLog starts a session with the run of a log, at its last step.
func OpenLog(l sim.Log, v View, o Options) (*Session, error) {
	return open(func(f ebm.For) (*sim.Run, error) {
		r, err := sim.Replay(l, f)
		if err == nil {
			err = r.Seek(r.Furthest())
		}
		return r, err
	}, v, o)
}

// open starts a session with the run that start makes on its cores.
func open(start func(ebm.For) (*sim.Run, error), v View, o Options) (*Session, error) {
	if o.Cores == nil {
		o.Cores = sched.Machine()
	}
	s := &Session{
		options: o, log: o.Log,
		requests: make(chan *request), wake: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
		playing: o.Play, stateChanged: true, frameChanged: true,
	}
	s.share = s.newShare()
	s.share.Raise = make(chan struct{}, 1)
	if o.Background && o.Turns != nil {
		s.awake = o.Turns.New(s.wakeUp)
	}
	s.Broadcast = room.NewBroadcast(s.wakeUp)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.stepRun = func() error { return s.run.Step() }
	s.share.Acquire(nil)
	defer s.share.Release()
	if err := s.guard(func() (err error) {
		s.run, err = start(s.share.For)
		if err == nil && o.Background {
			s.snapshotBytes = s.run.SnapshotBytes() + ownSnapshotBytes
			s.run.LimitSnapshots(s.snapshotBytes)
		}
		return err
	}); err != nil {
		return nil, withCode(err)
	}
	s.view = v.withDefaults()
	if err := s.view.check(); err != nil {
		return nil, err
	}
	if err := s.guard(s.noteDeltas); err != nil {
		return nil, withCode(err)
	}
	s.asleep = !s.watched()
	s.publish()
	if s.Frame() == nil {
		return nil, &sim.Error{Code: s.halt.Code, Message: s.halt.Message}
	}
	s.watchdog.init(s)
	go s.loop()
	return s, nil
}

// Fork starts a session with an equal run; see [room.Room].
func (s *Session) Fork(ctx context.Context, f room.Fork) (room.Room, error) {
	var past sim.Past
	var view View
	var points *room.Points
	err := s.call(ctx, func() (err error) {
		past, view, points = s.run.Past(), s.view, s.Snapshot().Points
		if f.Step != nil {
			past, err = past.At(*f.Step)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	o := s.options
	o.Play, o.Background, o.Bounds, o.points = false, f.Background, f.Bounds, points
	fork, err := open(past.Open, view, o)
	if err != nil {
		return nil, err
	}
	return fork, nil
}

// noteDeltas has a run that was just opened show the change of the energy over the last steps.
func (s *Session) noteDeltas() error {
	step, err := s.run.SetDeltaSpan(uint64(s.view.DeltaSpan))
	if err == nil {
		err = s.run.Seek(step)
	}
	return err
}

// newShare returns a share of the cores.
func (s *Session) newShare() *sched.Share {
	share := s.options.Cores.NewShare()
	if s.options.Background {
		share.Priority = sched.Prompt
	}
	return share
}

// Close ends the session and waits for its goroutine, unless that is stuck in a step.
func (s *Session) Close() {
	s.close.Do(func() { close(s.closing) })
	s.Broadcast.Close()
	for {
		n := s.Snapshot()
		if stuck(n) {
			return
		}
		select {
		case <-s.done:
			return
		case <-n.Next():
		}
	}
}

// wakeUp has the goroutine see what the viewers want.
func (s *Session) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// watched reports whether there are viewers. Without them the session sleeps.
func (s *Session) watched() bool { return s.Demand().Viewers > 0 }

// Describe returns the newest snapshot.
func (s *Session) Describe() *room.Snapshot { return s.Snapshot() }

// request is something that the goroutine does between two steps.
type request struct {
	command wire.Command
	by      wire.Role
	call    func() error // in place of a command
	begun   atomic.Bool  // by the session, or by a caller who gives it up
	reply   chan reply
}

// reply is what a request has come to.
type reply struct {
	to       chan<- reply
	revision uint64
	err      error
}

// Do carries out a command between two steps. It returns when the state and a frame that show it
// are published, with their revision. If ctx ends before the command is begun, it never is. The
// error is a [*sim.Error], or that of ctx.
func (s *Session) Do(ctx context.Context, c wire.Command, by wire.Role) (revision uint64, err error) {
	r, err := s.request(ctx, &request{command: c, by: by})
	return r.revision, err
}

// call has the goroutine call f between two steps.
func (s *Session) call(ctx context.Context, f func() error) error {
	_, err := s.request(ctx, &request{call: f})
	return err
}

func (s *Session) request(ctx context.Context, q *request) (reply, error) {
	q.reply = make(chan reply, 1)
	select {
	case s.share.Raise <- struct{}{}:
	default:
	}
	done := ctx.Done()
	for to := s.requests; ; {
		n := s.Snapshot()
		if stuck(n) {
			q.begun.Store(true) // if it has not begun it never will
			return reply{}, &sim.Error{Code: Stuck, Message: n.State.Halt.Message}
		}
		select {
		case to <- q:
			to = nil
		case r := <-q.reply:
			return r, withCode(r.err)
		case <-done:
			if q.begun.CompareAndSwap(false, true) {
				return reply{}, ctx.Err()
			}
			done = nil // it is being carried out
		case <-s.done:
			return reply{}, sim.Errorf(Closed, "the session has ended")
		case <-n.Next():
		}
	}
}

// withCode turns an error into a *sim.Error. It returns nil and the errors of a context as they are.
func withCode(err error) error {
	var e *sim.Error
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &e):
		return e
	case sim.CodeOf(err) != "":
		return &sim.Error{Code: sim.CodeOf(err), Message: err.Error()}
	}
	return &sim.Error{Code: sim.BadValue, Message: err.Error()}
}

// guard calls f and turns a panic into an error.
func (s *Session) guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			p := sched.Recovered(v)
			model, step := "the model", uint64(0)
			if s.run != nil {
				model, step = s.run.Card().ID, s.run.StepCount()
			}
			s.log.Error("panic in a model", "model", model, "step", step, "panic", fmt.Sprint(p.Value), "stack", string(p.Stack))
			err = sim.Errorf(Panicked, "%s panicked after step %d, which is a fault of the program: %v", model, step, p.Value)
		}
	}()
	return f()
}
