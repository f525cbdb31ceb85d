package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"gonum.org/v1/gonum/spatial/r2"
)

// somePoints returns points of up to four digits before and after the decimal sign.
func somePoints(rng *rand.Rand, n int) []r2.Vec {
	points := make([]r2.Vec, n)
	value := func() float64 {
		v, _ := strconv.ParseFloat(strconv.FormatFloat(rng.NormFloat64()*math.Pow(10, 4*rng.Float64()), 'f', 1+rng.IntN(4), 64), 64)
		return v
	}
	for i := range points {
		points[i] = r2.Vec{X: value(), Y: value()}
	}
	// A number that can have one decimal sign only, and one with thousands.
	points[0] = r2.Vec{X: 0.25, Y: -1234.5}
	return points
}

// write writes a number with the signs.
func write(v float64, decimal, grouping string) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', -1, 64)
	whole, fraction, found := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && grouping != ""; i -= 3 {
		whole = whole[:i] + grouping + whole[i:]
	}
	if found {
		whole += decimal + fraction
	}
	if v < 0 {
		return "-" + whole
	}
	return whole
}

// TestDelimited writes points in every combination of separator, decimal sign, grouping, header,
// encoding, line end and quoting in which a table can be written, and reads them again.
func TestDelimited(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	encodings := map[string]func(string) string{
		"UTF-8":    func(s string) string { return s },
		"mark":     func(s string) string { return "\ufeff" + s },
		"UTF-16LE": func(s string) string { s, _ = utf.UTF16(utf.LittleEndian, utf.UseBOM).NewEncoder().String(s); return s },
		"UTF-16BE": func(s string) string { s, _ = utf.UTF16(utf.BigEndian, utf.UseBOM).NewEncoder().String(s); return s },
		"unmarked": func(s string) string {
			s, _ = utf.UTF16(utf.LittleEndian, utf.IgnoreBOM).NewEncoder().String(s)
			return s
		},
		"Latin-1": func(s string) string { s, _ = charmap.ISO8859_1.NewEncoder().String(s); return s },
	}
	n := 0
	for _, separator := range separators {
		for _, decimal := range []string{".", ","} {
			for _, grouping := range []string{"", ",", ".", " ", "'", "\u00a0"} {
				for _, header := range []bool{false, true} {
					for encoding, encode := range encodings {
						for _, end := range []string{"\n", "\r\n", "\r"} {
							for _, quote := range []string{"", `"`} {
								clash := separator == decimal || separator == grouping
								if decimal == grouping || clash && quote == "" {
									continue
								}
								if n++; testing.Short() && n%10 > 0 {
									continue
								}
								points := somePoints(rng, 3+rng.IntN(20))
								var b strings.Builder
								if header {
									b.WriteString(quote + "Länge" + quote + separator + quote + "Größe" + quote + end)
								}
								for _, p := range points {
									b.WriteString(quote + write(p.X, decimal, grouping) + quote + separator + quote + write(p.Y, decimal, grouping) + quote + end)
								}
								got, err := Read(strings.NewReader(encode(b.String())), Options{})
								name := fmt.Sprintf("separator %q decimal %q grouping %q header %t encoding %s end %q quote %s", separator, decimal, grouping, header, encoding, end, quote)
								if err != nil {
									t.Fatalf("%s: %v\n%s", name, err, b.String())
								}
								_, _, named := got.Names()
								if !slices.Equal(got.Points, points) || named != header || header && got.Columns[0].Name != "Länge" || got.Separator != separator || got.Decimal != decimal {
									t.Fatalf("%s: %v, names %t, %q %q %q\n%s", name, got.Points, named, got.Separator, got.Decimal, got.Columns[0].Name, b.String())
								}
								if grouping != "" && grouping != "\u00a0" && got.Grouping != grouping {
									t.Fatalf("%s: grouping %q", name, got.Grouping)
								}
							}
						}
					}
				}
			}
		}
	}
	if n < 2000 {
		t.Errorf("%d combinations", n)
	}
}

// rows joins what each point becomes.
func rows(points []r2.Vec, format, between string) string {
	lines := make([]string, len(points))
	for i, p := range points {
		lines[i] = fmt.Sprintf(format, p.X, p.Y)
	}
	return strings.Join(lines, between)
}

// column writes one coordinate of all points.
func oneColumn(points []r2.Vec, y bool, between string) string {
	values := make([]string, len(points))
	for i, p := range points {
		values[i] = strconv.FormatFloat(p.X, 'g', -1, 64)
		if y {
			values[i] = strconv.FormatFloat(p.Y, 'g', -1, 64)
		}
	}
	return strings.Join(values, between)
}

// programs write points as programs do.
var programs = map[string]struct {
	write  func([]r2.Vec) string
	format string
	named  bool
}{
	"numpy":         {func(p []r2.Vec) string { return "[[" + rows(p, " %v  %v", "]\n [") + "]]" }, "array", false},
	"numpy repr":    {func(p []r2.Vec) string { return "array([[" + rows(p, "%v, %v", "],\n       [") + "]])" }, "array", false},
	"numpy input":   {func(p []r2.Vec) string { return "points = np.array([\n  [" + rows(p, "%v, %v", "],\n  [") + "],\n])" }, "array", false},
	"numpy scalars": {func(p []r2.Vec) string { return "[(" + rows(p, "np.float64(%v), np.float64(%v)", "), (") + ")]" }, "array", false},
	"numpy columns": {func(p []r2.Vec) string {
		return "x = np.array([" + oneColumn(p, false, ", ") + "])\ny = np.array([" + oneColumn(p, true, ",\n   ") + "])\n"
	}, "array", true},
	"PyTorch": {func(p []r2.Vec) string {
		return "tensor([[" + rows(p, "%v, %v", "],\n        [") + "]], dtype=torch.float64)"
	}, "array", false},
	"Python tuples": {func(p []r2.Vec) string { return "[(" + rows(p, "%v, %v", "), (") + ")]" }, "array", false},
	"Python dict": {func(p []r2.Vec) string {
		return "{'x': [" + oneColumn(p, false, ", ") + "], 'y': [" + oneColumn(p, true, ", ") + "]}"
	}, "array", true},
	"Python dicts":    {func(p []r2.Vec) string { return "[{" + rows(p, "'x': %v, 'y': %v", "}, {") + "}]" }, "array", true},
	"Mathematica":     {func(p []r2.Vec) string { return "{{" + rows(p, "%v, %v", "}, {") + "}}" }, "array", false},
	"GeoGebra":        {func(p []r2.Vec) string { return "{(" + rows(p, "%v, %v", "), (") + ")}" }, "array", false},
	"GeoGebra points": {func(p []r2.Vec) string { return rows(p, "A = (%v, %v)", "\n") }, "array", false},
	"MATLAB":          {func(p []r2.Vec) string { return "A = [" + rows(p, "%v %v", "; ") + "];" }, "array", false},
	"MATLAB lines":    {func(p []r2.Vec) string { return "A = [" + rows(p, "%v %v", "\n ") + "];" }, "array", false},
	"MATLAB columns": {func(p []r2.Vec) string {
		return "x = [" + oneColumn(p, false, "; ") + "];\ny = [" + oneColumn(p, true, " ") + "];"
	}, "array", true},
	"MATLAB output": {func(p []r2.Vec) string { return "A =\n\n    " + rows(p, "%v   %v", "\n    ") + "\n" }, "delimited", false},
	"MATLAB factor": {func(p []r2.Vec) string {
		return "A =\n\n   1.0e-06 *\n\n    " + strings.ReplaceAll(rows(p, "%.6f   %.6f", "\n    "), ".", "") + "\n"
	}, "delimited", false},
	"comments": {func(p []r2.Vec) string {
		return "  " + rows(p[:1], "%v   %v # a comment\n  ", "") + rows(p[1:], "%v   %v", "\n  ") + "\n"
	}, "delimited", false},
	"Julia": {func(p []r2.Vec) string { return "3×2 Matrix{Float64}:\n  " + rows(p, "%v   %v", "\n  ") + "\n" }, "delimited", false},
	"R vectors": {func(p []r2.Vec) string {
		return "x <- c(" + oneColumn(p, false, ", ") + ")\ny <- c(" + oneColumn(p, true, ",\n") + ")\n"
	}, "array", true},
	"R dput": {func(p []r2.Vec) string {
		return "structure(list(x = c(" + oneColumn(p, false, ", ") + "), y = c(" + oneColumn(p, true, ", ") + ")), class = \"data.frame\", row.names = c(NA, \n-3L))"
	}, "array", true},
	"R output": {func(p []r2.Vec) string {
		return "> x\n [1] " + oneColumn(p, false, " ") + "\n> y\n [1] " + oneColumn(p, true, "\n [2] ") + "\n"
	}, "array", true},
	"JSON rows": {func(p []r2.Vec) string { return "[[" + rows(p, "%v, %v", "], [") + "]]" }, "json", false},
	"JSON lists": {func(p []r2.Vec) string {
		return "[[" + oneColumn(p, false, ",") + "], [" + oneColumn(p, true, ",") + "]]"
	}, "json", false},
	"JSON records": {func(p []r2.Vec) string { return "[{" + rows(p, `"x": %v, "y": %v`, "}, {") + "}]" }, "json", true},
	"JSON columns": {func(p []r2.Vec) string {
		return `{"x": [` + oneColumn(p, false, ",") + `], "y": [` + oneColumn(p, true, ",") + "]}"
	}, "json", true},
	"JSON lines":     {func(p []r2.Vec) string { return rows(p, `{"x": %v, "y": %v}`, "\n") }, "json", true},
	"JSON line rows": {func(p []r2.Vec) string { return rows(p, `[%v, %v]`, "\n") }, "json", false},
	"JSON split": {func(p []r2.Vec) string {
		return `{"columns":["x","y"],"index":[0,1],"data":[[` + rows(p, "%v,%v", "],[") + "]]}"
	}, "json", true},
	"JSON nested": {func(p []r2.Vec) string {
		return `{"name":"a","data":{"x":[` + oneColumn(p, false, ",") + `],"y":[` + oneColumn(p, true, ",") + "]}}"
	}, "json", true},
	"Markdown": {func(p []r2.Vec) string { return "| x | y |\n|---|:-:|\n" + rows(p, "| %v | %v |", "\n") }, "markdown", true},
	"Org":      {func(p []r2.Vec) string { return "| x | y |\n|---+---|\n" + rows(p, "| %v | %v |", "\n") }, "markdown", true},
	"psql": {func(p []r2.Vec) string {
		return "   x   |  y  \n-------+-----\n" + rows(p, " %v | %v ", "\n") + "\n(2 rows)\n"
	}, "markdown", true},
	"LaTeX": {func(p []r2.Vec) string {
		return "\\begin{tabular}{cc}\n\\toprule\n$x$ & $y$ \\\\ \\midrule\n" + rows(p, "$%v$ & $%v$ \\\\", "\n") + "\n\\end{tabular}"
	}, "latex", true},
	"ARFF": {func(p []r2.Vec) string {
		return "% c\n@RELATION a\n@ATTRIBUTE x NUMERIC\n@ATTRIBUTE 'y' REAL\n@DATA\n" + rows(p, "%v,%v", "\n")
	}, "arff", true},
	"savetxt":       {func(p []r2.Vec) string { return "# x y\n" + rows(p, "%.18e %.18e", "\n") }, "delimited", true},
	"pandas CSV":    {func(p []r2.Vec) string { return "x,y\n" + rows(p, "%v,%v", "\n") }, "delimited", true},
	"write.table":   {func(p []r2.Vec) string { return "\"x\" \"y\"\n" + numbered(rows(p, "%v %v", "\n"), "\"%d\" ") }, "delimited", true},
	"write.csv":     {func(p []r2.Vec) string { return "\"\",\"x\",\"y\"\n" + numbered(rows(p, "%v,%v", "\n"), "\"%d\",") }, "delimited", true},
	"pandas output": {func(p []r2.Vec) string { return "      x     y\n" + numbered(rows(p, "%v   %v", "\n"), "%d   ") }, "delimited", true},
	"pandas index": {func(p []r2.Vec) string {
		return "      x     y\nid           \n" + numbered(rows(p, "%v   %v", "\n"), "%d   ")
	}, "delimited", true},
	"tibble": {func(p []r2.Vec) string {
		return "# A tibble: 3 × 2\n      x     y\n  <dbl> <dbl>\n" + numbered(rows(p, "%v   %v", "\n"), "%d   ")
	}, "delimited", true},
	"polars": {func(p []r2.Vec) string {
		return "shape: (3, 2)\n┌──────┬──────┐\n│ x    ┆ y    │\n│ ---  ┆ ---  │\n│ f64  ┆ f64  │\n╞══════╪══════╡\n│ " + rows(p, "%v ┆ %v", " │\n│ ") + " │\n└──────┴──────┘\n"
	}, "markdown", true},
	"two comments": {func(p []r2.Vec) string { return "# points\n# x y\n# made by hand today\n" + rows(p, "%v %v", "\n") }, "delimited", true},
	"R matrix":     {func(p []r2.Vec) string { return "       [,1]   [,2]\n" + numbered(rows(p, "%v   %v", "\n"), "[%d,] ") }, "delimited", false},
	"Fortran":      {func(p []r2.Vec) string { return strings.ReplaceAll(rows(p, "  %.16E  %.16E", "\n"), "E", "D") }, "delimited", false},
	"minus signs":  {func(p []r2.Vec) string { return strings.ReplaceAll(rows(p, "%v;%v", "\n"), "-", "−") }, "delimited", false},
}

// numbered puts the number of each line before it.
func numbered(text, format string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = fmt.Sprintf(format, i+1) + line
	}
	return strings.Join(lines, "\n")
}

// TestPrograms reads points as programs write them.
func TestPrograms(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for name, program := range programs {
		for trial := range 21 {
			n := 3 + rng.IntN(30)
			if trial == 20 {
				n = 1200 // too many for one row
			}
			points := somePoints(rng, n)
			text := program.write(points)
			got, err := Read(strings.NewReader(text), Options{})
			if err != nil {
				t.Errorf("%s: %v\n%.1000s", name, err, text)
				break
			}
			x, y, named := got.Names()
			if !slices.Equal(got.Points, points) || got.Format != program.format || got.Header != named && name != "R matrix" || named != program.named || named && (x != "x" || y != "y") && name != "JSON line trees" || got.LeftOut.Count > 0 && name != "polars" && name != "pandas index" || len(got.Warnings) > 0 && !strings.Contains(got.Warnings[0], "two rows of") && name != "polars" {
				t.Errorf("%s: %s %t %q %q %q %v\n%.1000v\n%.1000s", name, got.Format, named, x, y, got.Warnings, got.LeftOut, got.Points, text)
				break
			}
		}
	}
}

// npyBytes writes an array in the NPY format.
func npyBytes(header string, values any, order binary.ByteOrder) []byte {
	b := []byte(npyMagic + "\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	b = append(b, header...)
	b, err := binary.Append(b, order, values)
	if err != nil {
		panic(err)
	}
	return b
}

func npyHeader(descr string, fortran string, shape string) string {
	return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': (%s), }\n", descr, fortran, shape)
}

// TestNPY reads arrays of every type and order.
func TestNPY(t *testing.T) {
	little, big := binary.LittleEndian, binary.BigEndian
	want := []r2.Vec{{X: 1, Y: -2}, {X: 3, Y: 4}, {X: 5, Y: 60}}
	for name, text := range map[string][]byte{
		"f8":      npyBytes(npyHeader("'<f8'", "False", "3, 2"), []float64{1, -2, 3, 4, 5, 60}, little),
		"big":     npyBytes(npyHeader("'>f8'", "False", "3, 2"), []float64{1, -2, 3, 4, 5, 60}, big),
		"f4":      npyBytes(npyHeader("'<f4'", "False", "3, 2"), []float32{1, -2, 3, 4, 5, 60}, little),
		"f2":      npyBytes(npyHeader("'<f2'", "False", "3, 2"), []uint16{0x3c00, 0xc000, 0x4200, 0x4400, 0x4500, 0x5380}, little),
		"i1":      npyBytes(npyHeader("'|i1'", "False", "3, 2"), []int8{1, -2, 3, 4, 5, 60}, little),
		"i2":      npyBytes(npyHeader("'>i2'", "False", "3, 2"), []int16{1, -2, 3, 4, 5, 60}, big),
		"i8":      npyBytes(npyHeader("'<i8'", "False", "3, 2"), []int64{1, -2, 3, 4, 5, 60}, little),
		"Fortran": npyBytes(npyHeader("'<f8'", "True", "3, 2"), []float64{1, 3, 5, -2, 4, 60}, little),
		"turned":  npyBytes(npyHeader("'<f8'", "False", "2, 3"), []float64{1, 3, 5, -2, 4, 60}, little),
		"both":    npyBytes(npyHeader("'<f8'", "True", "2, 3"), []float64{1, -2, 3, 4, 5, 60}, little),
		"records": npyBytes(npyHeader("[('x', '<f8'), ('y', '<f8')]", "False", "3,"), []float64{1, -2, 3, 4, 5, 60}, little),
	} {
		got, err := Read(bytes.NewReader(text), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, _, named := got.Names(); !slices.Equal(got.Points, want) || got.Format != "npy" || got.Header != named || named != (name == "records") {
			t.Errorf("%s: %v %t", name, got.Points, named)
		}
	}
	for h, want := range map[uint16]float64{0: 0, 1: math.Ldexp(1, -24), 0x8000: 0, 0x3555: 0.333251953125, 0x7bff: 65504, 0xfc00: math.Inf(-1)} {
		if got := half(h); got != want {
			t.Errorf("half %#x is %v", h, got)
		}
	}
}

func npzBytes(t testing.TB, members ...any) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i].(string) + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(members[i+1].([]byte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNPZ reads archives: of ours, which has the points beside a landscape, and of others.
func TestNPZ(t *testing.T) {
	little := binary.LittleEndian
	floats := func(shape string, v ...float64) []byte {
		return npyBytes(npyHeader("'<f8'", "False", shape), v, little)
	}
	want := []r2.Vec{{X: 1, Y: -2}, {X: 3, Y: 4}, {X: 5, Y: 60}}
	labels := npyBytes(npyHeader("'<i8'", "False", "3,"), []int64{1, 0, 1}, little)
	words := npyBytes(npyHeader("'<U2'", "False", "3,"), []rune{'b', 0, 'a', 'é', 'b', 0}, little)
	for name, c := range map[string]struct {
		text   []byte
		x, y   string
		label  string
		groups []Group
	}{
		"ours":    {npzBytes(t, "y1", floats("2,", 0, 1), "y2", floats("2,", 0, 1), "F", floats("2, 2", 1, 2, 3, 4), "points", floats("3, 2", 1, -2, 3, 4, 5, 60), "step", floats("1,", 0)), "", "", "", nil},
		"columns": {npzBytes(t, "x", floats("3,", 1, 3, 5), "y", floats("3,", -2, 4, 60)), "x", "y", "", nil},
		"labels":  {npzBytes(t, "X", floats("3, 2", 1, -2, 3, 4, 5, 60), "y", labels), "", "", "y", []Group{{"1", 2}, {"0", 1}}},
		"words":   {npzBytes(t, "words", words, "X", floats("3, 2", 1, -2, 3, 4, 5, 60)), "", "", "words", []Group{{"b", 2}, {"aé", 1}}},
	} {
		got, err := Read(bytes.NewReader(c.text), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		x, y, _ := got.Names()
		label := ""
		if got.Label >= 0 {
			label = got.Columns[got.Label].Name
		}
		if !slices.Equal(got.Points, want) || x != c.x || y != c.y || label != c.label || !slices.Equal(got.Groups, c.groups) {
			t.Errorf("%s: %v %q %q %q %v", name, got.Points, x, y, label, got.Groups)
		}
	}
}
