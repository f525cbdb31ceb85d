package table

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"ebmviz/ebm"
)

// row is a row of a table. Its cells are valid until the next one is read.
type row struct {
	line  int
	cells []string
}

// source gives the rows of a table one by one, and io.EOF after the last.
type source interface{ next() (row, error) }

// headerRule says what may make the first row a header.
type headerRule int

const (
	noHeader    headerRule = iota // nothing: the format has no header, or names of its own
	fromWords                     // words over numbers
	fromNumbers                   // those, and numbers that look like names
)

// about is what a format says of a table beside its rows.
type about struct {
	format, encoding, separator string
	names                       []string // of the columns, where the format has them; "" is unnamed
	header                      headerRule
	comments                    [][]string // before the rows, as cells
	labels                      []int      // columns that the format says hold labels
	decimal                     string     // where the format has only one
	warnings                    []string
	matrix                      bool // two rows of many numbers are columns
	decided                     bool // names stay as they are
}

// A decision is made from the first rows, within these bounds.
const (
	sampleRows  = 10_000
	sampleCells = 100_000
	sampleBytes = prefixLen
)

// firstRows is a source whose first rows were read ahead, to decide from.
type firstRows struct {
	rows []row
	src  source
}

// readAhead reads the first rows of a source.
func readAhead(src source) (*firstRows, error) {
	s := &firstRows{src: src}
	cells, size := 0, 0
	for len(s.rows) < sampleRows && cells < sampleCells && size < sampleBytes {
		r, err := src.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return s, err
		}
		r.cells = slices.Clone(r.cells)
		s.rows = append(s.rows, r)
		cells += len(r.cells)
		for _, cell := range r.cells {
			size += len(cell)
		}
	}
	return s, nil
}

func (s *firstRows) next() (row, error) {
	if len(s.rows) > 0 {
		first := s.rows[0]
		s.rows = s.rows[1:]
		return first, nil
	}
	return s.src.next()
}

// transpose makes columns of two rows, the only ones, of three or more numbers each.
func (s *firstRows) transpose(a *about) error {
	first, second := s.rows[0].cells, s.rows[1].cells
	if len(first) != len(second) || len(first) < 3 || a.names != nil {
		return nil
	}
	for _, cell := range slices.Concat(first, second) {
		if kindOf(cell) == word {
			return nil
		}
	}
	third, err := s.src.next()
	if err == nil {
		third.cells = slices.Clone(third.cells)
		s.rows = append(s.rows, third)
		return nil
	}
	if err != io.EOF {
		return err
	}
	s.rows = nil
	for i := range first {
		s.rows = append(s.rows, row{i + 1, []string{first[i], second[i]}})
	}
	a.warnings = append(a.warnings, fmt.Sprintf("The table has two rows of %d numbers; they were read as its two columns.", len(first)))
	return nil
}

// column is what is known of a column while rows are read.
type column struct {
	Column
	decimal decimal
	missing []float64 // numbers that mean "missing"
	sorted  []float64 // numbers of the sample
	low     extremes
	high    extremes
	group   byte            // between thousands, 0 is none
	names   map[string]bool // distinct words of the sample, at most maxGroups+1
	cells   int             // of the sample, not missing
}

// parse reads a cell of the column.
func (k *column) parse(cell string) (v float64, unit string, kd kind) {
	v, unit, kd = k.decimal.parse(cell)
	if kd == number && slices.Contains(k.missing, v) {
		kd = missing
	}
	return v, unit, kd
}

// layout is what was decided from the sample.
type layout struct {
	columns []column
	decimal decimal
	header  bool
	exact   bool // a short row cannot be read, because the separator does not say which cell it lacks
	width   int
}

// width returns how many columns most rows have; where two counts are equal, the larger.
func width(rows []row) int {
	counts := map[int]int{}
	best := 0
	for _, r := range rows {
		counts[len(r.cells)]++
	}
	for n, count := range counts {
		if best == 0 || count > counts[best] || count == counts[best] && n > best {
			best = n
		}
	}
	for best > 1 && !slices.ContainsFunc(rows, func(r row) bool { return len(r.cells) >= best && r.cells[best-1] != "" }) {
		best-- // each row ends with a separator
	}
	return best
}

// kindOf returns what a cell holds, by either decimal sign.
func kindOf(cell string) kind {
	_, _, k := decimal('.').parse(cell)
	if k == word || k == date {
		if _, _, other := decimal(',').parse(cell); other == number {
			return number
		}
	}
	return k
}

// isWords reports whether no cell of a row is a number, and one is a word.
func isWords(cells []string) bool {
	words := 0
	for _, cell := range cells {
		switch kindOf(cell) {
		case number:
			return false
		case word, date:
			words++
		}
	}
	return words > 0
}

// decide finds header, columns and number format. It removes the header, and what stands
// before it, from the sample.
func decide(s *firstRows, a *about, o Options) (*layout, error) {
	l := &layout{exact: a.separator == " "}
	l.width = len(a.names)
	if a.names == nil {
		l.width = width(s.rows)
	}
	if a.header != noHeader {
		skipTitle(s, a, l.width)
	}
	if l.width > maxColumns {
		return l, tooLarge("the table has %d columns; it may have at most %d", l.width, maxColumns)
	}

	// The number format is decided for the table, and a column differs on evidence only.
	all := make([]evidence, l.width)
	var sum evidence
	for _, r := range s.rows {
		for c, cell := range r.cells[:min(len(r.cells), l.width)] {
			all[c].add(cell)
		}
	}
	for _, e := range all {
		sum.sum(e)
	}
	guessed := false
	switch given := o.Decimal + a.decimal; {
	case o.Decimal != "":
		l.decimal = decimal(o.Decimal[0])
	case given != "":
		l.decimal = decimal(given[0])
	default:
		l.decimal, guessed = sum.decide(a.separator)
	}
	l.columns = make([]column, l.width)
	for c := range l.columns {
		k := &l.columns[c]
		k.decimal = l.decimal
		if o.Decimal == "" {
			k.decimal = all[c].own(l.decimal)
		}
		for _, text := range o.Missing {
			v, _, kd := k.decimal.parse(text)
			if kd != number {
				v, _, kd = decimal('.').parse(text)
			}
			if kd == number {
				k.missing = append(k.missing, v)
			}
		}
	}
	if guessed {
		sign := map[decimal]string{'.': "groups thousands", ',': "is the decimal sign"}[l.decimal]
		a.warnings = append(a.warnings, fmt.Sprintf("Nothing in the table shows what a comma in its numbers means, as in 1,024; here it %s.", sign))
	}

	names, named := a.names, a.names != nil
	rowNames := false
	if !named {
		names, rowNames = l.findHeader(s, a, o)
		named = names != nil
	}
	l.header = named && (a.names == nil || slices.ContainsFunc(names, func(name string) bool { return name != "" }))
	l.describe(s.rows, names, rowNames)
	return l, nil
}

// skipTitle removes what stands before the table: rows of words that are not its header.
func skipTitle(s *firstRows, a *about, width int) {
	first := 0 // row of data
	for first < min(len(s.rows), 50) && isProse(s.rows[first].cells) {
		first++
	}
	if first == 0 || first == len(s.rows) || len(s.rows[first].cells) != width || isWords(s.rows[first].cells) {
		return
	}
	mayName := func(r row) bool { return len(r.cells) == width || len(r.cells) == width-1 && width > 2 }
	header := first
	for n := 1; n <= 2 && n <= first && header == first; n++ { // pandas writes the name of the index below the header
		if mayName(s.rows[first-n]) {
			header = first - n
		}
	}
	gap := 1
	if a.separator == "|" {
		gap = 2 // a rule
	}
	// Of several rows with a word for each column, such as names and units, the first has the names; but
	// between blanks any sentence has words enough.
	for a.separator != " " && header > 0 && header < first && len(s.rows[header-1].cells) == width && s.rows[header-1].line >= s.rows[header].line-gap {
		header--
	}
	if header > 0 {
		s.rows = s.rows[header:]
		a.warnings = append(a.warnings, fmt.Sprintf("The text before line %d was not taken as part of the table.", s.rows[0].line))
	}
}

// isProse reports whether every cell of a row is a word, and none is a number or stands for one.
func isProse(cells []string) bool {
	return isWords(cells) && !slices.ContainsFunc(cells, func(cell string) bool {
		k := kindOf(cell)
		return k != word && k != date
	})
}

// findHeader returns the names of the columns, nil if there are none. With rowNames the first column
// has none because it holds the names of the rows.
func (l *layout) findHeader(s *firstRows, a *about, o Options) (names []string, rowNames bool) {
	if a.header == noHeader || len(s.rows) == 0 || o.Header == "no" {
		return nil, false
	}
	first := s.rows[0].cells
	short := len(first) == l.width-1 && l.width > 2
	firstRow := func() ([]string, bool) {
		names := slices.Clone(first)
		s.rows = s.rows[1:]
		if short && l.holdsRowNames(s.rows) {
			return append([]string{""}, names...), true
		}
		return names, false
	}
	for _, comment := range slices.Backward(a.comments) {
		if !isWords(comment) || isWords(first) || len(comment) != l.width && (len(comment) != l.width-1 || l.width < 3) {
			continue
		}
		if len(comment) < l.width && l.holdsRowNames(s.rows) {
			return append([]string{""}, comment...), true
		}
		return comment, false
	}
	if o.Header == "yes" {
		return firstRow()
	}
	words, numbers := 0, 0
	shift := 0
	if short {
		shift = 1
	}
	numeric := 0
	for c := range l.width {
		if !l.numeric(s.rows[1:], c) {
			continue
		}
		numeric++
		if i := c - shift; i >= 0 && i < len(first) {
			switch _, _, k := l.columns[c].decimal.parse(first[i]); k {
			case word, date:
				words++
			case number:
				numbers++
			}
		}
	}
	switch {
	case words > 0 && words >= numbers:
		return firstRow()
	case numeric == 0 && len(s.rows) > 1 && isWords(first) && !slices.ContainsFunc(s.rows[1:], func(r row) bool { return slices.Equal(r.cells, first) }):
		return firstRow()
	case words == 0 && numbers >= 2 && a.header == fromNumbers && l.looksLikeNames(s.rows, shift):
		a.warnings = append(a.warnings, fmt.Sprintf("The first row, %s, was taken for the header, because its numbers are not like those below; it can be made a row.", listed(first)))
		return firstRow()
	}
	return nil, false
}

// numeric reports whether most cells of a column are numbers.
func (l *layout) numeric(rows []row, c int) bool {
	numbers, others := 0, 0
	for _, r := range rows[:min(len(rows), 1000)] {
		if c >= len(r.cells) {
			continue
		}
		switch _, _, k := l.columns[c].decimal.parse(r.cells[c]); k {
		case number:
			numbers++
		case word, date, formula:
			others++
		}
	}
	return numbers > 0 && numbers >= others
}

// holdsRowNames reports whether the first column has names of rows: words, or numbers that count, or
// whole numbers unless the last column, which would lack its name instead, has words.
func (l *layout) holdsRowNames(rows []row) bool {
	if !l.numeric(rows, 0) || counts(l.columns[0].decimal, rows, 0) {
		return true
	}
	fraction := func(r row) bool {
		return len(r.cells) > 0 && strings.ContainsAny(r.cells[0], ".,eE") && !elision(r.cells[:1])
	}
	return l.numeric(rows, l.width-1) && !slices.ContainsFunc(rows, fraction)
}

// counts reports whether a column counts: 0, 1, 2, … or from another whole number.
func counts(d decimal, rows []row, c int) bool {
	last, n := 0.0, 0
	for _, r := range rows {
		if c >= len(r.cells) {
			continue
		}
		v, _, k := d.parse(r.cells[c])
		if k != number || v != float64(int64(v)) || n > 0 && v != last+1 {
			return false
		}
		last = v
		n++
	}
	return n > 1
}

// looksLikeNames reports whether the numbers of the first row are names: years over small numbers, which
// have fractions or else the years follow each other; or 0, 1, 2, … over numbers with a fraction, as pandas writes them.
func (l *layout) looksLikeNames(rows []row, shift int) bool {
	first, body := rows[0].cells, rows[1:]
	if len(body) < 3 {
		return false
	}
	years, indices := true, true
	k, before := 0, 0.0
	following, whole := true, true
	for c := range l.width {
		i := c - shift
		if i < 0 || i >= len(first) || first[i] == "" || !l.numeric(body, c) {
			continue
		}
		v, _, kind := l.columns[c].decimal.parse(first[i])
		if kind != number || !digits(unquoted(first[i])) {
			return false
		}
		years = years && v >= 1500 && v <= 2200
		indices = indices && v == float64(k)
		following = following && (k == 0 || v == before+1)
		before = v
		k++
		fractions, steps := 0, true
		last, step := v, 0.0
		for j, r := range body[:min(len(body), 1000)] {
			if c >= len(r.cells) {
				continue
			}
			x, _, kind := l.columns[c].decimal.parse(r.cells[c])
			if kind != number {
				continue
			}
			if strings.ContainsAny(r.cells[c], ".,eEdD") {
				fractions++
			} else {
				indices = false
			}
			years = years && x > -v/10 && x < v/10
			if j == 0 {
				step = x - last
			}
			steps = steps && abs(x-last-step) < 1e-6*abs(step)
			last = x
		}
		whole = whole && fractions == 0
		indices = indices && !steps // 0 over 0.1, 0.2, 0.3 is the first of them
	}
	return k >= 2 && (years && (!whole || following) || indices)
}

func abs(x float64) float64 { return max(x, -x) }

// indexNames are names of columns that number the rows; such a column is an index if it counts.
var indexNames = []string{"", "id", "index", "idx", "row", "rowname", "rownames", "row.names", "rowid", "no", "no.", "nr", "nr.", "#", "n°", "obs", "case"}

// describe finds what each column holds.
func (l *layout) describe(rows []row, names []string, rowNames bool) {
	numeric, named := 0, false
	for c := range l.columns {
		k := &l.columns[c]
		if c < len(names) {
			k.Name = clean(names[c])
		}
		k.Named = k.Name != "" && !strings.HasPrefix(k.Name, "Unnamed: ") && !strings.HasPrefix(k.Name, "[,")
		if k.Name == "" {
			k.Name = "column " + strconv.Itoa(c+1)
		}
		named = named || k.Named
		k.sample(rows, c)
		if k.Kind == "number" {
			numeric++
		}
	}
	for c := range l.columns {
		k := &l.columns[c]
		switch {
		case c == 0 && rowNames:
			k.Kind = "index"
		case k.Kind != "number" || !counts(k.decimal, rows, c):
		case numeric > 2 && (!k.Named && (c == 0 || named) || slices.Contains(indexNames, strings.ToLower(k.Name)) || k.Name == "X" && !l.has("Y")),
			numeric == 2 && named && !k.Named:
			k.Kind = "index"
		}
	}
}

func (l *layout) has(name string) bool {
	return slices.ContainsFunc(l.columns, func(k column) bool { return strings.EqualFold(k.Name, name) })
}

// sample finds what a column holds from its first cells.
func (k *column) sample(rows []row, c int) {
	k.names = map[string]bool{}
	dates, others, units := 0, 0, map[string]int{}
	for _, r := range rows {
		if c >= len(r.cells) {
			continue
		}
		v, unit, kind := k.parse(r.cells[c])
		switch kind {
		case number:
			k.sorted = append(k.sorted, v)
			if cell := r.cells[c]; k.group == 0 && !plain(cell) {
				k.group = k.decimal.grouping(cell)
			}
			if unit != "" {
				units[unit]++
			}
		case date:
			dates++
		case word, formula:
			others++
		}
		if kind != missing {
			k.cells++
			if len(k.names) <= maxGroups {
				k.names[clean(unquoted(r.cells[c]))] = true
			}
		}
	}
	slices.Sort(k.sorted)
	numbers := len(k.sorted)
	switch {
	case numbers > 0 && numbers >= others+dates:
		k.Kind = "number"
	case dates > others:
		k.Kind = "date"
	default:
		k.Kind = "word"
	}
	for unit, n := range units {
		if 2*n > numbers {
			k.Unit = unit
		}
	}
	if numbers > 1 && k.Kind == "number" && k.sorted[0] == k.sorted[numbers-1] {
		k.Kind = "constant"
	}
}

// find returns the column with a name or number, or an error that lists the columns.
func (l *layout) find(name string) (int, error) {
	for _, equal := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for c, k := range l.columns {
			if equal(k.Name, name) {
				return c, nil
			}
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(l.columns) {
		return n - 1, nil
	}
	names := make([]string, 0, 20)
	for _, k := range l.columns[:min(len(l.columns), 20)] {
		names = append(names, k.Name)
	}
	return 0, errorf("there is no column %q%s", clean(name), ebm.Suggest(clean(name), names))
}

// choose returns the columns of the two coordinates and of the labels.
func (l *layout) choose(a *about, o Options) (x, y, label int, err error) {
	x, y, label = -1, -1, -1
	for _, given := range []struct {
		name string
		c    *int
	}{{o.X, &x}, {o.Y, &y}} {
		if given.name == "" {
			continue
		}
		if *given.c, err = l.find(given.name); err != nil {
			return 0, 0, -1, err
		}
		if k := l.columns[*given.c]; len(k.sorted) == 0 {
			return 0, 0, -1, errorf("column %q has %s, not numbers", k.Name, holds[k.Kind])
		}
	}
	if o.Label != "" && o.Label != "none" {
		if label, err = l.find(o.Label); err != nil {
			return 0, 0, -1, err
		}
	}
	for _, pair := range [][2]string{{"x", "y"}, {"y1", "y2"}, {"x1", "x2"}} {
		first, second := l.number(pair[0]), l.number(pair[1])
		if x < 0 && y < 0 && first >= 0 && second >= 0 {
			x, y = first, second
		}
	}
	for _, kinds := range []string{"number", "constant", "index"} {
		for c, k := range l.columns {
			if k.Kind != kinds || c == x || c == y || c == label || kinds == "index" && !k.Named && o.X+o.Y == "" {
				continue
			}
			if x < 0 {
				x = c
			} else if y < 0 {
				y = c
			}
		}
	}
	if x < 0 || y < 0 {
		return 0, 0, -1, l.tooFew()
	}
	if o.Label == "" {
		label = l.guessLabel(a, x, y)
	}
	return x, y, label, nil
}

// number returns the column of numbers with a name, or -1.
func (l *layout) number(name string) int {
	return slices.IndexFunc(l.columns, func(k column) bool {
		return strings.EqualFold(k.Name, name) && (k.Kind == "number" || k.Kind == "constant")
	})
}

var holds = map[string]string{"word": "words", "date": "dates", "index": "an index", "number": "numbers", "constant": "one number"}

// tooFew says which columns a table has that has less than two of numbers.
func (l *layout) tooFew() error {
	var numbers []string
	others := map[string][]string{}
	for _, k := range l.columns {
		if k.Kind == "number" || k.Kind == "constant" {
			numbers = append(numbers, k.Name)
		} else if len(others[k.Kind]) < 3 {
			others[k.Kind] = append(others[k.Kind], strconv.Quote(k.Name))
		}
	}
	message := "the table has no column of numbers"
	if len(numbers) == 1 {
		message = fmt.Sprintf("the table has only one column of numbers, %q", numbers[0])
	}
	for _, kind := range []string{"date", "word", "index"} {
		if names := others[kind]; len(names) > 0 {
			message += fmt.Sprintf("; %s: %s", strings.Join(names, ", "), holds[kind])
		}
	}
	return errorf("%s; a point needs two numbers", message)
}

// labelNames are names of columns of whole numbers that are labels.
var labelNames = []string{"label", "labels", "class", "cluster", "group", "category", "species", "target", "dataset", "type", "kind"}

// guessLabel returns the column that is most like a label, or -1: words or small whole numbers, two to
// maxGroups of them, that repeat.
func (l *layout) guessLabel(a *about, x, y int) int {
	for _, c := range a.labels {
		if c != x && c != y && c < len(l.columns) {
			return c
		}
	}
	repeats := func(k column) bool {
		n := len(k.names)
		return n >= 2 && n <= maxGroups && n <= max(2, k.cells/2) && n < k.cells
	}
	for c, k := range l.columns {
		if k.Kind == "word" && c != x && c != y && repeats(k) {
			return c
		}
	}
	for c, k := range l.columns {
		named := slices.Contains(labelNames, strings.ToLower(k.Name))
		third := len(l.columns) == 3 && whole(k.sorted) && !whole(l.columns[x].sorted) && !whole(l.columns[y].sorted)
		if k.Kind == "number" && c != x && c != y && repeats(k) && (named || third) {
			return c
		}
	}
	return -1
}

func whole(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v != float64(int64(v)) })
}

// listed joins the first cells of a row.
func listed(cells []string) string {
	names := make([]string, 0, 4)
	for _, cell := range cells {
		if len(names) == 3 && len(cells) > 4 {
			names = append(names, "…")
			break
		}
		if cell = clean(unquoted(cell)); cell != "" {
			names = append(names, cell)
		}
	}
	if n := len(names); n > 1 && names[n-1] != "…" {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, ", ")
}
