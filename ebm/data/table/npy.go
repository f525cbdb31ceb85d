package table

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

const npyMagic = "\x93NUMPY"

// npyArray is an array in NPY format, with its values still to be read.
type npyArray struct {
	in      io.Reader
	rows    int64
	columns int   // of a row
	fields  []npy // of one element; one of them, without a name, where it is a number
	byRow   bool  // the values of a row follow each other
	turned  bool  // the array has two rows, which are taken as columns
}

// npy is how a value is stored.
type npy struct {
	name  string
	kind  byte // 'f', 'i', 'u', 'b', 'S' or 'U'
	size  int  // bytes
	order binary.ByteOrder
}

var (
	npyDescr   = regexp.MustCompile(`['"]descr['"]:\s*(['"]([^'"]*)['"]|\[.*?\)\s*,?\s*\])`)
	npyFortran = regexp.MustCompile(`['"]fortran_order['"]:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`['"]shape['"]:\s*\(([^)]*)\)`)
	npyType    = regexp.MustCompile(`^([<>|=]?)([a-zA-Z])(\d*)$`)
	npyField   = regexp.MustCompile(`\(\s*['"]([^'"]*)['"]\s*,\s*['"]([^'"]*)['"]\s*\)`)
)

// readHeader reads the header of an NPY file: a magic string, a version, the length of what follows,
// and a Python dictionary with type, order and shape.
func readHeader(in io.Reader) (*npyArray, error) {
	var start [8]byte
	if _, err := io.ReadFull(in, start[:]); err != nil || string(start[:6]) != npyMagic {
		return nil, errorf("the NPY array has no header")
	}
	length := 2
	if start[6] >= 2 {
		length = 4
	}
	var n [4]byte
	if _, err := io.ReadFull(in, n[:length]); err != nil {
		return nil, errorf("the NPY array has no header")
	}
	header := make([]byte, min(binary.LittleEndian.Uint32(n[:]), 1<<16))
	if _, err := io.ReadFull(in, header); err != nil {
		return nil, errorf("the header of the NPY array ends too early")
	}
	descr, fortran, shape := npyDescr.FindSubmatch(header), npyFortran.FindSubmatch(header), npyShape.FindSubmatch(header)
	if descr == nil || fortran == nil || shape == nil {
		return nil, errorf("the header of the NPY array has no type, order or shape")
	}
	a := &npyArray{in: in, columns: 1, byRow: string(fortran[1]) == "False"}
	if len(descr[2]) > 0 {
		f, err := npyKind("", string(descr[2]))
		if err != nil {
			return nil, err
		}
		a.fields = []npy{f}
	} else {
		for _, m := range npyField.FindAllSubmatch(descr[1], -1) {
			f, err := npyKind(string(m[1]), string(m[2]))
			if err != nil {
				return nil, err
			}
			a.fields = append(a.fields, f)
		}
		if strings.Count(string(descr[1]), "(") != len(a.fields) || len(a.fields) > maxColumns {
			return nil, errorf("the NPY array has records that cannot be read; save its columns as an array of numbers")
		}
	}
	var sides []int64
	for text := range strings.SplitSeq(string(shape[1]), ",") {
		if text = strings.TrimRight(strings.TrimSpace(text), "L"); text == "" {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			return nil, errorf("the NPY array has the shape (%s), which is none", clean(string(shape[1])))
		}
		sides = append(sides, n)
	}
	switch {
	case len(sides) == 0:
		return nil, errorf("the NPY array is a single value; an array of points has two dimensions")
	case len(sides) > 2:
		return nil, errorf("the NPY array has %d dimensions; an array of points has two, one row per point", len(sides))
	case len(sides) == 1:
		a.rows, a.byRow = sides[0], true
	case sides[0] == 2 && sides[1] > 2 && len(a.fields) == 1:
		a.rows, a.columns, a.byRow, a.turned = sides[1], 2, !a.byRow, true
	case sides[1] > maxColumns:
		return nil, tooLarge("the NPY array has %d columns; a table may have at most %d", sides[1], maxColumns)
	case len(a.fields) > 1:
		return nil, errorf("the NPY array has records in two dimensions; save its columns as an array of numbers")
	default:
		a.rows, a.columns = sides[0], int(sides[1])
	}
	if a.rows == 0 || a.columns == 0 {
		return nil, errorf("the NPY array is empty")
	}
	if a.rows > math.MaxInt64/int64(a.columns)/1024 {
		return nil, tooLarge("the NPY array has %d rows, which is too many", a.rows)
	}
	return a, nil
}

// npyKind understands a type such as <f8.
func npyKind(name, text string) (npy, error) {
	m := npyType.FindStringSubmatch(text)
	f := npy{name: name, order: binary.LittleEndian}
	if m == nil {
		return f, errorf("the NPY array has the type %q; numbers such as <f8 can be read", clean(text))
	}
	if m[1] == ">" {
		f.order = binary.BigEndian
	}
	f.kind = m[2][0]
	f.size, _ = strconv.Atoi(m[3])
	ok := false
	switch f.kind {
	case 'f':
		ok = f.size == 2 || f.size == 4 || f.size == 8
	case 'i', 'u':
		ok = f.size == 1 || f.size == 2 || f.size == 4 || f.size == 8
	case 'b':
		f.size, ok = 1, true
	case 'S', 'a':
		f.kind, ok = 'S', f.size > 0 && f.size <= 4096
	case 'U':
		f.size, ok = 4*f.size, f.size > 0 && f.size <= 1024
	case 'O':
		return f, errorf("the NPY array holds Python objects; save it as numbers: numpy.save(name, array.astype(float))")
	case 'c':
		return f, errorf("the NPY array holds complex numbers; save real and imaginary part as two columns")
	}
	if !ok {
		return f, errorf("the NPY array has the type %q; numbers such as <f8 can be read", clean(text))
	}
	return f, nil
}

// text writes a value as a cell.
func (f npy) text(b []byte) string {
	switch f.kind {
	case 'f':
		var v float64
		switch f.size {
		case 2:
			v = half(f.order.Uint16(b))
		case 4:
			v = float64(math.Float32frombits(f.order.Uint32(b)))
		default:
			v = math.Float64frombits(f.order.Uint64(b))
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	case 'i', 'u':
		var u uint64
		switch f.size {
		case 1:
			u = uint64(b[0])
		case 2:
			u = uint64(f.order.Uint16(b))
		case 4:
			u = uint64(f.order.Uint32(b))
		default:
			u = f.order.Uint64(b)
		}
		if f.kind == 'u' {
			return strconv.FormatUint(u, 10)
		}
		shift := 64 - 8*f.size
		return strconv.FormatInt(int64(u<<shift)>>shift, 10)
	case 'b':
		return strconv.Itoa(int(b[0]))
	case 'U':
		var s strings.Builder
		for i := 0; i+4 <= len(b); i += 4 {
			if r := f.order.Uint32(b[i:]); r != 0 {
				s.WriteRune(rune(r))
			}
		}
		return s.String()
	}
	return strings.TrimRight(string(b), "\x00")
}

// half returns the value of a 16-bit float.
func half(h uint16) float64 {
	sign, exponent, fraction := h>>15, int(h>>10)&31, float64(h&1023)
	v := 0.0
	switch exponent {
	case 0:
		v = math.Ldexp(fraction, -24)
	case 31:
		v = math.Inf(1)
		if fraction > 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if sign > 0 {
		v = -v
	}
	return v
}

// npyRows gives the rows of an array.
type npyRows struct {
	a      *npyArray
	before [][]byte // the columns before the last, where the values of a column follow each other
	item   []byte   // bytes of a row, or of a value of the last column
	n      int64
	cells  []string
}

func newNPY(in *bufio.Reader) (source, *about, error) {
	a, err := readHeader(in)
	if err != nil {
		return nil, nil, err
	}
	about := &about{format: "npy", header: noHeader, decimal: ".", names: a.names("")}
	if a.turned {
		about.warnings = append(about.warnings, fmt.Sprintf("The array has two rows of %d numbers; they were read as its two columns.", a.rows))
	}
	return &npyRows{a: a}, about, nil
}

// names of the columns: those of the fields, or none.
func (a *npyArray) names(whole string) []string {
	names := make([]string, 0, a.columns)
	for _, f := range a.fields {
		names = append(names, f.name)
	}
	if len(a.fields) == 1 {
		names[0] = whole
		for len(names) < a.columns {
			names = append(names, "")
		}
	}
	return names
}

func (r *npyRows) next() (row, error) {
	a := r.a
	if r.n == a.rows {
		return row{}, io.EOF
	}
	if r.item == nil {
		if err := r.start(); err != nil {
			return row{}, err
		}
	}
	if _, err := io.ReadFull(a.in, r.item); err == io.EOF || err == io.ErrUnexpectedEOF {
		return row{}, r.short()
	} else if err != nil {
		return row{}, err
	}
	r.cells = r.cells[:0]
	for _, column := range r.before {
		size := a.fields[0].size
		r.cells = append(r.cells, a.fields[0].text(column[int(r.n)*size:][:size]))
	}
	for b := r.item; len(b) > 0; {
		for _, f := range a.fields {
			r.cells = append(r.cells, f.text(b[:f.size]))
			b = b[f.size:]
		}
	}
	r.n++
	return row{int(r.n), r.cells}, nil
}

// start reads the columns before the last, where they come one by one.
func (r *npyRows) start() error {
	a := r.a
	size := 0
	for _, f := range a.fields {
		size += f.size
	}
	r.item = make([]byte, size)
	if a.byRow {
		r.item = make([]byte, size*a.columns)
		return nil
	}
	for range a.columns - 1 {
		column, err := io.ReadAll(io.LimitReader(a.in, a.rows*int64(size)))
		if err != nil {
			return err
		}
		if int64(len(column)) < a.rows*int64(size) {
			return r.short()
		}
		r.before = append(r.before, column)
	}
	return nil
}

func (r *npyRows) short() error {
	return errorf("the NPY array should have %d rows, but the file ends earlier", r.a.rows)
}
