package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// bring gives a configuration the points that its text says: a code has them in it, a name is
// looked up. What is brought is remembered.
func (o *own) bring(c *sim.Config, text string) (err error) {
	switch {
	case text == "":
		return nil
	case c.Data != "custom":
		return &sim.Error{Code: sim.BadValue, Message: `own points go with the data "custom"`}
	case sim.IsOwnID(text):
		c.Points, err = o.find(text)
		return err
	}
	c.Points, err = sim.DecodePoints(text)
	o.keep(c.Points, false)
	return err
}

// readPoints reads the points that somebody sends: lines y1,y2, or JSON [[y1,y2],…].
func readPoints(w http.ResponseWriter, body io.ReadCloser) ([]r2.Vec, error) {
	in := bufio.NewReader(body)
	if start, _ := in.Peek(64); !bytes.HasPrefix(bytes.TrimSpace(start), []byte("[")) {
		return data.ReadCSV(in, data.DefaultLimits)
	}
	d := json.NewDecoder(http.MaxBytesReader(w, io.NopCloser(in), data.DefaultLimits.Bytes))
	d.Token() // the bracket
	var points []r2.Vec
	for d.More() {
		var p sim.Point
		if err := d.Decode(&p); err != nil {
			return nil, misread(len(points)+1, err)
		}
		if points = append(points, r2.Vec{X: p[0], Y: p[1]}); len(points) > data.MaxPoints {
			return points, nil // the session refuses so many
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, misread(len(points)+1, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is something after the last point")
	}
	return points, nil
}

// misread says which point could not be read.
func misread(n int, err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return err
	}
	return &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("point %d: %s", n, sim.Misread(err))}
}

// putPoints makes somebody's own points the data of the room, "custom", for the same model with
// the same knobs. It begins again, or with learn=on goes on learning from where it is; so it does
// with learn=draft, which says that others are to follow soon.
func (s *Server) putPoints(w http.ResponseWriter, r *http.Request, room *room) {
	if !s.drives(w, r, room) {
		return
	}
	learn := r.URL.Query().Get("learn")
	if learn != "" && learn != "on" && learn != "draft" {
		fail(w, &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf(`learn can be "on" or "draft"; got %s`, quote(learn))})
		return
	}
	points, err := readPoints(w, r.Body)
	if err != nil {
		fail(w, err)
		return
	}
	s.own.keep(points, learn == "draft")
	if learn != "" {
		s.command(w, r, room, sim.Bring{Points: points})
		return
	}
	now := room.session.News().State
	knobs := maps.Clone(now.Knobs)
	maps.DeleteFunc(knobs, func(name string, _ any) bool { return strings.HasPrefix(name, "data.") })
	s.command(w, r, room, sim.Reopen{Config: sim.Config{Model: now.Model, Data: "custom", Seed: now.Seed, Knobs: knobs, Points: points}})
}

// getPoints returns points by their name, as JSON [[y1,y2],…].
func (s *Server) getPoints(w http.ResponseWriter, r *http.Request) {
	points, err := s.own.find(r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	body, err := json.Marshal(sim.Pairs(points))
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}
