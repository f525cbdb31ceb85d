package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// maxOwn is how many points the server remembers, 20 MB of them. A set counts as at least
// smallOwn, so that there are at most 4096 sets.
const (
	maxOwn   = 1 << 20
	smallOwn = 256
)

// inLink is how many points a link holds itself; larger sets, which it names only, are also saved,
// the latest maxSaved of them.
const (
	inLink   = sim.LinkPoints
	maxSaved = 64
)

// own remembers the points that people have brought by their names, so that a link, an undo or
// another room can ask for them again. The one that was asked for longest ago goes first.
type own struct {
	dir string // where large sets are saved; nowhere if empty
	log *slog.Logger

	mu    sync.Mutex
	sets  map[string][]r2.Vec
	order []string // of their names, the latest last
	size  int      // what all sets count as
}

// keep remembers points; a draft, which others are to follow soon, is never saved.
func (o *own) keep(points []r2.Vec, draft bool) {
	if len(points) == 0 || len(points) > data.MaxPoints {
		return
	}
	id := sim.OwnID(points)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.remember(id, points)
	if o.dir != "" && len(points) > inLink && !draft {
		if err := o.save(id, points); err != nil {
			o.log.Warn("points could not be saved; a link to them ends with this program", "error", err)
		}
	}
}

func (o *own) remember(id string, points []r2.Vec) {
	if o.sets == nil {
		o.sets = map[string][]r2.Vec{}
	}
	if _, known := o.sets[id]; !known {
		o.size += weight(points)
	}
	o.sets[id] = points
	o.touch(id)
	for o.size > maxOwn {
		o.size -= weight(o.sets[o.order[0]])
		delete(o.sets, o.order[0])
		o.order = slices.Delete(o.order, 0, 1)
	}
}

// weight is what a set of points counts as.
func weight(points []r2.Vec) int { return max(smallOwn, len(points)) }

func (o *own) touch(id string) {
	o.order = append(slices.DeleteFunc(o.order, func(other string) bool { return other == id }), id)
}

const unknownPoints = sim.Code("unknown-points")

// find returns the points of a name, which must not be changed.
func (o *own) find(id string) ([]r2.Vec, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if points, ok := o.sets[id]; ok {
		o.touch(id)
		return points, nil
	}
	points, err := o.load(id)
	if err != nil {
		return nil, &sim.Error{Code: unknownPoints, Message: "these points are not on this server any more; import them again"}
	}
	o.remember(id, points)
	return points, nil
}

// save writes points to the file of their name, whole or not at all, and deletes the oldest files.
func (o *own) save(id string, points []r2.Vec) error {
	text, err := json.Marshal(sim.Pairs(points))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(o.dir, "part-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // which it is no longer, if all went well
	_, err = part.Write(text)
	if closed := part.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(part.Name(), filepath.Join(o.dir, id))
	}
	if err != nil {
		return err
	}
	return o.prune()
}

// prune keeps the files that were written last.
func (o *own) prune() error {
	files, err := os.ReadDir(o.dir)
	if err != nil || len(files) <= maxSaved {
		return err
	}
	written := func(f os.DirEntry) (t time.Time) {
		if info, err := f.Info(); err == nil {
			t = info.ModTime()
		}
		return t
	}
	slices.SortFunc(files, func(a, b os.DirEntry) int { return written(a).Compare(written(b)) })
	for _, f := range files[:len(files)-maxSaved] {
		if sim.IsOwnID(f.Name()) {
			err = os.Remove(filepath.Join(o.dir, f.Name()))
		}
	}
	return err
}

// load reads points from the file of their name, if it holds the points of that name.
func (o *own) load(id string) ([]r2.Vec, error) {
	if o.dir == "" || !sim.IsOwnID(id) || !filepath.IsLocal(id) || strings.ContainsAny(id, `/\`) {
		return nil, os.ErrNotExist
	}
	text, err := os.ReadFile(filepath.Join(o.dir, id))
	if err != nil {
		return nil, err
	}
	var pairs []sim.Point
	if err := json.Unmarshal(text, &pairs); err != nil {
		return nil, err
	}
	if points := sim.Vectors(pairs); sim.OwnID(points) == id {
		return points, nil
	}
	return nil, errors.New("the file holds other points")
}
