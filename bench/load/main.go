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
	var all []result
	alone := map[string]figures{} // of a server with one viewer, by server and encoding
	for _, l := range plan() {
		if !l.wanted(*only) {
			continue
		}
		for _, server := range l.servers {
			if !slices.Contains(strings.Split(*servers, ","), server) {
				continue
			}
			r := result{line: l, server: server}
			key := server + " " + l.Enc
			if _, known := alone[key]; !known {
				one, err := measure(server, scene{Enc: l.Enc, Rung: websocketRung, Viewers: 1, Seconds: *seconds / 2})
				if err != nil {
					return fmt.Errorf("%s with one viewer: %w", server, err)
				}
				alone[key] = one
			}
			l.scene.Seconds = *seconds
			f, err := measure(server, l.scene)
			r.figures, r.err, r.alone = f, err, alone[key]
			fmt.Fprintln(os.Stderr, r.text())
			all = append(all, r)
		}
	}
	text := section(all, *seconds)
	if *stdout {
		_, err := os.Stdout.WriteString(text)
		return err
	}
	return writeSection(filepath.Join(*root, "BENCHMARKS.md"), text)
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
