package table

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"ebmviz/ebm/data"

	"gonum.org/v1/gonum/spatial/r2"
)

// sampleSeed makes the random sample of a large table the same each time.
const sampleSeed = 15

// sampledPoint is a point of the random sample.
type sampledPoint struct {
	row   int
	point r2.Vec
	group uint8
}

// reader makes points of rows.
type reader struct {
	t       *Table
	l       *layout
	x, y    int
	where   map[int]string
	most    int
	rng     *rand.Rand
	seen    int // rows with a point
	sample  []sampledPoint
	groups  map[string]uint8
	tooMany bool // groups
	elided  bool
}

// build makes a table of the rows of a source.
func build(src source, a *about, o Options) (*Table, error) {
	t := &Table{Format: a.format, Encoding: a.encoding, Separator: a.separator, Label: -1, Decimal: ".",
		Columns: []Column{}, Suspects: []Suspect{}, Groups: []Group{}, Preview: [][]string{}, Warnings: []string{}}
	t.LeftOut.First = []Reason{}
	s, err := readAhead(src)
	if err != nil {
		return nil, err
	}
	if len(s.rows) == 0 {
		return nil, errorf("the file has no rows")
	}
	if a.matrix && len(s.rows) == 2 {
		if err := s.transpose(a); err != nil {
			return nil, err
		}
	}
	a.decided = true
	l, err := decide(s, a, o)
	if err != nil {
		return nil, err
	}
	t.Decimal, t.Header = string(rune(l.decimal)), l.header
	r := &reader{t: t, l: l, most: o.Most, rng: rand.New(rand.NewPCG(sampleSeed, 0)), groups: map[string]uint8{}, where: map[int]string{}}
	if r.most <= 0 {
		r.most = data.MaxPoints
	}
	for _, x := range s.rows[:min(len(s.rows), 8)] {
		r.preview(x)
	}
	for _, k := range l.columns {
		if k.group != 0 && t.Grouping == "" && k.Kind != "word" {
			t.Grouping = string(rune(k.group))
		}
	}
	fail := func(err error) (*Table, error) {
		if e, ok := err.(*Error); ok {
			if t.Rows == 0 {
				r.statistics(s.rows)
			}
			r.finishColumns()
			t.Warnings = append([]string{}, a.warnings...)
			t.Points, t.GroupOf = nil, nil
			e.Table = t
		}
		return nil, err
	}
	if r.x, r.y, t.Label, err = l.choose(a, o); err != nil {
		return fail(err)
	}
	t.X, t.Y = r.x, r.y
	for name, value := range o.Where {
		c, err := l.find(name)
		if err != nil {
			return fail(err)
		}
		r.where[c] = strings.TrimSpace(value)
	}
	for {
		x, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fail(err)
		}
		r.add(x)
	}
	if r.elided {
		a.warnings = append(a.warnings, elidedRows)
	}
	t.Warnings = append(t.Warnings, a.warnings...)
	if t.Label >= 0 && r.tooMany {
		name := l.columns[t.Label].Name
		if o.Label == "" {
			t.Label, t.Groups = -1, []Group{}
		} else {
			t.Warnings = append(t.Warnings, fmt.Sprintf("Column %q has more than %d labels; points with others than the first %d are in no group.", name, maxGroups, maxGroups))
		}
	}
	r.finishColumns()
	if r.seen == 0 {
		return fail(r.nothing())
	}
	r.suspect()
	r.finishPoints(o.Clip)
	if len(t.Points) == 0 {
		return fail(errorf("every point is an outlier in one of its coordinates; without clipping they can be read"))
	}
	return t, nil
}

// nothing says why there is no point.
func (r *reader) nothing() error {
	t := r.t
	switch {
	case t.Rows == 0:
		return errorf("the table has a header, but no rows")
	case t.LeftOut.Count == 0:
		return errorf("no row of the table has the values that were chosen")
	}
	first := t.LeftOut.First[0]
	return errorf("no row of the table has two numbers in the columns %q and %q; the first is left out because %s", t.Columns[t.X].Name, t.Columns[t.Y].Name, first.Reason)
}

func (r *reader) preview(x row) {
	cells := make([]string, 0, r.l.width)
	for _, cell := range x.cells[:min(len(x.cells), r.l.width)] {
		cells = append(cells, clean(cell))
	}
	for len(cells) < r.l.width {
		cells = append(cells, "")
	}
	r.t.Preview = append(r.t.Preview, cells)
}

// statistics counts rows and numbers of a table that gives no points.
func (r *reader) statistics(rows []row) {
	for _, x := range rows {
		r.t.Rows++
		for c := range r.l.columns {
			if c < len(x.cells) {
				r.l.columns[c].see(x.cells[c])
			}
		}
	}
}

// see counts a cell of the column.
func (k *column) see(cell string) (v float64, kd kind) {
	v, _, kd = k.parse(cell)
	if kd == number {
		if k.Numbers == 0 {
			k.Min, k.Max = v, v
		} else {
			k.Min, k.Max = min(k.Min, v), max(k.Max, v)
		}
		k.Numbers++
		k.low.add(-v)
		k.high.add(v)
	}
	return v, kd
}

// add considers a row.
func (r *reader) add(x row) {
	t, l := r.t, r.l
	if elision(x.cells) {
		r.elided = true
		return
	}
	t.Rows++
	n := len(x.cells)
	for n > l.width && x.cells[n-1] == "" {
		n--
	}
	var px, py float64
	kx, ky := missing, missing
	if n <= l.width {
		for c := range l.columns[:n] {
			k := &l.columns[c]
			if k.Kind != "number" && k.Kind != "constant" && c != r.x && c != r.y {
				continue
			}
			v, kd := k.see(x.cells[c])
			if c == r.x {
				px, kx = v, kd
			}
			if c == r.y {
				py, ky = v, kd
			}
		}
	}
	chosen := true
	for c, value := range r.where {
		chosen = chosen && c < n && (strings.TrimSpace(x.cells[c]) == value || clean(unquoted(x.cells[c])) == value)
	}
	switch {
	case n > l.width:
		r.leaveOut(chosen, x, func() string { return fmt.Sprintf("it has %d columns instead of %d", n, l.width) })
		return
	case n < l.width && l.exact:
		r.leaveOut(chosen, x, func() string { return fmt.Sprintf("it has %d columns instead of %d", n, l.width) })
		return
	}
	if kx != number {
		r.leaveOut(chosen, x, func() string { return r.why(x, r.x, kx) })
		return
	}
	if ky != number {
		r.leaveOut(chosen, x, func() string { return r.why(x, r.y, ky) })
		return
	}
	group := uint8(noGroup)
	if t.Label >= 0 && t.Label < n {
		group = r.group(x.cells[t.Label])
	}
	if !chosen {
		return
	}
	p := sampledPoint{r.seen, r2.Vec{X: px, Y: py}, group}
	r.seen++
	if len(r.sample) < r.most {
		r.sample = append(r.sample, p)
	} else if i := r.rng.IntN(r.seen); i < r.most { // each row with the same probability (Vitter 1985, algorithm R)
		r.sample[i] = p
	}
}

const elidedRows = "The program that printed the table left out rows where it says \"...\"."

// elision reports whether a row stands for others that are not there.
func elision(cells []string) bool {
	for _, cell := range cells {
		switch cell {
		case "...", "..", "…", "⋮", "":
		default:
			return false
		}
	}
	return len(cells) > 0 && slices.ContainsFunc(cells, func(cell string) bool { return cell != "" })
}

func (r *reader) leaveOut(chosen bool, x row, why func() string) {
	if !chosen {
		return
	}
	r.t.LeftOut.Count++
	if len(r.t.LeftOut.First) < 3 {
		r.t.LeftOut.First = append(r.t.LeftOut.First, Reason{x.line, why()})
	}
}

// why says what is wrong with a coordinate.
func (r *reader) why(x row, c int, k kind) string {
	name := r.l.columns[c].Name
	if c >= len(x.cells) {
		return fmt.Sprintf("%s is missing", name)
	}
	cell := strconv.Quote(clean(x.cells[c]))
	switch k {
	case missing:
		if unquoted(x.cells[c]) == "" {
			return fmt.Sprintf("%s is missing", name)
		}
		return fmt.Sprintf("%s is %s, which means missing", name, cell)
	case infinite:
		return fmt.Sprintf("%s is %s, which is not finite", name, cell)
	case date:
		return fmt.Sprintf("%s is %s, a date", name, cell)
	case formula:
		return fmt.Sprintf("%s is %s, a formula and not a number", name, cell)
	}
	return fmt.Sprintf("%s is %s, which is not a number", name, cell)
}

// group counts a label, and returns its index.
func (r *reader) group(cell string) uint8 {
	i, ok := r.groups[cell]
	if !ok {
		name := clean(unquoted(cell))
		if name == "" {
			return noGroup
		}
		j := slices.IndexFunc(r.t.Groups, func(g Group) bool { return g.Name == name })
		if j < 0 {
			if len(r.t.Groups) == maxGroups {
				r.tooMany = true
				return noGroup
			}
			j = len(r.t.Groups)
			r.t.Groups = append(r.t.Groups, Group{Name: name})
		}
		i = uint8(j)
		if len(r.groups) < 4*maxGroups {
			r.groups[strings.Clone(cell)] = i
		}
	}
	r.t.Groups[i].Count++
	return i
}

func (r *reader) finishColumns() {
	r.t.Columns = r.t.Columns[:0]
	for c := range r.l.columns {
		k := &r.l.columns[c]
		if k.Kind == "number" && k.Numbers > 1 && k.Min == k.Max {
			k.Kind = "constant"
		} else if k.Kind == "constant" && k.Min != k.Max {
			k.Kind = "number"
		}
		r.t.Columns = append(r.t.Columns, k.Column)
	}
}

// finishPoints brings the sample in the order of the rows, and counts or leaves out outliers.
func (r *reader) finishPoints(clip bool) {
	t := r.t
	slices.SortFunc(r.sample, func(a, b sampledPoint) int { return a.row - b.row })
	if r.seen > len(r.sample) {
		t.SampledOf = r.seen
		t.Warnings = append(t.Warnings, fmt.Sprintf("The points are a random sample: %d of %d.", len(r.sample), r.seen))
	}
	low, high := fences(r.sample)
	for _, p := range r.sample {
		if y := p.point; y.X < low.X || y.X > high.X || y.Y < low.Y || y.Y > high.Y {
			t.Outliers++
			if clip {
				continue
			}
		}
		t.Points = append(t.Points, p.point)
		if t.Label >= 0 {
			t.GroupOf = append(t.GroupOf, p.group)
		}
	}
}

// fences returns the bounds outside of which a point is an outlier: in a coordinate, further from the
// middle half of the values than three times its length (Tukey 1977, outer fences).
func fences(points []sampledPoint) (low, high r2.Vec) {
	values := make([]float64, len(points))
	bound := func(of func(sampledPoint) float64) (float64, float64) {
		for i, p := range points {
			values[i] = of(p)
		}
		slices.Sort(values)
		q1, q3 := quartiles(values)
		if spread := 3 * (q3 - q1); spread > 0 {
			return q1 - spread, q3 + spread
		}
		return values[0], values[len(values)-1]
	}
	low.X, high.X = bound(func(p sampledPoint) float64 { return p.point.X })
	low.Y, high.Y = bound(func(p sampledPoint) float64 { return p.point.Y })
	return low, high
}

// quartiles of sorted values, at least one.
func quartiles(sorted []float64) (q1, q3 float64) {
	n := len(sorted)
	return sorted[n/4], sorted[(3*n-1)/4]
}
