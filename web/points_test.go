package web

import (
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
)

// TestPointsByName opens own points from a code, again by their name, in the same room and in
// another, and reads them back; what cannot be opened leaves the run as it was.
func TestPointsByName(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	d.say(`{"open":{"model":"bowl","data":"custom","points":"p.AAAA____"},"id":1}`)
	own := d.awaitThat("state", func(r reply) bool { return r.State.Data == "custom" }).State.Own
	if !sim.IsOwnID(own) {
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
		{`{"data":"custom","points":"h.AAAAAAAAAAAAAAAA"}`, "not on this server"},
		{`{"data":"custom","points":"<img>"}`, "no code of points"},
		{`{"data":"spiral","points":"p.AAAA"}`, "go with the data"},
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

// TestPointsAreSaved: a set that a link can only name outlives the server; small ones, which links
// hold themselves, are not written, nor more files than may be.
func TestPointsAreSaved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "points")
	first := own{dir: dir, log: slog.New(slog.DiscardHandler)}
	set := func(i, n int) []r2.Vec {
		points := make([]r2.Vec, n)
		points[0] = r2.Vec{X: float64(i) / 3, Y: -1.0 / 7}
		return points
	}
	first.keep(set(0, inLink), false)
	first.keep(set(0, inLink+1), true) // a draft
	if files, _ := os.ReadDir(dir); len(files) > 0 {
		t.Errorf("small sets and drafts are in %d files", len(files))
	}
	for i := range maxSaved + 3 {
		first.keep(set(i, inLink+1), false)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != maxSaved {
		t.Fatalf("%d files, %v", len(files), err)
	}

	later := own{dir: dir}
	latest := set(maxSaved+2, inLink+1)
	id := sim.OwnID(latest)
	if got, err := later.find(id); err != nil || !slices.Equal(got, latest) {
		t.Fatalf("%d points: %v", len(got), err)
	}
	spoilt := own{dir: dir}
	if err := os.WriteFile(filepath.Join(dir, id), []byte("[[0,0]]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{id, "h.", "h.x/../" + files[0].Name(), files[0].Name() + "/", "h.AAAAAAAAAAAAAAAA", "../points/" + files[0].Name()} {
		if _, err := spoilt.find(bad); sim.CodeOf(err) != unknownPoints {
			t.Errorf("%q: %v", bad, err)
		}
	}

	// Where nothing can be written, they are remembered for as long as the server runs.
	nowhere := own{dir: filepath.Join(dir, id, "file"), log: slog.New(slog.DiscardHandler)}
	nowhere.keep(latest, false)
	if _, err := nowhere.find(id); err != nil {
		t.Error(err)
	}
}

// TestPointsAreForgotten brings more points than are remembered: those asked for longest ago go.
func TestPointsAreForgotten(t *testing.T) {
	for _, n := range []int{1, smallOwn, data.MaxPoints} {
		var o own
		set := func(i int) []r2.Vec {
			points := make([]r2.Vec, n)
			points[0].X = float64(i) / 100
			return points
		}
		most := maxOwn / max(smallOwn, n)
		for i := range most + 10 {
			o.keep(set(i), false)
			o.keep(set(i), false) // again, which counts once
			if _, err := o.find(sim.OwnID(set(0))); err != nil {
				t.Fatalf("sets of %d: what is asked for all the time was forgotten after %d: %v", n, i, err)
			}
		}
		if _, err := o.find(sim.OwnID(set(1))); sim.CodeOf(err) != unknownPoints {
			t.Errorf("sets of %d: the oldest is still there: %v", n, err)
		}
		o.keep(make([]r2.Vec, data.MaxPoints+1), false)
		if len(o.sets) != most || len(o.order) != most {
			t.Errorf("%d sets of %d and %d names are remembered, %d may be", len(o.sets), n, len(o.order), most)
		}
	}
}
