// Package static is what the browser is given: one page, its style sheets, its native
// modules and the vendored libraries, embedded whole. What "view source" shows is what
// lies in this folder; nothing is bundled, and nothing is loaded from another host.
//
// [Handler] serves the files under checksums. A browser asks for each of them again at
// every visit and is told "304 not modified" in a few bytes, so that a new binary's page
// is never mixed with an old one's modules.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"
)

// FS is the page as the binary carries it.
//
//go:embed index.html icon.svg css js vendor
var FS embed.FS

// types are the files that are served, and as what. They are written down here because
// what package mime says depends on the machine, and a module sent as text/plain is a
// blank page.
var types = map[string]string{
	".html":  "text/html; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

type file struct {
	body []byte
	etag string
	kind string
}

// Handler serves the files of the known types, index.html for "/". It reads all of them once,
// so that a file that cannot be read is an error now and not in the classroom.
func Handler(files fs.FS) (http.Handler, error) {
	all := map[string]file{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || types[path.Ext(name)] == "" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		all["/"+name] = file{body, `"` + hex.EncodeToString(sum[:12]) + `"`, types[path.Ext(name)]}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the page's files cannot be read: %w", err)
	}
	if index, ok := all["/index.html"]; ok {
		all["/"] = index
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := all[r.URL.Path]
		if !ok {
			http.Error(w, "there is nothing at this address", http.StatusNotFound)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("ETag", f.etag)
		h.Set("Cache-Control", "no-cache") // keep it, but ask whether it is still good
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.body))
	}), nil
}
