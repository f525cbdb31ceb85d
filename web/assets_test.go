package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkPage has 500 browsers load the page at once, each by six connections: the page, all that it
// names, and the catalogue. Clients and server share the cores.
func BenchmarkPage(b *testing.B) {
	s, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	named := regexp.MustCompile(`(?:src|href)="([^"#:]+)"`)
	for _, c := range []struct{ name, encoding string }{{"plain", "identity"}, {"gzip", "gzip"}} {
		b.Run(c.name, func(b *testing.B) {
			const browsers = 500
			for b.Loop() {
				var bytes, requests atomic.Int64
				took := make([]time.Duration, browsers)
				var all sync.WaitGroup
				for i := range browsers {
					all.Go(func() {
						start := time.Now()
						transport := &http.Transport{MaxConnsPerHost: 6, MaxIdleConnsPerHost: 6, DisableCompression: true}
						defer transport.CloseIdleConnections()
						get := func(path, encoding string) []byte {
							r, _ := http.NewRequest("GET", server.URL+"/"+path, nil)
							r.Header.Set("Accept-Encoding", encoding)
							a, err := transport.RoundTrip(r)
							if err != nil {
								b.Error(err)
								return nil
							}
							defer a.Body.Close()
							body, err := io.ReadAll(a.Body)
							if err != nil || a.StatusCode != 200 {
								b.Errorf("%s: %d, %v", path, a.StatusCode, err)
							}
							bytes.Add(int64(len(body)))
							requests.Add(1)
							return body
						}
						var parts sync.WaitGroup
						for _, m := range named.FindAllSubmatch(get("", "identity"), -1) {
							parts.Go(func() { get(string(m[1]), c.encoding) })
						}
						parts.Go(func() { get("api/catalog/"+s.catalogHash, c.encoding) })
						parts.Wait()
						took[i] = time.Since(start)
					})
				}
				all.Wait()
				slices.Sort(took)
				b.ReportMetric(float64(bytes.Load())/browsers/1e3, "KB/browser")
				b.ReportMetric(float64(requests.Load())/browsers, "requests/browser")
				b.ReportMetric(float64(took[browsers*95/100].Milliseconds()), "p95-ms")
			}
		})
	}
}
