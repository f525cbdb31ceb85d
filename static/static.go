// Package static has the files that the browser loads: the page, its style sheets, its native
// modules and the vendored libraries, all embedded. Nothing is bundled, and nothing is loaded from
// another host.
//
// [Handler] serves the files with checksums as entity tags. A browser asks for each of them again at
// every visit and gets "304 Not Modified" if it has not changed, so that the page of a new binary
// never runs with modules of an old one.
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

// FS has the embedded files.
//
//go:embed index.html icon.svg thumbnails.json css js vendor
var FS embed.FS

// types are the media types of the files that are served, by extension. Those of package mime depend
// on the machine, and browsers refuse a module that is sent as text/plain.
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

// Handler serves the files of the known types, index.html for "/". It reads all of them once; the
// error names a file that cannot be read.
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
		h.Set("Cache-Control", "no-cache") // it may be cached, but must be validated
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.body))
	}), nil
}
