package browsertest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ebmviz/web"
)

// freePort returns a port of this machine that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// reverseProxy serves a server below /viz/, and names it by the server's own address. It returns its
// port, and the paths beside /viz/ that were asked for.
func reverseProxy(t *testing.T, options func(port string) web.Options) (port string, beside func() []string) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	_, port, _ = net.SplitHostPort(s.Listener.Addr().String())
	to, err := url.Parse(serveWith(t, options(port)))
	if err != nil {
		t.Fatal(err)
	}
	proxy := http.StripPrefix("/viz", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }})
	var mu sync.Mutex
	var paths []string
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/viz/") {
			proxy.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, r.URL.Path)
		http.NotFound(w, r)
	})
	s.Start()
	t.Cleanup(s.CloseClientConnections)
	return port, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(paths)
	}
}

// nginx starts nginx with the lines of the README before a server, and returns its port.
func nginx(t *testing.T) (port string) {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed; on Debian the package is nginx-light")
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	location := regexp.MustCompile(`(?m)^ +location /viz/ \{\n(?: +.*\n)+? +\}\n`).Find(readme)
	if location == nil || !strings.Contains(string(location), "http://127.0.0.1:8080/;") {
		t.Fatalf("the README has no lines for nginx: %q", location)
	}
	port = freePort(t)
	server := serveWith(t, web.Options{AllowHosts: []string{"viz.test"}})
	home := t.TempDir()
	config := fmt.Sprintf("daemon off;\nmaster_process off;\nerror_log stderr;\npid %[1]s/pid;\nevents {}\nhttp {\naccess_log off;\n"+
		"client_body_temp_path %[1]s/body;\nproxy_temp_path %[1]s/proxy;\nfastcgi_temp_path %[1]s/f;\nuwsgi_temp_path %[1]s/u;\nscgi_temp_path %[1]s/s;\n"+
		"server {\nlisten 127.0.0.1:%s;\n%s}\n}\n", home, port, strings.ReplaceAll(string(location), "http://127.0.0.1:8080/", server))
	file := filepath.Join(home, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	run := exec.Command(path, "-p", home, "-c", file, "-e", "stderr")
	run.Stderr = &said
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	t.Cleanup(func() { run.Process.Kill(); <-ended })
	for deadline := time.Now().Add(maxWait); ; {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
			return port
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("nginx ended: %v\n%s", err, &said)
		case <-time.After(20 * time.Millisecond): // polls the port
		}
		if time.Now().After(deadline) {
			t.Fatal("nginx does not listen")
		}
	}
}

// TestBehindAProxy uses the page below a path of another server: it learns, imports points, exports
// files, and its link and its QR code lead there again.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*testing.T) (string, func() []string){
		"httputil": func(t *testing.T) (string, func() []string) {
			return reverseProxy(t, func(port string) web.Options {
				return web.Options{AllowHosts: []string{"http://viz.test:" + port}}
			})
		},
		"nginx": func(t *testing.T) (string, func() []string) {
			port := nginx(t)
			r, err := http.DefaultTransport.RoundTrip(httptest.NewRequest("GET", "http://127.0.0.1:"+port+"/viz", nil))
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if to := r.Header.Get("Location"); r.StatusCode != http.StatusMovedPermanently || !strings.HasSuffix(to, "/viz/") {
				t.Errorf("/viz: %d, %q", r.StatusCode, to)
			}
			return port, func() []string { return nil }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			port, beside := start(t)
			address := "http://viz.test:" + port + "/viz/"
			b := open(t, desktop, address+"#model=kmeans&data=spiral")
			b.waitForRun()
			b.drop("circle.csv", table(2500))
			b.waitFor("document.querySelector('#own').open && !document.querySelector('[data-own=use]').disabled")
			b.click(`[data-own="use"]`)
			b.waitFor("!document.querySelector('#own').open && ebmviz.state.data === 'custom' && " + roomPoints + ".length === 5000")
			b.waitForFrames(5)
			b.click(`[data-action="pause"]`)
			b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")

			dir := b.downloads()
			b.click(`[data-action="share"]`)
			b.waitFor("document.querySelector('#export').open && document.querySelector('[data-export=code]').naturalWidth > 0")
			if eval[bool](b, "document.querySelector('[data-export=here]').checkVisibility()") {
				t.Error("the dialog says that the link works on this computer only")
			}
			b.click(`[data-export="exportCurves"]`)
			if curves := b.waitForDownload(dir, ".csv"); !strings.HasPrefix(string(curves), "step,loss") {
				t.Errorf("the exported curves begin with %.40q", curves)
			}
			link := eval[string](b, "document.querySelector('[data-export=link]').value")
			if !strings.HasPrefix(link, address+"#") {
				t.Errorf("the link is %s", link)
			}
			c := open(t, desktop, link)
			c.waitForInstruments()
			c.waitForStep(eval[int](b, "ebmviz.step"))
			if eval[string](c, "[...ebmviz.grid()].join()") != eval[string](b, "[...ebmviz.grid()].join()") {
				t.Error("the link opens another landscape")
			}
			c.click(`[data-action="lessons"]`)
			c.waitFor("document.querySelector('#lessons').open && document.querySelector('#lessons .opener')")
			if paths := beside(); len(paths) > 0 {
				t.Errorf("asked for beside /viz/: %v", paths)
			}
			for line := range strings.SplitSeq(b.consoleText()+"\n"+c.consoleText(), "\n") {
				if line != "" && !strings.Contains(line, "Cross-Origin-Opener-Policy header has been ignored") { // without encryption it is
					t.Errorf("the console has: %s", line)
				}
			}
		})
	}
}

// TestARefusedAddressIsNamed opens the page by addresses that the server was not started for: the
// page says which and what to do.
func TestARefusedAddressIsNamed(t *testing.T) {
	t.Parallel()
	port, _ := reverseProxy(t, func(string) web.Options { return web.Options{} })
	for name, address := range map[string]string{
		"encrypted or local": "http://127.0.0.1:" + port, // requests say Sec-Fetch-Site: same-origin; only the handshake is refused
		"by name":            "http://viz.test:" + port,
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, desktop, address+"/viz/")
			b.waitFor(`document.querySelector('[data-notice="refused"]')`)
			want := "a page at " + address + ", which is not an address of this server; if it is one, start the server with --allow-host " + address
			if said := b.text(`[data-notice="refused"]`); !strings.Contains(said, want) || strings.Contains(said, "onnection") {
				t.Errorf("the notice says %q, want %q", said, want)
			}
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("refused-" + name[:2])
		})
	}
	direct := serve(t)
	_, own, _ := net.SplitHostPort(strings.Trim(strings.TrimPrefix(direct, "http://"), "/"))
	b := open(t, desktop, "http://viz.test:"+own+"/")
	if said, want := eval[string](b, "document.body.innerText"), `"viz.test:`+own+`" is not a host name of this server; if it is one, start the server with --allow-host viz.test`; !strings.Contains(said, want) || strings.Contains(said, "{") {
		t.Errorf("the browser shows %q, want %q", said, want)
	}
}

// TestAProxyThatPassesNoLine: a proxy that passes requests but neither websockets nor what takes their
// place is not called a lost connection, and once it passes them the page goes on by itself.
func TestAProxyThatPassesNoLine(t *testing.T) {
	t.Parallel()
	var passes atomic.Bool
	address := before(t, serve(t), func(w http.ResponseWriter, r *http.Request) bool {
		if (r.Header.Get("Upgrade") != "" || r.URL.Path == "/api/send") && !passes.Load() {
			http.Error(w, "Bad Request", http.StatusBadRequest)
			return true
		}
		return false
	})
	b := open(t, desktop, address)
	b.waitFor(`document.querySelector('[data-notice="refused"]')?.textContent.includes('no connection lasts')`)
	b.savePicture("no-line")
	passes.Store(true)
	b.waitForFrames(3)
	b.waitFor(`!document.querySelector('[data-notice]')`)
}
