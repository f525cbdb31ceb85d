//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The environment says which part of the measurement a process is.
const (
	partOf     = "EBMVIZ_LOAD"
	asServer   = "server"
	asViewers  = "viewers"
	maxRuntime = 2 * time.Minute // of a part
)

func main() {
	log.SetFlags(0)
	var err error
	switch os.Getenv(partOf) {
	case asServer:
		err = runServer()
	case asViewers:
		err = runViewers()
	default:
		err = runLines()
	}
	if err != nil {
		log.Fatal(err)
	}
}

func runLines() error {
	root := flag.String("root", "..", "the `folder` of the repository")
	only := flag.String("only", "", "measure only the lines whose name contains one of these `words`, as in f32,500")
	servers := flag.String("servers", ours+","+plain+","+centrifugeServer, "the `servers` to measure")
	seconds := flag.Float64("seconds", 8, "how long each line is measured")
	stdout := flag.Bool("print", false, "print the section instead of writing it into BENCHMARKS.md")
	flag.Parse()
	path := filepath.Join(*root, ".cache", "bench", "load.json")
	all, err := readResults(path)
	if err != nil {
		return err
	}
	alone := map[string]figures{} // of a server with one viewer, by server and encoding
	for _, l := range plan() {
		for _, server := range l.servers {
			if !l.wanted(*only) || !slices.Contains(strings.Split(*servers, ","), server) {
				continue
			}
			key := server + " " + l.Enc
			if _, known := alone[key]; !known {
				one, err := measure(server, scene{Enc: l.Enc, Rung: websocketRung, Viewers: 1, Seconds: *seconds / 2})
				if err != nil {
					return fmt.Errorf("%s with one viewer: %w", server, err)
				}
				alone[key] = one
			}
			l.scene.Seconds = *seconds
			r := result{Scene: l.scene, Server: server, Alone: alone[key], When: time.Now().UTC().Format("2006-01-02 15:04") + " UTC at " + commit()}
			if r.Figures, err = measure(server, l.scene); err != nil {
				r.Failed = err.Error()
			}
			fmt.Fprintln(os.Stderr, r.text())
			all = replace(all, r)
			if err := writeResults(path, all); err != nil {
				return err
			}
		}
	}
	text := section(all)
	if *stdout {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	return writeSection(filepath.Join(*root, "BENCHMARKS.md"), text)
}

// readResults reads what was measured before; a line that was never measured is not in it.
func readResults(name string) (all []result, err error) {
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	return all, err
}

func writeResults(name string, all []result) error {
	text, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

// replace puts a result in the place of an older one of the same line.
func replace(all []result, r result) []result {
	i := slices.IndexFunc(all, func(o result) bool { return o.Server == r.Server && o.Scene.name() == r.Scene.name() })
	if i < 0 {
		return append(all, r)
	}
	all[i] = r
	return all
}

// part is a process of a measurement. It reads and writes lines of JSON.
type part struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func start(role string, with any) (*part, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &part{cmd: exec.Command(program)}
	p.cmd.Env = append(os.Environ(), partOf+"="+role)
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	time.AfterFunc(maxRuntime, func() { p.cmd.Process.Kill() })
	return p, p.send(with)
}

func (p *part) send(v any) error { return json.NewEncoder(p.in).Encode(v) }

func (p *part) receive(v any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("a part of the measurement ended early: %w", err)
	}
	return json.Unmarshal(line, v)
}

// stop ends the part: it ends when its input does.
func (p *part) stop() {
	p.in.Close()
	kill := time.AfterFunc(5*time.Second, func() { p.cmd.Process.Kill() })
	p.cmd.Wait()
	kill.Stop()
}

// measure runs one server and its viewers.
func measure(server string, s scene) (figures, error) {
	var f figures
	host, err := start(asServer, serverSpec{Server: server, Enc: s.Enc, Class: s.Joins > 0})
	if err != nil {
		return f, err
	}
	defer host.stop()
	var at address
	if err := host.receive(&at); err != nil {
		return f, err
	}
	ask := func() (u usage, err error) {
		if err = host.send(struct{}{}); err == nil {
			err = host.receive(&u)
		}
		return u, err
	}
	crowd, err := start(asViewers, viewersSpec{Server: server, At: at, Scene: s})
	if err != nil {
		return f, err
	}
	defer crowd.stop()
	report := func() (e event, err error) {
		if err = crowd.receive(&e); err == nil && e.Err != "" {
			err = errors.New(e.Err)
		}
		return e, err
	}
	if _, err := report(); err != nil { // all are there and see frames
		return f, err
	}
	before, err := ask()
	if err != nil {
		return f, err
	}
	e, err := report() // the time is over
	if err != nil {
		return f, err
	}
	after, err := ask()
	if err != nil {
		return f, err
	}
	f = e.Figures
	f.ServerCPU = after.CPU - before.CPU
	f.Memory = after.RSS
	return f, nil
}

// wanted reports whether a line is one of those that were asked for.
func (l line) wanted(words string) bool {
	if words == "" {
		return true
	}
	for _, w := range strings.Split(words, ",") {
		if strings.Contains(l.name(), w) {
			return true
		}
	}
	return false
}
