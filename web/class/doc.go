// Package class keeps who is in a room and what they are asked. It knows no HTTP, starts no goroutine
// and writes no file or log; it is gone with its room.
//
// # People
//
// A member joins with the code of the class and gets a key, a random id and a secret, and a name that is
// made up: an animal and a number. The owner of the class is whoever drives its room. One member at a time
// may have the chalk, and then drives the room too; the owner takes it back at any time. After the owner
// has removed somebody, new members wait in the lobby until they are let in.
//
// # Acts
//
// An act is what all are asked at the same time: a question, pins, a drawing, or marbles. Only one is open.
// A member always sends the whole answer, so that a lost or repeated message does no harm. What one person
// answered is told to nobody but this person, unless the owner shows the names. How many chose what is told
// to the owner once the act is closed and to all once it is revealed; places of a question and pins are
// shown once it is closed, in an order that says nothing about who set them.
//
// # Feeds
//
// A socket follows the class with a [Feed]. A feed has no queue: it knows which version of each kind of
// message its socket was sent, and Messages returns the newest. Messages are built once for all whom they
// tell the same, and not more often than a few times a second unless somebody waits for them; what is one
// person's own is added at the end.
package class
