package web

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// raw is a websocket by hand, for what no client library would send.
type raw struct {
	net.Conn
	t    *testing.T
	in   *bufio.Reader
	head string // of the answer to the handshake
}

// raw shakes hands; header is added to the request.
func (h *host) raw(room, token, header string) *raw {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(maxWait))
	io.WriteString(conn, "GET /ws?room="+room+" HTTP/1.1\r\nHost: "+h.addr+"\r\nAuthorization: Bearer "+token+"\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"+header+"\r\n")
	r := &raw{Conn: conn, t: h.t, in: bufio.NewReader(conn)}
	for !strings.HasSuffix(r.head, "\r\n\r\n") {
		line, err := r.in.ReadString('\n')
		if err != nil {
			h.t.Fatal(err)
		}
		r.head += line
	}
	if !strings.HasPrefix(r.head, "HTTP/1.1 101 ") {
		h.t.Fatalf("the handshake was refused:\n%s", r.head)
	}
	return r
}

// send writes one frame; its first byte holds FIN, the reserved bits and the opcode.
func (r *raw) send(first byte, masked bool, body []byte) {
	b := []byte{first, 0}
	if len(body) < 126 {
		b[1] = byte(len(body))
	} else {
		b[1] = 126
		b = binary.BigEndian.AppendUint16(b, uint16(len(body)))
	}
	if masked {
		b[1] |= 0x80
		b = append(b, 0, 0, 0, 0) // a mask that changes nothing
	}
	if _, err := r.Write(append(b, body...)); err != nil {
		r.t.Fatal(err)
	}
}

// closeCode reads frames until a close frame comes and returns its code; 0 if the
// connection ended without.
func (r *raw) closeCode() int {
	for {
		var head [2]byte
		if _, err := io.ReadFull(r.in, head[:]); err != nil {
			return 0
		}
		size := int64(head[1] & 0x7f)
		var long [8]byte
		switch size {
		case 126:
			io.ReadFull(r.in, long[6:])
			size = int64(binary.BigEndian.Uint64(long[:]))
		case 127:
			io.ReadFull(r.in, long[:])
			size = int64(binary.BigEndian.Uint64(long[:]))
		}
		body, err := io.ReadAll(io.LimitReader(r.in, size))
		if err != nil {
			return 0
		}
		if head[0]&0xf == 8 && len(body) >= 2 {
			return int(binary.BigEndian.Uint16(body))
		}
	}
}
