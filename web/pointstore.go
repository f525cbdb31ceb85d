package web

import (
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

// pointSet is points with what goes with them. It never changes.
type pointSet struct {
	points []r2.Vec
	info   sim.PointsInfo
}

// size returns how much memory the set takes, in points of 16 bytes.
func (p pointSet) size() int { return len(p.points) + p.info.Bytes()/16 }

// pointStore holds the point sets that clients sent, by their IDs ([sim.PointsID]), so that a link,
// an undo or another room can use them again. Of the same points with other axes or groups it holds
// the latest. When it is full, the least recently used set is removed. It may be used by several
// goroutines at once.
type pointStore struct {
	dir string // folder of the files; no files if empty
	log *slog.Logger

	mu   sync.Mutex
	sets *simplelru.LRU[string, pointSet]
	size int // of all sets
}

func newPointStore(dir string, log *slog.Logger) *pointStore {
	s := &pointStore{dir: dir, log: log}
	s.sets, _ = simplelru.NewLRU(maxPointSets, func(_ string, p pointSet) { s.size -= p.size() }) // no error: the size is positive
	return s
}

// add stores points, which must not be changed afterwards. It ignores what cannot be a dataset.
func (s *pointStore) add(p pointSet) {
	if sim.CheckPoints(p.points, p.info) != nil {
		return
	}
	id := sim.PointsID(p.points)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.insert(id, p)
	if s.dir != "" && len(p.points) > wire.LinkPoints {
		if err := s.save(id, p); err != nil {
			s.log.Warn("points could not be saved; links to them work until the server stops", "error", err)
		}
	}
}

// insert puts a set in memory as the most recently used one.
func (s *pointStore) insert(id string, p pointSet) {
	s.sets.Remove(id)
	s.size += p.size()
	s.sets.Add(id, p)
	for s.size > maxPoints {
		s.sets.RemoveOldest()
	}
}

const unknownPoints = sim.Code("unknown-points")

// find returns the points with an ID, from memory or from a file. They must not be changed.
// The error is a [*sim.Error] with the code unknownPoints.
func (s *pointStore) find(id string) (pointSet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.sets.Get(id); ok {
		return p, nil
	}
	p, err := s.load(id)
	if err != nil {
		return p, &sim.Error{Code: unknownPoints, Message: "this link names points kept on another computer; import them again"}
	}
	s.insert(id, p)
	return p, nil
}

// save writes points to the file named by their ID, whole or not at all, and deletes the oldest
// files.
func (s *pointStore) save(id string, p pointSet) error {
	text, err := wire.EncodePoints(p.points, p.info)
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
func (s *pointStore) load(id string) (p pointSet, err error) {
	if s.dir == "" || !sim.IsPointsID(id) || !filepath.IsLocal(id) || strings.ContainsAny(id, `/\`) {
		return p, os.ErrNotExist
	}
	file, err := os.Open(filepath.Join(s.dir, id))
	if err != nil {
		return p, err
	}
	defer file.Close()
	if p.points, p.info, err = wire.ReadPoints(file); err != nil {
		return pointSet{}, err
	}
	if sim.PointsID(p.points) != id {
		return pointSet{}, errors.New("the file holds other points")
	}
	return p, sim.CheckPoints(p.points, p.info)
}
