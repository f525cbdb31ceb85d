package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// inNamespace names, in the environment of this test's own processes, what they do in a network namespace.
const inNamespace = "EBMVIZ_TEST_IN_NAMESPACE"

// nsServer is what the process that serves prints.
type nsServer struct {
	Room, Code, Token string
	Addresses         []string
}

// nsAsk is a request that a process in a namespace makes; with Socket it opens a websocket and waits for a frame.
type nsAsk struct {
	Method, URL, Host, Origin, Bearer, Body string
	Socket                                  bool
}

// nsAnswer is what came of it; Status is 0 if nothing did.
type nsAnswer struct {
	Status int
	Body   string
}

// TestInNamespace is a process of TestSecondHost.
func TestInNamespace(t *testing.T) {
	what := os.Getenv(inNamespace)
	switch {
	case what == "":
		t.Skip("TestSecondHost starts it")
	case what == "serve":
		serveInNamespace(t)
	default:
		var ask nsAsk
		if err := json.Unmarshal([]byte(what), &ask); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(ask.do())
		fmt.Printf("\n%s\n", text)
	}
}

func serveInNamespace(t *testing.T) {
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	s.SetListener(l.Addr())
	ctx, cancel := context.WithCancel(context.Background())
	invitation, err := s.OpenClass(sim.Config{Model: "bowl"})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(nsServer{invitation.Room, invitation.Code, s.Token(), s.Addresses()})
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()
	fmt.Printf("\n%s\n", text)
	io.Copy(io.Discard, os.Stdin) // until the test ends
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func (a nsAsk) do() nsAnswer {
	if a.Socket {
		header := http.Header{"Origin": {a.Origin}}
		d := websocket.Dialer{Subprotocols: []string{"ebmviz.v1"}, HandshakeTimeout: 5 * time.Second}
		socket, answer, err := d.Dial(a.URL, header)
		if err != nil {
			if answer == nil {
				return nsAnswer{0, err.Error()}
			}
			return nsAnswer{answer.StatusCode, err.Error()}
		}
		defer socket.Close()
		socket.SetReadDeadline(time.Now().Add(maxWait))
		socket.WriteMessage(websocket.TextMessage, []byte(a.Body))
		welcome := ""
		for {
			kind, m, err := socket.ReadMessage()
			switch {
			case err != nil:
				return nsAnswer{0, err.Error()}
			case kind == websocket.BinaryMessage:
				if _, err := wire.DecodeFrame(m); err != nil {
					return nsAnswer{0, err.Error()}
				}
				return nsAnswer{101, welcome}
			case strings.HasPrefix(string(m), `{"welcome"`):
				welcome = string(m)
			case strings.HasPrefix(string(m), `{"error"`):
				return nsAnswer{403, string(m)}
			}
		}
	}
	r, err := http.NewRequest(a.Method, a.URL, strings.NewReader(a.Body))
	if err != nil {
		return nsAnswer{0, err.Error()}
	}
	r.Host = a.Host
	for name, value := range map[string]string{"Origin": a.Origin, "Authorization": a.Bearer} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Do(r)
	if err != nil {
		return nsAnswer{0, err.Error()}
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return nsAnswer{answer.StatusCode, string(body)}
}

// namespaces are a server's computer and a phone at one access point, each in a network namespace.
type namespaces struct {
	t                    *testing.T
	point, server, phone string
}

func (n *namespaces) ip(args ...string) error {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// newNamespaces makes the namespaces; where that is not allowed the test is skipped.
func newNamespaces(t *testing.T) *namespaces {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("the command ip is not here; on Debian the package is iproute2")
	}
	pid := os.Getpid()
	n := &namespaces{t, fmt.Sprintf("ebmviz-%d-point", pid), fmt.Sprintf("ebmviz-%d-server", pid), fmt.Sprintf("ebmviz-%d-phone", pid)}
	for _, name := range []string{n.point, n.server, n.phone} {
		if err := n.ip("netns", "add", name); err != nil {
			t.Skipf("network namespaces are not allowed here: %v", err)
		}
		t.Cleanup(func() { n.ip("netns", "del", name) })
	}
	steps := [][]string{{"-n", n.point, "link", "add", "point", "type", "bridge"}, {"-n", n.point, "link", "set", "point", "up"}}
	for i, name := range []string{n.server, n.phone} {
		port := fmt.Sprintf("port%d", i)
		steps = append(steps, [][]string{
			{"-n", n.point, "link", "add", port, "type", "veth", "peer", "name", "wifi0", "netns", name},
			{"-n", n.point, "link", "set", port, "master", "point"},
			{"-n", n.point, "link", "set", port, "up"},
			{"-n", name, "addr", "add", fmt.Sprintf("192.168.77.%d/24", 5+i), "dev", "wifi0"},
			{"-n", name, "link", "set", "wifi0", "up"},
			{"-n", name, "link", "set", "lo", "up"},
		}...)
	}
	for _, s := range steps {
		if err := n.ip(s...); err != nil {
			t.Skipf("network namespaces are not allowed here: %v", err)
		}
	}
	return n
}

// isolate has the access point keep its clients apart, or not.
func (n *namespaces) isolate(on string) {
	n.t.Helper()
	for _, port := range []string{"port0", "port1"} {
		if err := n.ip("-n", n.point, "link", "set", port, "type", "bridge_slave", "isolated", on); err != nil {
			n.t.Skipf("the bridge cannot isolate its ports: %v", err)
		}
	}
}

// run starts this test's binary in a namespace.
func (n *namespaces) run(namespace, what string) *exec.Cmd {
	n.t.Helper()
	self, err := os.Executable()
	if err != nil {
		n.t.Fatal(err)
	}
	c := exec.Command("ip", "netns", "exec", namespace, self, "-test.run", "^TestInNamespace$")
	c.Env = append(os.Environ(), inNamespace+"="+what)
	c.Stderr = os.Stderr
	return c
}

// ask makes a request from a namespace.
func (n *namespaces) ask(namespace string, a nsAsk) (answer nsAnswer) {
	n.t.Helper()
	what, _ := json.Marshal(a)
	out, err := n.run(namespace, string(what)).Output()
	if err != nil {
		n.t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &answer) == nil {
			return answer
		}
	}
	n.t.Fatalf("no answer in %q", out)
	return answer
}

// serve starts the server in its namespace.
func (n *namespaces) serve() (s nsServer) {
	n.t.Helper()
	c := n.run(n.server, "serve")
	in, err := c.StdinPipe()
	if err != nil {
		n.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		n.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() {
		in.Close()
		if err := c.Wait(); err != nil {
			n.t.Errorf("the server ended with %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "{") && json.Unmarshal(lines.Bytes(), &s) == nil {
			go io.Copy(io.Discard, out)
			return s
		}
	}
	n.t.Fatal("the server does not start")
	return s
}

// TestSecondHost joins a class from another host by the server's address, and is told where an access point
// keeps the two apart.
func TestSecondHost(t *testing.T) {
	n := newNamespaces(t)
	s := n.serve()
	if len(s.Addresses) != 1 || !strings.HasPrefix(s.Addresses[0], "http://192.168.77.5:") {
		t.Fatalf("the server is at %v", s.Addresses)
	}
	site := s.Addresses[0]
	origin := strings.TrimSuffix(site, "/")
	port := origin[strings.LastIndex(origin, ":"):]
	reached := func() int64 {
		t.Helper()
		got := n.ask(n.server, nsAsk{Method: "GET", URL: site + "api/check"})
		var c struct {
			Here, Open bool
			Reached    int64
			Addresses  []string
		}
		if err := json.Unmarshal([]byte(got.Body), &c); err != nil || !c.Here || !c.Open || len(c.Addresses) != 1 {
			t.Fatalf("/api/check on the server's computer: %d %s", got.Status, got.Body)
		}
		return c.Reached
	}

	// Client isolation: the phone reaches nothing, and /check on the server's computer says that none came through.
	n.isolate("on")
	if got := n.ask(n.phone, nsAsk{Method: "GET", URL: site + "check"}); got.Status != 0 {
		t.Errorf("an isolated phone reaches the server: %+v", got)
	}
	if r := reached(); r != -1 {
		t.Errorf("a device has come through %d s ago", r)
	}
	n.isolate("off")

	join := nsAsk{Method: "POST", URL: site + "api/join", Origin: origin, Body: `{"code":"` + s.Code + `"}`}
	got := n.ask(n.phone, join)
	for deadline := time.Now().Add(maxWait); got.Status == 0 && time.Now().Before(deadline); {
		got = n.ask(n.phone, join) // the phone may still believe that the server is not there
	}
	var member struct{ Room, Member, Name string }
	if err := json.Unmarshal([]byte(got.Body), &member); err != nil || got.Status != 200 || member.Room != s.Room {
		t.Fatalf("join by address: %d %s", got.Status, got.Body)
	}
	socket := nsAsk{Socket: true, URL: "ws" + strings.TrimPrefix(site, "http") + "ws?room=" + s.Room, Origin: origin, Body: `{"hello":{"member":"` + member.Member + `","enc":"auto","catalog":"x"}}`}
	if got := n.ask(n.phone, socket); got.Status != 101 || !strings.Contains(got.Body, `"role":"member"`) {
		t.Errorf("the member's socket: %+v", got)
	}
	if r := reached(); r < 0 {
		t.Error("/check says that no other device has come through")
	}

	foreign := socket
	foreign.Origin = "http://evil.example"
	noSite := join
	noSite.URL, noSite.Body = site+"api/rooms", `{"model":"bowl"}`
	withSite := noSite
	withSite.Bearer = "Bearer " + s.Token
	crossSite := join
	crossSite.Origin = "http://evil.example"
	anonymous := socket
	anonymous.Body = `{"hello":{}}`
	for name, c := range map[string]struct {
		ask  nsAsk
		want int
		says string
	}{
		"the machine's address":           {nsAsk{Method: "GET", URL: site}, 200, "js/main.js"},
		"the page /check":                 {nsAsk{Method: "GET", URL: site + "check"}, 200, "js/check.js"},
		"another name":                    {nsAsk{Method: "GET", URL: site, Host: "evil.example" + port}, 403, "host"},
		"a name that begins with one":     {nsAsk{Method: "GET", URL: site, Host: "192.168.77.5.evil.example" + port}, 403, "host"},
		"the phone's address":             {nsAsk{Method: "GET", URL: site, Host: "192.168.77.6" + port}, 403, "host"},
		"a socket of another site":        {foreign, 403, ""},
		"a write of another site":         {crossSite, 403, ""},
		"a room without the site's token": {noSite, 403, "site-token"},
		"a room with the site's token":    {withSite, 200, "token"},
		"a socket without a code":         {anonymous, 403, "code"},
	} {
		if got := n.ask(n.phone, c.ask); got.Status != c.want || !strings.Contains(got.Body, c.says) {
			t.Errorf("%s: %d %.120s; want %d and %q", name, got.Status, got.Body, c.want, c.says)
		}
	}
}
