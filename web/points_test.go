package web

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// TestPointsByID opens encoded points, then the same points by their ID in the same room and in
// another, and reads them back; a failed open leaves the run as it was.
func TestPointsByID(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	d.say(`{"open":{"model":"bowl","data":"custom","points":"p.AAAA____"},"id":1}`)
	own := d.awaitThat("state", func(r reply) bool { return r.State.Data == "custom" }).State.Own
	if !sim.IsPointsID(own) {
		t.Fatalf("the points are called %q", own)
	}
	if status, text := h.do("GET", "/api/points/"+own, ""); status != 200 || text != `{"points":[[-1.5,-1.5],[1.5,1.5]]}` {
		t.Errorf("%d %s", status, text)
	}
	d.say(`{"open":{"model":"bowl"},"id":2}`)
	d.awaitThat("state", func(r reply) bool { return r.State.Data != "custom" && r.State.Own == "" })
	d.say(`{"open":{"model":"bowl","data":"custom","points":"` + own + `"},"id":3}`)
	d.awaitThat("state", func(r reply) bool { return r.State.Own == own })
	if status, text := h.do("POST", "/api/rooms", `{"model":"bowl","data":"custom","points":"`+own+`"}`); status != 200 {
		t.Errorf("another room: %d %s", status, text)
	}

	for i, bad := range []struct{ open, want string }{
		{`{"model":"bowl","data":"custom"}`, "no points yet"},
		{`{"data":"custom","points":"h.AAAAAAAAAAAAAAAA"}`, "kept on another computer"},
		{`{"data":"custom","points":"<img>"}`, "no code of points"},
		{`{"data":"spiral","points":"p.AAAA"}`, "takes points"},
		{`{"data":"custom","points":[[0,1]]}`, "a code of points"},
	} {
		d.say(fmt.Sprintf(`{"open":%s,"id":%d}`, bad.open, 10+i))
		r := d.awaitThat("error", func(r reply) bool { return r.ID != nil && *r.ID == int64(10+i) })
		if !strings.Contains(r.Error.Message, bad.want) {
			t.Errorf("%s: %q, want %q", bad.open, r.Error.Message, bad.want)
		}
	}
	if status, _ := h.do("GET", "/api/points/nothing", ""); status != 404 {
		t.Errorf("no such points: %d", status)
	}
	d.say(`{"do":"step","id":30}`)
	d.awaitThat("state", func(r reply) bool { return r.State.Own == own && r.State.Step == 1 })
}

// TestPointsKeepAxes: the axes and the label of points are in the event, in a fork, in a checkpoint, and
// come back with the id, as an undo opens it; a link's axes come before those of the server.
func TestPointsKeepAxes(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	const axes = `"axes":{"names":["eruptions","waiting"],"scale":[1.2,20],"offset":[3.3,70]}`
	const label = `"label":{"name":"dataset","groups":["dino","star"],"of":[0,255,1]}`
	const points = `{"points":[[0.1,0.2],[1.5,-1.5],[0,0]],` + axes + `,` + label + `}`
	put := func(query, body string) string {
		t.Helper()
		status, text := h.do("PUT", "/api/rooms/"+room+"/points"+query, body, "Authorization", "Bearer "+token)
		var r reply
		if err := json.Unmarshal([]byte(text), &r); status != 200 || err != nil {
			t.Fatalf("PUT points: %d %.200s %v", status, text, err)
		}
		return r.State.Own
	}
	event := func() string { return string(h.rooms.find(room).Describe().Points.Message()) }
	expect := func(what, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s, want %s", what, got, w)
			}
		}
	}
	id := put("", points)
	expect("the event", event(), axes, label)
	if status, text := h.do("GET", "/api/points/"+id, ""); status != 200 || text != points {
		t.Errorf("%d %s, want %s", status, text, points)
	}
	status, checkpoint := h.do("GET", "/api/rooms/"+room+"/checkpoint", "")
	if status != 200 {
		t.Fatal(checkpoint)
	}
	expect("the checkpoint", checkpoint, axes, label)

	d.say(`{"open":{"model":"bowl"},"id":1}`)
	d.answer(1)
	expect("the event of another dataset", strings.Replace(event(), "axes", "", 1), event())
	d.say(`{"open":{"model":"bowl","data":"custom","points":"` + id + `"},"id":2}`)
	d.answer(2)
	expect("the event after an undo", event(), axes, label)
	const others = `"axes":{"names":["a","b"],"scale":[1,1],"offset":[0,0]}`
	d.say(`{"open":{"model":"bowl","data":"custom","points":"` + id + `",` + others + `},"id":3}`)
	d.answer(3)
	expect("the event with the axes of a link", event(), others, label)
	for i, axes := range []string{"", "," + others, ""} {
		d.say(fmt.Sprintf(`{"open":{"model":"bowl","data":"custom","points":"p.AAAA____"%s},"id":%d}`, axes, 4+i))
		d.answer(int64(4 + i))
		if strings.Contains(event(), "axes") != (axes != "") {
			t.Errorf("the event of a link with axes %q: %s", axes, event())
		}
	}
	if _, text := h.do("GET", "/api/points/"+h.rooms.find(room).Describe().State.PointsID, ""); !strings.Contains(text, others) {
		t.Errorf("a link without axes has taken those of the points: %s", text)
	}
	if status, text := h.do("PUT", "/api/rooms/"+room+"/checkpoint", checkpoint, "Authorization", "Bearer "+token); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	expect("the event of the checkpoint", event(), axes, label)

	if again := put("?learn=on", points); again != id {
		t.Errorf("the points are called %s, and %s", id, again)
	}
	if put("?learn=draft", `{"points":[[0.1,0.2],[1.5,-1.5],[0,0]]}`); strings.Contains(event(), "label") {
		t.Errorf("points without a label have one: %s", event())
	}
	if _, text := h.do("GET", "/api/points/"+id, ""); text != points {
		t.Errorf("a draft without axes has taken those of the points: %s", text)
	}
	put("", "eruptions;waiting;day\n1,2;0,5;x\n-1,5;0,25;y\n0;0,25;y\n")
	expect("the event of a table", event(), `"names":["eruptions","waiting"],"scale":[1,1],"offset":[0,0]`, `"name":"day","groups":["x","y"],"of":[0,1,1]`)
	if put("", "y1,y2\n0,1\n"); strings.Contains(event(), "axes") {
		t.Errorf("a table of y1,y2 has axes: %s", event())
	}
}

// TestDraftsAreNotStored: the drafts of a stroke, many a second, do not push the points of others
// out of the server's memory. A draft can be fetched and opened while a room uses it.
func TestDraftsAreNotStored(t *testing.T) {
	if testing.Short() {
		t.Skip("it sends fifty times as many points as are allowed")
	}
	h := serve(t, nil)
	room, token := h.room()
	put := func(query, csv string) (id string) {
		t.Helper()
		status, text := h.do("PUT", "/api/rooms/"+room+"/points"+query, csv, "Authorization", "Bearer "+token)
		var r reply
		if err := json.Unmarshal([]byte(text), &r); status != 200 || err != nil || !sim.IsPointsID(r.State.Own) {
			t.Fatalf("PUT points%s: %d %.200s %v", query, status, text, err)
		}
		return r.State.Own
	}
	expect := func(id string, want int) {
		t.Helper()
		if status, text := h.do("GET", "/api/points/"+id, ""); status != want {
			t.Errorf("GET points: %d %.100s, want %d", status, text, want)
		}
	}
	first := put("?learn=on", "0.25,0.5\n-0.5,0.125\n")
	rest := strings.Repeat("0.5,0.5\n", data.MaxPoints-1)
	var draft string
	for i := range maxPoints/data.MaxPoints + 1 {
		former := draft
		draft = put("?learn=draft", fmt.Sprintf("0,0.%03d\n", i)+rest)
		expect(draft, 200)
		if former != "" {
			expect(former, 404)
		}
	}
	expect(first, 200)
	if status, text := h.do("POST", "/api/rooms", `{"model":"bowl","data":"custom","points":"`+draft+`"}`); status != 200 {
		t.Errorf("a room with the draft: %d %s", status, text)
	}
	last := put("?learn=on", "0.75,0.5\n"+rest)
	put("", "0,0\n")
	expect(last, 200)
}

// TestPointFiles: a set that is too large for a link outlives the server; smaller sets are not
// written, and old files are deleted.
func TestPointFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "points")
	log := slog.New(slog.DiscardHandler)
	first := newPointStore(dir, log)
	set := func(i, n int) pointSet {
		p := pointSet{points: make([]r2.Vec, n)}
		p.points[0] = r2.Vec{X: float64(i) / 60, Y: -1.0 / 7}
		return p
	}
	first.add(set(0, wire.LinkPoints))
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("a small set is in %d files", len(files))
	}
	for i := range maxPointFiles + 3 {
		first.add(set(i, wire.LinkPoints+1))
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != maxPointFiles {
		t.Fatalf("%d files, %v", len(files), err)
	}

	later := newPointStore(dir, log)
	latest := set(maxPointFiles+2, wire.LinkPoints+1)
	id := sim.PointsID(latest.points)
	if got, err := later.find(id); err != nil || !slices.Equal(got.points, latest.points) || got.info != latest.info {
		t.Fatalf("%d points: %v", len(got.points), err)
	}
	labelled := set(1, wire.LinkPoints+1)
	labelled.info.Axes = &data.Axes{Names: [2]string{"a", "b"}, Scale: [2]float64{1, 2}}
	labelled.info.Label = &sim.Label{Name: "l", Groups: []string{"g"}, Of: make([]uint8, len(labelled.points))}
	later.add(labelled)
	if got, err := newPointStore(dir, log).find(sim.PointsID(labelled.points)); err != nil || !slices.Equal(got.points, labelled.points) || !reflect.DeepEqual(got.info, labelled.info) {
		t.Errorf("with axes and groups: %v %+v", err, got.info)
	}
	pairs, _ := json.Marshal(wire.Points(latest.points)) // as files were before points had axes
	if err := os.WriteFile(filepath.Join(dir, id), pairs, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := newPointStore(dir, log).find(id); err != nil || !slices.Equal(got.points, latest.points) {
		t.Errorf("a file of points alone: %v", err)
	}
	corrupted := newPointStore(dir, log)
	if err := os.WriteFile(filepath.Join(dir, id), []byte("[[0,0]]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{id, "h.", "h.x/../" + files[0].Name(), files[0].Name() + "/", "h.AAAAAAAAAAAAAAAA", "../points/" + files[0].Name()} {
		if _, err := corrupted.find(bad); sim.CodeOf(err) != unknownPoints {
			t.Errorf("%q: %v", bad, err)
		}
	}

	// Where files cannot be written, points are still stored in memory.
	unwritable := newPointStore(filepath.Join(dir, id, "file"), log)
	unwritable.add(latest)
	if _, err := unwritable.find(id); err != nil {
		t.Error(err)
	}
}

// TestPointStoreIsBounded adds more points than fit: the least recently used sets are removed.
func TestPointStoreIsBounded(t *testing.T) {
	for _, n := range []int{1, 300, data.MaxPoints} {
		s := newPointStore("", nil)
		set := func(i int) pointSet {
			p := pointSet{points: make([]r2.Vec, n)}
			p.points[0].X = float64(i) / maxPointSets
			return p
		}
		limit := min(maxPointSets, maxPoints/n)
		for i := range limit + 10 {
			s.add(set(i))
			s.add(set(i)) // a second time, which must count once
			if _, err := s.find(sim.PointsID(set(0).points)); err != nil {
				t.Fatalf("sets of %d: the set that is used all the time was removed after %d: %v", n, i, err)
			}
		}
		if _, err := s.find(sim.PointsID(set(1).points)); sim.CodeOf(err) != unknownPoints {
			t.Errorf("sets of %d: the oldest is still there: %v", n, err)
		}
		s.add(pointSet{points: make([]r2.Vec, data.MaxPoints+1)})
		s.add(pointSet{points: []r2.Vec{{X: 2}}})
		if s.sets.Len() != limit || s.size != limit*n {
			t.Errorf("%d sets of %d are stored, %d points in all; want %d sets, %d points", s.sets.Len(), n, s.size, limit, limit*n)
		}
	}
}
