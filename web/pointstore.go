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

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Limits of what a pointStore holds in memory: 16 MB of points.
const (
	maxPointSets = 4096
	maxPoints    = 1 << 20 // in all sets
)

// maxPointFiles is how many files of points there are. Sets that are too large for a link
// ([wire.LinkPoints]) are written to files; the newest of them stay.
const maxPointFiles = 64

// pointStore holds the point sets that clients sent, by their IDs ([sim.PointsID]), so that a link,
// an undo or another room can use them again. When it is full, the least recently used set is
// removed. It may be used by several goroutines at once.
type pointStore struct {
	dir string // folder of the files; no files if empty
	log *slog.Logger

	mu   sync.Mutex
	sets *simplelru.LRU[string, []r2.Vec]
	size int // number of points in all sets
}

func newPointStore(dir string, log *slog.Logger) *pointStore {
	s := &pointStore{dir: dir, log: log}
	s.sets, _ = simplelru.NewLRU(maxPointSets, func(_ string, points []r2.Vec) { s.size -= len(points) }) // no error: the size is positive
	return s
}

// add stores points, which must not be changed afterwards. It ignores an empty set and one
// that is too large to be a dataset.
func (s *pointStore) add(points []r2.Vec) {
	if len(points) == 0 || len(points) > data.MaxPoints {
		return
	}
	id := sim.PointsID(points)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.insert(id, points)
	if s.dir != "" && len(points) > wire.LinkPoints {
		if err := s.save(id, points); err != nil {
			s.log.Warn("points could not be saved; links to them work until the server stops", "error", err)
		}
	}
}

// insert puts a set in memory as the most recently used one.
func (s *pointStore) insert(id string, points []r2.Vec) {
	if !s.sets.Contains(id) {
		s.size += len(points)
	}
	s.sets.Add(id, points)
	for s.size > maxPoints {
		s.sets.RemoveOldest()
	}
}

const unknownPoints = sim.Code("unknown-points")

// find returns the points with an ID, from memory or from a file. They must not be changed.
// The error is a [*sim.Error] with the code unknownPoints.
func (s *pointStore) find(id string) ([]r2.Vec, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if points, ok := s.sets.Get(id); ok {
		return points, nil
	}
	points, err := s.load(id)
	if err != nil {
		return nil, &sim.Error{Code: unknownPoints, Message: "this link names points kept on another computer; import them again"}
	}
	s.insert(id, points)
	return points, nil
}

// save writes points to the file named by their ID, whole or not at all, and deletes the oldest
// files.
func (s *pointStore) save(id string, points []r2.Vec) error {
	text, err := json.Marshal(wire.Points(points))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(s.dir, "part-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // fails after the rename
	_, err = part.Write(text)
	if err := errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), filepath.Join(s.dir, id)); err != nil {
		return err
	}
	return s.prune()
}

// prune deletes all files but those written last.
func (s *pointStore) prune() error {
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(f os.DirEntry) bool { return !sim.IsPointsID(f.Name()) })
	written := func(f os.DirEntry) (t time.Time) {
		if info, err := f.Info(); err == nil {
			t = info.ModTime()
		}
		return t
	}
	slices.SortFunc(files, func(a, b os.DirEntry) int { return written(a).Compare(written(b)) })
	for _, f := range files[:max(0, len(files)-maxPointFiles)] {
		err = errors.Join(err, os.Remove(filepath.Join(s.dir, f.Name())))
	}
	return err
}

// load reads points from the file named by their ID. A file that holds other points is an error.
func (s *pointStore) load(id string) ([]r2.Vec, error) {
	if s.dir == "" || !sim.IsPointsID(id) || !filepath.IsLocal(id) || strings.ContainsAny(id, `/\`) {
		return nil, os.ErrNotExist
	}
	text, err := os.ReadFile(filepath.Join(s.dir, id))
	if err != nil {
		return nil, err
	}
	var pairs []wire.Point
	if err := json.Unmarshal(text, &pairs); err != nil {
		return nil, err
	}
	points := wire.Vectors(pairs)
	if sim.PointsID(points) != id {
		return nil, errors.New("the file holds other points")
	}
	return points, nil
}
