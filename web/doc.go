// Package web carries sessions to browsers: routes, websockets, roles and the options of
// the charts. It knows package sim, which owns the mathematics' time, and package static,
// which holds the page; no model's name appears here.
//
// # Rooms
//
// A room is a session with an address: whoever knows its id may watch, whoever knows its
// token may drive. A tab of the page asks for a room of its own (POST /api/rooms) and
// drives it. A room that nobody has watched for half an hour ends.
//
// # Own points, and what is taken home
//
// Points that somebody brings are a dataset with a name, a hash of theirs, which the state of a
// room tells and an open message may give. They come by an open message or by PUT, from where a
// run begins again, or, while a hand draws them, goes on learning. The server remembers a million
// points, and saves the sets that are too large for a link. What a room has can be fetched as
// files: numbers, a checkpoint, a program in Python.
//
// # One connection
//
// Three goroutines serve a websocket, and each owns one thing.
//
// The reader reads messages. It handles acknowledgments itself and at once, since frames
// wait for them, and hands every other message to the carrier. A carrier whose queue is
// full makes the reader wait, so that TCP slows the sender down.
//
// The carrier carries commands to the session, one after the other, each of which may
// wait until the step that is under way is done.
//
// The writer writes. It holds a frame, waits on the channel that is closed when a newer
// one exists, and then takes the newest: a viewer has no queue of frames, and a slow one
// skips. At most two frames are under way to a viewer without its acknowledgment, because
// the buffers of the kernel would otherwise hold seconds of the past. Nothing a viewer
// does, or fails to do, blocks the session or another viewer.
//
// # Doors
//
// A request passes, in this order: the Host allow-list (against DNS rebinding), the
// cross-origin check of package net/http, for a websocket the Origin, and then [may], the
// one function that decides what a role may do.
package web
