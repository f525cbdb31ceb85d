package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

func size(n int64) string {
	if n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// read finds the format, and reads the table by it.
func read(r io.Reader, o Options) (t *Table, err error) {
	for _, given := range []struct{ name, value, among string }{{"separator", o.Separator, ",;\t| "}, {"decimal sign", o.Decimal, ".,"}} {
		if len(given.value) > 1 || !strings.Contains(given.among, given.value) {
			return nil, errorf("the %s %q is not among %q", given.name, clean(given.value), strings.Split(given.among, ""))
		}
	}
	if o.Header != "" && o.Header != "yes" && o.Header != "no" {
		return nil, errorf("the header is %q; it may be yes or no", clean(o.Header))
	}
	file := r
	if o.Bytes > 0 {
		r = &limited{r, o.Bytes}
		defer func() {
			if errors.Is(err, errTooManyBytes) {
				t, err = nil, tooLarge("a table may have at most %s", size(o.Bytes))
			}
		}()
	}
	in, err := buffered(r)
	if err != nil {
		return nil, err
	}
	prefix, err := in.Peek(min(prefixLen, in.Size()))
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(bytes.TrimSpace(prefix)) == 0 {
		return nil, errorf("the file is empty")
	}
	if err := refuse(prefix); err != nil {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(prefix, []byte(npyMagic)):
		src, a, err := newNPY(in)
		if err != nil {
			return nil, err
		}
		return build(src, a, o)
	case bytes.HasPrefix(prefix, []byte("PK\x03\x04")), bytes.HasPrefix(prefix, []byte("PK\x05\x06")):
		return readNPZ(file, in, o)
	}

	encoding, text := decode(in, prefix)
	prefix, err = text.Peek(min(prefixLen/2, text.Size()))
	if err != nil && err != io.EOF {
		return nil, err
	}
	src, a, err := newText(text, prefix, o)
	if err != nil {
		return nil, err
	}
	a.encoding = encoding
	return build(src, a, o)
}

// buffered returns a reader whose buffer has a line of the greatest length, or all of a short input.
func buffered(r io.Reader) (*bufio.Reader, error) {
	first := make([]byte, 8<<10)
	n, err := io.ReadFull(r, first)
	switch err {
	case nil:
		return bufio.NewReaderSize(io.MultiReader(bytes.NewReader(first), r), maxLine+len("\r\n")), nil
	case io.EOF, io.ErrUnexpectedEOF:
		return bufio.NewReaderSize(bytes.NewReader(first[:n]), n+len("\r\n")), nil
	}
	return nil, err
}

// newText returns the rows of a text, by the format that its beginning shows.
func newText(in *bufio.Reader, prefix []byte, o Options) (source, *about, error) {
	start := strings.ToLower(string(bytes.TrimSpace(prefix[:min(len(prefix), 500)])))
	switch {
	case o.Separator != "":
		return newDelimited(newLines(in, prefix), o)
	case strings.HasPrefix(start, "<!doctype"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<head"), strings.HasPrefix(start, "<table"):
		return nil, nil, errorf("this is an HTML page, not the file that it links to; copy its table into a text, or download the file itself")
	case strings.HasPrefix(start, "<?xml"), strings.HasPrefix(start, "<svg"):
		return nil, nil, errorf("this is XML; save its table as CSV")
	case isVectors(prefix):
		return newVectors(newLines(in, prefix))
	case isJSON(prefix):
		return newJSON(in)
	case isARFF(prefix):
		return newARFF(newLines(in, prefix))
	case isArray(prefix):
		return newArray(in)
	case isLaTeX(prefix):
		return newLaTeX(newLines(in, prefix))
	case strings.HasPrefix(start, `{"`), strings.HasPrefix(start, `[{"`), strings.HasSuffix(strings.ToLower(o.Name), ".json"):
		return newJSON(in) // and its error
	case bytes.IndexByte(prefix, 0) >= 0 && strings.HasSuffix(strings.ToLower(o.Name), ".mat"):
		return nil, nil, errorf("%s", matFile)
	}
	return newDelimited(newLines(in, prefix), o)
}

// refused are formats that begin with a signature and hold no table that can be read.
var refused = []struct{ signature, message string }{
	{"%PDF", "this is a PDF; copy its table into a text, or save it as CSV"},
	{"\x89PNG", "this is a picture (PNG), not a table; save the numbers as CSV"},
	{"\xff\xd8\xff", "this is a picture (JPEG), not a table; save the numbers as CSV"},
	{"GIF8", "this is a picture (GIF), not a table; save the numbers as CSV"},
	{"II*\x00", "this is a picture (TIFF), not a table; save the numbers as CSV"},
	{"MM\x00*", "this is a picture (TIFF), not a table; save the numbers as CSV"},
	{"\x1f\x8b", "this file is compressed (gzip); unpack it first"},
	{"BZh", "this file is compressed (bzip2); unpack it first"},
	{"\xfd7zXZ", "this file is compressed (xz); unpack it first"},
	{"7z\xbc\xaf", "this file is compressed (7z); unpack it first"},
	{"\x28\xb5\x2f\xfd", "this file is compressed (zstd); unpack it first"},
	{"\xd0\xcf\x11\xe0", "this is an Excel workbook (.xls); save it as CSV, or copy its cells and paste them"},
	{"MATLAB 5.0 MAT-file", matFile},
	{"\x89HDF", "this is an HDF5 file (also of MATLAB 7.3); save the numbers as CSV or NPY"},
	{"PAR1", "this is a Parquet file; save it as CSV"},
	{"ARROW1", "this is a Feather file; save it as CSV"},
	{"RDX", "this is a file of R objects; save the table with write.csv"},
	{"SQLite format 3", "this is an SQLite database; save its table as CSV"},
	{"$FL2", "this is an SPSS file; save it as CSV"},
	{"<stata_dta>", "this is a Stata file; save it as CSV"},
	{"{\\rtf", "this is a formatted text (RTF); save it as plain text"},
	{"\x80\x02", pickle}, {"\x80\x03", pickle}, {"\x80\x04", pickle}, {"\x80\x05", pickle},
}

const (
	pickle  = "this is a Python pickle; save the array with numpy.save, or the table as CSV"
	matFile = "this is a MATLAB file (.mat); save the matrix as text: writematrix(A, 'points.csv')"
)

func refuse(prefix []byte) error {
	for _, f := range refused {
		if bytes.HasPrefix(prefix, []byte(f.signature)) {
			return errorf("%s", f.message)
		}
	}
	if bytes.HasPrefix(prefix, []byte("RIFF")) && bytes.HasPrefix(prefix[8:], []byte("WEBP")) {
		return errorf("this is a picture (WebP), not a table; save the numbers as CSV")
	}
	return nil
}

var arff = regexp.MustCompile(`(?i)^(\s*(%[^\r\n]*)?[\r\n]+)*\s*@(relation|attribute)\s`)

func isARFF(prefix []byte) bool { return arff.Match(prefix[:min(len(prefix), 1<<16)]) }

var latexRow = regexp.MustCompile(`(?m)&.*\\\\|\\begin\{(tabular|array|[a-zA-Z]*matrix|longtable|table)\*?\}`)

func isLaTeX(prefix []byte) bool { return latexRow.Match(prefix[:min(len(prefix), 1<<16)]) }
