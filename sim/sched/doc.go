// Package sched shares the processor cores of the machine among sessions.
//
// A session has a [Share]. It acquires one core for each turn; sessions that wait are served in
// the order they came, those of a higher [Priority] first. Idle cores help in the parallel
// loops ([Share.For]) of sessions at work, and return as soon as a session waits for one. Where
// there are many more sessions than the machine can serve, those in the background also wait for
// [Turns] to play. Package sched knows no model and no session.
package sched
