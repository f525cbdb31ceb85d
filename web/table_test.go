package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// tableAnswer is the answer to POST /api/table.
type tableAnswer struct {
	Columns []struct{ Name, Kind, Unit string }
	X, Y    int
	Label   int
	Rows    int
	LeftOut struct{ Count int }
	Groups  []struct {
		Name  string
		Count int
	}
	Warnings []string
	Points   [][2]float64
	GroupOf  []int
	Axes     data.Axes
	Fit      string
	Outside  int

	Error struct{ Code, Message string }
	Table *tableAnswer
}

// table posts a table with a query.
func (h *host) table(query, body string) (int, tableAnswer) {
	h.t.Helper()
	status, text := h.do("POST", "/api/table?"+query, body)
	var a tableAnswer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		h.t.Fatalf("%s: %d %.300s: %v", query, status, text, err)
	}
	return status, a
}

// TestTables posts every table of testdata: what it gives is what expected.json says.
func TestTables(t *testing.T) {
	h := serve(t, nil)
	dir := filepath.Join("..", "ebm", "data", "table", "testdata")
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct {
		Names   []string
		Points  [][2]float64
		Count   int
		Dropped int
		Label   string
		Groups  map[string]int
		Unit    string
		Warns   string
		Error   string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for name, want := range all {
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			status, a := h.table("fit=none&name="+url.QueryEscape(name), string(body))
			if want.Error != "" {
				if status != 422 || !strings.Contains(a.Error.Message, want.Error) || a.Table == nil || len(a.Table.Columns) < 2 {
					t.Errorf("%d %+v", status, a)
				}
				return
			}
			if status != 200 {
				t.Fatalf("%d %s", status, a.Error.Message)
			}
			if n := len(a.Points); want.Count > 0 && n != want.Count || want.Count == 0 && n != len(want.Points) || n < len(want.Points) {
				t.Fatalf("%d points: %v", n, a.Points[:min(n, 5)])
			}
			for i, p := range want.Points {
				if a.Points[i] != p {
					t.Errorf("point %d is %v, want %v", i, a.Points[i], p)
				}
			}
			if want.Names != nil && a.Axes.Names != [2]string(want.Names) || want.Points != nil && want.Names == nil && a.Axes.Names != [2]string{} {
				t.Errorf("the names are %q, want %q", a.Axes.Names, want.Names)
			}
			if a.LeftOut.Count != want.Dropped {
				t.Errorf("%d rows are left out, want %d", a.LeftOut.Count, want.Dropped)
			}
			if want.Label != "" && (a.Label < 0 || a.Columns[a.Label].Name != want.Label || len(a.GroupOf) != len(a.Points)) {
				t.Errorf("the label is column %d, the groups are %v", a.Label, a.GroupOf)
			}
			for _, g := range a.Groups {
				if want.Groups != nil && want.Groups[g.Name] != g.Count {
					t.Errorf("group %s has %d points, want %d", g.Name, g.Count, want.Groups[g.Name])
				}
			}
			if want.Unit != "" && a.Columns[a.X].Unit != want.Unit && a.Columns[a.Y].Unit != want.Unit {
				t.Errorf("no column has the unit %s", want.Unit)
			}
			if want.Warns != "" && !strings.Contains(strings.Join(a.Warnings, "\n"), want.Warns) {
				t.Errorf("the warnings are %q", a.Warnings)
			}
		})
	}
}

// TestTableQuery: the query corrects what was guessed.
func TestTableQuery(t *testing.T) {
	h := serve(t, nil)
	const text = "t;a b;c;day\n1;0,5;1;mon\n2;0,25;1;tue\n3;1,5;-9;mon\n4;0,75;1,25;tue\n"
	for _, c := range []struct{ query, want string }{
		{"x=a+b&y=c&fit=none", "[[0.5 1] [0.25 1] [1.5 -9] [0.75 1.25]] [0 1 0 1] none 1"},
		{"x=a+b&y=3&fit=none&missing=-9&label=none", "[[0.5 1] [0.25 1] [0.75 1.25]] [] none 0"},
		{"x=2&y=3&fit=none&where=day%3Dtue&label=day", "[[0.25 1] [0.75 1.25]] [1 1] none 0"},
		{"x=2&y=3&fit=none&where=day%3Dtue&where=c%3D1", "[[0.25 1]] [1] none 0"},
		{"x=2&y=2&fit=same&label=none", "[[-0.81 -0.81] [-1.35 -1.35] [1.35 1.35] [-0.27 -0.27]] [] same 0"},
	} {
		status, a := h.table(c.query, text)
		points := [][2]float64{}
		for _, p := range a.Points {
			points = append(points, [2]float64{math.Round(1e9*p[0]) / 1e9, math.Round(1e9*p[1]) / 1e9})
		}
		if got := fmt.Sprintf("%v %v %s %d", points, a.GroupOf, a.Fit, a.Outside); status != 200 || got != c.want {
			t.Errorf("%s: %d %s%s, want %s", c.query, status, got, a.Error.Message, c.want)
		}
	}
	status, a := h.table("x=a+b&y=c&fit=each", text)
	for i, y := range []float64{.5, .25, 1.5, .75} {
		if math.Abs(a.Points[i][0]*a.Axes.Scale[0]+a.Axes.Offset[0]-y) > 1e-12 {
			t.Errorf("point %d is %v in the axes %+v, want %v", i, a.Points[i], a.Axes, y)
		}
	}
	if status != 200 || a.Outside != 0 || a.Axes.Names != [2]string{"a b", "c"} {
		t.Errorf("%d %+v", status, a)
	}
	for query, want := range map[string]string{
		"fit=all":         `fit can be none, same or each; got \"all\"`,
		"where=day":       `where is COLUMN=VALUE; got \"day\"`,
		"header=perhaps":  `the header is \"perhaps\"; it may be yes or no`,
		"decimal=%3B":     `is not among`,
		"separator=ab":    `is not among`,
		"x=nothing":       "nothing",
		"where=nothing=1": "nothing",
	} {
		if status, text := h.do("POST", "/api/table?"+query, text); status < 400 || status > 422 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s, want %s", query, status, text, want)
		}
	}
}

// TestBadTables: what is no table is refused with one sentence, and a room goes on.
func TestBadTables(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	npy := func(header string) string {
		return "\x93NUMPY\x01\x00" + string([]byte{byte(len(header) + 1), 0}) + header + "\n" + strings.Repeat("\x00", 256)
	}
	for name, c := range map[string]struct {
		body string
		want string // what the sentence has
	}{
		"empty.csv":    {"", "empty"},
		"words.csv":    {"name,city\nann,ulm\nbob,bonn\n", "number"},
		"one.csv":      {"x\n1\n2\n3\n", "column"},
		"wide.csv":     {strings.Repeat("1,", 1_000_000) + "1\n", "line 1 is longer than 1 MiB"},
		"less.csv":     {strings.Repeat("1,", 400_000) + "1\n", "columns"},
		"paper.pdf":    {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "PDF"},
		"photo.png":    {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + strings.Repeat("\x00\x01", 99), "picture"},
		"objects.npy":  {npy("{'descr': '|O', 'fortran_order': False, 'shape': (4, 2), }"), "objects"},
		"three.npy":    {npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2), }"), "dimensions"},
		"formulas.csv": {"x,y\n=A1+1,2\n=A2+1,3\n", "number"},
		"binary.csv":   {strings.Repeat("\x00\x01\x02\xff", 500), ""},
		"open.json":    {`{"x":[1,2`, ""},
		"deep.json":    {strings.Repeat("[", 100_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			status, a := h.table("name="+name, c.body)
			message := a.Error.Message
			if status != 422 && status != 413 || !strings.Contains(message, c.want) || message == "" || len(message) > 600 || strings.ContainsAny(message, "\n\x00") {
				t.Errorf("%d %q, want %q", status, message, c.want)
			}
			if status, text := h.do("PUT", "/api/rooms/"+room+"/points", c.body, "Authorization", "Bearer "+token); status < 400 || status > 413 {
				t.Errorf("PUT: %d %.300s", status, text)
			}
		})
	}
	status, a := h.table("fit=none", "\"<img src=x onerror=alert(1)>\x1b[31m\",\""+strings.Repeat("y", 99)+"\"\n1,1\n0,1\n")
	if n := a.Axes.Names; status != 200 || strings.ContainsRune(n[0], 0x1b) || utf8.RuneCountInString(n[1]) > sim.MaxName || !strings.HasPrefix(n[0], "<img") {
		t.Errorf("hostile names: %d %q", status, n)
	}
	d.say(`{"do":"step","id":1}`)
	d.answer(1)
	if step := h.rooms.find(room).Describe().State; step.Step != 1 || step.Data == "custom" {
		t.Errorf("the room shows %+v", step)
	}
}

// endless is a body that counts what is read of it.
type endless struct{ read, most int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.read >= e.most {
		return 0, io.EOF
	}
	const line = "0.5,0.25\n"
	n := copy(p[:min(int64(len(p)), e.most-e.read)], strings.Repeat(line, len(p)/len(line)+2)[e.read%int64(len(line)):])
	e.read += int64(n)
	return n, nil
}

// TestLargeTable: a body beyond the limit is refused before it is read, and where its length is not
// known, as soon as the limit is reached; one below the limit is sampled.
func TestLargeTable(t *testing.T) {
	h := serve(t, nil)
	post := func(body *endless, known bool) (int, tableAnswer) {
		t.Helper()
		r, err := http.NewRequest("POST", "http://"+h.addr+"/api/table?fit=none", body)
		if err != nil {
			t.Fatal(err)
		}
		if r.ContentLength = -1; known {
			r.ContentLength = body.most
			r.Header.Set("Expect", "100-continue")
		}
		transport := &http.Transport{ExpectContinueTimeout: maxWait}
		defer transport.CloseIdleConnections()
		a, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		var got tableAnswer
		if err := json.NewDecoder(a.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		return a.StatusCode, got
	}
	body := &endless{most: 200 << 20}
	if status, a := post(body, true); status != 413 || !strings.Contains(a.Error.Message, "at most 64 MiB; this one has 200") || body.read > 0 {
		t.Errorf("200 MiB: %d %q after %d bytes", status, a.Error.Message, body.read)
	}
	if testing.Short() {
		return
	}
	body = &endless{most: 9 * 1_000_000}
	if status, a := post(body, true); status != 200 || len(a.Points) != data.MaxPoints || a.Rows != 1_000_000 || !strings.Contains(strings.Join(a.Warnings, ""), "20000 of 1000000") {
		t.Errorf("9 MB: %d %q, %d points of %d rows, %q", status, a.Error.Message, len(a.Points), a.Rows, a.Warnings)
	}
	body = &endless{most: 200 << 20}
	if status, a := post(body, false); status != 413 || !strings.Contains(a.Error.Message, "at most 64 MiB") || body.read > 80<<20 {
		t.Errorf("200 MiB of unknown length: %d %q after %d bytes", status, a.Error.Message, body.read)
	}
}

// startTable begins to send a table, and returns the connection.
func (h *host) startTable() net.Conn {
	h.t.Helper()
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(maxWait))
	fmt.Fprintf(c, "POST /api/table HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000000\r\n\r\n1,2\n", h.addr)
	return c
}

// awaitTables waits until so many tables are being read.
func (h *host) awaitTables(n int) {
	h.t.Helper()
	for end := time.Now().Add(maxWait); len(h.tables) != n; {
		if time.Now().After(end) {
			h.t.Fatalf("%d tables are being read, want %d", len(h.tables), n)
		}
		time.Sleep(time.Millisecond)
	}
}

// TestTablesWait: two tables are read at once. A third waits, and is refused when that takes too long.
func TestTablesWait(t *testing.T) {
	busy := func(wait time.Duration) (h *host, first, second net.Conn) {
		h = serve(t, func(s *Server) { s.timing.command, s.timing.table = wait, time.Minute })
		first, second = h.startTable(), h.startTable()
		h.awaitTables(maxTables)
		return h, first, second
	}
	h, _, _ := busy(50 * time.Millisecond)
	if status, text := h.do("POST", "/api/table", "1,2\n3,4\n"); status != 503 || !strings.Contains(text, "other tables are being read") {
		t.Errorf("the third table: %d %s", status, text)
	}
	h, first, second := busy(maxWait)
	done := make(chan int)
	go func() {
		status, _ := h.do("POST", "/api/table", "1,2\n3,4\n")
		done <- status
	}()
	first.Close()
	if status := <-done; status != 200 {
		t.Errorf("a table that waited: %d", status)
	}
	second.Close()
	h.awaitTables(0)
}

// TestSlowTable: a sender that stops loses its place.
func TestSlowTable(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.table = 50 * time.Millisecond })
	answer, err := http.ReadResponse(bufio.NewReader(h.startTable()), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 408 || !bytes.Contains(text, []byte("too slowly")) {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	h.awaitTables(0)
}

// TestTableBody: each tableRate bytes put off the end by a second.
func TestTableBody(t *testing.T) {
	start := time.Now()
	b := &tableBody{body: strings.NewReader(strings.Repeat(" ", tableRate)), timing: http.NewResponseController(nil), end: start}
	if _, err := io.Copy(io.Discard, b); err != nil {
		t.Fatal(err)
	}
	if got := b.end.Sub(start); got < time.Second-time.Millisecond || got > time.Second || b.late {
		t.Errorf("the end is %v later", got)
	}
}
