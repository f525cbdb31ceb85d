package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
)

// zipReader opens an archive; a file on disk is read where it is, anything else into memory.
func zipReader(file io.Reader, in io.Reader) (*zip.Reader, error) {
	if f, ok := file.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		if end, err := f.Seek(0, io.SeekEnd); err == nil {
			return zip.NewReader(f, end)
		}
	}
	all, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(all), int64(len(all)))
}

// readNPZ reads arrays of an NPZ archive: the first of two dimensions, or else the arrays of one
// dimension, as columns. Of the others, those as long become columns too.
func readNPZ(file io.Reader, in *bufio.Reader, o Options) (*Table, error) {
	if o.Bytes > 0 {
		file = nil // the limit holds for what is read
	}
	z, err := zipReader(file, in)
	if err == zip.ErrFormat || err == zip.ErrAlgorithm || err == zip.ErrChecksum {
		return nil, errorf("the ZIP archive is damaged")
	}
	if err != nil {
		return nil, err
	}
	var members []*zip.File
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "xl/"):
			return nil, errorf("this is an Excel workbook (.xlsx); save it as CSV, or copy its cells and paste them")
		case strings.HasPrefix(f.Name, "word/"):
			return nil, errorf("this is a Word document; copy its table and paste it")
		case f.Name == "content.xml":
			return nil, errorf("this is an OpenDocument file; save the table as CSV, or copy its cells and paste them")
		case strings.HasSuffix(f.Name, ".npy") && len(members) < maxColumns:
			members = append(members, f)
		}
	}
	if len(members) == 0 {
		return nil, errorf("this is a ZIP archive without NPY arrays; unpack it first")
	}
	r := &npzRows{}
	defer r.close()
	var refused error
	for _, f := range members {
		if err := r.open(f, o.Bytes); err != nil && refused == nil {
			refused = err
		}
	}
	if !r.choose() {
		if refused != nil {
			return nil, refused
		}
		return nil, errorf("no array of the NPZ archive has points: one with a row per point, or two of the same length")
	}
	a := &about{format: "npz", header: noHeader, decimal: ".", names: []string{}}
	for i, p := range r.parts {
		names := p.rows.a.names(r.names[i])
		if p.rows.a.columns > 1 {
			names[0] = ""
		}
		a.names = append(a.names, names...)
		if r.labels[i] {
			a.labels = append(a.labels, len(a.names)-1)
		}
	}
	if len(a.names) > maxColumns {
		return nil, tooWide(1, len(a.names))
	}
	return build(r, a, o)
}

// npzRows gives the rows of several arrays side by side.
type npzRows struct {
	parts  []npzPart
	names  []string
	labels []bool
	cells  []string
	n      int
}

type npzPart struct {
	rows   *npyRows
	closer io.Closer
}

func (r *npzRows) open(f *zip.File, most int64) error {
	in, err := f.Open()
	if err != nil {
		return errorf("the member %q of the archive cannot be read: %v", clean(f.Name), err)
	}
	var text io.Reader = in
	if most > 0 {
		text = &limited{in, most}
	}
	a, err := readHeader(bufio.NewReader(text))
	if err != nil {
		_ = in.Close()
		return err
	}
	r.parts = append(r.parts, npzPart{&npyRows{a: a}, in})
	r.names = append(r.names, strings.TrimSuffix(f.Name, ".npy"))
	return nil
}

// choose keeps the arrays that are columns of the table.
func (r *npzRows) choose() bool {
	main := -1
	for i, p := range r.parts {
		if p.rows.a.columns < 2 || p.rows.a.fields[0].kind == 'U' || p.rows.a.fields[0].kind == 'S' {
			continue
		}
		if main < 0 || r.names[i] == "points" {
			main = i
		}
	}
	length := int64(0)
	if main >= 0 {
		// An image or a grid is no list of points: in a landscape.npz, F is one beside the points.
		length = r.parts[main].rows.a.rows
	} else {
		counts := map[int64]int{}
		for _, p := range r.parts {
			n := p.rows.a.rows
			if counts[n] += len(p.rows.a.fields); counts[n] >= 2 && length == 0 {
				length = n
			}
		}
	}
	order := make([]int, 0, len(r.parts))
	if main >= 0 {
		order = append(order, main)
	}
	for i, p := range r.parts {
		if i != main && p.rows.a.columns == 1 && p.rows.a.rows == length {
			order = append(order, i)
		}
	}
	if length == 0 {
		return false
	}
	all, names := r.parts, r.names
	r.parts, r.names = nil, nil
	for _, i := range order {
		r.parts, r.names = append(r.parts, all[i]), append(r.names, names[i])
		kind := all[i].rows.a.fields[0].kind
		r.labels = append(r.labels, i != main && main >= 0 && kind != 'f' && len(all[i].rows.a.fields) == 1)
	}
	for i, p := range all {
		if !slices.Contains(order, i) {
			_ = p.closer.Close()
		}
	}
	return true
}

func (r *npzRows) close() {
	for _, p := range r.parts {
		_ = p.closer.Close()
	}
}

func (r *npzRows) next() (row, error) {
	r.cells = r.cells[:0]
	for _, p := range r.parts {
		x, err := p.rows.next()
		if err != nil {
			return row{}, err
		}
		r.cells = append(r.cells, x.cells...)
	}
	r.n++
	return row{r.n, r.cells}, nil
}
