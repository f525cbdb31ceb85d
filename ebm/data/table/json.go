package table

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// isJSON reports whether a text begins as JSON does, as far as its first kilobytes go.
func isJSON(prefix []byte) bool {
	text := bytes.TrimLeft(prefix, " \t\r\n")
	if len(text) == 0 || text[0] != '[' && text[0] != '{' {
		return false
	}
	const enough = 1 << 16
	d := &jsonTokens{in: bufio.NewReader(bytes.NewReader(text[:min(len(text), enough)]))}
	for {
		_, err := d.token()
		if err != nil {
			return err == io.EOF || errors.Is(err, errDeep)
		}
	}
}

// jsonToken is a bracket, a text, or any other value as it is written.
type jsonToken struct {
	kind byte // '[' ']' '{' '}' '"' or, for a number, true, false, null, NaN or Infinity, '0'
	text string
}

// jsonTokens reads JSON token by token. Unlike encoding/json it accepts NaN and Infinity, which Python
// writes, keeps numbers as they are written, and limits the length of a value and the depth.
type jsonTokens struct {
	in   *bufio.Reader
	open []byte // the open brackets
	want byte   // 'k' a key, 'v' a value after a key, ',' a comma or the end, 0 the first element or the end
	n    int64  // bytes read
}

// maxDepth is how deeply JSON and printed arrays may be nested.
const maxDepth = 32

var errDeep = errorf("the brackets are nested more than %d levels deep", maxDepth)

func (d *jsonTokens) wrong() error { return errorf("the JSON is not valid at byte %d", d.n) }

// next returns the next byte that is no blank.
func (d *jsonTokens) next() (byte, error) {
	for {
		b, err := d.in.ReadByte()
		if err != nil {
			return 0, err
		}
		d.n++
		if b != ' ' && b != '\n' && b != '\t' && b != '\r' {
			return b, nil
		}
	}
}

func (d *jsonTokens) back() {
	_ = d.in.UnreadByte()
	d.n--
}

// more reports whether another element follows in the present array or object, or another value in the text.
func (d *jsonTokens) more() bool {
	b, err := d.next()
	if err != nil {
		return false
	}
	d.back()
	return b != ']' && b != '}'
}

// token returns the next token, and io.EOF at the end of the text.
func (d *jsonTokens) token() (jsonToken, error) {
	b, err := d.next()
	if err != nil {
		return jsonToken{}, err
	}
	inside := byte(0)
	if n := len(d.open); n > 0 {
		inside = d.open[n-1]
	}
	if b == ']' || b == '}' {
		if inside != b-2 || d.want != ',' && d.want != 0 {
			return jsonToken{}, d.wrong()
		}
		d.open = d.open[:len(d.open)-1]
		d.want = ','
		return jsonToken{kind: b}, nil
	}
	if inside != 0 && d.want == ',' {
		if b != ',' {
			return jsonToken{}, d.wrong()
		}
		if b, err = d.next(); err != nil {
			return jsonToken{}, err
		}
		d.want = 'k'
	}
	key := inside == '{' && d.want != 'v'
	switch {
	case key && b != '"':
		return jsonToken{}, d.wrong()
	case b == '"':
		text, err := d.string()
		if err != nil {
			return jsonToken{}, err
		}
		d.want = ','
		if key {
			if b, err = d.next(); err != nil {
				return jsonToken{}, err
			}
			if b != ':' {
				return jsonToken{}, d.wrong()
			}
			d.want = 'v'
		}
		return jsonToken{'"', text}, nil
	case b == '[' || b == '{':
		if d.open = append(d.open, b); len(d.open) > maxDepth {
			return jsonToken{}, errDeep
		}
		d.want = 0
		return jsonToken{kind: b}, nil
	}
	text, err := d.scalar(b)
	d.want = ','
	return jsonToken{'0', text}, err
}

// string reads a text after its first quote.
func (d *jsonTokens) string() (string, error) {
	var long []byte
	for {
		part, err := d.in.ReadSlice('"')
		d.n += int64(len(part))
		if err != nil && err != bufio.ErrBufferFull {
			return "", err
		}
		if len(long)+len(part) > maxLine {
			return "", tooLarge("a text in the JSON is longer than %s", size(maxLine))
		}
		escapes := 0
		for i := len(part) - 2; i >= 0 && part[i] == '\\'; i-- {
			escapes++
		}
		if long == nil && err == nil && escapes%2 == 0 && bytes.IndexByte(part, '\\') < 0 {
			return string(part[:len(part)-1]), nil
		}
		if long == nil {
			long = append(long, '"')
		}
		if long = append(long, part...); err == nil && escapes%2 == 0 {
			var text string
			if json.Unmarshal(long, &text) != nil {
				return "", d.wrong()
			}
			return text, nil
		}
	}
}

// scalar reads a number or a word that begins with b.
func (d *jsonTokens) scalar(b byte) (string, error) {
	var array [64]byte
	text := append(array[:0], b)
	for {
		b, err := d.in.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		d.n++
		if b == ',' || b == ']' || b == '}' || b == ' ' || b == '\n' || b == '\t' || b == '\r' {
			d.back()
			break
		}
		if text = append(text, b); len(text) > 2000 {
			return "", d.wrong()
		}
	}
	if (text[0] == '-' && len(text) > 1 || text[0] >= '0' && text[0] <= '9') && plain(string(text)) {
		return string(text), nil
	}
	switch string(text) {
	case "null":
		return "", nil
	case "true", "false", "NaN", "Infinity", "-Infinity":
		return string(text), nil
	}
	return "", d.wrong()
}

// jsonRows reads the rows of a JSON text: arrays, or objects with the same keys.
type jsonRows struct {
	d       *jsonTokens
	about   *about
	keyed   bool // the rows are values of an object
	lines   bool // one object follows the other
	n       int
	ready   []row // read already
	columns map[string]int
	cells   []string
}

// newJSON finds out how a JSON text has its table.
func newJSON(in *bufio.Reader) (source, *about, error) {
	a := &about{format: "json", header: fromWords, decimal: "."}
	j := &jsonRows{d: &jsonTokens{in: in}, about: a, columns: map[string]int{}}
	src, err := j.start()
	return src, a, err
}

// token returns the next token. The text may not end before it.
func (j *jsonRows) token() (jsonToken, error) {
	t, err := j.d.token()
	if err == io.EOF {
		err = errorf("the JSON ends too early: a bracket is not closed")
	}
	return t, err
}

func (j *jsonRows) start() (source, error) {
	first, err := j.token()
	if err != nil {
		return nil, err
	}
	if first.kind == '[' {
		return j.array()
	}
	if first.kind == '{' {
		return j.object()
	}
	return nil, errorf("the JSON holds no array and no object")
}

// array reads the first element of the array that holds the table.
func (j *jsonRows) array() (source, error) {
	if !j.d.more() {
		return nil, errorf("the JSON has no rows")
	}
	first, err := j.token()
	if err != nil {
		return nil, err
	}
	switch first.kind {
	case '{':
		return j, j.first(first)
	case '[':
		j.about.matrix = true
		cells, texts, err := j.list()
		if err != nil {
			return nil, err
		}
		if texts == nil {
			j.n++
			j.ready = append(j.ready, row{j.n, cells})
			return j, nil
		}
		for c := 1; j.d.more(); c++ { // arrays too long for rows are columns
			if t, err := j.token(); err != nil {
				return nil, err
			} else if t.kind != '[' {
				return nil, errorf("the JSON has arrays and other values side by side")
			}
			if err := j.column(texts, c); err != nil {
				return nil, err
			}
		}
		return texts, nil
	}
	cell, err := j.scalar(first)
	if err != nil {
		return nil, err
	}
	cells, texts, err := j.list(cell)
	if err != nil {
		return nil, err
	}
	if texts == nil && j.d.more() { // an array on each line
		j.n++
		j.lines, j.about.matrix = true, true
		j.ready = append(j.ready, row{j.n, cells})
		return j, nil
	}
	if texts == nil {
		texts = &columnTexts{}
		for _, cell := range cells {
			texts.add(0, cell)
		}
	}
	return texts, nil
}

// list reads an array of values to its end, after those that were read. More than maxColumns are a column.
func (j *jsonRows) list(cells ...string) ([]string, *columnTexts, error) {
	var texts *columnTexts
	for j.d.more() {
		t, err := j.token()
		if err != nil {
			return nil, nil, err
		}
		cell, err := j.scalar(t)
		if err != nil {
			return nil, nil, err
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
	_, err := j.token()
	return cells, texts, err
}

// column reads the elements of an array, or the values of an object, as a column.
func (j *jsonRows) column(texts *columnTexts, c int) error {
	if c >= maxColumns {
		return tooWide(1, c+1)
	}
	for j.d.more() {
		t, err := j.token()
		if err != nil {
			return err
		}
		cell, err := j.scalar(t)
		if err != nil {
			return err
		}
		texts.add(c, cell)
	}
	_, err := j.token()
	return err
}

// first keeps the row that begins with the token.
func (j *jsonRows) first(t jsonToken) error {
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
	o := &jsonObject{texts: &columnTexts{}}
	if rows, err := j.members(o); rows || err != nil {
		return j, err
	}
	if len(o.texts.text)+len(o.keys) == 0 {
		return nil, errorf("the JSON has no rows")
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

// rowKeys are keys that rows have beside columns.
var rowKeys = []string{"points", "data", "rows", "records", "values", "features"}

// members reads an object to its end, or to the first of the rows in it.
func (j *jsonRows) members(o *jsonObject) (rows bool, err error) {
	for j.d.more() {
		key, err := j.token()
		if err != nil {
			return false, err
		}
		value, err := j.token()
		if err != nil {
			return false, err
		}
		if rows, err := j.member(o, key.text, value); rows || err != nil {
			return rows, err
		}
	}
	_, err = j.token()
	return false, err
}

// member reads a value of an object.
func (j *jsonRows) member(o *jsonObject, key string, value jsonToken) (rows bool, err error) {
	if len(o.keys) >= maxColumns || len(o.texts.names) >= maxColumns {
		return false, tooWide(1, maxColumns+1)
	}
	switch value.kind {
	case '[':
		if !j.d.more() {
			_, err := j.token()
			return false, err
		}
		first, err := j.token()
		if err != nil {
			return false, err
		}
		if rows := first.kind == '[' || first.kind == '{'; rows && len(o.texts.names) > 0 && !slices.Contains(rowKeys, key) {
			if err := j.close(); err != nil { // a grid beside the columns, as F in a landscape.json
				return false, err
			}
			return false, j.close()
		} else if rows {
			if names := o.texts.cells("columns"); len(names) > 0 && first.kind == '[' { // as pandas writes orient="split"
				j.about.names = names
			}
			return true, j.first(first)
		}
		c := o.texts.name(key)
		if err := j.cell(o.texts, c, first); err != nil {
			return false, err
		}
		return false, j.column(o.texts, c)
	case '{':
		if !j.d.more() {
			_, err := j.token()
			return false, err
		}
		token, err := j.token()
		if err != nil {
			return false, err
		}
		first, err := j.token()
		if err != nil {
			return false, err
		}
		if first.kind == '[' { // an object around columns or rows
			if rows, err := j.member(o, token.text, first); rows || err != nil {
				return rows, err
			}
			return j.members(o)
		}
		if len(o.keys) > 0 { // a part of the first of several objects
			if err := j.flatten(key+"."+token.text, first, o.set); err != nil {
				return false, err
			}
			for j.d.more() {
				if token, err = j.token(); err != nil {
					return false, err
				}
				if first, err = j.token(); err != nil {
					return false, err
				}
				if err := j.flatten(key+"."+token.text, first, o.set); err != nil {
					return false, err
				}
			}
			_, err = j.token()
			return false, err
		}
		if !digits(token.text) { // rows, each with a key
			j.keyed = true
			cells, err := j.record(token.text, first)
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
		for j.d.more() {
			if _, err := j.token(); err != nil {
				return false, err
			}
			t, err := j.token()
			if err != nil {
				return false, err
			}
			if err := j.cell(o.texts, c, t); err != nil {
				return false, err
			}
		}
		_, err = j.token()
		return false, err
	}
	return false, j.flatten(key, value, o.set)
}

// set adds a value to the object.
func (o *jsonObject) set(key, value string) error {
	if len(o.keys) == maxColumns {
		return tooWide(1, maxColumns+1)
	}
	o.keys, o.values = append(o.keys, key), append(o.values, value)
	return nil
}

// cell adds a value to a column.
func (j *jsonRows) cell(texts *columnTexts, c int, t jsonToken) error {
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
	if !j.lines && !j.d.more() {
		// What follows the rows is read to its end, so that a text that is cut off is seen.
		for len(j.d.open) > 0 {
			if _, err := j.token(); err != nil {
				return row{}, err
			}
		}
		return row{}, io.EOF
	}
	t, err := j.d.token()
	if err != nil {
		return row{}, err
	}
	if j.keyed {
		if t, err = j.token(); err != nil {
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
		t, err := j.token()
		if err != nil {
			return err
		}
		switch t.kind {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
	}
	return nil
}

// row reads a row whose first token was read.
func (j *jsonRows) row(t jsonToken) ([]string, error) {
	j.cells = j.cells[:0]
	switch t.kind {
	case '[':
		for j.d.more() {
			t, err := j.token()
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
		_, err := j.token()
		return j.cells, err
	case '{':
		if !j.d.more() {
			_, err := j.token()
			return j.cells, err
		}
		key, err := j.token()
		if err != nil {
			return nil, err
		}
		value, err := j.token()
		if err != nil {
			return nil, err
		}
		return j.record(key.text, value)
	}
	cell, err := j.scalar(t)
	return append(j.cells, cell), err
}

// record reads an object of which the first key, and the first token of its value, were read.
func (j *jsonRows) record(key string, value jsonToken) ([]string, error) {
	j.cells = j.cells[:0]
	for range j.columns {
		j.cells = append(j.cells, "")
	}
	for {
		err := j.flatten(key, value, func(key, cell string) error {
			if j.cells = j.set(j.cells, key, cell); len(j.columns) > maxColumns {
				return tooWide(j.n+1, len(j.columns))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if !j.d.more() {
			_, err := j.token()
			return j.cells, err
		}
		t, err := j.token()
		if err != nil {
			return nil, err
		}
		key = t.text
		if value, err = j.token(); err != nil {
			return nil, err
		}
	}
}

// flatten sets a value; of arrays and objects within it, each value by itself.
func (j *jsonRows) flatten(key string, value jsonToken, set func(key, cell string) error) error {
	if value.kind != '[' && value.kind != '{' {
		return set(key, value.text)
	}
	for i := 1; j.d.more(); i++ {
		name := key + "." + strconv.Itoa(i)
		t, err := j.token()
		if err != nil {
			return err
		}
		if value.kind == '{' {
			name = key + "." + t.text
			if t, err = j.token(); err != nil {
				return err
			}
		}
		if err := j.flatten(name, t, set); err != nil {
			return err
		}
	}
	_, err := j.token()
	return err
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
func (j *jsonRows) scalar(t jsonToken) (string, error) {
	if t.kind == '[' || t.kind == '{' {
		return "", j.close()
	}
	return t.text, nil
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
	if strings.IndexByte(cell, '\n') >= 0 {
		cell = strings.ReplaceAll(cell, "\n", " ")
	}
	c.text[i] = append(append(c.text[i], cell...), '\n')
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
