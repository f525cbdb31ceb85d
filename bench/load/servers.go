//go:build linux

package main

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
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/centrifugal/centrifuge"

	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/session"
	"ebmviz/sim/wire"
	"ebmviz/web"
)

// The room that every server shows: training that is cheap, so that the fan-out is what is measured.
var (
	config = sim.Config{Model: "cd", Seed: 1}
	view   = session.View{Grid: 128, FPS: 30, Speed: 30}
)

// serverSpec says which server a process is.
type serverSpec struct {
	Server string
	Enc    string
	Class  bool // it is open to a class
}

// address is where the viewers find the server.
type address struct{ Addr, Room, Token, Code string }

// usage is what the server has used until now.
type usage struct {
	CPU float64 // seconds
	RSS int64   // KiB of memory that is its own
}

func runServer() error {
	in := bufio.NewReader(os.Stdin)
	var spec serverSpec
	if err := readLine(in, &spec); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	at := address{Addr: l.Addr().String()}
	switch spec.Server {
	case ours:
		err = serveOurs(l, spec, &at)
	case plain:
		err = servePlain(l, spec)
	case centrifugeServer:
		err = serveCentrifuge(l, spec)
	}
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(at); err != nil {
		return err
	}
	for {
		var asked struct{}
		if readLine(in, &asked) != nil {
			return nil // the measurement is over
		}
		if err := out.Encode(used()); err != nil {
			return err
		}
	}
}

func readLine(in *bufio.Reader, v any) error {
	text, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// used reads what this process has used.
func used() usage {
	return usage{CPU: cpuSeconds(), RSS: ownMemory()}
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) // no error: the arguments are right
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(u.Utime) + seconds(u.Stime)
}

// ownMemory returns the resident memory that is no file's, in KiB.
func ownMemory() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(number, 10, 64)
	return n
}

func serveOurs(l net.Listener, spec serverSpec, at *address) error {
	s, err := web.New(web.Options{Open: spec.Class})
	if err != nil {
		return err
	}
	if spec.Class {
		class, err := s.OpenClass(config)
		if err != nil {
			return err
		}
		at.Room, at.Token, at.Code = class.Room, s.Token(), class.Code
	} else if at.Room, at.Token, err = s.OpenRoom(config); err != nil {
		return err
	}
	s.SetListener(l.Addr())
	go s.Serve(context.Background(), l)
	return nil
}

// playing opens the room of the other servers.
func playing(enc string) (*room.Feed, error) {
	s, err := session.Open(config, view, session.Options{Play: true})
	if err != nil {
		return nil, err
	}
	return s.Watch(look(enc)), nil
}

// look is what the viewers of an encoding ask for.
func look(enc string) (l wire.Look) {
	if err := l.Enc.UnmarshalText([]byte(enc)); err != nil {
		panic(err) // it is one of the plan's
	}
	return l
}

// packet is a frame as it goes over plain TCP.
type packet struct {
	seq   uint32
	bytes []byte // length, then the frame
	next  chan struct{}
}

// plainServer sends the newest packet to whoever connects.
type plainServer struct{ newest atomic.Pointer[packet] }

func servePlain(l net.Listener, spec serverSpec) error {
	feed, err := playing(spec.Enc)
	if err != nil {
		return err
	}
	s := &plainServer{}
	s.newest.Store(&packet{next: make(chan struct{})})
	go func() {
		for frame := feed.Frame(); ; frame = feed.Frame() {
			body := frame.Bytes(look(spec.Enc))
			p := &packet{seq: frame.Seq, next: make(chan struct{})}
			p.bytes = append(binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body))), body...)
			close(s.newest.Swap(p).next)
			<-frame.Next()
		}
	}()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return nil
}

// serve writes packets, at most two of which are not acknowledged.
func (s *plainServer) serve(conn net.Conn) {
	defer conn.Close()
	var acked atomic.Uint32
	credit := make(chan struct{}, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var b [4]byte
		for {
			if _, err := io.ReadFull(conn, b[:]); err != nil {
				return
			}
			acked.Store(binary.LittleEndian.Uint32(b[:]))
			select {
			case credit <- struct{}{}:
			default:
			}
		}
	}()
	var sent [2]uint32 // the last two
	for p := s.newest.Load(); ; {
		for sent[0] > acked.Load() {
			select {
			case <-credit:
			case <-ended:
				return
			}
		}
		select {
		case <-p.next:
		case <-ended:
			return
		}
		p = s.newest.Load()
		if _, err := conn.Write(p.bytes); err != nil {
			return
		}
		sent[0], sent[1] = sent[1], p.seq
	}
}

// channel is the one of centrifuge that the frames go to.
const channel = "frames"

func serveCentrifuge(l net.Listener, spec serverSpec) error {
	node, err := centrifuge.New(centrifuge.Config{ClientQueueMaxSize: 64 << 20})
	if err != nil {
		return err
	}
	var acked atomic.Int64
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{
			Credentials:   &centrifuge.Credentials{UserID: "viewer"},
			Subscriptions: map[string]centrifuge.SubscribeOptions{channel: {}},
		}, nil
	})
	node.OnConnect(func(c *centrifuge.Client) {
		c.OnMessage(func(centrifuge.MessageEvent) { acked.Add(1) })
	})
	if err := node.Run(); err != nil {
		return err
	}
	feed, err := playing(spec.Enc)
	if err != nil {
		return err
	}
	go func() {
		for frame := feed.Frame(); ; frame = feed.Frame() {
			if _, err := node.Publish(channel, frame.Bytes(look(spec.Enc))); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			<-frame.Next()
		}
	}()
	mux := http.NewServeMux()
	mux.Handle("/ws", centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{
		CheckOrigin:        func(*http.Request) bool { return true },
		ReadBufferSize:     1024,
		UseWriteBufferPool: true,
		PingPongConfig:     centrifuge.PingPongConfig{PingInterval: -1, PongTimeout: -1},
	}))
	go http.Serve(l, mux)
	return nil
}
