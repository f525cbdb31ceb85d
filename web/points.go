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

// resolvePoints sets the points of a configuration to those that text stands for: an encoded set,
// which it stores, or the ID of a set that the server has. An empty text stands for none.
func (s *Server) resolvePoints(c *sim.Config, text string) (err error) {
	switch {
	case text == "":
		return nil
	case c.Data != "custom":
		return &sim.Error{Code: sim.BadValue, Message: `only the data "custom" takes points`}
	case sim.IsOwnID(text):
		c.Points, err = s.findPoints(text)
		return err
	}
	c.Points, err = sim.DecodePoints(text)
	s.points.add(c.Points)
	return err
}

// findPoints returns the points with an ID: stored ones, or those that a room uses at present,
// which may be a draft. They must not be changed.
func (s *Server) findPoints(id string) ([]r2.Vec, error) {
	points, err := s.points.find(id)
	if err != nil {
		if used := s.rooms.pointsInUse(id); used != nil {
			return used, nil
		}
	}
	return points, err
}

// pointsInUse returns the points with an ID if a room uses them at present, or nil.
func (rs *rooms) pointsInUse(id string) []r2.Vec {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range rs.byID {
		if n := r.session.News(); n.State.Own == id && sim.OwnID(n.Points) == id {
			return n.Points
		}
	}
	return nil
}

// readPoints reads the points of a request's body: lines y1,y2, or JSON [[y1,y2],…].
func readPoints(w http.ResponseWriter, body io.ReadCloser) ([]r2.Vec, error) {
	in := bufio.NewReader(body)
	if start, _ := in.Peek(64); !bytes.HasPrefix(bytes.TrimSpace(start), []byte("[")) {
		return data.ReadCSV(in, data.DefaultLimits)
	}
	d := json.NewDecoder(http.MaxBytesReader(w, io.NopCloser(in), data.DefaultLimits.Bytes))
	d.Token() // the opening bracket
	var points []r2.Vec
	for d.More() {
		var p sim.Point
		if err := d.Decode(&p); err != nil {
			return nil, pointError(len(points)+1, err)
		}
		if points = append(points, r2.Vec{X: p[0], Y: p[1]}); len(points) > data.MaxPoints {
			return points, nil // the session rejects them
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, pointError(len(points)+1, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("unexpected text after the last point")
	}
	return points, nil
}

// pointError names the point that could not be read. It returns the error of a body that is too
// long as it is.
func pointError(n int, err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return err
	}
	return &sim.Error{Code: sim.BadValue, Message: fmt.Sprintf("point %d: %s", n, sim.Misread(err))}
}

// putPoints makes the points of the body the data of the room, "custom", with the same model and
// the same knobs. Training restarts at step 0, unless the query has learn=on, which continues from
// the present step. The query learn=draft is like learn=on for points that the client will soon
// replace, such as those of a stroke that is still being drawn: they are not stored, so that they
// do not push out the points of others.
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
	if learn != "draft" {
		s.points.add(points)
	}
	if learn != "" {
		s.command(w, r, room, sim.Bring{Points: points})
		return
	}
	now := room.session.News().State
	knobs := maps.Clone(now.Knobs)
	maps.DeleteFunc(knobs, func(name string, _ any) bool { return strings.HasPrefix(name, "data.") })
	s.command(w, r, room, sim.Reopen{Config: sim.Config{Model: now.Model, Data: "custom", Seed: now.Seed, Knobs: knobs, Points: points}})
}

// getPoints answers with the points of an ID, as JSON [[y1,y2],…].
func (s *Server) getPoints(w http.ResponseWriter, r *http.Request) {
	points, err := s.findPoints(r.PathValue("id"))
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
