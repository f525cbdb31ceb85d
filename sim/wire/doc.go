// Package wire writes and reads what leaves a process: frames, commands, events, run logs, journals
// and checkpoints. It turns values into bytes and bytes into values, and does nothing else.
//
// # Messages
//
// A text message is a JSON object with one key that names it, and "id" if it is to be answered. A
// client's message is a [Request]; what it asks a room to do is a [Command], what it asks to know
// a [Query]. What a server sends is an event: a [State], points, a probe, an error, each written
// by [Message].
//
// # Frames
//
// A binary message is a frame: a picture of a run with a header, little-endian, each section
// aligned to 8 bytes. Each holds one whole step, so that any may be dropped. [EncodeFrame] writes
// one, [DecodeFrame] reads it. Each [Encoding] of its numbers is a compromise of size and accuracy.
//
// # Records
//
// A run log ([EncodeLog]) is everything that a run depends on. A journal ([JournalWriter]) is every
// command that was given to a room, with its revision, step, role and time.
package wire
