//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// requests is what the transports of our server that are made of HTTP requests have in common. Their
// messages are a byte with the kind, the length as a uint32, and then themselves.
type requests struct {
	at      address
	session string
}

const (
	kindBinary = 2
	kindClose  = 8
	kindHead   = 5 // bytes of kind and length
)

// request returns a request of the session.
func (r requests) request(what, version, body string) []byte {
	return fmt.Appendf(nil, "%s HTTP/%s\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", what, version, r.at.Addr, r.session, len(body), body)
}

// post sends a request and decodes the answer.
func post(at address, path, body string, answer any) (status int, err error) {
	r, err := http.NewRequest("POST", "http://"+at.Addr+path, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Origin", "http://"+at.Addr)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode == http.StatusOK {
		err = json.Unmarshal(text, answer)
	}
	return a.StatusCode, err
}

// openSession opens a session with some messages.
func openSession(at address, messages []string) (string, error) {
	var opened struct{ Session string }
	status, err := post(at, "/api/send?room="+at.Room, strings.Join(messages, "\n"), &opened)
	if err == nil && opened.Session == "" {
		err = fmt.Errorf("a session was refused with status %d", status)
	}
	return opened.Session, err
}

// join makes a member of the class.
func join(at address) (string, error) {
	var joined struct{ Member string }
	status, err := post(at, "/api/join", `{"code":"`+at.Code+`"}`, &joined)
	if err == nil && joined.Member == "" {
		err = fmt.Errorf("a member was refused with status %d", status)
	}
	return joined.Member, err
}

// robots join the class, each on a connection of its own.
type robots struct{ joined, refused, failed atomic.Int64 }

func (r *robots) run(at address, perSecond float64, ended <-chan struct{}) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	tick := time.NewTicker(time.Duration(float64(time.Second) / perSecond))
	defer tick.Stop()
	free := make(chan struct{}, 32) // how many may wait for an answer
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		free <- struct{}{}
		go func() {
			defer func() { <-free }()
			a, err := client.Post("http://"+at.Addr+"/api/join", "application/json", strings.NewReader(`{"code":"`+at.Code+`"}`))
			if err != nil {
				r.failed.Add(1)
				return
			}
			a.Body.Close()
			if a.StatusCode == http.StatusOK {
				r.joined.Add(1)
			} else {
				r.refused.Add(1)
			}
		}()
	}
}

// httpHead reads the head of an answer: where its body begins, and the length of that, -1 if it goes on.
func httpHead(b []byte) (at, length, status int, ok bool) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, 0, 0, false
	}
	head := b[:end+2]
	if len(head) > 12 {
		status, _ = strconv.Atoi(string(head[9:12]))
	}
	length = -1
	if _, rest, found := bytes.Cut(head, []byte("\r\nContent-Length: ")); found {
		number, _, _ := bytes.Cut(rest, []byte("\r\n"))
		length, _ = strconv.Atoi(string(number))
	} else if status == http.StatusNoContent {
		length = 0
	}
	return end + 4, length, status, true
}

// streamProtocol gets all messages in the answer to one GET.
type streamProtocol struct {
	requests
	begun bool
}

// open asks with HTTP/1.0, so that the answer does not come in chunks.
func (p *streamProtocol) open(address) []byte { return p.request("GET /api/stream", "1.0", "") }

func (p *streamProtocol) size(head []byte) (int, bool) {
	if !p.begun {
		at, _, _, ok := httpHead(head)
		return at, ok
	}
	if len(head) < kindHead {
		return 0, false
	}
	return kindHead + int(binary.LittleEndian.Uint32(head[1:])), true
}

func (p *streamProtocol) frame(head []byte) (int, int) {
	if !p.begun || head[0] != kindBinary {
		return -1, 0
	}
	return kindHead, int(binary.LittleEndian.Uint32(head[1:]))
}

func (p *streamProtocol) other(v *viewer, head []byte) error {
	if !p.begun {
		if _, _, status, _ := httpHead(head); status != http.StatusOK {
			return fmt.Errorf("the stream was refused: %q", head)
		}
		p.begun = true
		return nil
	}
	if head[0] == kindClose {
		return fmt.Errorf("the server closes: %q", head)
	}
	return nil
}

func (p *streamProtocol) ack(seq uint32) []byte {
	return p.request("POST /api/send", "1.1", `{"ack":`+strconv.FormatUint(uint64(seq), 10)+`}`)
}

// answers is the protocol of the connection with the POSTs of a stream.
type answers struct{}

func (answers) open(address) []byte { return nil }

func (answers) size(head []byte) (int, bool) {
	at, length, _, ok := httpHead(head)
	return at + length, ok
}

func (answers) frame([]byte) (int, int) { return -1, 0 }

func (answers) other(_ *viewer, head []byte) error {
	if _, _, status, _ := httpHead(head); status != http.StatusNoContent {
		return fmt.Errorf("a POST was answered with %q", head)
	}
	return nil
}

func (answers) ack(uint32) []byte { return nil }

// pollProtocol gets a few messages in the answer to each GET.
type pollProtocol struct{ requests }

func (p *pollProtocol) open(address) []byte { return p.request("GET /api/stream?one", "1.1", "") }

func (p *pollProtocol) size(head []byte) (int, bool) {
	at, length, _, ok := httpHead(head)
	return at + length, ok
}

// frame finds the last frame of an answer.
func (p *pollProtocol) frame(head []byte) (at, size int) {
	begin, _, _, _ := httpHead(head)
	at = -1
	for b := begin; b+kindHead <= len(head); {
		n := int(binary.LittleEndian.Uint32(head[b+1:]))
		if head[b] == kindBinary {
			at, size = b+kindHead, n
		}
		b += kindHead + n
	}
	return at, size
}

func (p *pollProtocol) other(v *viewer, head []byte) error {
	_, length, status, _ := httpHead(head)
	if status != http.StatusOK && status != http.StatusNoContent || length < 0 {
		return fmt.Errorf("a GET was answered with %q", head)
	}
	return v.send(p.open(p.at))
}

func (p *pollProtocol) ack(seq uint32) []byte {
	return p.request("GET /api/stream?one&ack="+strconv.FormatUint(uint64(seq), 10), "1.1", "")
}
