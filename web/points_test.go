package web

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
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
	if status, text := h.do("GET", "/api/points/"+own, ""); status != 200 || text != "[[-1.5,-1.5],[1.5,1.5]]" {
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

// TestDraftsAreNotStored: the drafts of a stroke, many a second, do not push the points of others
// out of the server's memory. A draft can be fetched and opened while a room uses it.
func TestDraftsAreNotStored(t *testing.T) {
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
	set := func(i, n int) []r2.Vec {
		points := make([]r2.Vec, n)
		points[0] = r2.Vec{X: float64(i) / 3, Y: -1.0 / 7}
		return points
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
	id := sim.PointsID(latest)
	if got, err := later.find(id); err != nil || !slices.Equal(got, latest) {
		t.Fatalf("%d points: %v", len(got), err)
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
		set := func(i int) []r2.Vec {
			points := make([]r2.Vec, n)
			points[0].X = float64(i) / 100
			return points
		}
		limit := min(maxPointSets, maxPoints/n)
		for i := range limit + 10 {
			s.add(set(i))
			s.add(set(i)) // a second time, which must count once
			if _, err := s.find(sim.PointsID(set(0))); err != nil {
				t.Fatalf("sets of %d: the set that is used all the time was removed after %d: %v", n, i, err)
			}
		}
		if _, err := s.find(sim.PointsID(set(1))); sim.CodeOf(err) != unknownPoints {
			t.Errorf("sets of %d: the oldest is still there: %v", n, err)
		}
		s.add(make([]r2.Vec, data.MaxPoints+1))
		if s.sets.Len() != limit || s.size != limit*n {
			t.Errorf("%d sets of %d are stored, %d points in all; want %d sets, %d points", s.sets.Len(), n, s.size, limit, limit*n)
		}
	}
}
