package sim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Options are what a session is opened with besides its configuration and view.
type Options struct {
	Cores *Cores       // the budget it shares; nil is that of the whole process
	Play  bool         // begin to play at once
	Keep  bool         // go on while nobody watches
	Log   *slog.Logger // where the stack of a panic goes; nil is nowhere
}

// Session gives a run a goroutine, a pace and an audience. Its methods may be called
// from anywhere.
type Session struct {
	chain
	team     *team
	log      *slog.Logger
	requests chan *request
	woken    chan struct{}
	closing  chan struct{}
	done     chan struct{}
	close    sync.Once
	viewers  atomic.Int32
	watchdog watchdog

	// The rest is the goroutine's own.
	run     *Run
	stepRun func() error
	easel   easel
	view    View
	paced   bool // the speed was chosen by somebody, not by the card
	playing bool
	keep    bool
	halt    *Halt
	goal    *goal
	asleep  bool
	pacer
	seq             uint32
	answers         []func() // to be given at the end of the turn
	moved           bool     // there is something new to see
	changed         bool     // there is something new to tell
	revision        uint64
	runs, revisions uint64
}

// goal is the step that a Seek goes to.
type goal struct {
	step  uint64
	reply chan<- error // nil once somebody has been told
	due   time.Time    // when they are told at the latest
}

// request is something that the goroutine does between two steps.
type request struct {
	do      func() error
	changes bool
	reply   chan error
}

// Open starts a session, paused unless the options say otherwise. Its first frame is
// there when Open returns.
func Open(c Config, v View, o Options) (*Session, error) {
	return launch(func(f ebm.For) (*Run, error) { return NewRun(c, f) }, v, v.Speed != 0, o)
}

// launch starts a session with the run that is made with its cores.
func launch(start func(ebm.For) (*Run, error), v View, paced bool, o Options) (*Session, error) {
	if o.Cores == nil {
		o.Cores = machine()
	}
	s := &Session{
		team: newTeam(o.Cores), log: o.Log,
		requests: make(chan *request), woken: make(chan struct{}, 1), closing: make(chan struct{}), done: make(chan struct{}),
		playing: o.Play, keep: o.Keep, paced: paced, changed: true, moved: true,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.stepRun = func() error { return s.run.Step() }
	s.team.take(nil)
	defer s.team.release()
	if err := s.guard(func() (err error) {
		s.run, err = start(s.team.For)
		return err
	}); err != nil {
		return nil, known(err)
	}
	s.view = v.defaults(s.run.card)
	if err := s.view.check(); err != nil {
		return nil, err
	}
	s.run.ledger.span = uint64(s.view.Ledger)
	s.asleep = !s.watched()
	s.publish()
	if s.Frame() == nil {
		return nil, &Error{s.halt.Code, s.halt.Message}
	}
	s.watchdog.init(s)
	go s.loop()
	return s, nil
}

// Close ends the session and waits for its goroutine, unless that is stuck in a step.
func (s *Session) Close() {
	s.close.Do(func() { close(s.closing) })
	for {
		n := s.News()
		if n.stuck() {
			return
		}
		select {
		case <-s.done:
			return
		case <-n.Next():
		}
	}
}

// Watch says that somebody looks on, until they call leave. A session that nobody
// watches does nothing, unless it was asked to go on.
func (s *Session) Watch() (leave func()) {
	s.viewers.Add(1)
	s.wake()
	return sync.OnceFunc(func() {
		s.viewers.Add(-1)
		s.wake()
	})
}

func (s *Session) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

func (s *Session) watched() bool { return s.keep || s.viewers.Load() > 0 }

// Do applies a command between two steps and returns when that is done, told and shown.
// The error is an [*Error], or that of the context.
func (s *Session) Do(ctx context.Context, c Command) error {
	return s.ask(ctx, true, func() error { return c.apply(s) })
}

// DoThen is Do for who must know the moment: then is called on the session's goroutine as
// soon as the command was applied without an error, while News is still that of before
// and nothing of the change has been told or shown. It must not block.
func (s *Session) DoThen(ctx context.Context, c Command, then func()) error {
	return s.ask(ctx, true, func() error {
		err := c.apply(s)
		if err == nil {
			then()
		}
		return err
	})
}

// Probe tells what the model makes of one point.
func (s *Session) Probe(ctx context.Context, y r2.Vec, how Asking) (Probe, error) {
	return get(ctx, s, func() Probe { return s.run.Ask(y, how) })
}

// Checkpoint takes the run down as it is.
func (s *Session) Checkpoint(ctx context.Context) (Checkpoint, error) {
	return get(ctx, s, func() Checkpoint { return s.run.Checkpoint() })
}

// History returns the scalars as they went.
func (s *Session) History(ctx context.Context) (History, error) {
	return get(ctx, s, func() History { return s.run.History() })
}

// get has the goroutine find something out. If it is not waited for until the end, what was
// found out may be written later, and is not looked at.
func get[T any](ctx context.Context, s *Session, find func() T) (T, error) {
	var found, none T
	err := s.ask(ctx, false, func() error {
		found = find()
		return nil
	})
	if err != nil {
		return none, err
	}
	return found, nil
}

// ask has the goroutine do something between two steps.
func (s *Session) ask(ctx context.Context, changes bool, do func() error) error {
	q := &request{do, changes, make(chan error, 1)}
	for to := s.requests; ; {
		n := s.News()
		if n.stuck() {
			return &Error{Stuck, n.State.Halt.Message}
		}
		select {
		case to <- q:
			to = nil
		case err := <-q.reply:
			return known(err)
		case <-ctx.Done():
			return ctx.Err()
		case <-s.done:
			return complain(Closed, "the session has ended")
		case <-n.Next():
		}
	}
}

// known turns every error into an *Error, nil into nil.
func known(err error) error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return e
	case CodeOf(err) != "":
		return &Error{CodeOf(err), err.Error()}
	}
	return &Error{BadValue, err.Error()}
}

// guard calls f and turns a panic into an error.
func (s *Session) guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			cause := fail(v)
			name, step := "the model", uint64(0)
			if s.run != nil {
				name, step = s.run.card.ID, s.run.step
			}
			s.log.Error("panic in a model", "model", name, "step", step, "panic", fmt.Sprint(cause.value), "stack", string(cause.stack))
			err = complain(Panicked, "%s failed after step %d with a mistake in its program: %v", name, step, cause.value)
		}
	}()
	return f()
}
