package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"

	"gonum.org/v1/gonum/spatial/r2"
)

const cities = "city;x;y;z\nOslo;1,5;2;3\nRome;2,5;4;x\nOslo;3,5;-200;7\nRome;99,5;8;9\n;5;6;1\n"

// TestOptions checks what each option changes.
func TestOptions(t *testing.T) {
	v := func(xy ...float64) (points []r2.Vec) {
		for i := 0; i < len(xy); i += 2 {
			points = append(points, r2.Vec{X: xy[i], Y: xy[i+1]})
		}
		return points
	}
	for name, c := range map[string]struct {
		text    string
		o       Options
		want    []r2.Vec
		dropped int
		names   string
		groups  string
		of      []uint8
	}{
		"none":           {cities, Options{}, v(1.5, 2, 2.5, 4, 3.5, -200, 99.5, 8, 5, 6), 0, "x y", "[{Oslo 2} {Rome 2}]", []uint8{0, 1, 0, 1, noGroup}},
		"Y":              {cities, Options{Y: "z", Label: "none"}, v(1.5, 3, 3.5, 7, 99.5, 9, 5, 1), 1, "x z", "[]", nil},
		"numbers":        {cities, Options{X: "4", Y: "2", Label: "none"}, v(3, 1.5, 7, 3.5, 9, 99.5, 1, 5), 1, "z x", "[]", nil},
		"X is Y":         {cities, Options{X: "y"}, v(2, 1.5, 4, 2.5, -200, 3.5, 8, 99.5, 6, 5), 0, "y x", "[{Oslo 2} {Rome 2}]", []uint8{0, 1, 0, 1, noGroup}},
		"other case":     {cities, Options{X: "Z", Y: "X", Label: "none"}, v(3, 1.5, 7, 3.5, 9, 99.5, 1, 5), 1, "z x", "[]", nil},
		"label":          {cities, Options{Label: "z"}, v(1.5, 2, 2.5, 4, 3.5, -200, 99.5, 8, 5, 6), 0, "x y", "[{3 1} {x 1} {7 1} {9 1} {1 1}]", []uint8{0, 1, 2, 3, 4}},
		"where":          {cities, Options{Where: map[string]string{"city": "Rome"}}, v(2.5, 4, 99.5, 8), 0, "x y", "[{Oslo 2} {Rome 2}]", []uint8{1, 1}},
		"where empty":    {cities, Options{Where: map[string]string{"1": ""}}, v(5, 6), 0, "x y", "[{Oslo 2} {Rome 2}]", []uint8{noGroup}},
		"missing":        {cities, Options{Missing: []string{"-200.0", "99,50"}, Label: "none"}, v(1.5, 2, 2.5, 4, 5, 6), 2, "x y", "[]", nil},
		"header no":      {"1990;1991\n0,5;0,6\n0,7;0,8\n0,9;0,1\n", Options{Header: "no"}, v(1990, 1991, .5, .6, .7, .8, .9, .1), 0, "", "[]", nil},
		"header yes":     {"1,2\n3,4.5\n5,6\n", Options{Header: "yes"}, v(3, 4.5, 5, 6), 0, "1 2", "[]", nil},
		"name or number": {"0,1\n3.1,4.5\n5.2,6.6\n7.2,3.6\n", Options{X: "1", Y: "0"}, v(4.5, 3.1, 6.6, 5.2, 3.6, 7.2), 0, "1 0", "[]", nil},
		"decimal":        {"1,024\t2,048\n3,512\t4,096\n", Options{Decimal: ","}, v(1.024, 2.048, 3.512, 4.096), 0, "", "[]", nil},
		"decimal point":  {"1.024;2,048\n3.512;4,096\n", Options{Decimal: "."}, v(1.024, 2048, 3.512, 4096), 0, "", "[]", nil},
		"separator":      {"1,5 2,5\n3,5 4,5\n", Options{Separator: ","}, v(1, 5, 3, 5), 0, "", "[]", nil},
	} {
		got, err := Read(strings.NewReader(c.text), c.o)
		if err != nil {
			if name == "separator" && strings.Contains(err.Error(), "column") {
				continue // 5 2 is no number
			}
			t.Errorf("%s: %v", name, err)
			continue
		}
		x, y, _ := got.Names()
		if !slices.Equal(got.Points, c.want) || got.LeftOut.Count != c.dropped || strings.TrimSpace(x+" "+y) != c.names || fmt.Sprint(got.Groups) != c.groups || !slices.Equal(got.GroupOf, c.of) {
			t.Errorf("%s: %v, left out %v, names %q %q, groups %v %v", name, got.Points, got.LeftOut, x, y, got.Groups, got.GroupOf)
		}
	}
}

// TestOptionErrors names columns that are not there.
func TestOptionErrors(t *testing.T) {
	for _, c := range []struct {
		o    Options
		says string
	}{
		{Options{X: "cite"}, `there is no column "cite"; did you mean "city"?`},
		{Options{Y: "7"}, `there is no column "7"`},
		{Options{Label: "w"}, `there is no column "w"`},
		{Options{Where: map[string]string{"town": "Rome"}}, `there is no column "town"`},
		{Options{Where: map[string]string{"city": "Bonn"}}, "no row of the table has the values that were chosen"},
		{Options{X: "city"}, `column "city" has words, not numbers`},
	} {
		got, err := Read(strings.NewReader(cities), c.o)
		if err == nil || !strings.Contains(err.Error(), c.says) || err.(*Error).Table == nil || len(err.(*Error).Table.Columns) != 4 || len(err.(*Error).Table.Preview) != 5 {
			t.Errorf("%+v: %v %v", c.o, got, err)
		}
	}
}

// TestColumns checks what is said of the columns.
func TestColumns(t *testing.T) {
	got, err := Read(strings.NewReader("id,day,name,a (€),share,k,extra\n1,2004-03-10,Ann,€1.50,50%,7,1\n2,2004-03-11,Bob,€2.50,-25%,7,NA\n3,2004-03-12,Cy,n/a,75%,7,3\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Column{
		{"id", "index", 0, 0, 0, "", true},
		{"day", "date", 0, 0, 0, "", true},
		{"name", "word", 0, 0, 0, "", true},
		{"a (€)", "number", 2, 1.5, 2.5, "€", true},
		{"share", "number", 3, -25, 75, "%", true},
		{"k", "constant", 3, 7, 7, "", true},
		{"extra", "number", 2, 1, 3, "", true},
	}
	if !slices.Equal(got.Columns, want) || got.X != 3 || got.Y != 4 || got.Label != -1 {
		t.Errorf("x %d, y %d, label %d, columns %+v", got.X, got.Y, got.Label, got.Columns)
	}
}

// TestHeader checks that a header is taken from numbers on evidence only, and said.
func TestHeader(t *testing.T) {
	for _, c := range []struct {
		text   string
		header bool
		warns  bool
	}{
		{"x,y\n1,2\n3,4\n", true, false},
		{"x,2\n1,2\n3,4\n", true, false},                 // a word over numbers
		{"2019,2020\n.5,.7\n.6,.8\n.4,.9\n", true, true}, // years over fractions
		{"2019,2020\n5,7\n6,8\n4,9\n", true, true},       // years that follow each other
		{"2019,1871\n5,7\n6,8\n4,9\n", false, false},
		{"2019,2020\n2018.5,2017.5\n2018,2019\n2016,2017\n", false, false},
		{"0,1\n.12,-1.3\n.5,.25\n-.7,1.1\n", true, true},
		{"0,1\n.12,-1.3\n.5,.25\n", false, false},                        // too few rows for evidence
		{"0,1\n.1,.99\n.2,.98\n.3,.95\n", false, false},                  // the first of equal steps
		{"0.0,1.0\n.12,-1.3\n.5,.25\n-.7,1.1\n", false, false},           // numbers with a fraction are no names
		{"0,1\n.12,2\n.5,.25\n-.7,1.1\n", false, false},                  // whole numbers are in the table
		{"1,2\n.12,-1.3\n.5,.25\n-.7,1.1\n", false, false},               // names count from 0
		{"1,1\n1.5,2\n1,2\n5,7\n5.5,6.5\n6,7\n5,6\n9,1\n", false, false}, // twelve points stay twelve
		{"NA,1\n2,3\n4,5\n6,7\n", false, false},                          // a missing value is no name
		{"# x y\n1 2\n3 4\n", true, false},
		{"# two words here\n1 2\n3 4\n", false, false},
		{"#x,y\n1,2\n3,4\n", true, false},
	} {
		got, err := Read(strings.NewReader(c.text), Options{})
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got.Header != c.header || (len(got.Warnings) > 0) != c.warns {
			t.Errorf("%q: header %t, %q", c.text, got.Header, got.Warnings)
		}
		if c.warns && !strings.Contains(got.Warnings[0], "header") {
			t.Errorf("%q: %q", c.text, got.Warnings)
		}
	}
}

// TestTitle checks what stands before a table, and that a second row of words is not its header.
func TestTitle(t *testing.T) {
	for text, want := range map[string]string{
		"Old Faithful\nEruptions of the geyser in Yellowstone Park\n\n  a b\n1 3.6 79\n2 1.8 54\n": "a b 2 0",
		"Data of May\nStation 5\n\na,b\n1,2.5\n3,4\n":                                              "a b 2 0",
		"a,b\nmm,s\n1,2.5\n3,4\n":                  "a b 2 1", // units
		"some title,and more\n\na,b\n1,2.5\n3,4\n": "a b 2 0",
		"name,a,b\nx,NA,NA\nx,1,2.5\nx,3,4\n":      "a b 2 1", // no title
		"from 3 to 4\n1,2.5\n3,4\n":                " 2 0",
	} {
		got, err := Read(strings.NewReader(text), Options{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		x, y, _ := got.Names()
		if s := fmt.Sprint(strings.TrimSpace(x+" "+y), " ", len(got.Points), got.LeftOut.Count); s != want {
			t.Errorf("%q: %q %v, want %q", text, s, got.Warnings, want)
		}
	}
}

// TestDecimal checks how the decimal sign is decided: for the table, and for a column on evidence.
func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		text string
		want r2.Vec // the first point
		warn bool
	}{
		{"\"1,024\",\"2,692.50\"\n\"999\",\"3,149.00\"\n", r2.Vec{X: 1024, Y: 2692.5}, false},
		{"1.024;7,5\n2.048;8,25\n", r2.Vec{X: 1024, Y: 7.5}, false},
		{"1.024;7.5\n2.048;8.25\n", r2.Vec{X: 1.024, Y: 7.5}, false},
		{"0.25;7,5\n1.024;8,25\n1.234;9,125\n", r2.Vec{X: 0.25, Y: 7.5}, false}, // a column differs
		{"0,25;7.5\n1,024;8.25\n1,234;9.125\n", r2.Vec{X: 0.25, Y: 7.5}, false},
		{"0,512;1,024\n1,250;2,048\n", r2.Vec{X: 0.512, Y: 1.024}, false}, // no group begins with 0
		{"1,024;2,048\n3,512;4,096\n", r2.Vec{X: 1.024, Y: 2.048}, true},
		{"1,024;999\n3,512;12\n", r2.Vec{X: 1024, Y: 999}, true},
		{"1,024\t2,048\n3,512\t4,096\n", r2.Vec{X: 1024, Y: 2048}, true},
		{"1,024\t2048\n3,512\t4096\n", r2.Vec{X: 1.024, Y: 2048}, true}, // 2048 is not grouped
		{"1.024\t2.048\n3.512\t4.096\n", r2.Vec{X: 1.024, Y: 2.048}, false},
		{"1,234,567\t2,048\n3,512\t4,096\n", r2.Vec{X: 1234567, Y: 2048}, false},
		{"1.234.567\t2.048\n3.512\t4.096\n", r2.Vec{X: 1234567, Y: 2048}, false},
		{"1.234,56\t1.234\n3.512,5\t4.096\n", r2.Vec{X: 1234.56, Y: 1234}, false},
		{"1 234,5;2\n3 512,5;4\n", r2.Vec{X: 1234.5, Y: 2}, false},
		{"1'234.5;2\n3'512.5;4\n", r2.Vec{X: 1234.5, Y: 2}, false},
		{"1,5e3;2\n3,5e-2;4\n", r2.Vec{X: 1500, Y: 2}, false},
		{"1.0D+01 .5d0\n3.0D+01 1.5d0\n", r2.Vec{X: 10, Y: 0.5}, false},
		{"-$1.50,($2)\n$3,4\n€4,5\n", r2.Vec{X: 3, Y: 4}, false}, // (2) is no number
	} {
		got, err := Read(strings.NewReader(c.text), Options{})
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got.Points[0] != c.want || (len(got.Warnings) > 0) != c.warn {
			t.Errorf("%q: %v, %q", c.text, got.Points, got.Warnings)
		}
	}
}

// TestIndexColumns checks which columns that count are no coordinates.
func TestIndexColumns(t *testing.T) {
	for text, want := range map[string]string{
		",x,y\n0,.1,.5\n1,.2,.3\n2,.3,.9\n":                   "x y",
		"Unnamed: 0,a,b\n0,.1,.5\n1,.2,.3\n2,.3,.9\n":         "a b",
		"x,y\n1,.1,.5\n2,.2,.3\n3,.3,.9\n":                    "x y", // the header is one short
		"a b\nr1 .1 .5\nr2 .2 .3\nr3 .3 .9\n":                 "a b",
		"year,co2,t\n1990,.1,.5\n1991,.2,.3\n1992,.3,.9\n":    "year co2", // it has a name of its own
		"id,a,b\n1,.1,.5\n2,.2,.3\n3,.3,.9\n":                 "a b",
		"id,a,b\n7,.1,.5\n2,.2,.3\n3,.3,.9\n":                 "id a", // it does not count
		"X,a,b\n1,.1,.5\n2,.2,.3\n3,.3,.9\n":                  "a b",  // the name that R gives
		"X,Y,b\n1,.1,.5\n2,.2,.3\n3,.3,.9\n":                  "X Y",
		"n,y,x\n5,.1,.5\n2,.2,.3\n3,.3,.9\n":                  "x y",
		"b,y2,y1\n5,.1,.5\n2,.2,.3\n3,.3,.9\n":                "y1 y2",
		"k,a,b\n5,.1,.5\n5,.2,.3\n5,.3,.9\n":                  "a b", // it is constant
		"k,a\n5,.1\n5,.2\n5,.3\n":                             "a k",
		"t,a\n0,.1\n1,.2\n2,.3\n":                             "t a",
		"day,t,a\n2004-03-10,0,.1\n2004-03-11,1,.2\n\n":       "t a",
		"[,1] [,2]\n[1,] 0.1 0.2\n[2,] 0.3 0.5\n[3,] 0.4 1\n": "",
	} {
		got, err := Read(strings.NewReader(text), Options{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if x, y, _ := got.Names(); strings.TrimSpace(x+" "+y) != want {
			t.Errorf("%q: %q %q", text, x, y)
		}
	}
}

// TestLabel checks which column is taken for labels.
func TestLabel(t *testing.T) {
	many := "name,x,y\n"
	late := "name,x,y\n"
	for i := range 300 {
		many += fmt.Sprintf("n%d,%d,%d.5\nn%d,%d,%d.5\n", i/2, i, i, i/2, i, -i)
	}
	for i := range sampleRows + 200 {
		late += fmt.Sprintf("n%d,1,2.5\n", max(i%10, i-sampleRows))
	}
	for name, c := range map[string]struct {
		text  string
		label string
	}{
		"words":        {"g,x,y\na,1,2\nb,3,4\na,5,6\n", "g"},
		"each another": {"g,x,y\na,1,2\nb,3,4\nc,5,6\nd,7,8\n", ""},
		"one":          {"g,x,y\na,1,2\na,3,4\na,5,6\n", ""},
		"many":         {many, ""},
		"late":         {late, ""},
		"class":        {"x,y,class\n1,2,0\n3,4,1\n5,6,0\n2,7,1\n", "class"},
		"third":        {"1.5 2.5 0\n3 4.5 1\n5 6.5 0\n7 8 1\n", "column 3"},
		"third number": {"1.5 2.5 0.5\n3 4.5 1\n5 6.5 0\n7 8 1\n", ""},
		"whole":        {"1 2 0\n3 4 1\n5 6 0\n7 8 1\n", ""},
	} {
		got, err := Read(strings.NewReader(c.text), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		label := ""
		if got.Label >= 0 {
			label = got.Columns[got.Label].Name
		}
		if label != c.label || (label == "") != (got.GroupOf == nil) || (label == "") != (len(got.Groups) == 0) {
			t.Errorf("%s: label %q, groups %v", name, label, got.Groups)
		}
	}
	got, err := Read(strings.NewReader(late), Options{Label: "name"})
	if err != nil || len(got.Groups) != maxGroups || !slices.Contains(got.GroupOf, noGroup) || len(got.Warnings) == 0 {
		t.Errorf("chosen: %v groups, %q, %v", len(got.Groups), got.Warnings, err)
	}
}

// TestSample checks that of more rows than are kept, each is kept with the same probability, in order.
func TestSample(t *testing.T) {
	const n, most = 200, 50
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d %d.5\n", i, i)
	}
	got, err := Read(strings.NewReader(b.String()), Options{Most: most})
	if err != nil || len(got.Points) != most || got.SampledOf != n || got.Rows != n || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "50 of 200") {
		t.Fatalf("%+v %v", got, err)
	}
	again, _ := Read(strings.NewReader(b.String()), Options{Most: most})
	if !slices.Equal(got.Points, again.Points) || !slices.IsSortedFunc(got.Points, func(a, b r2.Vec) int { return int(a.X - b.X) }) {
		t.Errorf("points %v, then %v", got.Points, again.Points)
	}
	var long strings.Builder
	for i := range 40 * n {
		fmt.Fprintf(&long, "%d %d.5\n", i, i)
	}
	got, err = Read(strings.NewReader(long.String()), Options{Most: 20 * most})
	if err != nil {
		t.Fatal(err)
	}
	quarters := [4]int{}
	for _, p := range got.Points {
		quarters[int(p.X)/(10*n)]++
	}
	for _, count := range quarters { // 250, and five standard deviations
		if count < 250-70 || count > 250+70 {
			t.Errorf("of each quarter of the rows are kept %v", quarters)
		}
	}
	if whole, err := Read(strings.NewReader(b.String()), Options{}); err != nil || whole.SampledOf != 0 || len(whole.Points) != n {
		t.Errorf("%v points, sampled of %d, %v", len(whole.Points), whole.SampledOf, err)
	}
}

// TestSmallCode: -1 among numbers like it is no code.
func TestSmallCode(t *testing.T) {
	got, err := Read(strings.NewReader("x,y\n1,0\n0,1\n-1,0\n0,-1\n-1,0.5\n-0.5,0.5\n0,0.5\n0.5,0.5\n1,0.5\n"), Options{})
	if err != nil || len(got.Suspects) != 0 {
		t.Errorf("suspects %v, %v", got.Suspects, err)
	}
}

// TestSuspects checks which values are named as perhaps "missing".
func TestSuspects(t *testing.T) {
	base := []string{"1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5"}
	for _, c := range []struct {
		values []string
		want   string
	}{
		{nil, "[]"},
		{[]string{"9999"}, "[{0 9999 1}]"},
		{[]string{"-200", "-200", "-200"}, "[{0 -200 3}]"},
		{[]string{"-999"}, "[{0 -999 1}]"},
		{[]string{"-1e30"}, "[{0 -1e+30 1}]"},
		{[]string{"9999", "-9999"}, "[{0 9999 1} {0 -9999 1}]"},
		{[]string{"-999", "-9999"}, "[{0 -9999 1} {0 -999 1}]"},
		{[]string{"7777"}, "[]"},                   // far, but no code and once only
		{[]string{"7777", "7777"}, "[{0 7777 2}]"}, // it repeats
		{[]string{"6", "6"}, "[]"},
		{[]string{"99", "98", "97", "96"}, "[]"}, // not alone
		{[]string{"-1"}, "[]"},                   // a code, but near
	} {
		var b strings.Builder
		b.WriteString("x,y\n")
		for i, v := range append(slices.Clone(base), c.values...) {
			fmt.Fprintf(&b, "%s,%d.5\n", v, i*i)
		}
		got, err := Read(strings.NewReader(b.String()), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got.Suspects) != c.want || len(got.Warnings) != len(got.Suspects) || len(got.Points) != len(base)+len(c.values) {
			t.Errorf("%v: suspects %v, %q", c.values, got.Suspects, got.Warnings)
			continue
		}
		if len(got.Suspects) > 0 {
			o := Options{}
			for _, s := range got.Suspects {
				o.Missing = append(o.Missing, s.Value)
			}
			without, err := Read(strings.NewReader(b.String()), o)
			if err != nil || len(without.Points) != len(base) || without.LeftOut.Count != len(c.values) || len(without.Suspects) != 0 {
				t.Errorf("%v: without %+v %v", c.values, without, err)
			}
		}
	}
}

// TestClip checks that outliers are counted, and left out by choice.
func TestClip(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "%d %d\n", i, (i*37)%100)
	}
	b.WriteString("1000 5\n7 -500\n190 190\n")
	for _, clip := range []bool{false, true} {
		got, err := Read(strings.NewReader(b.String()), Options{Clip: clip})
		if err != nil {
			t.Fatal(err)
		}
		want := 103
		if clip {
			want = 101
		}
		if got.Outliers != 2 || len(got.Points) != want || got.LeftOut.Count != 0 {
			t.Errorf("clip %t: %d outliers, %d points", clip, got.Outliers, len(got.Points))
		}
	}
}

// TestClipAll refuses to leave out every point.
func TestClipAll(t *testing.T) {
	_, err := Read(strings.NewReader("0,-100\n1,100\n-100,0\n100,1\n"), Options{Clip: true})
	if err == nil || !strings.Contains(err.Error(), "every point is an outlier") {
		t.Error(err)
	}
}

// TestFit checks the three fits, and which is chosen.
func TestFit(t *testing.T) {
	table := func(points ...r2.Vec) *Table {
		return &Table{Points: points, Columns: []Column{{Name: "eruptions", Named: true}, {Name: "waiting", Named: true}}, Y: 1}
	}
	far := table(r2.Vec{X: 1.6, Y: 43}, r2.Vec{X: 5.1, Y: 96}, r2.Vec{X: 3, Y: 70})
	for _, c := range []struct {
		how, used Fit
		outside   int
	}{{"", FitEach, 0}, {FitEach, FitEach, 0}, {FitSame, FitSame, 0}, {FitNone, FitNone, 3}} {
		points, axes, used, outside := far.Fit(c.how)
		if used != c.used || outside != c.outside || axes.Names != [2]string{"eruptions", "waiting"} {
			t.Errorf("fit %q: %q, %d outside, %v", c.how, used, outside, axes)
		}
		for i, p := range points {
			if q := axes.Units(p); r2.Norm(r2.Sub(q, far.Points[i])) > 1e-12 {
				t.Errorf("fit %q: %v is %v", c.how, far.Points[i], q)
			}
		}
		if edge := 0.9 * ebm.L; c.how == FitEach && (math.Abs(points[0].X+edge) > 1e-12 || math.Abs(points[1].Y-edge) > 1e-12) {
			t.Errorf("fit %q: %v", c.how, points)
		}
		if c.how == FitSame && axes.Scale[0] != axes.Scale[1] {
			t.Errorf("fit %q: %v", c.how, axes)
		}
	}
	for _, c := range []struct {
		points []r2.Vec
		used   Fit
	}{
		{[]r2.Vec{{X: -1, Y: 1}, {X: 1, Y: 0}}, FitNone},
		{[]r2.Vec{{X: -1, Y: 1}, {X: 1.6, Y: 0}}, FitEach},
		{[]r2.Vec{{X: 0.001, Y: 0.1}, {X: 0.002, Y: 0.2}}, FitEach},
		{[]r2.Vec{{X: 2, Y: 2}, {X: 2, Y: 2}}, FitEach},
		{[]r2.Vec{{X: math.MaxFloat64, Y: 5e-324}, {X: -math.MaxFloat64, Y: 0}}, FitEach},
	} {
		got := table(c.points...)
		points, axes, used, outside := got.Fit("")
		if used != c.used || outside != 0 {
			t.Errorf("%v: %q, %v", c.points, used, points)
		}
		for i, p := range points {
			if used == FitNone && (p != c.points[i] || axes.Scale != data.Plain.Scale || axes.Offset != data.Plain.Offset) || !(math.Abs(p.X) <= ebm.L && math.Abs(p.Y) <= ebm.L) {
				t.Errorf("%v: %v, %v", c.points, points, axes)
			}
		}
	}
	unnamed := &Table{Points: far.Points, Columns: make([]Column, 2), Y: 1}
	if _, axes, _, _ := unnamed.Fit(""); axes.Names != [2]string{} {
		t.Errorf("names %q", axes.Names)
	}
}

// TestUnknownOptions names values that options do not have.
func TestUnknownOptions(t *testing.T) {
	for _, c := range []struct {
		o    Options
		says string
	}{
		{Options{Separator: "::"}, `the separator "::" is not among`},
		{Options{Separator: "x"}, `the separator "x" is not among`},
		{Options{Decimal: "'"}, `the decimal sign "'" is not among`},
		{Options{Header: "maybe"}, `the header is "maybe"; it may be yes or no`},
	} {
		if _, err := Read(strings.NewReader(cities), c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// TestBytes reads a file of the greatest length, and refuses a longer one.
func TestBytes(t *testing.T) {
	text := "x,y\n" + strings.Repeat("1,2\n", 5000)
	if got, err := Read(strings.NewReader(text), Options{Bytes: int64(len(text))}); err != nil || got.Rows != 5000 {
		t.Errorf("%v %v", got, err)
	}
	for _, short := range []int64{1, 1000, int64(len(text)) - 1} {
		got, err := Read(strings.NewReader(text), Options{Bytes: short})
		if err == nil || !err.(*Error).TooLarge || !strings.Contains(err.Error(), "a table may have at most") {
			t.Errorf("limit %d: %v %v", short, got, err)
		}
	}
	if s := size(64 << 20); s != "64 MiB" {
		t.Errorf("64 MiB are %s", s)
	}
}
