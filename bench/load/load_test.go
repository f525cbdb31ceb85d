//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// frame is one with a sequence number and some bytes more.
func frame(seq uint32, size int) []byte {
	b := make([]byte, size)
	copy(b, "EBM1")
	binary.LittleEndian.PutUint32(b[seqAt:], seq)
	binary.LittleEndian.PutUint64(b[madeAt:], math.Float64bits(1))
	return b
}

// counter is a protocol whose acknowledgments are collected instead of sent.
type counter struct {
	protocol
	acked []uint32
	texts int
}

func (c *counter) other(v *viewer, head []byte) error {
	c.texts++
	if w, ok := c.protocol.(*websocketProtocol); ok {
		w.shaken = true
	}
	return nil
}

func (c *counter) ack(seq uint32) []byte {
	c.acked = append(c.acked, seq)
	return nil
}

// TestFeed reads the same messages of each protocol in pieces of every size: no frame is lost.
func TestFeed(t *testing.T) {
	sizes := []int{100, 12000, 70000, 60}
	var plainText, socket, stream bytes.Buffer
	socket.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
	for i, size := range sizes {
		f := frame(uint32(i+1), size)
		plainText.Write(binary.LittleEndian.AppendUint32(nil, uint32(size)))
		plainText.Write(f)
		stream.Write(append([]byte{1, 5, 0, 0, 0}, "hello"...))
		stream.Write(binary.LittleEndian.AppendUint32([]byte{kindBinary}, uint32(size)))
		stream.Write(f)
		socket.Write([]byte{0x81, 2, '{', '}'})
		switch {
		case size < 126:
			socket.Write([]byte{0x82, byte(size)})
		case size < 1<<16:
			socket.Write([]byte{0x82, 126, byte(size >> 8), byte(size)})
		default:
			socket.Write(binary.BigEndian.AppendUint64([]byte{0x82, 127}, uint64(size)))
		}
		socket.Write(f)
	}
	for _, c := range []struct {
		name  string
		p     protocol
		bytes []byte
		texts int
	}{
		{"plain", plainProtocol{}, plainText.Bytes(), 0},
		{"websocket", &websocketProtocol{}, socket.Bytes(), 5},
		{"stream", &streamProtocol{begun: true}, stream.Bytes(), 4},
	} {
		for _, piece := range []int{1, 2, 7, 1000, 1 << 20} {
			p := &counter{protocol: c.p}
			if w, ok := c.p.(*websocketProtocol); ok {
				w.shaken = false
			}
			v := &viewer{crowd: &crowd{}, protocol: p, fd: -1, head: make([]byte, 0, headBytes)}
			for b := c.bytes; len(b) > 0; {
				n := min(piece, len(b))
				if err := v.feed(b[:n]); err != nil {
					t.Fatal(err)
				}
				b = b[n:]
			}
			if len(p.acked) != len(sizes) || p.texts != c.texts || v.left != 0 || len(v.head) != 0 {
				t.Errorf("%s in pieces of %d: frames %v, %d other messages, %d and %d bytes left", c.name, piece, p.acked, p.texts, v.left, len(v.head))
			}
		}
	}
}

func TestPollFindsTheLastFrame(t *testing.T) {
	body := append([]byte{1, 2, 0, 0, 0}, "{}"...)
	body = append(binary.LittleEndian.AppendUint32(append(body, kindBinary), 60), frame(7, 60)...)
	answer := append([]byte("HTTP/1.1 200 OK\r\nContent-Length: 72\r\n\r\n"), body...)
	p := &pollProtocol{}
	if n, ok := p.size(answer[:50]); n != len(answer) || !ok {
		t.Errorf("the answer has %d bytes, want %d", n, len(answer))
	}
	if at, size := p.frame(answer); size != 60 || string(answer[at:at+4]) != "EBM1" {
		t.Errorf("a frame of %d bytes at %d", size, at)
	}
	if _, length, status, ok := httpHead([]byte("HTTP/1.1 204 No Content\r\n\r\n")); length != 0 || status != 204 || !ok {
		t.Errorf("204 has %d bytes", length)
	}
}

// TestSection renders results, and puts them in the place of older ones.
func TestSection(t *testing.T) {
	s := scene{Enc: "compact", Rung: websocketRung, Viewers: 500}
	one := figures{Seconds: 1, ServerCPU: .1, Memory: 1000}
	f := func(cpu, p99 float64) figures {
		return figures{Seconds: 10, Mean: 30, Worst: 29.5, P99: p99, Frames: 150000, ServerCPU: cpu, Memory: 11000, Bytes: 10240}
	}
	all := []result{
		{Scene: s, Server: ours, Figures: f(4, 30), Alone: one},
		{Scene: s, Server: plain, Figures: f(3.5, 15), Alone: one},
		{Scene: s, Server: centrifugeServer, Failed: "it ended"},
	}
	text := section(all)
	for _, want := range []string{
		"| 500 viewers compact: the unluckiest | ≥ 29 frames/s | 29.5 frames/s | met |",
		"| 500 viewers compact: p99 over raw TCP's | ≤ 1.5 × | 2 × | **not met** |",
		"| 500 viewers compact: server CPU over raw TCP's | ≤ 1.3 × | 1.2 × | met |",
		"| 500 viewers compact: server CPU over centrifuge's | ≤ 1 × | | not measured |",
		"| 500 viewers compact | raw TCP | 30.0 | 29.5 | 0.0 | 15.0 | 16.7 | 0.0 | 20 | 10.0 |",
		"| 500 viewers compact | centrifuge | it ended |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the section lacks %q:\n%s", want, text)
		}
	}
	page := "# A\n\n" + heading + "old\n\n## B\nb\n"
	if got := replaceSection(page, heading+"new\n"); got != "# A\n\n"+heading+"new\n\n## B\nb\n" {
		t.Errorf("replaced: %q", got)
	}
	if got := replaceSection("# A\n", heading+"new\n"); got != "# A\n\n"+heading+"new\n" {
		t.Errorf("added: %q", got)
	}
}
