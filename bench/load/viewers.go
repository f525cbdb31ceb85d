//go:build linux

package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// viewersSpec says what a process of viewers does.
type viewersSpec struct {
	Server string
	At     address
	Scene  scene
}

// event is what the process of viewers reports: that the measurement begins, and how it ended.
type event struct {
	Err     string
	Figures figures
}

// figures is what was measured.
type figures struct {
	Seconds   float64
	Mean      float64 // frames/s of a viewer that is neither stalled nor slow
	Worst     float64 // of the unluckiest of them
	P50, P99  float64 // ms from publishing to receiving
	SlowP99   float64 // ms, of the slow viewer
	Bytes     float64 // of a frame
	Frames    int     // all that were received
	Viewers   float64 // CPU seconds of the process of viewers
	ServerCPU float64 // CPU seconds
	Memory    int64   // KiB of the server
	Joined    int     // members that robots added
	Refused   int     // joins of robots that were refused
}

const (
	warmup    = 2 * time.Second
	slowTime  = 200 * time.Millisecond // that a slow viewer takes for a frame
	readBytes = 256 << 10
	headBytes = 1024 // of a message that are kept
	pollBytes = 256 << 10
)

// viewer is one connection. It keeps the first bytes of a message and skips the rest.
type viewer struct {
	crowd    *crowd
	protocol protocol
	fd       int
	head     []byte
	left     int     // bytes of the message that are still to come
	posts    *viewer // the connection on which it acknowledges, if that is another one
	helps    bool    // it is such a connection

	frames  int // in the measurement
	seen    bool
	stalled bool
	slow    bool
	resume  time.Time // when a slow viewer is done with its frame
	owed    uint32    // the frame that it will then acknowledge
	ages    []float32 // of a slow viewer
}

// crowd is all viewers of a server and what they have seen.
type crowd struct {
	spec      viewersSpec
	epoll     int
	viewers   map[int32]*viewer
	slow      *viewer
	buffer    []byte
	measuring bool
	frames    int
	bytes     int
	ages      []float32 // ms
	err       error
}

func runViewers() error {
	runtime.LockOSThread()
	c := &crowd{viewers: map[int32]*viewer{}, buffer: make([]byte, readBytes), ages: make([]float32, 0, 1<<20)}
	if err := readLine(bufio.NewReader(os.Stdin), &c.spec); err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	f, err := c.run(func() { out.Encode(event{}) })
	if err != nil {
		return out.Encode(event{Err: err.Error()})
	}
	return out.Encode(event{Figures: f})
}

// run lets the viewers in, waits until frames flow, and measures.
func (c *crowd) run(begin func()) (f figures, err error) {
	if c.epoll, err = unix.EpollCreate1(0); err != nil {
		return f, err
	}
	s := c.spec.Scene
	for i := range s.Viewers {
		v, err := c.admit(i == 0)
		if err != nil {
			return f, fmt.Errorf("viewer %d: %w", i, err)
		}
		last := s.Viewers - 1 - i
		v.stalled = last < s.Stalled
		if v.slow = s.Slow && last == 0; v.slow {
			c.slow = v
		}
	}
	c.poll(time.Now().Add(warmup))
	for _, v := range c.viewers {
		if !v.seen && !v.helps {
			return f, errors.New("a viewer has seen no frame")
		}
	}
	begin()
	c.measuring = true
	start, cpu := time.Now(), cpuSeconds()
	ended := make(chan struct{})
	var robots robots
	if s.Joins > 0 {
		go robots.run(c.spec.At, s.Joins, ended)
	}
	c.poll(start.Add(time.Duration(s.Seconds * float64(time.Second))))
	f.Seconds, f.Viewers = time.Since(start).Seconds(), cpuSeconds()-cpu
	close(ended)
	f.Joined, f.Refused = int(robots.joined.Load()), int(robots.refused.Load())
	if c.err != nil {
		return f, c.err
	}
	n := 0
	f.Worst = math.Inf(1)
	for _, v := range c.viewers {
		if v.stalled || v.slow || v.helps {
			continue
		}
		n++
		f.Frames += v.frames
		f.Worst = min(f.Worst, float64(v.frames)/f.Seconds)
	}
	f.Mean = float64(f.Frames) / float64(n) / f.Seconds
	f.P50, f.P99 = quantile(c.ages, .5), quantile(c.ages, .99)
	f.Bytes = float64(c.bytes) / float64(max(c.frames, 1))
	f.Frames = c.frames
	if c.slow != nil {
		f.SlowP99 = quantile(c.slow.ages, .99)
	}
	return f, nil
}

func quantile(all []float32, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return float64(all[min(len(all)-1, int(q*float64(len(all))))])
}

// poll reads what comes until a time.
func (c *crowd) poll(until time.Time) {
	events := make([]unix.EpollEvent, 256)
	for c.err == nil {
		now := time.Now()
		wait := until.Sub(now)
		if wait <= 0 {
			return
		}
		if v := c.slow; v != nil && !v.resume.IsZero() {
			if !v.resume.After(now) {
				v.resume = time.Time{}
				c.note(v.acknowledge(v.owed))
				c.note(c.watch(v, unix.EPOLL_CTL_ADD))
			}
			wait = min(wait, 2*time.Millisecond)
		}
		n, err := unix.EpollWait(c.epoll, events, max(1, int(wait.Milliseconds())))
		if err != nil && err != unix.EINTR {
			c.note(err)
		}
		for _, e := range events[:max(n, 0)] {
			c.note(c.read(c.viewers[e.Fd]))
		}
	}
}

// note keeps the first error.
func (c *crowd) note(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *crowd) watch(v *viewer, op int) error {
	return unix.EpollCtl(c.epoll, op, v.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(v.fd)})
}

// read takes once what has come for a viewer.
func (c *crowd) read(v *viewer) error {
	n, _, err := unix.Recvfrom(v.fd, c.buffer, unix.MSG_DONTWAIT)
	if err == unix.EAGAIN || err == unix.EINTR {
		return nil
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return errors.New("the server has closed a connection")
	}
	return v.feed(c.buffer[:n])
}

// feed takes bytes that came.
func (v *viewer) feed(b []byte) error {
	for len(b) > 0 {
		if v.left > 0 {
			n := min(len(b), v.left)
			b, v.left = b[n:], v.left-n
			if v.left == 0 {
				if err := v.message(); err != nil {
					return err
				}
			}
			continue
		}
		n := min(len(b), cap(v.head)-len(v.head))
		v.head = append(v.head, b[:n]...)
		size, ok := v.protocol.size(v.head)
		if !ok && n == 0 {
			return errors.New("a message has a header that is too long")
		}
		if !ok || len(v.head) < min(size, cap(v.head)) {
			b = b[n:]
			continue
		}
		if extra := len(v.head) - size; extra > 0 {
			n, v.head = n-extra, v.head[:size]
		}
		b = b[n:]
		v.left = size - len(v.head)
		if v.left == 0 {
			if err := v.message(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Where a frame has its sequence number and the time when it was made.
const (
	seqAt   = 12
	madeAt  = 32
	ofFrame = 40 // bytes that must be there
)

// message handles a whole message, of which head has the first bytes.
func (v *viewer) message() error {
	head := v.head
	v.head = v.head[:0]
	at, size := v.protocol.frame(head)
	if at < 0 || at+ofFrame > len(head) {
		return v.protocol.other(v, head)
	}
	seq := binary.LittleEndian.Uint32(head[at+seqAt:])
	made := math.Float64frombits(binary.LittleEndian.Uint64(head[at+madeAt:]))
	age := float32(float64(time.Now().UnixMicro())/1000 - made)
	v.seen = true
	c := v.crowd
	if c.measuring {
		v.frames++
		c.frames++
		c.bytes += size
		if v.slow {
			v.ages = append(v.ages, age)
		} else {
			c.ages = append(c.ages, age)
		}
	}
	switch {
	case v.stalled:
		return c.watch(v, unix.EPOLL_CTL_DEL)
	case v.slow:
		v.owed, v.resume = seq, time.Now().Add(slowTime)
		return c.watch(v, unix.EPOLL_CTL_DEL)
	}
	return v.acknowledge(seq)
}

func (v *viewer) acknowledge(seq uint32) error {
	to := v
	if v.posts != nil {
		to = v.posts
	}
	return to.send(v.protocol.ack(seq))
}

// send writes a short message, for which there is room.
func (v *viewer) send(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	_, err := unix.Write(v.fd, b)
	return err
}
