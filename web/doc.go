// Package web serves rooms to browsers: routes, websockets, roles and the options of the charts.
//
// # Rooms
//
// A room ([room.Room]) has an address here. Whoever knows its id may watch, whoever knows its token
// may drive. Each tab of the page opens a room (POST /api/rooms) and drives it. A room ends when its
// driver ends it (DELETE), when nobody has watched it for half an hour (twelve hours if it has a class), or,
// if all places are taken, when a new room needs its place.
//
// # Classes
//
// A server that others can reach ([Options.Open]) has a token of its own: it opens rooms and drives all of
// them. There a socket needs a token or the key of a member, and a room may have a class (package class),
// which its driver makes (POST /api/rooms/ID/class). Members join it by its code (POST /api/join) and say
// hello with the key that they got. What a client shows decides two roles (identify): that in the room and
// that in the class. They differ in the fork of a member only, which the member drives.
//
// A whole class often shares one address, so only wrong codes are counted by address. An address with
// too many has none of its codes looked at for a while; when all addresses together send too many, each
// has a small budget of its own, so that a right code works while others guess.
//
// A member has at most two forks; a third takes the place of one that nobody watches. All of them end with
// the class's room, which keeps its own place whatever opens. The owner watches them on a board,
// /ws?room=ID.board.
//
// The state, the charts and the files of a room (GET) need what a socket needs to watch it. No name, key,
// code or address is logged or written to a file.
//
// # Points
//
// Points of a user are named by a hash of their coordinates. The state of a room has it, and an open
// message may name it. The server keeps a million points in memory, and writes sets that are too
// large for a link to files. Axes and groups go with the points, and do not change their name: of the
// same points the server keeps the axes that came last.
//
// POST /api/table reads a table of any common format and answers with what it understood and with the
// points in the box; it changes nothing. PUT of points makes them the data of a room. It refuses
// points outside the box, and takes a table only if each of its rows is a point.
//
// # One connection
//
// Three goroutines serve a client, and each owns one thing; the dispatcher runs only while commands wait. A
// client does not know what connects it: its line is a websocket or a session of requests.
//
// The reader reads messages. It handles acknowledgments itself, since frames wait for them, and
// hands other messages to the dispatcher. It never waits for the room: a command that comes when the
// queue of the dispatcher is full is refused.
//
// The dispatcher gives commands to the room, one after the other. Each may wait until the step that
// is being made is done. Its goroutine ends when no command waits: most viewers never send one.
//
// The writer writes. It holds a frame, waits on the channel that is closed when a newer one exists,
// and then takes the newest: a viewer has no queue of frames, and a slow one skips. At most two
// frames are unacknowledged, since the buffers of the kernel would otherwise hold seconds of the
// past. A viewer never blocks a room or another viewer. An acknowledgment wakes the writer only if it
// has no credit, and one timer wakes it for all that is due: with hundreds of viewers each wake counts.
//
// # What a viewer gets
//
// A viewer asks for an encoding of frames, or leaves the choice to the server ("auto"): f32 on this
// computer, where bytes cost nothing, and compact elsewhere. One that acknowledges late gets small
// frames until it has been prompt for a while. Viewers on other computers share [Options.Uplink]: if
// compact frames are more than a fair share of it, they get small ones, and then fewer. What a viewer
// gets does not change to and fro: it falls at once, and rises when it would have fitted for seconds. A
// server behind a proxy sees who is on another computer only if it trusts the proxy.
//
// # Without websockets
//
// Some networks do not pass websockets. There a client opens a session with POST /api/send?room=ID: the
// body has its first messages, one a line, and the answer has a secret, which is the bearer token of all
// that follows. POST /api/send takes more messages. GET /api/stream answers with those of the server, each
// after a byte with its kind and its length, and does not end; GET /api/stream?one ends with the first
// that can be sent and those that follow at once, and the client asks again. Messages, credit, roles and
// limits are those of a websocket. A session counts as a socket and has one GET at a time; it ends when its
// GET is cut, and when it is as silent as a socket may not be. Over GETs of one message the writer takes a
// frame only when a GET waits for it, so that it is the newest.
//
// # Who may
//
// A request passes, in this order: the Host allow-list (against DNS rebinding), the cross-origin
// check of package net/http, for a websocket the Origin, and then [may], the one function that
// decides what a role may do.
package web
