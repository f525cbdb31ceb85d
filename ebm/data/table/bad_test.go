package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode"
	"unicode/utf8"
)

// TestBadInput checks that each kind of input that gives no points is refused with a sentence that names it.
func TestBadInput(t *testing.T) {
	little := binary.LittleEndian
	zipped := func(name string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
		_ = z.Close()
		return b.String()
	}
	npy := func(descr, shape string) string {
		return string(npyBytes(npyHeader(descr, "False", shape), []byte{}, little))
	}
	for name, c := range map[string]struct {
		text, says string
		tooLarge   bool
		table      bool // what was understood comes with the error
	}{
		"empty":              {"", "the file is empty", false, false},
		"blank":              {" \n\r\n\t\n", "the file is empty", false, false},
		"words":              {"name,city\nAnn,Oslo\nBob,Rome\n", `no column of numbers; "name", "city": words`, false, true},
		"one column":         {"x\n1\n2\n", `only one column of numbers, "x"`, false, true},
		"dates":              {"day,x\n2004-03-10,1\n2004-03-11,2\n", `only one column of numbers, "x"; "day": dates`, false, true},
		"header only":        {"x,y\n", "no column of numbers", false, true},
		"many columns":       {strings.Repeat("1,", 500_000) + "1\n", "line 1 has 500001 columns; a table may have at most 1000", true, false},
		"10^6 columns":       {strings.Repeat("1,", 1_000_000) + "1\n", "line 1 is longer than 1 MiB", true, false},
		"many JSON columns":  {"[" + strings.Repeat(`{"a":1},`, 3) + `{` + manyKeys(1100) + "}]", "a table may have at most 1000", true, false},
		"PDF":                {"%PDF-1.7\n%\xe2\xe3", "this is a PDF", false, false},
		"PNG":                {"\x89PNG\r\n\x1a\n", "this is a picture (PNG)", false, false},
		"JPEG":               {"\xff\xd8\xff\xe0\x00\x10JFIF", "this is a picture (JPEG)", false, false},
		"gzip":               {"\x1f\x8b\x08", "compressed (gzip)", false, false},
		"xls":                {"\xd0\xcf\x11\xe0\xa1\xb1", "Excel workbook (.xls)", false, false},
		"xlsx":               {zipped("xl/workbook.xml"), "Excel workbook (.xlsx)", false, false},
		"docx":               {zipped("word/document.xml"), "Word document", false, false},
		"ods":                {zipped("content.xml"), "OpenDocument", false, false},
		"zip":                {zipped("points.csv"), "ZIP archive without NPY arrays", false, false},
		"damaged zip":        {"PK\x03\x04 nothing else", "the ZIP archive is damaged", false, false},
		"mat":                {"MATLAB 5.0 MAT-file, Platform: GLNXA64", "MATLAB file (.mat); save the matrix as text", false, false},
		"HDF5":               {"\x89HDF\r\n\x1a\n", "HDF5", false, false},
		"pickle":             {"\x80\x04\x95", "Python pickle", false, false},
		"HTML":               {"<!DOCTYPE html>\n<html><body>404, not 200</body></html>", "this is an HTML page", false, false},
		"XML":                {"<?xml version=\"1.0\"?><a/>", "this is XML", false, false},
		"RTF":                {"{\\rtf1 1,2}", "formatted text (RTF)", false, false},
		"NUL":                {"1,2\n1,\x002\n", "line 2 has a NUL byte", false, false},
		"binary":             {"\x00\x01\x02\x03\x00\xff\xfe\x00\x00\x00", "NUL byte", false, false},
		"objects":            {npy("'|O'", "3, 2"), "Python objects", false, false},
		"three dimensions":   {npy("'<f8'", "3, 2, 2"), "has 3 dimensions", false, false},
		"complex":            {npy("'<c16'", "3,"), "complex numbers", false, false},
		"no dimension":       {npy("'<f8'", ""), "a single value", false, false},
		"huge":               {npy("'<f8'", "1000000000000, 2"), "should have 1000000000000 rows, but the file ends earlier", false, false},
		"huge Fortran":       {strings.Replace(npy("'<f8'", "1000000000000, 2"), "False", "True ", 1), "ends earlier", false, false},
		"overflow":           {npy("'<f8'", "9223372036854775807, 2"), "too many", true, false},
		"wide":               {npy("'<f8'", "3, 1000000"), "has 1000000 columns", true, false},
		"negative":           {npy("'<f8'", "-3, 2"), "shape (-3, 2)", false, false},
		"no header":          {npyMagic, "no header", false, false},
		"cut header":         {npyMagic + "\x01\x00\xff\xff{", "ends too early", false, false},
		"NPZ of images":      {string(npzBytes(t, "a", []byte(npy("'<f8'", "3, 2, 2")))), "has 3 dimensions", false, false},
		"NPZ of one column":  {string(npzBytes(t, "a", npyBytes(npyHeader("'<f8'", "False", "2,"), []float64{1, 2}, little))), "no array of the NPZ archive has points", false, false},
		"JSON cut off":       {`[[1, 2], [3, 4`, "the JSON ends too early", false, false},
		"JSON wrong":         {`[[1, 2], [3, 4]` + strings.Repeat(", [5, 6]", 20_000) + ` oops]`, "the JSON is not valid", false, true},
		"JSON empty":         {`[]`, "the JSON has no rows", false, false},
		"JSON nested":        {strings.Repeat("[", 100_000), "nested more than 32 levels", false, false},
		"JSON text":          {`[["` + strings.Repeat("x", 2<<20), "longer than 1 MiB", true, false},
		"array nested":       {strings.Repeat("[(", 40) + "1", "nested more than 32 levels", false, false},
		"sparse ARFF":        {"@relation a\n@attribute x real\n@attribute y real\n@data\n{0 1, 1 2}\n", "sparse ARFF", false, false},
		"ARFF without data":  {"@relation a\n@attribute x real\n", "no @data", false, false},
		"formulas":           {"x,y\n1,=A1\n2,=A2\n3,4,5,6\n", "only one column of numbers", false, true},
		"nothing finite":     {"x,y\n1,inf\nnan,2\n3,-inf\n4,5,6\n5,nan\n7,x\n", `no row of the table has two numbers in the columns "x" and "y"`, false, true},
		"no pair":            {"x,y\n1,\n,2\n3,\n,4\n", `no row of the table has two numbers in the columns "x" and "y"; the first is left out because y is missing`, false, true},
		"limit":              {"x,y\n" + strings.Repeat("1,2\n", 1<<19), "a table may have at most 1 MiB", true, false},
		"limit of an NPZ":    {string(npzBytes(t, "a", npyBytes(npyHeader("'<f8'", "False", "200000, 2"), make([]float64, 400_000), little))), "a table may have at most 1 MiB", true, false},
		"hostile":            {"\x1b]0;a\x07\u202e" + strings.Repeat("x", 300) + "\nfoo\nbar\n", "no column of numbers", false, true},
		"line after columns": {"1,2\n" + strings.Repeat("9", maxLine+1), "line 2 is longer than 1 MiB", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(strings.NewReader(c.text), Options{Bytes: 1 << 20})
			if len(c.text) > 1<<20 && !strings.Contains(c.says, "1 MiB") {
				got, err = Read(strings.NewReader(c.text), Options{})
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %+v, %v", got, err)
			}
			if name == "10^6 columns" || name == "JSON text" || name == "line after columns" {
				_, err = Read(strings.NewReader(c.text), Options{})
				e = err.(*Error)
			}
			if !strings.Contains(e.Message, c.says) || e.TooLarge != c.tooLarge || (e.Table != nil) != c.table {
				t.Errorf("too large %t, table %v: %v", e.TooLarge, e.Table, e)
			}
			checkSentence(t, e.Message)
			if e.Table != nil && (len(e.Table.Columns) == 0 || e.Table.Preview == nil) {
				t.Errorf("table %+v", e.Table)
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"k` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + `":1`)
	}
	return b.String()
}

// checkSentence holds a message to what a page can show.
func checkSentence(t testing.TB, message string) {
	t.Helper()
	if message == "" || utf8.RuneCountInString(message) > 600 || !utf8.ValidString(message) ||
		strings.ContainsFunc(message, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		t.Errorf("no sentence: %q", message)
	}
}

// TestReadErrors returns the error of a reader that fails.
func TestReadErrors(t *testing.T) {
	long := func(text string) string { return strings.Repeat(text, 2<<20/len(text)) }
	for _, before := range []string{"", "x,y\n1,2\n", npyMagic, long("1,2\n"), long("1,\"2\"\n"), "[" + long("[1, 2], "), `{"x":[1` + long(",2"), "[" + long("(1, 2), "),
		"@relation a\n@attribute x real\n@attribute y real\n@data\n" + long("1,2\n"), long("1 & 2 \\\\\n"), "[1] 2\n" + long("[2] 3\n"), string(npyBytes(npyHeader("'<f8'", "False", "1000000, 2"), make([]float64, 300_000), binary.LittleEndian)), string(npzBytes(t, "a", []byte{}))} {
		_, err := Read(io.MultiReader(strings.NewReader(before), iotest.ErrReader(errors.New("the disk is gone"))), Options{})
		if err == nil || !strings.Contains(err.Error(), "the disk is gone") {
			t.Errorf("after %.20q: %v", before, err)
		}
	}
}

// TestMemory reads large inputs of every format and shape, and counts the bytes that are in use on the
// heap while they are read. The heap grows to twice that before garbage is collected, which is to
// be no more than four times the input, and two buffers.
func TestMemory(t *testing.T) {
	size := 2 << 20
	if os.Getenv("EBMVIZ_LONG") != "" {
		size = 16 << 20
	}
	points := func() string { return string(manyPoints(size)) }
	rows := func(between string) string {
		return strings.ReplaceAll(strings.TrimSuffix(points()[4:], "\n"), "\n", between)
	}
	column := func(c int, between string) string {
		var b strings.Builder
		for line := range strings.Lines(points()[4:]) {
			if b.Len() > 0 {
				b.WriteString(between)
			}
			b.WriteString(strings.Split(strings.TrimSpace(line), ",")[c])
		}
		return b.String()
	}
	fill := func(text string) string { return strings.Repeat(text, size/len(text)) }
	little := binary.LittleEndian
	floats := func() []float64 { return make([]float64, size/8) }
	half := size / 16
	inputs := map[string]func() string{
		"points":         func() string { return points() },
		"ones":           func() string { return fill("1,1\n") },
		"blanks":         func() string { return fill("  1    2  \n") },
		"UTF-16":         func() string { return "\xff\xfe" + fill("1\x00;\x002\x00\n\x00") },
		"quotes":         func() string { return fill("\"1,5\";\"2,5\"\n") },
		"open quotes":    func() string { return "a,b\n" + fill("\"1,2\n") },
		"one open quote": func() string { return "a,b,c\n\"1,2,3\n" + fill("4,5,6\n") },
		"wide":           func() string { return fill(strings.Repeat("1,", 999) + "2\n") },
		"long lines":     func() string { return fill(strings.Repeat("x", 900_000) + ",2\n") },
		"blank lines":    func() string { return "1,2\n" + fill("\n") },
		"comments":       func() string { return "1,2\n3,4\n" + fill("# comment\n") },
		"labels":         func() string { return labels(size) },
		"JSON rows":      func() string { return "[[" + rows("],[") + "]]" },
		"JSON ones":      func() string { return "[" + fill("[1,1],") + "[1,1]]" },
		"JSON lines":     func() string { return fill("{\"x\":1,\"y\":2}\n") },
		"JSON columns":   func() string { return `{"x":[` + column(0, ",") + `],"y":[` + column(1, ",") + `]}` },
		"JSON digits": func() string {
			return `{"x":[1` + strings.Repeat(",1", size/4) + `],"y":[1` + strings.Repeat(",1", size/4) + `]}`
		},
		"JSON lists": func() string {
			return `[[1` + strings.Repeat(",1", size/4) + `],[1` + strings.Repeat(",1", size/4) + `]]`
		},
		"JSON keys": func() string {
			return `{"x":{"0":1` + strings.Repeat(`,"1":1`, size/12) + `},"y":{"0":1` + strings.Repeat(`,"1":1`, size/12) + `}}`
		},
		"JSON skipped": func() string { return `{"x":[[[1]` + strings.Repeat(",[1]", size/4) + `],1],"y":[1,2]}` },
		"JSON blanks":  func() string { return "[" + strings.Repeat(" ", size) + "[1,2],[3,4]]" },
		"tuples":       func() string { return "[(" + rows("),(") + ")]" },
		"numpy":        func() string { return "[[" + strings.ReplaceAll(rows("]\n ["), ",", " ") + "]]" },
		"R vectors":    func() string { return "x <- c(" + column(0, ",") + ")\ny <- c(" + column(1, ",") + ")" },
		"R output":     func() string { return "[1] " + column(0, "\n[2] ") + "\n[1] " + column(1, "\n[2] ") },
		"many groups":  func() string { return fill("A = (1,2)\n") },
		"LaTeX":        func() string { return fill("1 & 2 \\\\\n") },
		"LaTeX row":    func() string { return "1 & 2 \\\\\n" + fill("1 & 2 \n") },
		"ARFF":         func() string { return "@relation a\n@attribute x real\n@attribute y real\n@data\n" + fill("1,2\n") },
		"NPY": func() string {
			return string(npyBytes(npyHeader("'<f8'", "False", itoa(half)+", 2"), floats(), little))
		},
		"NPY Fortran": func() string { return string(npyBytes(npyHeader("'<f8'", "True", itoa(half)+", 2"), floats(), little)) },
		"NPY turned": func() string {
			return string(npyBytes(npyHeader("'<f8'", "False", "2, "+itoa(half)), floats(), little))
		},
		"NPY bytes": func() string {
			return string(npyBytes(npyHeader("'|i1'", "True", itoa(size/3)+", 3"), make([]int8, size), little))
		},
		"NPY shape": func() string {
			return string(npyBytes(npyHeader("'<f8'", "True", "1000000000000, 900"), floats(), little))
		},
	}
	inputs["NPZ"] = func() string {
		random := make([]byte, size)
		rng := newRand()
		for i := range random {
			random[i] = byte(rng.Uint32())
		}
		return string(npzBytes(t, "x", npyBytes(npyHeader("'|u1'", "False", itoa(size/2)+", 2"), random, little)))
	}
	for name, input := range inputs {
		text := input()
		in := &counting{r: strings.NewReader(text), step: len(text) / 64}
		before, start := heap(), time.Now()
		got, err := Read(in, Options{})
		used := 2 * (float64(in.peak) - float64(before))
		t.Logf("%-14s %5.2f MB, %5.2f times, %4.0f ms; %v", name, used/1e6, used/float64(len(text)), float64(time.Since(start).Milliseconds()), err)
		if used > 4*float64(len(text))+2*maxLine {
			t.Errorf("%s: %.0f bytes of memory for %d", name, used, len(text))
		}
		runtime.KeepAlive(got)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func labels(n int) string {
	var b strings.Builder
	b.WriteString("label,x,y\n")
	for i := 0; b.Len() < n; i++ {
		b.WriteString("label" + itoa(i) + ",1,2.5\n")
	}
	return b.String()
}

// heap returns how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// counting is a reader that measures the heap from time to time.
type counting struct {
	r    io.Reader
	step int
	next int
	n    int
	peak uint64
}

func (c *counting) Read(p []byte) (int, error) {
	if c.n >= c.next {
		c.next += c.step
		c.peak = max(c.peak, heap())
	}
	n, err := c.r.Read(p)
	c.n += n
	if err == io.EOF {
		c.peak = max(c.peak, heap())
	}
	return n, err
}

// FuzzRead checks that any input ends with points or with a sentence.
func FuzzRead(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || file.IsDir() || info.Size() > 1000 {
			continue
		}
		text, err := os.ReadFile(filepath.Join("testdata", file.Name()))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, program := range programs {
		f.Add([]byte(program.write(somePoints(newRand(), 3))))
	}
	little := binary.LittleEndian
	f.Add(npyBytes(npyHeader("'<f8'", "False", "3, 2"), []float64{1, -2, 3, 4, 5, 60}, little))
	f.Add(npyBytes(npyHeader("[('x', '<f4'), ('y', '|S4')]", "True", "1,"), []float64{1}, little))
	f.Add(npzBytes(f, "a", npyBytes(npyHeader("'<f2'", "True", "2, 3"), []uint16{1, 2, 3, 4, 5, 6}, little)))
	f.Fuzz(func(t *testing.T, text []byte) {
		start := time.Now()
		defer func() {
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("reading took %v", d)
			}
		}()
		for _, o := range []Options{{}, {Bytes: 1000, Most: 2, Clip: true, Missing: []string{"1"}, X: "1", Y: "2", Label: "1", Header: "yes", Decimal: ","}} {
			got, err := Read(bytes.NewReader(text), o)
			if err != nil {
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("%T %v", err, err)
				}
				checkSentence(t, e.Message)
				if e.Table != nil {
					checkTable(t, e.Table)
				}
				continue
			}
			checkTable(t, got)
			if len(got.Points) == 0 || o.Most > 0 && len(got.Points) > o.Most || got.Rows < len(got.Points) || got.Label >= 0 && len(got.GroupOf) != len(got.Points) {
				t.Fatalf("%d points of %d rows", len(got.Points), got.Rows)
			}
			for _, p := range got.Points {
				if math.IsNaN(p.X-p.X) || math.IsNaN(p.Y-p.Y) {
					t.Fatalf("point %v", p)
				}
			}
			for _, how := range []Fit{FitNone, FitSame, FitEach, ""} {
				points, axes, used, outside := got.Fit(how)
				if len(points) != len(got.Points) || !(axes.Scale[0] > 0) || !(axes.Scale[1] > 0) || math.IsInf(axes.Scale[0]+axes.Scale[1], 0) || used != FitNone && outside > 0 {
					t.Fatalf("fit %q: %v %q %d", how, axes, used, outside)
				}
				for _, p := range points {
					if math.IsNaN(p.X-p.X) || math.IsNaN(p.Y-p.Y) {
						t.Fatalf("fit %q: point %v", how, p)
					}
				}
			}
		}
	})
}

// checkTable holds what is said of a table to what a page can show.
func checkTable(t testing.TB, got *Table) {
	t.Helper()
	if _, err := json.Marshal(got); err != nil {
		t.Fatal(err)
	}
	texts := []string{}
	for _, c := range got.Columns {
		texts = append(texts, c.Name)
		if c.Name == "" {
			t.Error("a column has no name")
		}
	}
	for _, g := range got.Groups {
		texts = append(texts, g.Name)
	}
	for _, row := range got.Preview {
		texts = append(texts, row...)
	}
	for _, text := range texts {
		if utf8.RuneCountInString(text) > maxName || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("text %q", text)
		}
	}
	for _, w := range got.Warnings {
		checkSentence(t, w)
	}
	for _, r := range got.LeftOut.First {
		checkSentence(t, r.Reason)
	}
	if len(got.LeftOut.First) > 3 || len(got.LeftOut.First) > got.LeftOut.Count || len(got.Groups) > maxGroups || len(got.Preview) > 8 || got.X >= max(1, len(got.Columns)) || got.Y >= max(1, len(got.Columns)) {
		t.Errorf("table %+v", got)
	}
}
