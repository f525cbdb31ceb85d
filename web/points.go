package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// resolvePoints gives an open command the points that it names: by a code, which it stores, or by
// the id of points that the server has.
func (s *Server) resolvePoints(o *wire.Open) (err error) {
	switch {
	case o.Points == "":
		return nil
	case o.Config.Data != "custom":
		return sim.Errorf(sim.BadValue, `only the data "custom" takes points`)
	case sim.IsPointsID(o.Points):
		o.Config.Points, err = s.findPoints(o.Points)
		return err
	}
	o.Config.Points, err = wire.DecodePoints(o.Points)
	s.points.add(o.Config.Points)
	return err
}

// findPoints returns the points with an id: stored ones, or those that a room uses at present,
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

// pointsInUse returns the points with an id if a room uses them at present, or nil.
func (rs *rooms) pointsInUse(id string) []r2.Vec {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, e := range rs.byID {
		if n := e.Describe(); n.State.PointsID == id && sim.PointsID(n.Points.Y) == id {
			return n.Points.Y
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
	return wire.ReadPoints(http.MaxBytesReader(w, io.NopCloser(in), data.DefaultLimits.Bytes))
}

// putPoints makes the points of the body the data of the room, "custom", with the same model and
// the same knobs. Training restarts at step 0, unless the query has learn=on, which continues from
// the present step. The query learn=draft is like learn=on for points that the client will soon
// replace, such as those of a stroke that is still being drawn: they are not stored, so that they
// do not push out the points of others.
func (s *Server) putPoints(w http.ResponseWriter, r *http.Request, e *entry) {
	if !s.permit(w, r, e, "open") {
		return
	}
	learn := r.URL.Query().Get("learn")
	if learn != "" && learn != "on" && learn != "draft" {
		fail(w, sim.Errorf(sim.BadValue, `learn can be "on" or "draft"; got %q`, learn))
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
		s.do(w, r, e, wire.SetPoints{Points: points})
		return
	}
	now := e.Describe().State
	knobs := maps.Clone(now.Knobs)
	maps.DeleteFunc(knobs, func(name string, _ any) bool { return strings.HasPrefix(name, "data.") })
	s.do(w, r, e, wire.Open{Config: sim.Config{Model: now.Model, Data: "custom", Seed: now.Seed, Knobs: knobs, Points: points}})
}

// getPoints answers with the points of an id, as JSON [[y1,y2],…].
func (s *Server) getPoints(w http.ResponseWriter, r *http.Request) {
	points, err := s.findPoints(r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	body, err := json.Marshal(wire.Points(points))
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}
