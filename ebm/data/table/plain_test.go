package table

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gonum.org/v1/gonum/spatial/r2"
)

// TestPlainForms reads the same two points from the plainest forms of a table.
func TestPlainForms(t *testing.T) {
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
		"another header":      "y1,y2\ny1,y2\n0.5,-1\n1.25,2e-3\n",
		"NaN":                 "0.5,-1\nNaN,0\n1.25,2e-3\n",
		"infinite":            "0.5,-1\n1,-Inf\n1.25,2e-3\n",
		"overflow":            "0.5,-1\n1,1e999\n1.25,2e-3\n",
		"missing":             "0.5,-1\n1,\n1.25,2e-3\n",
		"word":                "0.5,-1\n\n3,four\n1.25,2e-3\n",
		"long word":           "0.5,-1\n1.25,2e-3\n" + strings.Repeat("x", 39) + "éé,1\n",
		"three columns":       "0.5,-1\n1,2,3\n1.25,2e-3\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(strings.NewReader(text), Options{})
			if err != nil || !slices.Equal(got.Points, want) {
				t.Fatalf("got %+v, %v", got, err)
			}
			if n := map[string]int{"NaN": 1, "infinite": 1, "overflow": 1, "missing": 1, "word": 1, "long word": 1, "three columns": 1, "another header": 1}[name]; got.LeftOut.Count != n || len(got.LeftOut.First) != n {
				t.Errorf("%d rows are left out, want %d: %v", got.LeftOut.Count, n, got.LeftOut.First)
			}
			for _, r := range got.LeftOut.First {
				if !utf8.ValidString(r.Reason) || len(r.Reason) > 300 || r.Line < 1 || r.Line > 4 {
					t.Errorf("line %d is left out: %q", r.Line, r.Reason)
				}
			}
		})
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

// TestReadStops: of a text without end no more is read than is allowed.
func TestReadStops(t *testing.T) {
	const most = 4 << 20
	for _, text := range []string{"1,2\n", "9", "\n", ",", "\x00", "[", `{"x":`, "\"", "{", "# "} {
		in := &endless{text: text}
		_, err := Read(in, Options{Bytes: most})
		if err == nil || in.taken > most+1 {
			t.Errorf("%q without end: %d bytes read, %v", text, in.taken, err)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

// TestReadError: an error of the reader is not the end of the file.
func TestReadError(t *testing.T) {
	for _, text := range []string{"", "1,2\n", "1,2\n3,4\n"} {
		table, err := Read(io.MultiReader(strings.NewReader(text), failing{}), Options{})
		if err == nil || !strings.Contains(err.Error(), "the disk is gone") {
			t.Errorf("%q: got %+v, %v", text, table, err)
		}
	}
}
