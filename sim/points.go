package sim

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// PointsInfo goes with the points of a user: the units of the axes, and groups of points. It is
// only shown; nothing that a run computes depends on it.
type PointsInfo struct {
	Axes  *data.Axes // nil if the units are those of the box
	Label *Label     // nil if the points have no groups
}

// Label puts each point in a group.
type Label struct {
	Name   string   // of the groups together, such as "species"
	Groups []string // the name of each
	Of     []uint8  // for each point an index into Groups, or NoGroup
}

// NoGroup is the entry of [Label] Of for a point that is in no group.
const NoGroup = 255

// MaxGroups is how many groups a label may have, MaxName how many characters the name of an axis, a
// label or a group.
const (
	MaxGroups = 64
	MaxName   = 64
)

// check refuses what cannot be shown beside n points.
func (p PointsInfo) check(n int) error {
	if a := p.Axes; a != nil {
		for i := range 2 {
			if err := checkName("axis", a.Names[i]); err != nil {
				return err
			}
			scale, offset := a.Scale[i], a.Offset[i]
			if !(scale > 0) || !finite(offset) || !finite(ebm.L*scale+math.Abs(offset)) {
				return Errorf(BadValue, "an axis has a scale above 0 and an offset, both finite; got %v and %v", scale, offset)
			}
		}
	}
	l := p.Label
	if l == nil {
		return nil
	}
	if err := checkName("label", l.Name); err != nil {
		return err
	}
	if len(l.Groups) > MaxGroups {
		return Errorf(Limit, "%d groups are more than the %d that are allowed", len(l.Groups), MaxGroups)
	}
	for _, g := range l.Groups {
		if err := checkName("group", g); err != nil {
			return err
		}
	}
	if len(l.Of) != n {
		return Errorf(BadValue, "the label has a group for %d of %d points", len(l.Of), n)
	}
	for i, g := range l.Of {
		if int(g) >= len(l.Groups) && g != NoGroup {
			return Errorf(BadValue, "point %d is in group %d, and the label has %d groups", i+1, g, len(l.Groups))
		}
	}
	return nil
}

func checkName(what, name string) error {
	switch {
	case utf8.RuneCountInString(name) > MaxName:
		return Errorf(BadValue, "the name of the %s is longer than %d characters", what, MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return Errorf(BadValue, "the name %q of the %s has a control character, or is not UTF-8", name, what)
	}
	return nil
}

// Bytes returns how much memory it takes, about.
func (p PointsInfo) Bytes() int {
	l := p.Label
	if l == nil {
		return 0
	}
	n := len(l.Of)
	for _, g := range l.Groups {
		n += len(g) + 16
	}
	return n
}

// UnitColumns returns names for two columns in the units of the axes, beside the others of a table; none
// if there are no axes. An axis without a name is called x or y. A name that is taken gets a number.
func (p PointsInfo) UnitColumns(others ...string) []string {
	if p.Axes == nil {
		return nil
	}
	x := FreeName(cmp.Or(p.Axes.Names[0], "x"), others...)
	return []string{x, FreeName(cmp.Or(p.Axes.Names[1], "y"), append(others, x)...)}
}

// FreeName returns the name, with a number after it if it is taken.
func FreeName(name string, taken ...string) string {
	free := name
	for n := 2; slices.Contains(taken, free); n++ {
		free = fmt.Sprintf("%s_%d", name, n)
	}
	return free
}

// equal reports whether both say the same.
func (p PointsInfo) equal(other PointsInfo) bool {
	if (p.Axes == nil) != (other.Axes == nil) || (p.Label == nil) != (other.Label == nil) {
		return false
	}
	if p.Axes != nil && *p.Axes != *other.Axes {
		return false
	}
	a, b := p.Label, other.Label
	return a == nil || a.Name == b.Name && slices.Equal(a.Groups, b.Groups) && slices.Equal(a.Of, b.Of)
}

// of returns what goes with the chosen ones of the points.
func (p PointsInfo) of(chosen []int) PointsInfo {
	if p.Label == nil {
		return p
	}
	l := Label{Name: p.Label.Name, Groups: p.Label.Groups, Of: make([]uint8, len(chosen))}
	for i, j := range chosen {
		l.Of[i] = p.Label.Of[j]
	}
	p.Label = &l
	return p
}

// pointsIDPrefix begins every [PointsID].
const pointsIDPrefix = "h."

// PointsID returns the name of points, a hash of their coordinates: the same points in the same
// order have the same name. It needs no escape in an address.
func PointsID(points []r2.Vec) string {
	h := sha256.New()
	var b [16]byte
	for _, y := range points {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(y.X))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(y.Y))
		h.Write(b[:])
	}
	return pointsIDPrefix + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}

// IsPointsID reports whether the text has the form of a [PointsID].
func IsPointsID(text string) bool { return strings.HasPrefix(text, pointsIDPrefix) }
