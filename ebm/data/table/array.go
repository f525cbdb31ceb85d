package table

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printed matches the beginning of an array as a program prints it: [[0.1 0.2], (0.1, 0.2),
// array([[0.1, tensor([[0.1, x = np.array([0.1, {{0.1, A = [0.1, c(0.1, structure(list(x = c(0.1.
var printed = func() *regexp.Regexp {
	const (
		before = `^(?:\s*(?:[#%][^\r\n]*)?[\r\n]+)*\s*(?:>>> |> |In ?\[\d+\]: |Out\[\d+\][:=]\s*)?`
		assign = `(?:[A-Za-z_][\w.$<>:\[\] ]*(?:=|<-)\s*)?`
		open   = `(?:(?:(?:[a-z]+\.)?(?:array|tensor|asarray|Array|DeviceArray|Tensor|[mM]atrix|list|structure|tibble|data\.frame|c|[A-Z]\w*)\()|[\[({])\s*`
		key    = `(?:(?:[A-Za-z_][\w.]*|'[^'\r\n]*'|"[^"\r\n]*")\s*[=:]\s*)?`
		value  = `(?:[-+−.'"\d]|nan\b|NaN\b|inf\b|None\b|NA\b|np\.|float)`
	)
	return regexp.MustCompile(before + assign + open + `(?:` + key + open + `)*` + key + value)
}()

// isArray reports whether a text begins with a printed array.
func isArray(prefix []byte) bool {
	prefix = prefix[:min(len(prefix), 1<<14)]
	return printed.Match(prefix) && !matrixRow.Match(prefix)
}

// matrixRow is the first row of a matrix that R printed.
var matrixRow = regexp.MustCompile(`^\s*\[\d+,\]`)

// groupOfCells is what stands in an innermost pair of brackets, or between semicolons in it.
type groupOfCells struct {
	name    string   // before an equals sign or colon
	keys    []string // of the cells, where they have some
	cells   []string
	long    *columnTexts // has the cells of a group that is too long for a row
	line    int
	depth   int
	point   bool  // A = (1, 2) names a point and no column
	breaks  []int // cells before each end of a line
	divided bool  // by semicolons
}

func (g *groupOfCells) len() int {
	if g.long != nil {
		return maxColumns + 1
	}
	return len(g.cells)
}

// lineLength returns the number of cells on the first line.
func (g *groupOfCells) lineLength() int {
	if len(g.breaks) == 0 {
		return len(g.cells)
	}
	return g.breaks[0]
}

// rows divides a bracket at the ends of its lines.
func (g *groupOfCells) rows() (rows []*groupOfCells) {
	at := 0
	for i, end := range g.breaks {
		rows = append(rows, &groupOfCells{line: g.line + i, depth: g.depth, divided: true, cells: g.cells[at:end]})
		at = end
	}
	return rows
}

// even reports whether the ends of lines divide cells into rows of the same length, two or more, as in a
// matrix of MATLAB; the last row may be incomplete.
func even(breaks []int, cells int) bool {
	if len(breaks) == 0 || breaks[0] < 2 || cells > (len(breaks)+1)*breaks[0] {
		return false
	}
	for i, n := range breaks {
		if n != (i+1)*breaks[0] {
			return false
		}
	}
	return true
}

// scanner reads a printed array.
type scanner struct {
	in     *bufio.Reader
	line   int
	closes []rune // of the open brackets, 0 for one of a function around one value
	group  *groupOfCells
	name   string // before = or :, for what follows
	equals bool   // it was =
	word   []byte // read last, not yet known to be a cell or a name
	quoted bool   // it had quotes
	length int    // of the word
	vector bool   // semicolons divide single numbers: the group is a column
	byLine bool   // each line of a bracket is a row
	queue  []*groupOfCells
	elided bool
	cut    bool // the last bracket is missing
}

var closing = map[rune]rune{'[': ']', '(': ')', '{': '}'}

// transparent are functions that programs print around a single number.
var transparent = regexp.MustCompile(`^((np|numpy)\.)?(float|int|uint)\d*_?$|^(np|numpy)\.str_$|^Decimal$|^mpf$`)

// flush makes a cell of the word that was read last.
func (s *scanner) flush() {
	word, quoted := string(s.word), s.quoted
	s.word, s.quoted = s.word[:0], false
	if word == "" && !quoted {
		return
	}
	name := s.name
	equals := s.equals
	s.name, s.equals = "", false
	if !quoted && isElision(word) {
		s.elided = true
		return
	}
	if len(s.closes) == 0 || equals && (quoted || !startsNumber(word)) {
		return // dtype=float32, device='cuda:0'
	}
	if s.group == nil {
		s.group = &groupOfCells{line: s.line, depth: s.depth()}
	}
	g := s.group
	if !quoted {
		word = scalarText(word)
	}
	if name != "" {
		for len(g.keys) < len(g.cells) {
			g.keys = append(g.keys, "")
		}
		g.keys = append(g.keys, name)
	}
	switch {
	case g.long != nil:
		g.long.add(0, word)
	case len(g.cells) == maxColumns && g.depth == 1 && even(g.breaks, len(g.cells)):
		s.byLine = true // a long matrix of MATLAB
		s.queue = g.rows()
		last := g.cells[g.breaks[len(g.breaks)-1]:]
		s.group = &groupOfCells{line: s.line, depth: 1, divided: true, cells: append(slices.Clone(last), word)}
	case len(g.cells) == maxColumns:
		g.long = &columnTexts{}
		for _, cell := range append(g.cells, word) {
			g.long.add(0, cell)
		}
		g.breaks = nil
	default:
		g.cells = append(g.cells, word)
	}
}

func isElision(word string) bool {
	return word == "..." || word == "…" || word == "⋮" || word == "⋯" || strings.HasPrefix(word, "<<")
}

func startsNumber(word string) bool {
	return strings.ContainsRune("0123456789+-.−", []rune(word)[0])
}

// scalarText writes a number of Mathematica (1.2*^-5, 0.1`) or R (79L) as others do.
func scalarText(word string) string {
	if i := strings.IndexByte(word, '`'); i >= 0 {
		rest := strings.TrimLeft(word[i:], "`.0123456789")
		word = word[:i] + rest
	}
	word = strings.Replace(word, "*^", "e", 1)
	if n := len(word); n > 1 && word[n-1] == 'L' && digits(strings.TrimLeft(word[:n-1], "+-")) {
		word = word[:n-1]
	}
	return word
}

// next returns the next group, or io.EOF.
func (s *scanner) next() (*groupOfCells, error) {
	lineStart := true
	for {
		if len(s.queue) > 0 {
			first := s.queue[0]
			s.queue = s.queue[1:]
			return first, nil
		}
		r, _, err := s.in.ReadRune()
		if err == io.EOF {
			s.flush()
			g := s.group
			s.group = nil
			s.cut = len(s.closes) > 0
			if g != nil && g.len() > 0 {
				return g, nil
			}
			return nil, io.EOF
		}
		if err != nil {
			return nil, err
		}
		start := lineStart
		lineStart = lineStart && (r == ' ' || r == '\t') || r == '\n'
		if r == '\n' {
			s.line++
		}
		switch {
		case start && (r == '#' || r == '%') && s.group == nil:
			if err := s.skipLine(); err != nil && err != io.EOF {
				return nil, err
			}
			lineStart = true
		case r == '\'' || r == '"':
			s.flush()
			if s.word, err = s.quotedWord(r); err != nil {
				return nil, err
			}
			s.quoted = true
		case r == '[' || r == '(' || r == '{':
			if r == '(' && len(s.word) > 0 && transparent.Match(s.word) {
				s.word = s.word[:0]
				s.closes = append(s.closes, 0)
				continue
			}
			if len(s.word) > 0 && !s.quoted && r != '(' {
				s.flush()
			}
			if s.group != nil && len(s.closes) > 0 && s.group.len() > 0 && s.closes[len(s.closes)-1] != 0 {
				s.group = nil // values beside arrays
			}
			function := len(s.word) > 0
			s.word, s.quoted = s.word[:0], false
			if s.closes = append(s.closes, closing[r]); len(s.closes) > maxDepth {
				return nil, errorf("the array is nested more than %d levels deep", maxDepth)
			}
			s.group = &groupOfCells{line: max(1, s.line), name: s.name, depth: s.depth(), point: r == '(' && !function}
			s.vector = false
			if r != '(' || !function || s.name == "" { // x = array([…]) names what is within
				s.name, s.equals = "", false
			}
			if function && s.group.name != "" {
				s.name, s.equals = s.group.name, false
			}
		case r == ']' || r == ')' || r == '}':
			s.flush()
			if len(s.closes) == 0 {
				continue
			}
			end := s.closes[len(s.closes)-1]
			s.closes = s.closes[:len(s.closes)-1]
			if end == 0 {
				continue
			}
			g := s.group
			s.group, s.name, s.byLine = nil, "", false
			if g != nil && g.len() > 0 {
				return g, nil
			}
		case r == ';':
			s.flush()
			g := s.group
			if g == nil || g.len() == 0 {
				continue
			}
			if s.vector = s.vector || g.len() == 1 && !g.divided; s.vector {
				continue
			}
			g.divided = true
			s.group = &groupOfCells{line: s.line, depth: g.depth, divided: true}
			return g, nil
		case r == '=' || r == ':' || r == '<':
			if next, _ := s.in.Peek(1); r == '<' && (len(next) == 0 || next[0] != '-') {
				s.add(r)
				continue
			} else if r == '<' {
				_, _ = s.in.Discard(1)
			}
			s.name, s.equals = string(s.word), r != ':'
			s.word, s.quoted = s.word[:0], false
		case r == '\n' || r == '\r':
			s.flush()
			if g := s.group; r == '\n' && g != nil && len(g.cells) > 0 && g.long == nil && (len(g.breaks) == 0 || g.breaks[len(g.breaks)-1] < len(g.cells)) {
				if s.byLine {
					s.group = &groupOfCells{line: s.line, depth: g.depth, divided: true}
					return g, nil
				}
				g.breaks = append(g.breaks, len(g.cells))
			}
		case r == ',' || unicode.IsSpace(r):
			if r != ',' && len(s.word) > 0 { // x =
				if after, _ := s.peekWord(); after == '=' || after == '<' && len(s.closes) == 0 {
					continue
				}
			}
			s.flush()
		default:
			s.add(r)
		}
		if s.length > maxLine {
			return nil, tooLarge("a value in the array is longer than %s", size(maxLine))
		}
	}
}

// depth counts the brackets that are not of a function around one value.
func (s *scanner) depth() int {
	n := 0
	for _, end := range s.closes {
		if end != 0 {
			n++
		}
	}
	return n
}

func (s *scanner) add(r rune) {
	if s.quoted {
		s.flush()
	}
	if len(s.word) == 0 {
		s.length = 0
	}
	if s.length++; s.length <= 200 { // longer is no number
		s.word = utf8.AppendRune(s.word, r)
	}
}

// peekWord returns the next character that is no blank.
func (s *scanner) peekWord() (byte, bool) {
	for n := 1; n <= 8; n++ {
		next, _ := s.in.Peek(n)
		if len(next) < n {
			return 0, false
		}
		if c := next[n-1]; c != ' ' && c != '\t' {
			return c, true
		}
	}
	return 0, false
}

func (s *scanner) skipLine() error {
	for {
		b, err := s.in.ReadByte()
		if err != nil {
			return err
		}
		if b == '\n' {
			s.line++
			return nil
		}
	}
}

// quotedWord reads to the closing quote.
func (s *scanner) quotedWord(quote rune) ([]byte, error) {
	var b []byte
	for n := 0; ; n++ {
		r, _, err := s.in.ReadRune()
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		if n > maxLine {
			return nil, tooLarge("a quoted value in the array is longer than %s", size(maxLine))
		}
		if r == quote {
			return b, nil
		}
		if r == '\\' {
			if r, _, err = s.in.ReadRune(); err != nil {
				return b, nil
			}
		}
		if r == '\n' {
			s.line++
			r = ' '
		}
		if len(b) < 1000 {
			b = utf8.AppendRune(b, r)
		}
	}
}

// arrayRows gives the groups of a printed array as rows.
type arrayRows struct {
	s     *scanner
	about *about
	depth int
	ready []*groupOfCells
	keys  map[string]int
}

// newArray finds out how a printed array has its numbers.
func newArray(in *bufio.Reader) (source, *about, error) {
	s := &scanner{in: in, line: 1}
	a := &about{format: "array", header: fromWords, matrix: true}
	r := &arrayRows{s: s, about: a}
	for len(r.ready) < 3 {
		g, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if len(r.ready) == 1 && g.depth > r.ready[0].depth && r.ready[0].len() < 2 { // Out[3]:
			r.ready = nil
		}
		if len(r.ready) > 0 && g.depth < r.ready[0].depth {
			continue // values after the array
		}
		r.ready = append(r.ready, g)
	}
	if len(r.ready) == 0 {
		return nil, nil, errorf("the array has no values")
	}
	first := r.ready[0]
	r.depth = first.depth
	named := first.name != "" && !first.point && !first.divided && len(r.ready) > 1 && r.ready[1].name != ""
	switch {
	case named || first.long != nil:
		texts, err := r.byColumns()
		return texts, a, err
	case len(r.ready) == 1 && first.depth == 1 && !first.divided && len(first.cells) > first.lineLength() && even(first.breaks, len(first.cells)):
		if first.breaks[len(first.breaks)-1] < len(first.cells) {
			first.breaks = append(first.breaks, len(first.cells))
		}
		r.ready = first.rows()
	case len(r.ready) == 1 && !first.divided && len(first.cells) > 2 && len(first.keys) == 0:
		texts := &columnTexts{}
		for _, cell := range first.cells {
			texts.add(0, cell)
		}
		return texts, a, nil
	case len(first.keys) == len(first.cells):
		r.keys = map[string]int{}
		a.names = slices.Clone(first.keys)
		for i, key := range a.names {
			r.keys[key] = i
		}
	}
	return r, a, nil
}

// byColumns reads each group as a column.
func (r *arrayRows) byColumns() (source, error) {
	texts := &columnTexts{}
	count := 0
	named := false
	for {
		var g *groupOfCells
		if len(r.ready) > 0 {
			g, r.ready = r.ready[0], r.ready[1:]
		} else {
			var err error
			if g, err = r.s.next(); err == io.EOF {
				break
			} else if err != nil {
				return nil, err
			}
		}
		if g.depth != r.depth || g.name == "row.names" || g.name == ".Label" || g.name == "levels" || g.name == "class" {
			continue
		}
		if count > 0 && (g.long != nil) != (count > maxColumns) || count > 0 && g.long == nil && len(g.cells) != count {
			r.about.warnings = append(r.about.warnings, fmt.Sprintf("An array of another length than the first, in line %d, was left out.", g.line))
			continue
		}
		if len(texts.text) == maxColumns {
			return nil, tooWide(g.line, maxColumns+1)
		}
		c := len(texts.text)
		texts.names = append(texts.names, g.name)
		named = named || g.name != ""
		if g.long != nil {
			texts.text = append(texts.text, g.long.text[0])
			count = maxColumns + 1
			continue
		}
		count = len(g.cells)
		texts.text = append(texts.text, nil)
		for _, cell := range g.cells {
			texts.add(c, cell)
		}
	}
	if named {
		r.about.names = texts.names
	}
	r.end()
	return texts, nil
}

// end adds the warnings that are due at the end of the array.
func (r *arrayRows) end() {
	if r.s.elided {
		r.about.warnings = append(r.about.warnings, elidedRows)
	}
	if r.s.cut {
		r.about.warnings = append(r.about.warnings, "The array ends before its last bracket; its last number may be cut off.")
	}
	r.s.elided, r.s.cut = false, false
}

func (r *arrayRows) next() (row, error) {
	for {
		var g *groupOfCells
		if len(r.ready) > 0 {
			g, r.ready = r.ready[0], r.ready[1:]
		} else {
			var err error
			if g, err = r.s.next(); err != nil {
				r.end()
				return row{}, err
			}
		}
		if g.depth < r.depth {
			continue
		}
		if g.long != nil {
			return row{}, tooWide(g.line, maxColumns+1)
		}
		cells := g.cells
		if r.keys != nil && len(g.keys) == len(g.cells) {
			cells = make([]string, len(r.about.names))
			for i, key := range g.keys {
				if c, ok := r.keys[key]; ok {
					cells[c] = g.cells[i]
				}
			}
		}
		return row{g.line, cells}, nil
	}
}

var vectorLine = regexp.MustCompile(`^\s*\[\d+\][ \t]+\S`)

// isVectors reports whether a text holds vectors as R prints them: [1] 0.1 0.2.
func isVectors(prefix []byte) bool {
	for text := range strings.Lines(string(prefix[:min(len(prefix), 4000)])) {
		if vectorLine.MatchString(text) {
			return true
		}
		if text = strings.TrimSpace(text); text != "" && text[0] != '>' {
			return false
		}
	}
	return false
}

// newVectors reads vectors that R printed, each a column.
func newVectors(l *lines) (source, *about, error) {
	a := &about{format: "array", header: noHeader, names: []string{}}
	texts := &columnTexts{}
	name := ""
	for {
		x, err := l.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		cells := split(nil, x.text, " ")
		if len(cells) == 0 {
			continue
		}
		if rest, ok := strings.CutPrefix(cells[0], ">"); ok {
			name = strings.Join(append([]string{rest}, cells[1:]...), "")
			continue
		}
		if !vectorLine.MatchString(x.text) {
			continue
		}
		if cells[0] == "[1]" {
			if len(texts.text) == maxColumns {
				return nil, nil, tooWide(x.n, maxColumns+1)
			}
			texts.names = append(texts.names, name)
			texts.text = append(texts.text, nil)
		}
		for _, cell := range cells[1:] {
			if len(texts.text) > 0 {
				texts.add(len(texts.text)-1, cell)
			}
		}
	}
	a.names = texts.names
	return texts, a, nil
}
