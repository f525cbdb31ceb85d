package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tables is the folder of the tables that ebm/data/table is tested on.
var tables = filepath.Join(root, "ebm", "data", "table", "testdata")

// readCSV reads the output of a command: the header, and the numbers of the first two columns.
func readCSV(t *testing.T, text string) (header []string, points [][2]float64, rows [][]string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%.200q: %v", text, err)
	}
	for _, row := range rows[1:] {
		var y [2]float64
		for i := range y {
			if y[i], err = strconv.ParseFloat(row[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		points = append(points, y)
	}
	return rows[0], points, rows[1:]
}

// TestPointsOfTables prints the points of each table of testdata.
func TestPointsOfTables(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(tables, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct {
		Names   []string
		Points  [][2]float64
		Count   int
		Dropped int
		Label   string
		Warns   string
		Error   string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		t.Run(name, func(t *testing.T) {
			out, errs, status := ebmviz(t, "points", filepath.Join(tables, name))
			if want.Error != "" {
				if status != 2 || out != "" || !strings.Contains(errs, want.Error) || !strings.Contains(errs, name) || strings.Count(errs, "\n") != 1 {
					t.Errorf("status %d: %s", status, errs)
				}
				return
			}
			if status != 0 {
				t.Fatal(errs)
			}
			header, points, _ := readCSV(t, out)
			if n := len(points); want.Count > 0 && n != want.Count || want.Count == 0 && n != len(want.Points) {
				t.Fatalf("%d points: %v", n, points[:min(n, 5)])
			}
			for i, p := range want.Points {
				if points[i] != p {
					t.Errorf("point %d is %v, want %v", i, points[i], p)
				}
			}
			names := append(want.Names, want.Label)
			if want.Names == nil {
				names = []string{"y1", "y2", want.Label}
			}
			if got := strings.Join(header, ","); want.Points != nil && got != strings.TrimSuffix(strings.Join(names, ","), ",") {
				t.Errorf("the header is %q, want %q", got, names)
			}
			if leftOut := strings.Contains(errs, strconv.Itoa(want.Dropped)+" of "); want.Dropped > 0 && !leftOut || !strings.Contains(errs, want.Warns) {
				t.Errorf("standard error says\n%s", errs)
			}
		})
	}
}

// TestPoints: flags choose columns, rows and the fit; standard error says what was understood.
func TestPoints(t *testing.T) {
	const text = "t;a b;c;day\n1;0,5;1;mon\n2;0,25;1;tue\n3;1,5;-9;mon\n4;0,75;1,25;tue\n"
	path := file(t, "t.csv", text)
	for _, c := range []struct {
		args string
		out  string
		errs []string
	}{
		{"-x 2 -y c", "a b,c,day\n0.5,1,mon\n0.25,1,tue\n1.5,-9,mon\n0.75,1.25,tue\n",
			[]string{"separated by semicolon, decimal comma, with a header\n", "y1 is a b (0.25 to 1.5), y2 is c (-9 to 1.25)\n", "day has 2 groups\n", "1 of 4 points lie outside the box from -1.5 to 1.5; --fit same or --fit each"}},
		{"-x 2 -y 3 --missing -9 --label none", "a b,c\n0.5,1\n0.25,1\n0.75,1.25\n", []string{"1 of 4 rows were left out:\n  line 4: "}},
		{"-x 2 -y 3 --where day=tue --where c=1", "a b,c,day\n0.25,1,tue\n", nil},
		{"-x 2 -y 3 --where day=tue --separator semicolon --decimal , --header yes", "a b,c,day\n0.25,1,tue\n0.75,1.25,tue\n", nil},
		{"-x 2 -y 3 --where day=tue --fit each", "y1,y2,day\n-1.35,-1.35,tue\n1.35,1.35,tue\n", []string{"a b = 0.185185 y1 + 0.5, c = 0.0925926 y2 + 1.125\n"}},
	} {
		out, errs, status := ebmviz(t, append([]string{"points", path}, strings.Fields(c.args)...)...)
		if status != 0 || rounded(t, out) != c.out {
			t.Errorf("%s: status %d\n%s%swant\n%s", c.args, status, out, errs, c.out)
		}
		for _, want := range c.errs {
			if !strings.Contains(errs, want) {
				t.Errorf("%s: standard error is\n%swant %q", c.args, errs, want)
			}
		}
	}

	var out, errs bytes.Buffer
	m := &Main{Stdin: strings.NewReader(text), Stdout: &out, Stderr: &errs}
	to := filepath.Join(t.TempDir(), "out.csv")
	if status := m.Run(t.Context(), []string{"points", "-", "-x", "t", "-y", "a b", "-o", to}); status != 0 || out.Len() > 0 {
		t.Errorf("standard input: status %d: %s%s", status, out.String(), errs.String())
	}
	if written, err := os.ReadFile(to); err != nil || !strings.HasPrefix(string(written), "t,a b,day\n1,0.5,mon\n") {
		t.Errorf("the file has %q: %v", written, err)
	}

	for _, c := range []struct{ args, want string }{
		{path + " --fit all", "must be one of"},
		{path + " --where day", "COLUMN=VALUE"},
		{path + " -x nothing", `"nothing"`},
		{path + " --missing", "missing value"},
		{path + " --header perhaps", `the header is "perhaps"; it may be yes or no`},
		{path + " --separator dot", `the separator "dot" is not among ["," ";" "\t" "|" " "]`},
		{path + " --decimal ;", `the decimal sign ";" is not among ["." ","]`},
		{filepath.Join(filepath.Dir(path), "none.csv"), "cannot be read"},
		{filepath.Dir(path), "directory"},
		{"", "expected"},
	} {
		out, errs, status := ebmviz(t, append([]string{"points"}, strings.Fields(c.args)...)...)
		if status != 2 || out != "" || !strings.Contains(errs, c.want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: status %d: %s, want %q", c.args, status, errs, c.want)
		}
	}
}

// rounded rounds the numbers of CSV to nine decimals.
func rounded(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		for i, field := range fields {
			if v, err := strconv.ParseFloat(field, 64); err == nil {
				fields[i] = strconv.FormatFloat(math.Round(1e9*v)/1e9, 'g', -1, 64)
			}
		}
		b.WriteString(strings.Join(fields, ",") + "\n")
	}
	return b.String()
}

// TestTrainOnTable: points outside the box are refused with their count; once fitted, the units of the
// table are in the checkpoint, and eval prints them.
func TestTrainOnTable(t *testing.T) {
	faithful := filepath.Join(tables, "faithful2.csv")
	checkpoint := filepath.Join(t.TempDir(), "c.json")
	train := func(args ...string) (string, int) {
		out, errs, status := ebmviz(t, append([]string{"train", "--model", "kmeans", "--data", "custom", "--steps", "20", "--checkpoint", checkpoint}, args...)...)
		return out + errs, status
	}
	if errs, status := train("--points", faithful); status != 2 || !strings.Contains(errs, "272 of 272 points lie outside the box from -1.5 to 1.5; give --fit same or --fit each") {
		t.Errorf("without --fit: status %d: %s", status, errs)
	}
	if _, err := os.Stat(checkpoint); err == nil {
		t.Error("there is a checkpoint")
	}
	if errs, status := train("--points", faithful, "--fit", "each"); status != 0 {
		t.Fatal(errs)
	}
	at := file(t, "at.csv", "0,0\n1.35,-1.35\n3,2\n")
	out, errs, status := ebmviz(t, "eval", "--checkpoint", checkpoint, "--points", at)
	if status != 0 {
		t.Fatal(errs)
	}
	header, points, rows := readCSV(t, out)
	if strings.Join(header, ",") != "y1,y2,F,dF1,dF2,eruptions,waiting" || len(points) != 3 || points[2] != [2]float64{3, 2} {
		t.Fatalf("eval prints\n%s", out)
	}
	for i, want := range []float64{5.1, 43} { // the largest and the smallest of the table
		if got, _ := strconv.ParseFloat(rows[1][5+i], 64); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", header[5+i], got, want)
		}
	}
	if _, errs, status := ebmviz(t, "eval", "--checkpoint", checkpoint, "--points", file(t, "bad.csv", "0,0\n0,x\n0,1\n")); status != 2 || !strings.Contains(errs, "bad.csv: line 2") {
		t.Errorf("eval of a row that is no point: status %d: %s", status, errs)
	}

	for _, names := range []string{"", "y1,y2\n", "F,F\n"} {
		points := file(t, "p.csv", names+"0,0.5\n0.25,1\nx,0\n1,0\n0.5,0.5\n0.25,0.125\n0.75,1\n")
		if errs, status := train("--points", points); status != 0 || !strings.Contains(errs, "1 of 7 rows were left out") {
			t.Errorf("status %d: %s", status, errs)
		}
		out, errs, _ := ebmviz(t, "eval", "--checkpoint", checkpoint, "--points", at)
		want := "y1,y2,F,dF1,dF2\n"
		if names == "F,F\n" {
			want = "y1,y2,F,dF1,dF2,F_2,F_3\n"
		}
		if !strings.HasPrefix(out, want) {
			t.Errorf("with the header %q eval prints\n%s%s", names, out, errs)
		}
	}
}
