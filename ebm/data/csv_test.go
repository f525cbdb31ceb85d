package data

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

func TestReadCSV(t *testing.T) {
	want := []r2.Vec{{X: 0.5, Y: -1}, {X: 1.25, Y: 0.002}}
	for name, text := range map[string]string{
		"comma":               "0.5,-1\n1.25,2e-3\n",
		"semicolon":           "0.5;-1\n1.25;2e-3\n",
		"tab":                 "0.5\t-1\n1.25\t2e-3\n",
		"decimal comma":       "0,5;-1\n1,25;2e-3\n",
		"header":              "y1,y2\n0.5,-1\n1.25,2e-3\n",
		"header after blank":  "\n  \ny1,y2\n0.5,-1\n1.25,2e-3\n",
		"BOM and header":      "\ufeffy1;y2\n0.5;-1\n1.25;2e-3\n",
		"BOM":                 "\ufeff0.5,-1\n1.25,2e-3\n",
		"CRLF":                "y1,y2\r\n0.5,-1\r\n1.25,2e-3\r\n",
		"no final newline":    "0.5,-1\n1.25,2e-3",
		"blanks":              " 0.5 , -1 \n\n\n1.25,2e-3\n\n",
		"quotes":              "\"0.5\",\"-1\"\n\"1.25\",\"2e-3\"\n",
		"quoted header, tabs": "\"a\"\t\"b\"\n0.5\t-1\n1.25\t2e-3",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadCSV(strings.NewReader(text), DefaultLimits)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestReadCSVErrors(t *testing.T) {
	small := Limits{Bytes: 200, Line: 40, Points: 3}
	for _, c := range []struct {
		name, text string
		line       int
		tooLarge   bool
		says       string
	}{
		{"empty", "", 1, false, "no point"},
		{"header only", "y1,y2\n", 2, false, "no point"},
		{"one column", "1\n", 1, false, "1 column where"},
		{"three columns", "1,2\n1,2,3\n", 2, false, "3 columns"},
		{"another separator", "1,2\n1;2\n", 2, false, "1 column"},
		{"word", "1,2\n\n3,four\n", 3, false, `"four" as y2, which is not a number`},
		{"half a header", "y1,2\n", 1, false, `"y1" as y1`},
		{"second header", "y1,y2\ny1,y2\n", 2, false, "not a number"},
		{"NaN", "1,2\nNaN,0\n", 2, false, "not a finite number"},
		{"NaN first", "nan,nan\n", 1, false, "not a finite number"},
		{"Inf", "1,-Inf", 1, false, "not a finite number"},
		{"overflow", "1,1e999\n", 1, false, "not a finite number"},
		{"missing", "1,\n", 1, false, `"" as y2`},
		{"NUL", "1,2\n1,\x002\n", 2, false, "NUL"},
		{"UTF-16", "\xff\xfe1\x00,\x002\x00\n\x00", 1, false, "NUL"},
		{"long line", "1,2\n" + strings.Repeat("9", 60) + ",1\n", 2, true, "40 bytes"},
		{"many columns", strings.Repeat("1,", 100) + "\n", 1, true, "40 bytes"},
		{"points", "1,2\n1,2\n1,2\n1,2\n", 4, true, "limit is 3"},
		{"bytes", "1,2\n" + strings.Repeat("\n", 300), 198, true, "200 bytes"},
		{"a long field is cut", "1,2\n" + strings.Repeat("x", 39) + ",\n", 2, false, "xx"},
	} {
		t.Run(c.name, func(t *testing.T) {
			points, err := ReadCSV(strings.NewReader(c.text), small)
			var e *CSVError
			if !errors.As(err, &e) {
				t.Fatalf("got %v, %v", points, err)
			}
			if e.Line != c.line || e.TooLarge != c.tooLarge || !strings.Contains(e.Error(), c.says) {
				t.Errorf("line %d, too large %t: %v", e.Line, e.TooLarge, e)
			}
			if len(e.Error()) > 200 || strings.Contains(e.Error(), "\n") {
				t.Errorf("no sentence: %q", e.Error())
			}
		})
	}
}

// TestReadCSVErrorIsUTF8 has a field whose 40th byte is within a letter.
func TestReadCSVErrorIsUTF8(t *testing.T) {
	_, err := ReadCSV(strings.NewReader("1,2\n"+strings.Repeat("x", 39)+"éé,1\n"), DefaultLimits)
	if err == nil || !strings.Contains(err.Error(), `x…" as y1`) {
		t.Errorf("the error is %v", err)
	}
}

// endless is a reader that counts the bytes taken from it.
type endless struct {
	text  string
	taken int64
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[e.taken%int64(len(e.text))]
		e.taken++
	}
	return len(p), nil
}

func TestReadCSVStops(t *testing.T) {
	for _, text := range []string{"1,2\n", "9", "\n", ",", "\x00"} {
		in := &endless{text: text}
		_, err := ReadCSV(in, DefaultLimits)
		if err == nil || in.taken > DefaultLimits.Bytes+1 {
			t.Errorf("%q without end: %d bytes read, %v", text, in.taken, err)
		}
	}
}

func TestReadCSVReturnsReadErrors(t *testing.T) {
	in := io.MultiReader(strings.NewReader("1,2\n"), failing{})
	if _, err := ReadCSV(in, DefaultLimits); !errors.Is(err, errFails) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

var errFails = errors.New("the disk is gone")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errFails }

// What is read is finite and within the limits, and read again when written out.
func FuzzReadCSV(f *testing.F) {
	for _, text := range []string{"1,2\n", "y1;y2\r\n0,5;1e3", "\ufeff1\t2\n\n", "\"1\",2", "1,2,3", "nan,1", "\x00", "1,2\n3"} {
		f.Add(text)
	}
	lim := Limits{Bytes: 500, Line: 50, Points: 20}
	f.Fuzz(func(t *testing.T, text string) {
		points, err := ReadCSV(strings.NewReader(text), lim)
		if err != nil {
			var e *CSVError
			if !errors.As(err, &e) || e.Line < 1 || e.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if len(points) == 0 || len(points) > lim.Points || len(text) > int(lim.Bytes) {
			t.Fatalf("%q: %d points", text, len(points))
		}
		var out strings.Builder
		for _, y := range points {
			if math.IsNaN(y.X+y.Y) || math.IsInf(y.X, 0) || math.IsInf(y.Y, 0) {
				t.Fatalf("%q: %v", text, y)
			}
			fmt.Fprintf(&out, "%v,%v\n", y.X, y.Y)
		}
		again, err := ReadCSV(strings.NewReader(out.String()), DefaultLimits)
		if err != nil || !slices.Equal(again, points) {
			t.Fatalf("%q: %v, then %v, %v", text, points, again, err)
		}
	})
}
