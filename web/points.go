package web

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"

	"ebmviz/ebm/data"
	"ebmviz/ebm/data/table"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// maxPointsBody is how many bytes the points may have that a room is given: MaxPoints of them with all
// their digits.
const maxPointsBody = 4 << 20

// resolvePoints gives an open command the points that it names: by a code, which it stores, or by
// the id of points that the server has. What goes with the points is that of the message, or else what
// the server has.
func (s *Server) resolvePoints(o *wire.Open) error {
	c := &o.Config
	switch {
	case o.Points == "":
		return nil
	case c.Data != "custom":
		return sim.Errorf(sim.BadValue, `only the data "custom" takes points`)
	case sim.IsPointsID(o.Points):
		p, err := s.findPoints(o.Points)
		if err != nil {
			return err
		}
		c.Points = p.points
		if c.Axes == nil {
			c.Axes = p.info.Axes
		}
		if c.Label == nil {
			c.Label = p.info.Label
		}
		return nil
	}
	points, err := wire.DecodePoints(o.Points)
	if err != nil {
		return err
	}
	c.Points = points
	if _, err := s.points.find(sim.PointsID(points)); err != nil || c.PointsInfo != (sim.PointsInfo{}) {
		s.points.add(pointSet{points, c.PointsInfo})
	}
	return nil
}

// findPoints returns the points with an id: stored ones, or those that a room uses at present,
// which may be a draft. They must not be changed.
func (s *Server) findPoints(id string) (pointSet, error) {
	p, err := s.points.find(id)
	if err != nil {
		if used := s.rooms.pointsInUse(id); used.points != nil {
			return used, nil
		}
	}
	return p, err
}

// pointsInUse returns the points with an id if a room uses them at present, or none.
func (rs *rooms) pointsInUse(id string) pointSet {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, e := range rs.byID {
		if n := e.Describe(); n.State.PointsID == id && sim.PointsID(n.Points.Y) == id {
			return pointSet{n.Points.Y, n.Points.Info}
		}
	}
	return pointSet{}
}

// readPoints reads the points of a request's body: JSON as [wire.ReadPoints] reads it, or a table. Of
// a table each row must be a point, since the answer cannot say what was left out.
func readPoints(w http.ResponseWriter, body io.ReadCloser) (pointSet, error) {
	in := bufio.NewReader(body)
	start, _ := in.Peek(64)
	if start = bytes.TrimSpace(start); bytes.HasPrefix(start, []byte("[")) || bytes.HasPrefix(start, []byte("{")) {
		points, info, err := wire.ReadPoints(http.MaxBytesReader(w, io.NopCloser(in), maxPointsBody))
		return pointSet{points, info}, err
	}
	t, err := table.Read(in, table.Options{Bytes: maxPointsBody})
	if err != nil {
		return pointSet{}, tableError(err)
	}
	if left := t.LeftOut; left.Count > 0 {
		return pointSet{}, sim.Errorf(sim.BadValue, "%d of %d rows hold no point; line %d: %s", left.Count, t.Rows, left.First[0].Line, left.First[0].Reason)
	}
	if t.SampledOf > 0 {
		return pointSet{}, sim.Errorf(sim.Limit, "%d points are more than the %d that are allowed", t.SampledOf, data.MaxPoints)
	}
	p := pointSet{info: sim.PointsInfo{Label: tableLabel(t)}}
	var axes data.Axes
	p.points, axes, _, _ = t.Fit("none")
	if axes.Names != [2]string{} && axes.Names != [2]string{"y1", "y2"} {
		p.info.Axes = &axes
	}
	return p, nil
}

// tableError returns the error of a table as one of a request.
func tableError(err error) error {
	var e *table.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.TooLarge:
		return &sim.Error{Code: sim.Limit, Message: e.Message}
	}
	return &sim.Error{Code: sim.BadValue, Message: e.Message}
}

// tableLabel returns the groups of a table's points, nil if it has none.
func tableLabel(t *table.Table) *sim.Label {
	if t.Label < 0 {
		return nil
	}
	l := &sim.Label{Name: t.Columns[t.Label].Name, Of: t.GroupOf}
	for _, g := range t.Groups {
		l.Groups = append(l.Groups, g.Name)
	}
	return l
}

// putPoints makes the points of the body the data of the room, "custom", with the same model and
// the same knobs. Training restarts at step 0, unless the query has learn=on, which continues from
// the present step. The query learn=draft is like learn=on for points that the client will soon
// replace, such as those of a stroke that is still being drawn: they are not stored, so that they
// do not push out the points of others.
func (s *Server) putPoints(w http.ResponseWriter, r *http.Request, e *entry) {
	if !s.permit(w, r, e, "open") || !s.allowUpload(w, r, e, maxPointsBody) {
		return
	}
	learn := r.URL.Query().Get("learn")
	if learn != "" && learn != "on" && learn != "draft" {
		fail(w, sim.Errorf(sim.BadValue, `learn can be "on" or "draft"; got %q`, learn))
		return
	}
	p, err := readPoints(w, r.Body)
	if err != nil {
		fail(w, err)
		return
	}
	if learn != "draft" {
		s.points.add(p)
	}
	if learn != "" {
		s.do(w, r, e, wire.SetPoints{Points: p.points, PointsInfo: p.info})
		return
	}
	now := e.Describe().State
	knobs := maps.Clone(now.Knobs)
	maps.DeleteFunc(knobs, func(name string, _ any) bool { return strings.HasPrefix(name, "data.") })
	s.do(w, r, e, wire.Open{Config: sim.Config{Model: now.Model, Data: "custom", Seed: now.Seed, Knobs: knobs, Points: p.points, PointsInfo: p.info}})
}

// getPoints answers with the points of an id, in the form of [wire.EncodePoints].
func (s *Server) getPoints(w http.ResponseWriter, r *http.Request) {
	p, err := s.findPoints(r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	body, err := wire.EncodePoints(p.points, p.info)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}
