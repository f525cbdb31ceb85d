package main

import (
	"os"
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

// TestNothingFromAnotherHost: neither the page nor its modules and style sheets load anything from
// another host.
func TestNothingFromAnotherHost(t *testing.T) {
	foreign := regexp.MustCompile(`(?i)(?:(?:src|href|import|from|fetch|url|WebSocket)[^\n]{0,12}(?:https?|wss?):|(?:src|href)=")//([a-z0-9.-]+)`)
	ours(t, func(path string, text []byte) {
		if ext := filepath.Ext(path); !slices.Contains([]string{".js", ".css", ".html"}, ext) || strings.HasSuffix(path, ".test.js") {
			return
		}
		for _, m := range foreign.FindAllSubmatch(text, -1) {
			if host := string(m[1]); host != "www.w3.org" && host != "127.0.0.1" && host != "localhost" {
				t.Errorf("%s names another host: %s", path, m[0])
			}
		}
	})
}

// TestArchitectureNamesFiles: the files that ARCHITECTURE.md names exist.
func TestArchitectureNamesFiles(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:ebm|sim|web|static|cmd)/[a-z0-9_/-]+(?:\\.(?:go|js))?)`").FindAllSubmatch(text, -1)
	if len(named) < 20 {
		t.Errorf("only %d files are named", len(named))
	}
	for _, m := range named {
		if _, err := os.Stat(filepath.Join(root, string(m[1]))); err != nil {
			t.Errorf("ARCHITECTURE.md names %s, which is not there", m[1])
		}
	}
}

// TestDocsNameTests: the tests that the documents name exist.
func TestDocsNameTests(t *testing.T) {
	declared, named := map[string]bool{}, map[string]string{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	name := regexp.MustCompile(`\bTest[A-Z]\w+`)
	ours(t, func(path string, text []byte) {
		switch filepath.Ext(path) {
		case ".go":
			for _, m := range function.FindAllSubmatch(text, -1) {
				declared[string(m[1])] = true
			}
		case ".md":
			for _, m := range name.FindAll(text, -1) {
				named[string(m)] = path
			}
		}
	})
	for name, path := range named {
		if !declared[name] {
			t.Errorf("%s names %s, which is not there", path, name)
		}
	}
	if len(named) == 0 {
		t.Error("no document names a test")
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
		if len(c.FailureMode) < 40 || !strings.HasSuffix(c.FailureMode, ".") {
			t.Errorf("%s does not say how it fails: %q", c.ID, c.FailureMode)
		}
		if c.Misconception != "" && !strings.HasSuffix(c.Misconception, ".") {
			t.Errorf("%s: not a sentence: %q", c.ID, c.Misconception)
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
