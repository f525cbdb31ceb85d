package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
	"ebmviz/sim/content"
)

// root is the folder of go.mod, seen from this package.
const root = "../.."

// mayImport says, from the inside out, what each part of the house may lean on besides
// the standard library. Arrows point one way: mathematics knows no time, time knows no
// transport, transport knows no command line.
var mayImport = []struct {
	part    string   // a prefix of the import path
	own     []string // prefixes of our own packages
	foreign []string // prefixes of other modules' packages
}{
	{"ebmviz/ebm/net", []string{"ebmviz/ebm"}, []string{"gonum.org/v1/gonum", "golang.org/x/sys/cpu"}},
	{"ebmviz/ebm", []string{"ebmviz/ebm"}, []string{"gonum.org/v1/gonum"}},
	{"ebmviz/sim", []string{"ebmviz/ebm", "ebmviz/sim"}, []string{"gonum.org/v1/gonum"}},
	{"ebmviz/static", []string{"ebmviz/static"}, nil},
	{"ebmviz/web", []string{"ebmviz/ebm", "ebmviz/sim", "ebmviz/static", "ebmviz/web"}, []string{"gonum.org/v1/gonum", "github.com/gorilla/websocket", "github.com/hashicorp/golang-lru/v2", "github.com/go-echarts/go-echarts/v2", "github.com/expr-lang/expr", "github.com/yeqown/go-qrcode/v2", "golang.org/x/time/rate"}},
	{"ebmviz/cmd", []string{"ebmviz/"}, []string{"gonum.org/v1/gonum", "github.com/alecthomas/kong", "github.com/schollz/progressbar/v3", "golang.org/x/term"}},
}

// notInMathematics lists what the mathematics never touches: clocks, sockets, text
// formats, locks.
var notInMathematics = []string{"net", "net/http", "time", "encoding/json", "os"}

type goPackage struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports", "./...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func within(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool {
		return path == strings.TrimSuffix(p, "/") || strings.HasPrefix(path, strings.TrimSuffix(p, "/")+"/")
	})
}

func TestArrowsPointOneWay(t *testing.T) {
	all := packages(t)
	standard := map[string]bool{}
	for _, p := range all {
		standard[p.ImportPath] = p.Standard
	}
	seen := 0
	for _, p := range all {
		for _, rule := range mayImport {
			if !within(p.ImportPath, []string{rule.part}) {
				continue
			}
			seen++
			for _, imported := range p.Imports {
				if !standard[imported] && !within(imported, rule.own) && !within(imported, rule.foreign) {
					t.Errorf("%s imports %s: %s may lean on %v and %v only", p.ImportPath, imported, rule.part, rule.own, rule.foreign)
				}
				if within(p.ImportPath, []string{"ebmviz/ebm"}) && slices.Contains(notInMathematics, imported) && !allowedInMathematics(p.ImportPath, imported) {
					t.Errorf("%s imports %s, which has no place in the mathematics", p.ImportPath, imported)
				}
			}
			break
		}
	}
	if seen < 8 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

// allowedInMathematics names the exceptions: the test-only reader of reference numbers,
// and the environment variable that forces a set of kernels.
func allowedInMathematics(path, imported string) bool {
	return strings.HasPrefix(path, "ebmviz/ebm/internal/ref") ||
		strings.HasPrefix(path, "ebmviz/ebm/conformance") ||
		path == "ebmviz/ebm/measure" && imported == "encoding/json" || // a report leaves out what does not apply
		strings.HasPrefix(path, "ebmviz/ebm/net/internal/kernel") && imported == "os"
}

// ours walks over the files of the repository that people write.
func ours(t *testing.T, visit func(path string, text []byte)) {
	t.Helper()
	skip := regexp.MustCompile(`(^|/)(\.git|node_modules|vendor|testdata|shots)$`)
	n := 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && skip.MatchString(path) {
				return filepath.SkipDir
			}
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			n++
			visit(path, text)
		}
		return err
	})
	if err != nil || n < 30 {
		t.Fatalf("walked over %d files: %v", n, err)
	}
}

func TestFilesAreShort(t *testing.T) {
	reason := regexp.MustCompile(`(?i)one file because|long because`)
	ours(t, func(path string, text []byte) {
		limit := map[string]int{".go": 400, ".js": 250}[filepath.Ext(path)]
		lines := bytes.Count(text, []byte("\n"))
		if limit == 0 || lines <= limit || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".test.js") {
			return
		}
		if !reason.Match(text[:min(len(text), 600)]) {
			t.Errorf("%s has %d lines; over %d it needs a reason in its first comment (\"long because …\")", path, lines, limit)
		}
	})
}

func TestNothingFromAnotherHost(t *testing.T) {
	foreign := regexp.MustCompile(`(?i)(src|href|import|from|fetch|url|WebSocket)[^\n]{0,12}(https?|wss?)://([a-z0-9.-]+)`)
	ours(t, func(path string, text []byte) {
		if ext := filepath.Ext(path); !slices.Contains([]string{".js", ".css", ".html"}, ext) || strings.HasSuffix(path, ".test.js") {
			return
		}
		for _, m := range foreign.FindAllSubmatch(text, -1) {
			if host := string(m[3]); host != "www.w3.org" && host != "127.0.0.1" && host != "localhost" {
				t.Errorf("%s names another host: %s", path, m[0])
			}
		}
	})
}

// What ARCHITECTURE.md names exists.
func TestArchitectureNamesFiles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:ebm|sim|web|static|cmd)/[a-z0-9_/]+(?:\\.(?:go|js))?)`").FindAllSubmatch(text, -1)
	if len(named) < 20 {
		t.Errorf("only %d files are named", len(named))
	}
	for _, m := range named {
		if _, err := os.Stat(filepath.Join(root, string(m[1]))); err != nil {
			t.Errorf("ARCHITECTURE.md names %s, which is not there", m[1])
		}
	}
}

// shipped lists the methods of the program: all but the one that toy_test.go adds.
func shipped() []ebm.Card {
	return slices.DeleteFunc(ebm.Cards(), func(c ebm.Card) bool { return c.ID == "mean" })
}

// TestCardsExplainThemselves: a card says how its method fails, in sentences, and the
// strategy it names is one of the seven.
func TestCardsExplainThemselves(t *testing.T) {
	for _, c := range shipped() {
		if len(c.Pathology) < 40 || !strings.HasSuffix(c.Pathology, ".") {
			t.Errorf("%s does not say how it fails: %q", c.ID, c.Pathology)
		}
		if c.Slip != "" && !strings.HasSuffix(c.Slip, ".") {
			t.Errorf("%s: not a sentence: %q", c.ID, c.Slip)
		}
		if c.Strategy != "" && !slices.ContainsFunc(ebm.Strategies(), func(s ebm.Strategy) bool { return s.ID == c.Strategy }) {
			t.Errorf("%s is of no strategy %q", c.ID, c.Strategy)
		}
	}
}

// TestReadmeNamesEverything: a method or dataset that README does not name is not found.
func TestReadmeNamesEverything(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range shipped() {
		if !strings.Contains(string(text), "`"+m.ID+"`") {
			t.Errorf("README.md does not name the method %s", m.ID)
		}
	}
	for _, d := range content.Catalog().Datasets {
		if !strings.Contains(string(text), "`"+d.ID+"`") {
			t.Errorf("README.md does not name the dataset %s", d.ID)
		}
	}
}
