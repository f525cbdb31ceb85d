//go:build linux

package main

import (
	"fmt"
	"strings"
)

// The servers that are compared.
const (
	ours             = "ebmviz"
	plain            = "raw TCP"
	centrifugeServer = "centrifuge"
)

// The transports of our server.
const (
	websocketRung = "websocket"
	streamRung    = "stream"
	pollRung      = "long poll"
)

// scene is what the viewers do.
type scene struct {
	Enc     string  // f32 or compact
	Rung    string  // their transport, for our server
	Viewers int     // in all
	Stalled int     // that stop reading after the first frame
	Slow    bool    // the last one takes 200 ms for each frame
	Joins   float64 // members that robots add to the class in a second
	Seconds float64
}

// line is one scene and the servers that are measured in it.
type line struct {
	scene
	servers []string
}

func (l scene) name() string {
	words := []string{fmt.Sprintf("%d viewers %s", l.Viewers, l.Enc)}
	if l.Rung != websocketRung {
		words = append(words, l.Rung)
	}
	if l.Stalled > 0 {
		words = append(words, fmt.Sprintf("%d stalled", l.Stalled))
	}
	if l.Slow {
		words = append(words, "one slow")
	}
	if l.Joins > 0 {
		words = append(words, fmt.Sprintf("%.0f joins/min", l.Joins*60))
	}
	return strings.Join(words, ", ")
}

func plan() []line {
	var lines []line
	all := []string{ours, plain, centrifugeServer}
	for _, enc := range []string{"f32", "compact"} {
		for _, n := range []int{200, 500, 1000} {
			lines = append(lines, line{scene{Enc: enc, Rung: websocketRung, Viewers: n}, all})
		}
	}
	return append(lines,
		line{scene{Enc: "compact", Rung: websocketRung, Viewers: 200, Stalled: 20}, []string{ours, plain}},
		line{scene{Enc: "compact", Rung: websocketRung, Viewers: 200, Slow: true}, []string{ours, plain}},
		line{scene{Enc: "compact", Rung: streamRung, Viewers: 500}, []string{ours}},
		line{scene{Enc: "compact", Rung: pollRung, Viewers: 500}, []string{ours}},
		line{scene{Enc: "compact", Rung: websocketRung, Viewers: 300, Joins: 10000. / 60}, []string{ours}},
	)
}
