package table

import (
	"encoding/csv"
	"io"
	"regexp"
	"slices"
	"strings"
)

// separators that are guessed, in this order where they are equally good.
var separators = []string{"\t", ";", "|", ",", " "}

// delimited reads a text with a row on each line.
type delimited struct {
	lines     *lines
	separator string // "" is one column
	comment   string // begins a comment, "" is none
	scale     string // the exponent of all numbers, as MATLAB prints 1.0e+03 * before a matrix
	cells     []string
	quoted    quotes
	about     *about
}

// newDelimited guesses the separator and the sign of comments from the first lines.
func newDelimited(l *lines, o Options) (*delimited, *about, error) {
	if err := l.peek(1000, prefixLen/2); err != nil {
		return nil, nil, err
	}
	a := &about{format: "delimited", header: fromNumbers}
	d := &delimited{lines: l, separator: o.Separator, about: a}
	d.quoted.lines = l
	for len(l.ahead) > 0 { // sep=; is written for Excel
		text := l.ahead[0].text
		given, ok := strings.CutPrefix(strings.ToLower(text), "sep=")
		if !ok && strings.TrimSpace(text) != "" {
			break
		}
		if d.separator == "" && len(given) == 1 && strings.Contains("\t;|,", given) {
			d.separator = given
		}
		_, _ = l.next()
	}
	first := l.ahead
	d.comment = commentSign(first)
	var sample []string
	for _, x := range first {
		if text := unboxed(x.text); !d.skip(text) && len(sample) < 200 {
			sample = append(sample, d.withoutComment(text))
		}
	}
	if d.separator == "" {
		d.separator = guessSeparator(sample)
	}
	if d.separator == "|" && slices.ContainsFunc(first, func(x line) bool { return isRule(unboxed(strings.TrimSpace(x.text))) }) {
		a.format = "markdown"
	}
	a.separator = d.separator
	for _, x := range first { // a comment before the first row may be the header
		text := strings.TrimSpace(x.text)
		if text == "" {
			continue
		}
		if d.comment == "" || !strings.HasPrefix(text, d.comment) {
			break
		}
		if text = strings.TrimSpace(strings.TrimLeft(text, d.comment)); text != "" {
			a.comments = append(a.comments, slices.Clone(d.split(text)))
		}
	}
	return d, a, nil
}

// commentSign finds what begins the lines of comments: some of the lines, and all but one at most,
// because a column of colours, such as #ff0000, may begin all lines but the header.
func commentSign(sample []line) string {
	for _, sign := range []string{"#", "%", "//"} {
		n, others := 0, 0
		for _, x := range sample {
			if strings.HasPrefix(strings.TrimLeft(x.text, " \t"), sign) {
				n++
			} else if strings.TrimSpace(x.text) != "" {
				others++
			}
		}
		if n > 0 && (others > 1 || n <= others) {
			return sign
		}
	}
	return ""
}

// skip reports whether a line holds no row: it is blank, a comment, a caption or a rule.
func (d *delimited) skip(text string) bool {
	text = strings.Trim(text, " \t")
	return text == "" || d.comment != "" && strings.HasPrefix(text, d.comment) || isCaption(text) || isRule(text)
}

// withoutComment removes a comment at the end of a line of numbers between blanks.
func (d *delimited) withoutComment(text string) string {
	if d.separator == " " || d.separator == "" {
		if i := strings.Index(text, " #"); i > 0 {
			return text[:i]
		}
	}
	return text
}

// scales matches the factor that MATLAB prints before a matrix.
var scales = regexp.MustCompile(`^\s*1\.0+(e[+-]\d+)\s*\*\s*$`)

// captions are lines that MATLAB, Julia, pandas, psql and R (the types of a tibble) print around a table.
var captions = regexp.MustCompile(`^(\d+[×x]\d+ .*:|\w+ ?=|1\.0+e[+-]\d+ *\*|\[\d+ rows x \d+ columns\]|\(\d+ rows?\)|(<\w+> *)+)$`)

func isCaption(text string) bool {
	switch text[len(text)-1] {
	case ':', '=', ']', ')', '*', '>':
		return captions.MatchString(text)
	}
	return false
}

// boxes replaces the lines that polars and others draw between cells.
var boxes = strings.NewReplacer("│", "|", "┆", "|", "┃", "|", "║", "|", "─", "-", "═", "-", "━", "-", "╌", "-",
	"┌", "+", "┬", "+", "┐", "+", "├", "+", "┼", "+", "┤", "+", "└", "+", "┴", "+", "┘", "+", "╞", "+", "╪", "+", "╡", "+", "╔", "+", "╗", "+", "╚", "+", "╝", "+", "╠", "+", "╣", "+", "╬", "+", "╦", "+", "╩", "+")

func unboxed(text string) string {
	if strings.Contains(text, "\xe2\x94") || strings.Contains(text, "\xe2\x95") { // U+2500 to U+257F
		return boxes.Replace(text)
	}
	return text
}

// isRule reports whether a line is drawn between the rows of a table: |---|:-:|, or +---+---+.
func isRule(text string) bool {
	dashes := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '-', '=':
			dashes = dashes || i+1 < len(text) && text[i+1] == text[i]
		case '|', '+', ':', ' ', '\t':
		default:
			return false
		}
	}
	return dashes
}

func (d *delimited) next() (row, error) {
	for {
		x, err := d.lines.next()
		if err != nil {
			return row{}, err
		}
		x.text = unboxed(x.text)
		if x.text == "" || d.skip(x.text) {
			if m := scales.FindStringSubmatch(x.text); m != nil {
				d.scale = m[1]
			}
			continue
		}
		x.text = d.withoutComment(x.text)
		if d.separator != " " && d.separator != "" && strings.Count(x.text, d.separator) > maxColumns {
			return row{}, tooWide(x.n, strings.Count(x.text, d.separator)+1)
		}
		if d.separator != "" && strings.IndexByte(x.text, '"') >= 0 {
			d.cells = d.quoted.read(x, d.separator)
			if d.quoted.err != nil {
				return row{}, d.quoted.err
			}
		} else {
			d.cells = d.split(x.text)
		}
		if len(d.cells) > maxColumns {
			return row{}, tooWide(x.n, len(d.cells))
		}
		for i, cell := range d.cells {
			if d.scale != "" && plain(cell) && !strings.ContainsAny(cell, "eE") {
				d.cells[i] += d.scale
			}
		}
		if d.cells[0] == "" && !slices.ContainsFunc(d.cells, func(cell string) bool { return cell != "" }) {
			continue
		}
		return row{line: x.n, cells: d.cells}, nil
	}
}

func tooWide(line, n int) *Error {
	return tooLarge("line %d has %d columns; a table may have at most %d", line, n, maxColumns)
}

// split divides a line without quotes.
func (d *delimited) split(text string) []string {
	d.cells = split(d.cells[:0], text, d.separator)
	return d.cells
}

func split(cells []string, text, separator string) []string {
	switch separator {
	case "":
		return append(cells, strings.TrimSpace(text))
	case " ":
		for {
			text = strings.TrimLeft(text, " \t")
			if text == "" {
				return cells
			}
			end := strings.IndexAny(text, " \t")
			if end < 0 {
				end = len(text)
			}
			cells = append(cells, text[:end])
			text = text[end:]
		}
	case "|":
		text = unbarred(text)
	}
	for {
		end := strings.IndexByte(text, separator[0])
		if end < 0 {
			return append(cells, trim(text))
		}
		cells = append(cells, trim(text[:end]))
		text = text[end+1:]
	}
}

// unbarred removes the bars at both ends of a row of Markdown.
func unbarred(text string) string {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "|"); ok {
		return strings.TrimSuffix(inner, "|")
	}
	return text
}

// trim is strings.TrimSpace, faster where there is nothing to do.
func trim(text string) string {
	if n := len(text); n > 0 && text[0] > ' ' && text[0] < 0x80 && text[n-1] > ' ' && text[n-1] < 0x80 {
		return text
	}
	return strings.TrimSpace(text)
}

// quotes reads rows with quotes by encoding/csv, one row at a time, so that a quote that is never
// closed spoils one row and not the rest of the file.
type quotes struct {
	lines  *lines
	reader *csv.Reader
	comma  string
	text   string // not yet read of the present line
	used   []line // the lines after the first that the row goes over
	open   int    // rows so far whose quote was never closed
	err    error  // of reading a line
}

// A row may go over maxRowLines. After maxOpen quotes that were never closed, it may not go over any.
const (
	maxRowLines = 100
	maxOpen     = 20
)

// Read gives the reader one line at a time.
func (q *quotes) Read(p []byte) (int, error) {
	if q.text == "" {
		if len(q.used) >= maxRowLines || q.open > maxOpen || q.err != nil {
			return 0, io.EOF
		}
		x, err := q.lines.next()
		if err != nil {
			if err != io.EOF {
				q.err = err
			}
			return 0, io.EOF
		}
		q.used = append(q.used, x)
		q.text = x.text + "\n"
	}
	n := copy(p, q.text)
	q.text = q.text[n:]
	return n, nil
}

// read splits a row that begins on the line.
func (q *quotes) read(x line, separator string) []string {
	text := x.text
	switch separator {
	case " ":
		text = strings.ReplaceAll(strings.TrimSpace(text), "\t", " ")
	case "|":
		text = unbarred(text)
	}
	if q.reader == nil || q.comma != separator {
		q.comma = separator
		q.reader = csv.NewReader(q)
		q.reader.Comma = rune(separator[0])
		q.reader.LazyQuotes = true
		q.reader.ReuseRecord = true
		q.reader.TrimLeadingSpace = separator != "\t"
		q.reader.FieldsPerRecord = -1
	}
	q.text, q.used = text+"\n", q.used[:0]
	cells, err := q.reader.Read()
	ends := 0
	for _, cell := range cells {
		ends += strings.Count(cell, "\n")
	}
	if err != nil || ends != len(q.used) {
		// The quote was never closed: it is a letter, and the lines after it are rows.
		q.open++
		q.lines.ahead = append(slices.Clone(q.used), q.lines.ahead...)
		q.reader = nil
		return split(nil, x.text, separator)
	}
	for i, cell := range cells {
		cells[i] = trim(cell)
	}
	return cells
}

// guessSeparator finds the separator that divides most lines into the same number of cells, most
// of them numbers.
func guessSeparator(sample []string) string {
	best, most := "", 0.0
	q := quotes{lines: &lines{}, open: maxOpen + 1}
	var cells []string
	for _, s := range separators {
		counts := map[int]int{}
		numbers, all := map[int]float64{}, map[int]float64{}
		for i, text := range sample {
			if cells = cells[:0]; strings.IndexByte(text, '"') >= 0 {
				cells = q.read(line{text: text}, s)
			} else {
				cells = split(cells, text, s)
			}
			n := len(cells)
			counts[n]++
			if i == 0 && len(sample) > 1 {
				continue // perhaps a header
			}
			for _, cell := range cells {
				if cell != "" {
					numbers[n] += likeNumber(cell, s)
					all[n]++
				}
			}
		}
		width := 0
		for n, count := range counts {
			if n >= 2 && (width == 0 || count > counts[width] || count == counts[width] && n > width) {
				width = n
			}
		}
		if width == 0 {
			continue
		}
		score := float64(counts[width]) / float64(len(sample))
		if all[width] > 0 {
			score += numbers[width] / all[width]
		}
		if score > most {
			best, most = s, score
		}
	}
	return best
}

// likeNumber returns 1 for a number with either decimal sign, 0 for anything else, and something between
// for 1 024 where the blank may as well separate.
func likeNumber(cell, separator string) float64 {
	k := kindOf(cell)
	switch {
	case k != number && k != missing:
		return 0
	case separator == "," && strings.Contains(cell, " ") && k == number:
		return 0.6
	}
	return 1
}
