// Command load measures how many viewers the server carries, and writes a section of
// BENCHMARKS.md. It runs on Linux, on loopback only, for a few minutes.
//
//	make load                                  # all lines
//	go -C bench run ./load -only 500 -print    # those with 500 viewers, on the terminal
//
// Each line is one server in a process of its own, and one process that plays all viewers. Three
// servers send the frames of an equal room: ours; a fan-out over plain TCP, which is the least
// that can be done (length, frame, acknowledgment of 4 bytes, at most two frames
// unacknowledged); and the library centrifugal/centrifuge, whose viewers acknowledge with a message.
//
// The process of the viewers has one thread, which waits for all sockets with epoll, looks at the
// first bytes of a frame only, and acknowledges each. What it costs is printed too: it shares the
// cores with the server.
package main
