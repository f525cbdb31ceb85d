package web

import (
	"encoding/json"
	"errors"
	"strconv"
	"sync"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/sim"
)

// message writes {"key":body}, and the id of what it answers if there is one.
func message(key string, body []byte, id *int64) []byte {
	m := make([]byte, 0, len(key)+len(body)+32)
	m = append(m, '{')
	m = strconv.AppendQuote(m, key)
	m = append(m, ':')
	m = append(m, body...)
	if id != nil {
		m = append(m, `,"id":`...)
		m = strconv.AppendInt(m, *id, 10)
	}
	return append(m, '}')
}

// complaint is an error as it is told: a code for programs and a sentence for a person.
type complaint struct {
	Code    sim.Code `json:"code"`
	Message string   `json:"message"`
}

func (c complaint) json() []byte {
	b, _ := json.Marshal(c) // two strings: it cannot fail
	return b
}

// complain takes the code of an error that has one; others are the sender's mistakes.
func complain(err error) complaint {
	var e *sim.Error
	if errors.As(err, &e) {
		return complaint{e.Code, e.Message}
	}
	return complaint{"bad-message", err.Error()}
}

// words holds the messages that all viewers of a room are told, so that news is encoded
// once and not once for each viewer.
type words struct {
	mu     sync.Mutex
	news   *sim.News
	state  []byte
	points []byte
	of     uint32 // the generation of points
}

// say returns the body of "state" and the whole "points" message for some news.
func (w *words) say(n *sim.News) (state, points []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.news == n {
		return w.state, w.points
	}
	w.news = n
	w.state, _ = json.Marshal(n.State)
	if g := n.State.Generation; w.points == nil || w.of != g {
		w.points, w.of = pointsMessage(g, n.Points), g
	}
	return w.state, w.points
}

// pointsMessage writes the training data. Single precision is what the screen can show,
// and half the bytes.
func pointsMessage(generation uint32, points []r2.Vec) []byte {
	m := make([]byte, 0, 40+24*len(points))
	m = append(m, `{"points":{"generation":`...)
	m = strconv.AppendUint(m, uint64(generation), 10)
	m = append(m, `,"y":[`...)
	for i, p := range points {
		if i > 0 {
			m = append(m, ',')
		}
		m = append(m, '[')
		m = strconv.AppendFloat(m, p.X, 'g', -1, 32)
		m = append(m, ',')
		m = strconv.AppendFloat(m, p.Y, 'g', -1, 32)
		m = append(m, ']')
	}
	return append(m, `]}}`...)
}
