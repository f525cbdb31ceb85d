package session

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/export"
	"ebmviz/sim/wire"
)

// The files of a room besides those of package export.
const (
	CheckpointFile = "checkpoint.json" // with the log of the run as its past, unless the log begins with a checkpoint
	HistoryFile    = "history.json"
	LogFile        = "log.json"
	OpenFile       = "open.json" // the command that makes an equal run, see wire.EncodeOpening
	JournalFile    = "journal.jsonl"
	FrameFile      = "frame.bin" // the present frame, as a viewer gets it who wants everything in f32
)

// NoFile is the code of the error that a room has no file of a name.
const NoFile sim.Code = "not-found"

// Files lists the names of the files of a room.
func Files() []string {
	var names []string
	for _, f := range export.Formats {
		names = append(names, f.Name)
	}
	return append(names, CheckpointFile, HistoryFile, LogFile, OpenFile, JournalFile, FrameFile)
}

// Ask answers a query: a probe, or a file. All that a file is made from is taken between the same
// two steps; what it computes, it computes on the cores that sessions share.
func (s *Session) Ask(ctx context.Context, q wire.Query) (wire.Answer, error) {
	var a wire.Answer
	var encode func() ([]byte, error)
	err := s.call(ctx, func() (err error) {
		a = wire.Answer{Revision: s.revision, Model: s.run.Card().ID, Data: s.run.Config().Data, Step: s.run.StepCount(), ContentType: "application/json"}
		if q.Probe == nil {
			encode, err = s.file(ctx, q.File)
			return err
		}
		p := s.run.Probe(q.Probe.At, q.Probe.Options)
		encode = func() ([]byte, error) { return wire.EncodeProbe(p) }
		return nil
	})
	if err == nil {
		a.Body, err = encode()
	}
	if err != nil {
		return wire.Answer{}, withCode(err)
	}
	if f, ok := export.Lookup(q.File); ok {
		a.ContentType = f.ContentType
	} else if q.File == JournalFile {
		a.ContentType = "application/jsonl"
	} else if q.File == FrameFile {
		a.ContentType = "application/octet-stream"
	}
	return a, nil
}

// file takes what a file is made from, and returns a function that writes it, for another
// goroutine.
func (s *Session) file(ctx context.Context, name string) (encode func() ([]byte, error), err error) {
	r := s.run
	if f, ok := export.Lookup(name); ok {
		source := export.Source{Checkpoint: r.Checkpoint(), History: r.History(), Grid: s.view.Grid}
		return func() ([]byte, error) { return s.export(ctx, f, source) }, nil
	}
	switch name {
	case CheckpointFile:
		c, past := r.Checkpoint(), r.Log()
		if past.Opening.Checkpoint == nil {
			c.Past = &past
		}
		return func() ([]byte, error) { return wire.EncodeCheckpoint(c) }, nil
	case HistoryFile:
		h := r.History()
		return func() ([]byte, error) { return wire.EncodeHistory(h) }, nil
	case LogFile:
		l := r.Log()
		return func() ([]byte, error) { return wire.EncodeLog(l) }, nil
	case OpenFile:
		c, missing := r.Opening()
		return func() ([]byte, error) { return wire.EncodeOpening(c, missing) }, nil
	case JournalFile:
		entries := slices.Clone(s.journal.entries)
		return func() ([]byte, error) { return wire.EncodeJournal(entries) }, nil
	case FrameFile:
		frame, err := s.encodeNow()
		return func() ([]byte, error) { return frame, err }, nil
	}
	return nil, sim.Errorf(NoFile, "the files of a room are %s", strings.Join(Files(), ", "))
}

// encodeNow returns the frame of the present step. It has the number of the newest frame that was published.
func (s *Session) encodeNow() ([]byte, error) {
	s.renderer.SkipField = false
	p, err := s.renderer.Render(s.run, s.view.Grid)
	if err != nil {
		return nil, err
	}
	return wire.EncodeFrame(&wire.Frame{Seq: s.seq, ServerMS: float64(time.Now().UnixMicro()) / 1000, Picture: *p}, wire.Format{}), nil
}

// export writes a file, with a share of the cores for what it computes.
func (s *Session) export(ctx context.Context, f export.Format, source export.Source) ([]byte, error) {
	share := s.newShare()
	if !share.Acquire(ctx.Done()) {
		return nil, ctx.Err()
	}
	defer share.Release()
	var b bytes.Buffer
	err := f.Write(&b, source, share.For)
	return b.Bytes(), err
}
