// Package static has the files that the browser loads: the page, its style sheets, its native
// modules and the vendored libraries, all embedded. Nothing is bundled, and nothing is loaded from
// another host.
//
// [Handler] serves the files compressed, with checksums as entity tags. The page names its modules and
// style sheets below a folder that carries the checksum of all files, and browsers keep them for as
// long as they like: a visit to an unchanged server asks for the page alone. The page, and what is
// asked for without that folder, is validated at every visit, so that the page of a new binary never
// runs with modules of an old one.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FS has the embedded files.
//
//go:embed index.html check.html icon.svg thumbnails.json css js vendor
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

// compressible are the types that are shorter compressed.
var compressible = map[string]bool{
	types[".html"]: true, types[".css"]: true, types[".js"]: true, types[".json"]: true, types[".svg"]: true, types[".txt"]: true,
}

// Cache-Control of what must be validated, and of what never changes.
const (
	validated = "no-cache"
	immutable = "public, max-age=31536000, immutable"
)

// Asset is content that never changes. It is sent compressed to a browser that reads gzip.
type Asset struct {
	kind string
	body []byte
	tag  string
	zip  func() []byte // when it is first asked for
}

// NewAsset returns the body of a media type as an asset.
func NewAsset(kind string, body []byte) *Asset {
	sum := sha256.Sum256(body)
	a := &Asset{kind: kind, body: body, tag: hex.EncodeToString(sum[:12])}
	a.zip = sync.OnceValue(a.compress)
	return a
}

// compress returns the body compressed, nil if that is hardly shorter.
func (a *Asset) compress() []byte {
	const least = 512 // bytes; less is one packet in any case
	if len(a.body) < least || !compressible[a.kind] {
		return nil
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(a.body) // a buffer does not fail
	w.Close()
	if b.Len() > len(a.body)*9/10 {
		return nil
	}
	return b.Bytes()
}

// Serve sends the asset, with a Cache-Control.
func (a *Asset) Serve(w http.ResponseWriter, r *http.Request, cache string) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", cache)
	h.Set("Vary", "Accept-Encoding")
	body, tag := a.body, a.tag
	if r.Header.Get("Range") == "" && readsGzip(r) {
		if z := a.zip(); z != nil {
			body, tag = z, a.tag+"-gzip"
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", strconv.Itoa(len(z)))
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// ServeHTTP sends the asset as one that must be validated.
func (a *Asset) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.Serve(w, r, validated) }

// ServeImmutable sends the asset at an address that has a checksum of it.
func (a *Asset) ServeImmutable(w http.ResponseWriter, r *http.Request) { a.Serve(w, r, immutable) }

// readsGzip reports whether the client accepts gzip.
func readsGzip(r *http.Request) bool {
	for _, header := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(header, ",") {
			name, q, _ := strings.Cut(part, ";")
			if strings.TrimSpace(name) == "gzip" {
				q = strings.ReplaceAll(q, " ", "")
				return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
			}
		}
	}
	return false
}

// folder is the beginning of the name of a folder that carries a checksum.
const folder = "static."

// link is a file of this package in the page.
var link = regexp.MustCompile(`((?:src|href)=")((?:js|css|vendor)/|icon\.svg)`)

// Handler serves the files of the known types, index.html for "/" and check.html for "/check". It reads all of them once; the
// error names a file that cannot be read.
func Handler(files fs.FS) (http.Handler, error) {
	all := map[string]*Asset{}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || types[path.Ext(name)] == "" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		a := NewAsset(types[path.Ext(name)], body)
		all["/"+name] = a
		fmt.Fprintln(sum, name, a.tag) // in the order of the names
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the page's files cannot be read: %w", err)
	}
	now := folder + hex.EncodeToString(sum.Sum(nil)[:8])
	for address, name := range map[string]string{"/": "/index.html", "/check": "/check.html"} {
		if page, ok := all[name]; ok {
			page = NewAsset(page.kind, link.ReplaceAll(page.body, []byte("${1}"+now+"/${2}")))
			all[address], all[name] = page, page
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, cache := r.URL.Path, validated
		if rest, ok := strings.CutPrefix(name, "/"+folder); ok {
			// A page that was loaded from an older binary gets the present file.
			if sum, file, ok := strings.Cut(rest, "/"); ok {
				name = "/" + file
				if folder+sum == now {
					cache = immutable
				}
			}
		}
		a, ok := all[name]
		if !ok {
			http.Error(w, "there is nothing at this address", http.StatusNotFound)
			return
		}
		a.Serve(w, r, cache)
	}), nil
}
