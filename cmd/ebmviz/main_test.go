package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ebmviz/ebm"
)

var update = flag.Bool("update", false, "write the golden files again")

// ebmviz runs the program in this process and returns what it printed.
func ebmviz(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	m := &Main{Stdout: &out, Stderr: &errs}
	status = m.Run(t.Context(), args)
	return out.String(), errs.String(), status
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTrainEvalMeasure(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains and measures every method")
	}
	dir := t.TempDir()
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) {
			t.Parallel()
			checkpoint, metrics := filepath.Join(dir, card.ID+".json"), filepath.Join(dir, card.ID+".csv")
			if _, errs, status := ebmviz(t, "train", "--model", card.ID, "--data", "spiral", "--steps", "40", "--seed", "3", "--checkpoint", checkpoint, "--metrics", metrics); status != 0 {
				t.Fatalf("train: status %d: %s", status, errs)
			}
			points := file(t, "p.csv", "y1,y2\n0.5,-0.25\n1.5,1.5\n0,0\n")
			out, errs, status := ebmviz(t, "eval", "--checkpoint", checkpoint, "--points", points)
			if status != 0 {
				t.Fatalf("eval: status %d: %s", status, errs)
			}
			rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
			if err != nil || len(rows) != 4 || strings.Join(rows[0], ",") != "y1,y2,F,dF1,dF2" {
				t.Fatalf("eval printed %q (%v)", out, err)
			}
			checkGradient(t, checkpoint, rows[1:])

			out, errs, status = ebmviz(t, "measure", "--checkpoint", checkpoint)
			var report map[string]any
			if err := json.Unmarshal([]byte(out), &report); status != 0 || err != nil {
				t.Fatalf("measure: status %d, %v: %s%s", status, err, out, errs)
			}
			for _, name := range []string{"on", "auc", "auc_ceiling", "beta", "nll", "nll_calibrated", "beta_calibrated", "vol95", "mean_data", "mean_uniform"} {
				if _, ok := report[name]; !ok {
					t.Errorf("measure lacks %s", name)
				}
			}
			if a, ok := report["auc"].(float64); !ok || a < .4 || a > 1 {
				t.Errorf("AUC %v after 40 steps", report["auc"])
			}
			text, err := os.ReadFile(metrics)
			if lines := strings.Count(string(text), "\n"); err != nil || lines != 42 || !strings.HasPrefix(string(text), "step,loss") {
				t.Errorf("the metrics have %d lines (%v): %.80s", lines, err, text)
			}
			header, _, _ := strings.Cut(string(text), "\n")
			names := strings.Split(header, ",")
			for i, name := range names {
				if slices.Contains(names[:i], name) {
					t.Errorf("%s stands twice in %s", name, header)
				}
			}
		})
	}
}

// checkGradient compares the derivatives that eval printed with differences of the
// energies that it prints nearby.
func checkGradient(t *testing.T, checkpoint string, rows [][]string) {
	t.Helper()
	const h = 1e-5
	var near strings.Builder
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	rows = rows[:1]
	y1, y2 := number(rows[0][0]), number(rows[0][1])
	for _, d := range [][2]float64{{h, 0}, {-h, 0}, {0, h}, {0, -h}} {
		near.WriteString(strconv.FormatFloat(y1+d[0], 'g', 17, 64) + "," + strconv.FormatFloat(y2+d[1], 'g', 17, 64) + "\n")
	}
	out, _, _ := ebmviz(t, "eval", "--checkpoint", checkpoint, "--points", file(t, "near.csv", near.String()))
	around, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(around) != 5 {
		t.Fatalf("eval printed %q", out)
	}
	f := func(i int) float64 { return number(around[i][2]) }
	for i, want := range []float64{(f(1) - f(2)) / (2 * h), (f(3) - f(4)) / (2 * h)} {
		if got := number(rows[0][3+i]); math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("dF%d = %v, by differences %v", i+1, got, want)
		}
	}
}

func TestSameSeedSameCheckpoint(t *testing.T) {
	var texts [2][]byte
	for i := range texts {
		path := filepath.Join(t.TempDir(), "c.json")
		if _, errs, status := ebmviz(t, "train", "--model", "cd", "--steps", "30", "--checkpoint", path); status != 0 {
			t.Fatal(errs)
		}
		texts[i], _ = os.ReadFile(path)
	}
	if !bytes.Equal(texts[0], texts[1]) || len(texts[0]) < 1000 {
		t.Error("the same seed gave two different checkpoints")
	}
}

func TestTrainOnPoints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	points := file(t, "p.csv", "y1;y2\r\n0.1;0.2\r\n-0.3;0.4\r\n0.5;-0.6")
	if _, errs, status := ebmviz(t, "train", "--model", "kmeans", "-k", "k=3", "--data", "custom", "--points", points, "--steps", "30", "--checkpoint", path); status != 0 {
		t.Fatal(errs)
	}
	out, errs, status := ebmviz(t, "eval", "--checkpoint", path, "--points", points)
	if status != 0 || strings.Count(out, "\n") != 4 {
		t.Errorf("eval: status %d: %s%s", status, out, errs)
	}
}

func TestBadInputIsOneSentence(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.json")
	if _, errs, status := ebmviz(t, "train", "--model", "kmeans", "-k", "k=2", "--steps", "2", "--checkpoint", good); status != 0 {
		t.Fatal(errs)
	}
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	corrupt := func(old, new string) string {
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("the checkpoint does not hold %s: %.300s", old, text)
		}
		return file(t, "bad.json", strings.Replace(string(text), old, new, 1))
	}
	nowhere := filepath.Join(t.TempDir(), "x.json")
	train := func(args ...string) []string { return append([]string{"train", "--checkpoint", nowhere}, args...) }
	eval := func(checkpoint, points string) []string {
		return []string{"eval", "--checkpoint", checkpoint, "--points", file(t, "p.csv", points)}
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{train("--model", "kmaens"), `there is no model "kmaens"; did you mean "kmeans"?`},
		{train("--model", "dae", "--data", "spirl"), `did you mean "spiral"?`},
		{train("--model", "dae", "-k", "sgima=1"), `knob "sgima" does not exist for dae; did you mean "sigma"?`},
		{train("--model", "dae", "-k", "sigma=9"), `knob "sigma" must be a number from 0.02 to 0.5; got 9`},
		{train("--model", "dae", "-k", "sigma=wide"), `got "wide"`},
		{train("--model", "dae", "-k", "data.noise=-1"), `knob "data.noise" must be`},
		{train("--model", "dae", "-k", "sigma"), "-k takes NAME=VALUE"},
		{train("--model", "dae", "--data", "custom"), "must be used together"},
		{train("--model", "dae", "--data", "custom", "--points", file(t, "p.csv", "0,0\n1,1\n1,2\n")), "1 of 3 points lie outside the box"},
		{train("--model", "dae", "--data", "custom", "--points", file(t, "p.csv", "name,city\nann,ulm\nx,bonn\n")), "no column of numbers"},
		{train("--model", "dae", "--data", "custom", "--points", "/does/not/exist.csv"), "cannot be read"},
		{[]string{"train", "--checkpoint", nowhere}, "--model"},
		{[]string{"paint"}, "paint"},
		{[]string{"serve", "--listen", "8080"}, "--listen must be ADDRESS:PORT"},
		{[]string{"serve", "--listen", "evil.example:0"}, "--listen must be ADDRESS:PORT"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--base", "viz"}, `"viz" is not a path`},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--trusted-proxy", "proxy.school"}, `"proxy.school" is not the address of a proxy`},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--tls-cert", nowhere}, "go together"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--tls-cert", nowhere, "--tls-key", nowhere}, "cannot be used"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--open-rooms", "nobody"}, "anyone"},
		{[]string{"measure", "--checkpoint", "/does/not/exist.json"}, "cannot be read"},
		{[]string{"measure", "--checkpoint", file(t, "c.json", "{")}, "this is not a checkpoint"},
		{[]string{"measure", "--checkpoint", corrupt(`"ebmviz/1"`, `"ebmviz/9"`)}, "ebmviz/9"},
		{[]string{"measure", "--checkpoint", corrupt(`"kmeans"`, `"kmaens"`)}, "kmeans"},
		{[]string{"measure", "--checkpoint", corrupt(`[2,2]`, `[2,3]`)}, "shape"},
		{[]string{"measure", "--checkpoint", corrupt(`"W":`, `"V":`)}, `"W" is missing`},
		{eval(good, "0,0\n0,NaN\n"), "line 2"},
		{eval(good, "0,0\n0\n"), "line 2"},
		{eval(good, ""), "p.csv: the file is empty"},
	} {
		out, errs, status := ebmviz(t, c.args...)
		last := errs[strings.LastIndex(strings.TrimSpace(errs), "\n")+1:]
		if status != 2 || !strings.Contains(last, c.says) || !strings.HasPrefix(last, "ebmviz: ") || out != "" && c.args[0] != "serve" && !strings.HasPrefix(out, "Usage") {
			t.Errorf("ebmviz %q\nstatus %d, want 2\nsays  %q\nwant  %q\nprints %q", c.args, status, errs, c.says, out)
		}
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("a refused command left a checkpoint behind")
	}
}

func TestTrainDiverges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	_, errs, status := ebmviz(t, "train", "--model", "cd", "-k", "optimiser=momentum", "-k", "lr=0.1", "-k", "r=0", "--steps", "2000", "--checkpoint", path)
	if status != 1 || !strings.HasPrefix(errs, "ebmviz: The energy diverged at step") || strings.Count(errs, "\n") != 1 {
		t.Errorf("status %d: %q", status, errs)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a checkpoint of a model that diverged was written")
	}
	_, errs, status = ebmviz(t, "train", "--model", "cd", "-k", "optimiser=momentum", "-k", "lr=0.1", "-k", "r=0", "--steps", "2000", "--checkpoint", path, "--metrics", path+".csv")
	if status != 1 || !strings.HasPrefix(errs, "ebmviz: The energy diverged at step") || strings.Count(errs, "\n") != 1 {
		t.Errorf("with metrics: status %d: %q", status, errs)
	}
}

// TestOutputIsCreatedBeforeTraining has files that cannot be written: no step is made.
func TestOutputIsCreatedBeforeTraining(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ checkpoint, metrics string }{
		{filepath.Join(dir, "nowhere", "c.json"), filepath.Join(dir, "m.csv")}, {dir, filepath.Join(dir, "m.csv")},
		{filepath.Join(dir, "c.json"), filepath.Join(dir, "nowhere", "m.csv")}, {filepath.Join(dir, "c.json"), dir},
	} {
		_, errs, status := ebmviz(t, "train", "--model", "kmeans", "--steps", "2", "--checkpoint", c.checkpoint, "--metrics", c.metrics)
		if status != 2 || strings.Contains(errs, "steps") || !strings.Contains(errs, "cannot be written") {
			t.Errorf("%v: status %d: %q", c, status, errs)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Fatalf("%v left %v (%v) behind", c, left, err)
		}
	}
}

func TestTrainWithZeroStepsAndSeed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.json")
	if _, errs, status := ebmviz(t, "train", "--model", "kmeans", "--steps", "0", "--seed", "0", "--checkpoint", path); status != 0 {
		t.Fatalf("status %d: %s", status, errs)
	}
	if text, err := os.ReadFile(path); err != nil || !bytes.Contains(text, []byte(`"seed":0,"step":0,`)) {
		t.Errorf("%v: %.300s", err, text)
	}
}

// lines hands on each whole line that is written to it.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

func TestServePrintsItsAddressAndStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := make(lines, 8)
	var errs bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- (&Main{Stdout: out, Stderr: &errs}).Run(ctx, []string{"--listen", "127.0.0.1:0"})
	}()
	var url string
	select {
	case url = <-out:
	case status := <-done:
		t.Fatalf("it ended with status %d: %s", status, &errs)
	case <-time.After(10 * time.Second):
		t.Fatal("no address after 10 s")
	}
	if !strings.HasPrefix(url, "http://127.0.0.1:") || !strings.HasSuffix(url, "/\n") {
		t.Fatalf("it printed %q", url)
	}
	answer, err := http.Get(strings.TrimSpace(url) + "healthz")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("/healthz: %v, %v", answer, err)
	}
	answer.Body.Close()
	stop()
	select {
	case status := <-done:
		if status != 0 {
			t.Errorf("stopped with status %d: %s", status, &errs)
		}
	case <-time.After(10 * time.Second):
		t.Error("still serving 10 s after its context was done")
	}
}

// listener has an address and nothing else.
type listener struct {
	net.Listener
	addr string
}

func (l listener) Addr() net.Addr {
	a, _ := net.ResolveTCPAddr("tcp", l.addr)
	return a
}

// TestWhoReachesTheServer: without flags only this computer does. A server that others may reach asks for its
// token, also on loopback, where a proxy may stand before it.
func TestWhoReachesTheServer(t *testing.T) {
	l, err := (&serve{}).listen()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if a := l.Addr().(*net.TCPAddr); !a.IP.IsLoopback() || a.Port < port || a.Port >= port+portsTried {
		t.Errorf("without flags it listens on %v", a)
	}
	for _, c := range []struct {
		flags serve
		addr  string
		open  bool
	}{
		{serve{}, "127.0.0.1:8080", false},
		{serve{}, "[::1]:8080", false},
		{serve{}, "0.0.0.0:8080", true},
		{serve{}, "[::]:8080", true},
		{serve{}, "192.168.1.5:8080", true},
		{serve{Class: true}, "127.0.0.1:8080", true},
		{serve{Base: "/viz/"}, "127.0.0.1:8080", true},
		{serve{TrustedProxy: []string{"127.0.0.1"}}, "127.0.0.1:8080", true},
	} {
		if got := c.flags.open(listener{addr: c.addr}); got != c.open {
			t.Errorf("%+v on %s asks for its token: %v", c.flags, c.addr, got)
		}
	}
}

// TestServeAClass starts a server for a class and gets in as the teacher's and the class's page would.
func TestServeAClass(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := make(lines, 16)
	var errs bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- (&Main{Stdout: out, Stderr: &errs}).Run(ctx, []string{"--class", "--listen", "127.0.0.1:0"})
	}()
	read := func() string {
		select {
		case text := <-out:
			return text
		case status := <-done:
			t.Fatalf("it ended with status %d: %s", status, &errs)
		case <-time.After(10 * time.Second):
			t.Fatal("nothing more was printed in 10 s")
		}
		return ""
	}
	m := regexp.MustCompile(`^(http://127\.0\.0\.1:\d+/)#room=([0-9a-f]+)&token=([0-9a-f]{32})\n\n.*\n\n    (\S+)   and types the code   ([A-HJ-NP-Z2-9]{6})\n`).FindStringSubmatch(read())
	if m == nil || m[1] != m[4] {
		t.Fatalf("what it printed is not understood: %q", m)
	}
	answer, err := http.Post(m[1]+"api/join", "application/json", strings.NewReader(`{"code":"`+m[5]+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var joined struct{ Room, Member string }
	if err := json.NewDecoder(answer.Body).Decode(&joined); err != nil || joined.Room != m[2] || joined.Member == "" {
		t.Errorf("joining: %d, %+v, %v", answer.StatusCode, joined, err)
	}
	for token, want := range map[string]int{"": http.StatusForbidden, m[3]: http.StatusOK} {
		r, _ := http.NewRequest("POST", m[1]+"api/rooms", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil || answer.StatusCode != want {
			t.Errorf("opening a room with the token %q: %v, %v, want %d", token, answer, err, want)
			continue
		}
		answer.Body.Close()
	}
}

// Standard error has the stack of a panic, and no messages below warnings.
func TestServeLogsErrors(t *testing.T) {
	var errs bytes.Buffer
	o, err := (&serve{}).options(&Main{Stderr: &errs})
	if err != nil {
		t.Fatal(err)
	}
	o.Log.Info("room opened")
	if errs.Len() > 0 {
		t.Errorf("it also logs %q", &errs)
	}
	o.Log.Error("panic in a model", "stack", "main.go:1")
	if !strings.Contains(errs.String(), "main.go:1") {
		t.Errorf("it logs %q", &errs)
	}
	if o.Version == "" {
		t.Error("no version")
	}
}

func TestVersion(t *testing.T) {
	out, errs, status := ebmviz(t, "--version")
	if status != 0 || errs != "" || out != "ebmviz "+version()+"\n" || len(strings.Fields(out)) != 2 {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}

func TestHelp(t *testing.T) {
	out, errs, status := ebmviz(t, "--help")
	for _, want := range []string{"serve", "train", "eval", "measure", "models"} {
		if !strings.Contains(out, want) {
			t.Errorf("--help does not mention %s", want)
		}
	}
	if status != 0 || errs != "" {
		t.Errorf("status %d, %q", status, errs)
	}
}
