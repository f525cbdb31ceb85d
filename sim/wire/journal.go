package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"ebmviz/sim"
)

// journalLine is one line of a journal: a command, or points that commands after it name.
type journalLine struct {
	Revision uint64          `json:"revision,omitempty"`
	Step     uint64          `json:"step,omitempty"`
	Role     Role            `json:"role,omitempty"`
	Time     *time.Time      `json:"time,omitempty"`
	Command  json.RawMessage `json:"command,omitempty"`
	Points   string          `json:"points,omitempty"`
	Y        []Point         `json:"y,omitempty"`
}

// JournalWriter writes a journal: one line of JSON for each command, before it a line for points
// that it names and that are not in the journal yet. Lines are only ever appended.
type JournalWriter struct {
	w       io.Writer
	written map[string]bool // ids of points
}

// NewJournalWriter returns a writer that appends to w.
func NewJournalWriter(w io.Writer) *JournalWriter {
	return &JournalWriter{w, map[string]bool{}}
}

// Append writes an entry.
func (j *JournalWriter) Append(e JournalEntry) error {
	if points := PointsOf(e.Command); points != nil {
		if id := sim.PointsID(points); !j.written[id] {
			j.written[id] = true
			if err := j.line(journalLine{Points: id, Y: Points(points)}); err != nil {
				return err
			}
		}
	}
	command, err := EncodeCommand(e.Command)
	if err != nil {
		return err
	}
	return j.line(journalLine{Revision: e.Revision, Step: e.Step, Role: e.Role, Time: &e.Time, Command: command})
}

func (j *JournalWriter) line(l journalLine) error {
	text, err := json.Marshal(l)
	if err == nil {
		_, err = j.w.Write(append(text, '\n'))
	}
	return err
}

// EncodeJournal writes the lines of a whole journal.
func EncodeJournal(entries []JournalEntry) ([]byte, error) {
	var b bytes.Buffer
	w := NewJournalWriter(&b)
	for _, e := range entries {
		if err := w.Append(e); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// ReadJournal reads a journal. The error names the first line that cannot be read; the entries
// before it are returned.
func ReadJournal(r io.Reader) ([]JournalEntry, error) {
	var all []JournalEntry
	points := map[string][]Point{}
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if len(text) > 0 {
			e, ok, err := readJournalLine(text, points)
			if err != nil {
				return all, fmt.Errorf("line %d of the journal: %w", n, err)
			}
			if ok {
				all = append(all, e)
			}
		}
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

// readJournalLine reads one line. A line of points is added to them.
func readJournalLine(text []byte, points map[string][]Point) (e JournalEntry, ok bool, err error) {
	var l journalLine
	if err := decodeStrictly(text, &l, "line of a journal"); err != nil {
		return e, false, err
	}
	if l.Points != "" {
		points[l.Points] = l.Y
		return e, false, nil
	}
	if e.Command, err = DecodeCommand(l.Command); err != nil {
		return e, false, err
	}
	if name := PointsNameOf(e.Command); name != "" {
		y, known := points[name]
		if !known {
			return e, false, fmt.Errorf("points %s are not in the journal", quote(name))
		}
		e.Command = WithPoints(e.Command, Vectors(y))
	}
	e.Revision, e.Step, e.Role = l.Revision, l.Step, l.Role
	if l.Time != nil {
		e.Time = *l.Time
	}
	return e, true, nil
}
