package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func serve(t *testing.T, h http.Handler, path, etag string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler(t *testing.T) {
	h, err := Handler(fstest.MapFS{
		"index.html":      {Data: []byte("<!doctype html>")},
		"js/main.js":      {Data: []byte("export {};")},
		"js/other.js":     {Data: []byte("export {} ;")},
		"vendor/k.woff2":  {Data: []byte("font")},
		"static.go":       {Data: []byte("package static")},
		"notes.md":        {Data: []byte("notes")},
		"vendor/a.min.js": {Data: nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, kind string
		status     int
	}{
		{"/", "text/html; charset=utf-8", 200},
		{"/index.html", "text/html; charset=utf-8", 200},
		{"/js/main.js", "text/javascript; charset=utf-8", 200},
		{"/vendor/k.woff2", "font/woff2", 200},
		{"/vendor/a.min.js", "text/javascript; charset=utf-8", 200},
		{"/static.go", "", 404},
		{"/notes.md", "", 404},
		{"/js/", "", 404},
		{"/js/../static.go", "", 404},
	} {
		w := serve(t, h, c.path, "")
		if w.Code != c.status || c.kind != "" && w.Header().Get("Content-Type") != c.kind {
			t.Errorf("%s: %d %q, want %d %q", c.path, w.Code, w.Header().Get("Content-Type"), c.status, c.kind)
		}
	}

	first := serve(t, h, "/js/main.js", "").Header().Get("ETag")
	if other := serve(t, h, "/js/other.js", "").Header().Get("ETag"); first == "" || first == other {
		t.Errorf("files of different bytes have the tags %q and %q", first, other)
	}
	if w := serve(t, h, "/js/main.js", first); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("asked again with its tag: %d and %d bytes, want 304 and none", w.Code, w.Body.Len())
	}
	if w := serve(t, h, "/js/other.js", first); w.Code != 200 {
		t.Errorf("asked with the tag of another file: %d, want 200", w.Code)
	}
}

// TestCompressed: a browser that reads gzip gets text compressed, with a tag of its own.
func TestCompressed(t *testing.T) {
	text := strings.Repeat("export const a = 1;\n", 100)
	h, err := Handler(fstest.MapFS{"js/main.js": {Data: []byte(text)}, "js/tiny.js": {Data: []byte("export {};")}, "a.png": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	plain := get("/js/main.js")
	w := get("/js/main.js", "Accept-Encoding", "br, gzip;q=1.0")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != text || plain.Body.String() != text {
		t.Errorf("the body is %q, %v", body, err)
	}
	tag := w.Header().Get("ETag")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Vary") != "Accept-Encoding" || tag == plain.Header().Get("ETag") ||
		w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || w.Header().Get("Content-Length") == "" {
		t.Errorf("compressed: %v; plain: %v", w.Header(), plain.Header())
	}
	if w := get("/js/main.js", "Accept-Encoding", "gzip", "If-None-Match", tag); w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("asked again with the tag: %d with %d bytes", w.Code, w.Body.Len())
	}
	for _, c := range [][]string{
		{"/js/main.js", "Accept-Encoding", "br"}, {"/js/main.js", "Accept-Encoding", "gzip; q=0"}, {"/js/main.js", "Accept-Encoding", "gzip", "Range", "bytes=0-3"},
		{"/js/tiny.js", "Accept-Encoding", "gzip"}, {"/a.png", "Accept-Encoding", "gzip"},
	} {
		if w := get(c[0], c[1:]...); w.Header().Get("Content-Encoding") != "" || w.Body.Len() == 0 {
			t.Errorf("%q: %v", c, w.Header())
		}
	}
}

// TestImmutable: the page names its files below a folder with their checksum, and only there browsers keep
// them without asking.
func TestImmutable(t *testing.T) {
	serveFiles := func(main string) http.Handler {
		h, err := Handler(fstest.MapFS{
			"index.html": {Data: []byte(`<script src="js/main.js"></script><link href="css/a.css"><link href="icon.svg"><a href="https://x.example/js/">`)},
			"js/main.js": {Data: []byte(main)}, "css/a.css": {}, "icon.svg": {},
		})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	h, other := serveFiles("export {};"), serveFiles("export { };")
	page := serve(t, h, "/", "")
	found := regexp.MustCompile(`<script src="(static\.[0-9a-f]{16})/js/main.js"></script><link href="(static\.[0-9a-f]{16})/css/a.css"><link href="(static\.[0-9a-f]{16})/icon.svg"><a href="https://x.example/js/">`).FindStringSubmatch(page.Body.String())
	if found == nil || found[1] != found[2] || found[2] != found[3] {
		t.Fatalf("the page is %s", page.Body)
	}
	if page.Header().Get("Cache-Control") != "no-cache" || bytes.Equal(page.Body.Bytes(), serve(t, other, "/", "").Body.Bytes()) {
		t.Errorf("the page is kept: %v", page.Header())
	}
	for path, want := range map[string]string{
		"/" + found[1] + "/js/main.js":        immutable,
		"/js/main.js":                         validated,
		"/static.0123456789abcdef/js/main.js": validated, // from a page of an older binary
	} {
		if w := serve(t, h, path, ""); w.Code != 200 || w.Header().Get("Cache-Control") != want || w.Body.String() != "export {};" {
			t.Errorf("%s: %d, %v, %q", path, w.Code, w.Header(), w.Body)
		}
	}
	for _, path := range []string{"/" + found[1], "/" + found[1] + "/", "/" + found[1] + "/none.js", "/static./js/none.js"} {
		if w := serve(t, h, path, ""); path != "/"+found[1]+"/" && w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

var linked = regexp.MustCompile(`(?:src|href)="([^"#]+)"|(?:from |import\()'(\.{1,2}/[^']+)'`)

// What the page and its modules ask for is carried by the binary, and nothing else of the
// folder is.
func TestThePageIsComplete(t *testing.T) {
	h, err := Handler(FS)
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if asked[name] {
			return
		}
		asked[name] = true
		w := serve(t, h, "/"+name, "")
		if w.Code != 200 {
			t.Errorf("%s is asked for, and is not there", name)
		}
		for _, m := range linked.FindAllStringSubmatch(w.Body.String(), -1) {
			switch {
			case m[2] != "":
				follow(path.Join(path.Dir(name), m[2]))
			case path.Ext(name) == ".html":
				follow(m[1])
			}
		}
	}
	follow("index.html")
	if len(asked) < 10 {
		t.Errorf("the page consists of %d files only", len(asked))
	}
	for _, name := range []string{"static.go", "jsconfig.json", "test/wire.test.js"} {
		if serve(t, h, "/"+name, "").Code != 404 {
			t.Errorf("%s is given to the browser", name)
		}
	}
}

// absolute is an address of this server from its root on, as markup, styles and modules may write it.
var absolute = regexp.MustCompile(`(?:src|href)=["']?/|url\(["']?/|(?:from|import)\s*\(?\s*["']/|["'` + "`" + `]/(?:api|ws|js|css|vendor|icon\.svg)\b|location\.(?:origin|host)\b`)

// TestAddressesAreRelative: below a path of a proxy an absolute address leads to another server.
func TestAddressesAreRelative(t *testing.T) {
	for text, want := range map[string]bool{
		"fetch('/api/rooms')": true, "import('/js/a.js')": true, "url(/vendor/f.woff2)": true, `<script src="/js/main.js">`: true, "`/ws?room=${id}`": true,
		"fetch('api/rooms')": false, "import('./a.js')": false, "a / b": false, "location.href": false, "'and/or'": false,
	} {
		if absolute.MatchString(text) != want {
			t.Errorf("%s: absolute is %v, want %v", text, !want, want)
		}
	}
	err := fs.WalkDir(FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" && path.Ext(name) != ".css" && path.Ext(name) != ".js" {
			return err
		}
		text, err := fs.ReadFile(FS, name)
		if m := absolute.Find(text); m != nil {
			t.Errorf("%s has the absolute address %q", name, m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
