package table

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
)

// isJSON reports whether a text begins as JSON does, as far as its first kilobytes go.
func isJSON(prefix []byte) bool {
	text := bytes.TrimLeft(prefix, " \t\r\n")
	if len(text) == 0 || text[0] != '[' && text[0] != '{' {
		return false
	}
	const enough = 1 << 16
	cut := len(text) > enough
	d := json.NewDecoder(&jsonText{in: bufio.NewReader(bytes.NewReader(text[:min(len(text), enough)]))})
	d.UseNumber()
	for {
		_, err := d.Token()
		if err == io.EOF {
			return true
		}
		if err != nil {
			return cut && errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
}

// jsonText makes strings of NaN and Infinity, which Python writes though they are not JSON, and
// refuses values that would fill the memory.
type jsonText struct {
	in      *bufio.Reader
	pending []byte
	quoted  bool // within a string
	escaped bool // after a backslash
	length  int  // of the present string or number
	depth   int
}

// maxDepth is how deeply JSON and printed arrays may be nested.
const maxDepth = 32

func (j *jsonText) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(j.pending) > 0 {
			k := copy(p[n:], j.pending)
			j.pending = j.pending[k:]
			n += k
			continue
		}
		b, err := j.in.ReadByte()
		if err != nil {
			if n > 0 && err == io.EOF {
				return n, nil
			}
			return n, err
		}
		j.length++
		switch {
		case j.length > maxLine:
			return n, tooLarge("a value in the JSON is longer than %s", size(maxLine))
		case j.escaped:
			j.escaped = false
		case j.quoted:
			j.escaped = b == '\\'
			j.quoted = b != '"'
		case b == '"':
			j.quoted, j.length = true, 0
		case b == 'N', b == 'I', b == '-':
			for _, name := range []string{"NaN", "Infinity", "-Infinity"} {
				if rest, _ := j.in.Peek(len(name) - 1); b == name[0] && string(rest) == name[1:] {
					_, _ = j.in.Discard(len(rest))
					j.pending = strconv.AppendQuote(j.pending[:0], name)
					break
				}
			}
			if len(j.pending) > 0 {
				continue
			}
		case b == '[', b == '{':
			if j.depth++; j.depth > maxDepth {
				return n, errorf("the JSON is nested more than %d levels deep", maxDepth)
			}
			j.length = 0
		case b == ']', b == '}':
			j.depth--
			j.length = 0
		case b == ',', b == ':', b == ' ', b == '\n', b == '\t', b == '\r':
			j.length = 0
		}
		p[n] = b
		n++
	}
	return n, nil
}

// jsonRows reads the rows of a JSON text: arrays, or objects with the same keys.
type jsonRows struct {
	d       *json.Decoder
	about   *about
	in      int  // arrays and objects around the rows
	keyed   bool // the rows are values of an object
	lines   bool // one object follows the other
	n       int
	ready   []row // read already
	columns map[string]int
	cells   []string
}

// newJSON finds out how a JSON text has its table.
func newJSON(in *bufio.Reader) (source, *about, error) {
	d := json.NewDecoder(&jsonText{in: in})
	d.UseNumber()
	a := &about{format: "json", header: fromWords, decimal: "."}
	j := &jsonRows{d: d, about: a, columns: map[string]int{}}
	src, err := j.open()
	if err != nil {
		return nil, nil, jsonError(err)
	}
	return src, a, nil
}

// jsonError says in a sentence what is wrong with a JSON text.
func jsonError(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return errorf("the JSON is not valid at byte %d: %v", syntax.Offset, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errorf("the JSON ends too early")
	}
	return err
}

func (j *jsonRows) open() (source, error) {
	first, err := j.d.Token()
	if err != nil {
		return nil, err
	}
	if first == json.Delim('[') {
		return j.array()
	}
	if first == json.Delim('{') {
		return j.object()
	}
	return nil, errorf("the JSON holds no array and no object")
}

// array reads the first element of the array that holds the table.
func (j *jsonRows) array() (source, error) {
	j.in++
	if !j.d.More() {
		return nil, errorf("the JSON has no rows")
	}
	first, err := j.d.Token()
	if err != nil {
		return nil, err
	}
	if first != json.Delim('[') {
		return j, j.first(first)
	}
	// Arrays too long for rows are columns.
	var cells []string
	var texts *columnTexts
	for j.d.More() {
		t, err := j.d.Token()
		if err != nil {
			return nil, err
		}
		cell, err := j.scalar(t)
		if err != nil {
			return nil, err
		}
		if texts != nil {
			texts.add(0, cell)
		} else if cells = append(cells, cell); len(cells) > maxColumns {
			texts = &columnTexts{}
			for _, cell := range cells {
				texts.add(0, cell)
			}
		}
	}
	if _, err := j.d.Token(); err != nil { // the end of the row
		return nil, err
	}
	if texts == nil {
		j.n++
		j.ready = append(j.ready, row{j.n, cells})
		return j, nil
	}
	for c := 1; j.d.More(); c++ {
		if t, err := j.d.Token(); err != nil {
			return nil, err
		} else if t != json.Delim('[') {
			return nil, errorf("the JSON has arrays and other values side by side")
		}
		if err := j.column(texts, c); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// column reads the elements of an array, or the values of an object, as a column.
func (j *jsonRows) column(texts *columnTexts, c int) error {
	if c >= maxColumns {
		return tooWide(1, c+1)
	}
	for j.d.More() {
		t, err := j.d.Token()
		if err != nil {
			return err
		}
		cell, err := j.scalar(t)
		if err != nil {
			return err
		}
		texts.add(c, cell)
	}
	_, err := j.d.Token()
	return err
}

// first keeps the row that begins with the token.
func (j *jsonRows) first(t json.Token) error {
	cells, err := j.row(t)
	if err != nil {
		return err
	}
	j.n++
	j.ready = append(j.ready, row{j.n, slices.Clone(cells)})
	return nil
}

// object reads an object: columns, rows under some key, or the first of several objects.
func (j *jsonRows) object() (source, error) {
	j.in++
	o := &jsonObject{texts: &columnTexts{}}
	if rows, err := j.members(o); rows || err != nil {
		return j, err
	}
	if len(o.texts.text) > 0 {
		j.about.names = o.texts.names
		return o.texts, nil
	}
	j.lines = true
	j.n++
	cells := make([]string, 0, len(o.keys))
	for i, key := range o.keys {
		cells = j.set(cells, key, o.values[i])
	}
	j.ready = append(j.ready, row{j.n, cells})
	return j, nil
}

// jsonObject is what an object holds: columns, and values.
type jsonObject struct {
	texts        *columnTexts
	keys, values []string
}

// members reads an object to its end, or to the first of the rows in it.
func (j *jsonRows) members(o *jsonObject) (rows bool, err error) {
	for j.d.More() {
		key, err := j.d.Token()
		if err != nil {
			return false, err
		}
		value, err := j.d.Token()
		if err != nil {
			return false, err
		}
		name, _ := key.(string)
		if rows, err := j.member(o, name, value); rows || err != nil {
			return rows, err
		}
	}
	_, err = j.d.Token()
	return false, err
}

// member reads a value of an object.
func (j *jsonRows) member(o *jsonObject, key string, value json.Token) (rows bool, err error) {
	if len(o.keys) >= maxColumns || len(o.texts.names) >= maxColumns {
		return false, tooWide(1, maxColumns+1)
	}
	switch value {
	case json.Delim('['):
		if !j.d.More() {
			_, err := j.d.Token()
			return false, err
		}
		first, err := j.d.Token()
		if err != nil {
			return false, err
		}
		if delim, ok := first.(json.Delim); ok {
			if names := o.texts.cells("columns"); len(names) > 0 && delim == '[' { // as pandas writes orient="split"
				j.about.names = names
			}
			j.in++
			return true, j.first(first)
		}
		c := o.texts.name(key)
		if err := j.cell(o.texts, c, first); err != nil {
			return false, err
		}
		return false, j.column(o.texts, c)
	case json.Delim('{'):
		if !j.d.More() {
			_, err := j.d.Token()
			return false, err
		}
		token, err := j.d.Token()
		if err != nil {
			return false, err
		}
		first, err := j.d.Token()
		if err != nil {
			return false, err
		}
		inner, _ := token.(string)
		if first == json.Delim('[') { // an object around columns or rows
			j.in++
			if rows, err := j.member(o, inner, first); rows || err != nil {
				return rows, err
			}
			rows, err := j.members(o)
			if !rows {
				j.in--
			}
			return rows, err
		}
		if !digits(inner) { // rows, each with a key
			j.keyed = true
			cells, err := j.record(inner, first)
			if err != nil {
				return false, err
			}
			j.n++
			j.ready = append(j.ready, row{j.n, slices.Clone(cells)})
			return true, nil
		}
		// A column whose cells have the number of the row as key, as pandas writes it.
		c := o.texts.name(key)
		if err := j.cell(o.texts, c, first); err != nil {
			return false, err
		}
		for j.d.More() {
			if _, err := j.d.Token(); err != nil {
				return false, err
			}
			t, err := j.d.Token()
			if err != nil {
				return false, err
			}
			if err := j.cell(o.texts, c, t); err != nil {
				return false, err
			}
		}
		_, err = j.d.Token()
		return false, err
	}
	cell, err := j.scalar(value)
	o.keys, o.values = append(o.keys, key), append(o.values, cell)
	return false, err
}

// cell adds a value to a column.
func (j *jsonRows) cell(texts *columnTexts, c int, t json.Token) error {
	cell, err := j.scalar(t)
	if err == nil {
		texts.add(c, cell)
	}
	return err
}

func (j *jsonRows) next() (row, error) {
	if len(j.ready) > 0 {
		first := j.ready[0]
		j.ready = j.ready[1:]
		return first, nil
	}
	r, err := j.read()
	if err != nil {
		return row{}, jsonError(err)
	}
	return r, nil
}

func (j *jsonRows) read() (row, error) {
	if !j.lines && !j.d.More() {
		// What follows the rows is read to its end, so that a text that is cut off is seen.
		for ; j.in > 0; j.in-- {
			if err := j.close(); err != nil {
				return row{}, err
			}
		}
		return row{}, io.EOF
	}
	t, err := j.d.Token()
	if err != nil {
		return row{}, err
	}
	if j.keyed {
		if t, err = j.d.Token(); err != nil {
			return row{}, err
		}
	}
	cells, err := j.row(t)
	if err != nil {
		return row{}, err
	}
	j.n++
	return row{j.n, cells}, nil
}

// close reads to the end of the present array or object.
func (j *jsonRows) close() error {
	for depth := 1; depth > 0; {
		t, err := j.d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
	return nil
}

// row reads a row whose first token was read.
func (j *jsonRows) row(t json.Token) ([]string, error) {
	j.cells = j.cells[:0]
	switch t {
	case json.Delim('['):
		for j.d.More() {
			t, err := j.d.Token()
			if err != nil {
				return nil, err
			}
			cell, err := j.scalar(t)
			if err != nil {
				return nil, err
			}
			if j.cells = append(j.cells, cell); len(j.cells) > maxColumns {
				return nil, tooWide(j.n+1, len(j.cells))
			}
		}
		_, err := j.d.Token()
		return j.cells, err
	case json.Delim('{'):
		if !j.d.More() {
			_, err := j.d.Token()
			return j.cells, err
		}
		key, err := j.d.Token()
		if err != nil {
			return nil, err
		}
		value, err := j.d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		return j.record(name, value)
	}
	cell, err := j.scalar(t)
	return append(j.cells, cell), err
}

// record reads an object of which the first key, and the first token of its value, were read.
func (j *jsonRows) record(key string, value json.Token) ([]string, error) {
	j.cells = j.cells[:0]
	for range j.columns {
		j.cells = append(j.cells, "")
	}
	for {
		if err := j.field(key, value); err != nil {
			return nil, err
		}
		if !j.d.More() {
			_, err := j.d.Token()
			return j.cells, err
		}
		t, err := j.d.Token()
		if err != nil {
			return nil, err
		}
		key, _ = t.(string)
		if value, err = j.d.Token(); err != nil {
			return nil, err
		}
	}
}

// field takes a value into the row; of arrays and objects within it, each value by itself.
func (j *jsonRows) field(key string, value json.Token) error {
	switch value {
	case json.Delim('['), json.Delim('{'):
		for i := 1; j.d.More(); i++ {
			name := key + "." + strconv.Itoa(i)
			if value == json.Delim('{') {
				t, err := j.d.Token()
				if err != nil {
					return err
				}
				inner, _ := t.(string)
				name = key + "." + inner
			}
			t, err := j.d.Token()
			if err != nil {
				return err
			}
			if err := j.field(name, t); err != nil {
				return err
			}
		}
		_, err := j.d.Token()
		return err
	}
	cell, err := j.scalar(value)
	if err != nil {
		return err
	}
	j.cells = j.set(j.cells, key, cell)
	if len(j.columns) > maxColumns {
		return tooWide(j.n+1, len(j.columns))
	}
	return nil
}

// set puts a cell in the column with the name. A column that is met after the columns were
// decided is left out.
func (j *jsonRows) set(cells []string, name, cell string) []string {
	c, ok := j.columns[name]
	if !ok {
		if j.about.decided {
			return cells
		}
		c = len(j.columns)
		j.columns[name] = c
		j.about.names = append(j.about.names, name)
	}
	for len(cells) <= c {
		cells = append(cells, "")
	}
	cells[c] = cell
	return cells
}

// scalar returns a value as text. Arrays and objects are read, and left out.
func (j *jsonRows) scalar(t json.Token) (string, error) {
	switch v := t.(type) {
	case json.Number:
		return v.String(), nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case json.Delim:
		return "", j.close()
	}
	return "", nil
}

// columnTexts are the rows of a table that comes by columns. Each column is kept as its text, which
// takes no more memory than the file.
type columnTexts struct {
	names []string
	text  [][]byte // cells, each with a newline
	at    []int
	n     int
}

// name returns the column with a name.
func (c *columnTexts) name(name string) int {
	if i := slices.Index(c.names, name); i >= 0 {
		return i
	}
	c.names = append(c.names, name)
	c.text = append(c.text, nil)
	return len(c.names) - 1
}

func (c *columnTexts) add(i int, cell string) {
	for len(c.text) <= i {
		c.text = append(c.text, nil)
	}
	for _, b := range []byte(cell) {
		if b == '\n' {
			b = ' '
		}
		c.text[i] = append(c.text[i], b)
	}
	c.text[i] = append(c.text[i], '\n')
}

// cells returns the first cells of a column with a name.
func (c *columnTexts) cells(name string) []string {
	i := slices.Index(c.names, name)
	if i < 0 {
		return nil
	}
	var cells []string
	for cell := range bytes.Lines(c.text[i]) {
		if len(cells) == maxColumns {
			break
		}
		cells = append(cells, string(bytes.TrimSuffix(cell, []byte("\n"))))
	}
	return cells
}

func (c *columnTexts) next() (row, error) {
	if c.at == nil {
		c.at = make([]int, len(c.text))
	}
	cells := make([]string, len(c.text))
	more := false
	for i, text := range c.text {
		if rest := text[c.at[i]:]; len(rest) > 0 {
			end := bytes.IndexByte(rest, '\n')
			cells[i] = string(rest[:end])
			c.at[i] += end + 1
			more = true
		}
	}
	if !more {
		return row{}, io.EOF
	}
	c.n++
	return row{c.n, cells}, nil
}
