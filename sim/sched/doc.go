// Package sched shares the processor cores of the machine among sessions.
//
// A session has a [Share]. It acquires one core for each turn; sessions that wait are served in
// the order they came. Idle cores help in the parallel loops ([Share.For]) of sessions at work, and
// return as soon as a session waits for one. Package sched knows no model and no session.
package sched
