package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// part is a package of the project with those below it, and what they may import besides the standard
// library and their own subpackages.
type part struct {
	path    string
	ours    []string // packages of the project, with their subpackages
	foreign []string // modules
	not     []string // packages of the standard library that they may not import
}

// parts lists the parts of the project from the inside out; the first that a package belongs to counts.
// ARCHITECTURE.md draws it.
var parts = []part{
	{"ebm/internal/ref", nil, []string{"gonum.org/v1/gonum"}, nil}, // reads reference numbers, in tests
	{"ebm/conformance", []string{"ebm"}, []string{"gonum.org/v1/gonum"}, nil},
	{"ebm/measure", []string{"ebm"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "time", "os"}}, // a report leaves out what does not apply
	{"ebm/net/internal/kernel", []string{"ebm"}, []string{"gonum.org/v1/gonum", "golang.org/x/sys"}, []string{"net", "net/http", "time", "encoding/json"}},
	{"ebm/data/table", []string{"ebm", "ebm/data"}, []string{"gonum.org/v1/gonum", "golang.org/x/text"}, []string{"net", "net/http", "time", "os"}},
	{"ebm", nil, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "time", "encoding/json", "os"}},

	{"sim/internal", []string{"ebm"}, []string{"gonum.org/v1/gonum"}, nil}, // models for tests
	{"sim/sched", []string{"ebm"}, nil, []string{"net", "net/http", "encoding/json", "os"}},
	{"sim/wire", []string{"ebm", "sim"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "os", "context"}},
	{"sim/room", []string{"sim", "sim/wire"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "os"}},
	{"sim/export", []string{"ebm", "sim", "sim/wire"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "time", "os"}},
	{"sim/content", []string{"ebm", "sim", "sim/wire"}, nil, []string{"net", "net/http", "time", "os"}},
	{"sim/trial", []string{"ebm", "sim", "sim/content", "sim/wire"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "time", "os"}},
	{"sim/session", []string{"ebm", "sim", "sim/export", "sim/room", "sim/sched", "sim/wire"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "os"}},
	{"sim", []string{"ebm"}, []string{"gonum.org/v1/gonum"}, []string{"net", "net/http", "time", "encoding/json", "os", "sync", "context", "log/slog"}},

	{"static", nil, nil, nil},
	{"web/class", []string{"sim", "sim/wire"}, []string{"gonum.org/v1/gonum", "golang.org/x/time"}, []string{"net", "net/http", "os"}},
	{"web", []string{"ebm", "sim", "sim/content", "sim/room", "sim/sched", "sim/session", "sim/wire", "static"}, []string{
		"gonum.org/v1/gonum", "github.com/gorilla/websocket", "github.com/go-echarts/go-echarts/v2", "github.com/expr-lang/expr",
		"github.com/yeqown/go-qrcode/v2", "github.com/hashicorp/golang-lru/v2", "golang.org/x/time",
	}, nil},
	{"cmd", []string{"ebm", "sim", "static", "web"}, []string{
		"gonum.org/v1/gonum", "github.com/alecthomas/kong", "github.com/schollz/progressbar/v3", "golang.org/x/term",
	}, nil},
}

// within reports whether a package is that of the path or below it.
func within(pkg, path string) bool { return pkg == path || strings.HasPrefix(pkg, path+"/") }

// mayImport reports whether a package of the part may import another one.
func (p part) mayImport(imported string, standard bool) bool {
	if standard {
		return !slices.Contains(p.not, imported)
	}
	own, ours := strings.CutPrefix(imported, "ebmviz/")
	if !ours {
		return slices.ContainsFunc(p.foreign, func(module string) bool { return within(imported, module) })
	}
	if own == "ebm/data/table" { // files of other programs are no part of the mathematics, nor of a run
		return p.path == "web" || p.path == "cmd"
	}
	if within(own, p.path) && (p.path != "sim" || own == "sim") {
		return true
	}
	return slices.ContainsFunc(p.ours, func(path string) bool {
		return own == path || path != "sim" && within(own, path) || p.path == "cmd" && within(own, path)
	})
}

// TestImports checks that the arrows between packages point one way.
func TestImports(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports", "./...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	type goPackage struct {
		ImportPath string
		Standard   bool
		Imports    []string
	}
	var all []goPackage
	standard := map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
		standard[p.ImportPath] = p.Standard
	}
	seen := map[string]bool{}
	for _, pkg := range all {
		name, ours := strings.CutPrefix(pkg.ImportPath, "ebmviz/")
		if !ours {
			continue
		}
		i := slices.IndexFunc(parts, func(p part) bool { return within(name, p.path) })
		if i < 0 {
			t.Errorf("%s belongs to no part", name)
			continue
		}
		seen[parts[i].path] = true
		for _, imported := range pkg.Imports {
			if !parts[i].mayImport(imported, standard[imported]) {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
	for _, p := range parts {
		if !seen[p.path] && p.path != "sim/internal" && p.path != "ebm/internal/ref" {
			t.Errorf("no package of %s was looked at", p.path)
		}
	}
}
