package web

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// classBehindNginx starts a server at a base, and nginx before it with the lines of the README. It
// returns the address of nginx.
func classBehindNginx(t *testing.T, base string) (h *host, address string) {
	t.Helper()
	path, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed; on Debian the package is nginx-light")
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	location := string(regexp.MustCompile(`(?m)^ +location / \{\n(?: +.*\n)+? +\}\n`).Find(readme))
	if !strings.Contains(location, "http://127.0.0.1:8080;") {
		t.Fatalf("the README has no lines for nginx: %q", location)
	}
	h = serveWith(t, Options{Open: true, Base: base, Proxies: []string{"127.0.0.1"}}, nil)
	location = strings.Replace(strings.Replace(location, "location / ", "location "+base+" ", 1), "127.0.0.1:8080", h.addr, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	l.Close()
	home := t.TempDir()
	config := fmt.Sprintf("daemon off;\nmaster_process off;\nerror_log stderr;\npid %[1]s/pid;\nevents {}\nhttp {\naccess_log off;\n"+
		"client_body_temp_path %[1]s/body;\nproxy_temp_path %[1]s/proxy;\nfastcgi_temp_path %[1]s/f;\nuwsgi_temp_path %[1]s/u;\nscgi_temp_path %[1]s/s;\n"+
		"server {\nlisten %[2]s;\n%[3]s}\n}\n", home, address, location)
	file := filepath.Join(home, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(path, "-p", home, "-c", file, "-e", "stderr")
	var said strings.Builder
	run.Stderr = &said
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Process.Kill(); run.Wait() })
	for deadline := time.Now().Add(maxWait); ; time.Sleep(20 * time.Millisecond) { // polls the port
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return h, address
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not listen: %s", &said)
		}
	}
}

// TestClassBehindNginx: at the root and below a path, the page, a websocket, a stream and a long poll reach a
// class through nginx as the README configures it.
func TestClassBehindNginx(t *testing.T) {
	for _, base := range []string{"/", "/viz/"} {
		t.Run(base, func(t *testing.T) {
			h, address := classBehindNginx(t, base)
			id, _, err := h.OpenRoom(sim.Config{Model: "bowl"})
			if err != nil {
				t.Fatal(err)
			}
			site := "http://" + address + base
			a, err := http.Get(site)
			if err != nil {
				t.Fatal(err)
			}
			page, _ := io.ReadAll(a.Body)
			a.Body.Close()
			if a.StatusCode != 200 || !strings.Contains(string(page), "/js/main.js") {
				t.Fatalf("the page: %d %.80s", a.StatusCode, page)
			}
			hello := `{"hello":{"token":"` + h.Token() + `","catalog":"x"}}`

			header := http.Header{"Origin": {"http://" + address}}
			dialer := websocket.Dialer{Subprotocols: []string{"ebmviz.v1"}, HandshakeTimeout: maxWait}
			socket, _, err := dialer.Dial("ws://"+address+base+"ws?room="+id, header)
			if err != nil {
				t.Fatal(err)
			}
			defer socket.Close()
			socket.SetReadDeadline(time.Now().Add(maxWait))
			if err := socket.WriteMessage(websocket.TextMessage, []byte(hello)); err != nil {
				t.Fatal(err)
			}
			for kind := 0; kind != websocket.BinaryMessage; {
				var m []byte
				if kind, m, err = socket.ReadMessage(); err != nil {
					t.Fatalf("the websocket: %v", err)
				}
				if kind == websocket.BinaryMessage {
					if _, err := wire.DecodeFrame(m); err != nil {
						t.Error(err)
					}
				}
			}
			for _, query := range []string{"", "?one"} {
				throughRequests(t, site, "http://"+address, id, hello, query)
			}
		})
	}
}

// throughRequests opens a session of requests, and steps the run: the frame arrives although the stream has
// not ended.
func throughRequests(t *testing.T, site, origin, room, hello, query string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), maxWait)
	defer cancel()
	session := ""
	do := func(method, path, body string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, method, site+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		if session != "" {
			r.Header.Set("Authorization", "Bearer "+session)
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		if a.StatusCode >= 300 {
			text, _ := io.ReadAll(a.Body)
			t.Fatalf("%s %s: %d %s", method, path, a.StatusCode, text)
		}
		return a
	}
	a := do("POST", "api/send?room="+room, hello+"\n")
	var opened struct{ Session string }
	if err := json.NewDecoder(a.Body).Decode(&opened); err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	session = opened.Session
	stepped, before := false, uint64(0)
	in := bufio.NewReader(strings.NewReader("")) // the first GET follows its end
	for {
		var head [5]byte
		if _, err := io.ReadFull(in, head[:]); err == io.EOF {
			a = do("GET", "api/stream"+query, "")
			defer a.Body.Close()
			in = bufio.NewReader(a.Body)
			continue
		} else if err != nil {
			t.Fatalf("the stream%s: %v", query, err)
		}
		m := make([]byte, binary.LittleEndian.Uint32(head[1:]))
		if _, err := io.ReadFull(in, m); err != nil {
			t.Fatal(err)
		}
		if head[0] != websocket.BinaryMessage {
			continue
		}
		f, err := wire.DecodeFrame(m)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !stepped:
			stepped, before = true, f.Step
			do("POST", "api/send", fmt.Sprintf("{\"ack\":%d}\n{\"do\":\"step\"}\n", f.Seq)).Body.Close()
		case f.Step > before:
			return
		}
	}
}
