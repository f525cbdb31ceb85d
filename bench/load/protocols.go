//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"

	"golang.org/x/sys/unix"
)

// protocol is how a viewer reads and writes messages.
type protocol interface {
	// open returns what a viewer sends first.
	open(at address) []byte
	// size returns the size of the message that begins with head, once that is known.
	size(head []byte) (n int, ok bool)
	// frame returns where the frame begins in the head of a message, -1 if it is none, and its size.
	frame(head []byte) (at, size int)
	// other handles a message that is no frame.
	other(v *viewer, head []byte) error
	// ack returns the message that acknowledges a frame.
	ack(seq uint32) []byte
}

// admit lets a viewer in; the first of all drives.
func (c *crowd) admit(drives bool) (*viewer, error) {
	at := c.spec.At
	hello := hello{Catalog: "none", Enc: c.spec.Scene.Enc}
	switch {
	case drives:
		hello.Token = at.Token
	case at.Code != "":
		member, err := join(at)
		if err != nil {
			return nil, err
		}
		hello.Member = member
	}
	switch {
	case c.spec.Server == plain:
		return c.connect(plainProtocol{}, headBytes)
	case c.spec.Server == centrifugeServer:
		return c.connect(&centrifugeProtocol{websocketProtocol{scratch: make([]byte, 0, 64)}}, headBytes)
	case c.spec.Scene.Rung == websocketRung:
		return c.connect(&websocketProtocol{texts: hello.messages(drives), scratch: make([]byte, 0, 64)}, headBytes)
	}
	session, err := openSession(at, hello.messages(drives))
	if err != nil {
		return nil, err
	}
	r := requests{at: at, session: session}
	if c.spec.Scene.Rung == pollRung {
		return c.connect(&pollProtocol{requests: r}, pollBytes)
	}
	v, err := c.connect(&streamProtocol{requests: r}, headBytes)
	if err != nil {
		return nil, err
	}
	v.posts, err = c.connect(answers{}, headBytes)
	if err == nil {
		v.posts.helps = true
	}
	return v, err
}

// hello is what a viewer of our server says first.
type hello struct {
	Token   string `json:"token,omitempty"`
	Member  string `json:"member,omitempty"`
	Catalog string `json:"catalog"`
	Enc     string `json:"enc"`
}

func (h hello) messages(drives bool) []string {
	text, _ := json.Marshal(h) // strings: it cannot fail
	all := []string{`{"hello":` + string(text) + `}`}
	if drives {
		all = append(all, fmt.Sprintf(`{"view":{"grid":%d,"fps":%v,"speed":%v}}`, view.Grid, view.FPS, float64(view.Speed)), `{"do":"play"}`)
	}
	return all
}

// connect opens a connection of whose messages it stores a number of bytes at most.
func (c *crowd) connect(p protocol, keep int) (*viewer, error) {
	v := &viewer{crowd: c, protocol: p, head: make([]byte, 0, keep)}
	to, err := netip.ParseAddrPort(c.spec.At.Addr)
	if err != nil {
		return nil, err
	}
	if v.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return nil, err
	}
	if err := unix.Connect(v.fd, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}); err != nil {
		return nil, err
	}
	if err := unix.SetsockoptInt(v.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return nil, err
	}
	if err := v.send(p.open(c.spec.At)); err != nil {
		return nil, err
	}
	c.viewers[int32(v.fd)] = v
	return v, c.watch(v, unix.EPOLL_CTL_ADD)
}

// plainProtocol is that of the server over plain TCP.
type plainProtocol struct{}

func (plainProtocol) open(address) []byte { return nil }

func (plainProtocol) size(head []byte) (int, bool) {
	if len(head) < 4 {
		return 0, false
	}
	return 4 + int(binary.LittleEndian.Uint32(head)), true
}

func (plainProtocol) frame(head []byte) (int, int) {
	return 4, int(binary.LittleEndian.Uint32(head))
}

func (plainProtocol) other(*viewer, []byte) error { return fmt.Errorf("a message is no frame") }

func (plainProtocol) ack(seq uint32) []byte { return binary.LittleEndian.AppendUint32(nil, seq) }

// websocketProtocol is that of our server. Before the handshake is answered, the message is its answer.
type websocketProtocol struct {
	texts   []string // are sent after the handshake
	shaken  bool
	first   []byte // these, as messages
	scratch []byte
}

const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

// message returns a masked message; the mask is zero, so that it changes nothing.
func (p *websocketProtocol) message(op byte, text string) []byte {
	b := append(p.scratch[:0], 0x80|op)
	if len(text) < 126 {
		b = append(b, 0x80|byte(len(text)))
	} else {
		b = append(b, 0x80|126, byte(len(text)>>8), byte(len(text)))
	}
	b = append(b, 0, 0, 0, 0)
	return append(b, text...)
}

func handshake(path, origin, extra string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: " + origin + "\r\nOrigin: http://" + origin + "\r\n" +
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + extra + "\r\n")
}

func (p *websocketProtocol) open(at address) []byte {
	for _, text := range p.texts {
		p.first = append(p.first, p.message(opText, text)...)
	}
	return handshake("/ws?room="+at.Room, at.Addr, "")
}

func (p *websocketProtocol) size(head []byte) (int, bool) {
	if !p.shaken {
		end := bytes.Index(head, []byte("\r\n\r\n"))
		return end + 4, end >= 0
	}
	_, at, size, ok := websocketHeader(head)
	return at + size, ok
}

// websocketHeader reads the header of a message: its opcode, where its payload begins, and its size.
func websocketHeader(b []byte) (op byte, at, size int, ok bool) {
	if len(b) < 2 {
		return 0, 0, 0, false
	}
	op, size, at = b[0]&15, int(b[1]&127), 2
	switch size {
	case 126:
		at = 4
		if len(b) < at {
			return 0, 0, 0, false
		}
		size = int(binary.BigEndian.Uint16(b[2:]))
	case 127:
		at = 10
		if len(b) < at {
			return 0, 0, 0, false
		}
		size = int(binary.BigEndian.Uint64(b[2:]))
	}
	return op, at, size, true
}

func (p *websocketProtocol) frame(head []byte) (int, int) {
	if !p.shaken {
		return -1, 0
	}
	op, at, size, _ := websocketHeader(head)
	if op != opBinary {
		return -1, 0
	}
	return at, size
}

func (p *websocketProtocol) other(v *viewer, head []byte) error {
	if !p.shaken {
		if !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")) {
			return fmt.Errorf("the handshake was refused: %q", head)
		}
		p.shaken = true
		return v.send(p.first)
	}
	op, at, size, _ := websocketHeader(head)
	switch op {
	case opClose:
		return fmt.Errorf("the server closes: %q", head[at:])
	case opPing:
		return v.send(p.message(opPong, string(head[at:min(at+size, len(head))])))
	}
	if bytes.HasPrefix(head[at:], []byte(`{"error":`)) {
		return fmt.Errorf("the server answers %q", head[at:])
	}
	return nil
}

func (p *websocketProtocol) ack(seq uint32) []byte {
	b := append(p.scratch[:0], 0x80|opText, 0, 0, 0, 0, 0)
	b = append(b, `{"ack":`...)
	b = strconv.AppendUint(b, uint64(seq), 10)
	b = append(b, '}')
	b[1] = 0x80 | byte(len(b)-6)
	return b
}

// centrifugeProtocol is that of centrifuge, in Protobuf: every command has its length before it.
type centrifugeProtocol struct{ websocketProtocol }

func (p *centrifugeProtocol) open(at address) []byte {
	p.first = p.message(opBinary, "\x04\x08\x01\x22\x00") // id 1, an empty connect
	return handshake("/ws", at.Addr, "Sec-WebSocket-Protocol: centrifuge-protobuf\r\n")
}

func (p *centrifugeProtocol) frame(head []byte) (int, int) {
	at, size := p.websocketProtocol.frame(head)
	if at < 0 {
		return -1, 0
	}
	begin := bytes.Index(head, []byte("EBM1"))
	return begin, size - (begin - at)
}

func (p *centrifugeProtocol) ack(seq uint32) []byte {
	data := binary.LittleEndian.AppendUint32([]byte("\x08\x62\x06\x0a\x04"), seq) // send, with four bytes of data
	return p.message(opBinary, string(data))
}
