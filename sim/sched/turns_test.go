package sched

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestTurnsAreInOrder has four sessions for two turns: those that wait are served in their order, after
// two seconds or when a turn is released.
func TestTurnsAreInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns(2)
		var order []int
		all := make([]*Turn, 4)
		for i := range all {
			all[i] = turns.New(func() { order = append(order, i) })
		}
		hold := func(want ...bool) {
			t.Helper()
			for i, w := range want {
				if got := all[i].Hold(); got != w {
					t.Errorf("%v after the start, session %d holds a turn: %v", time.Since(all[0].since), i, got)
				}
			}
		}
		hold(true, true, false, false)
		if left, ok := all[0].Ends(time.Now()); !ok || left != turnLength {
			t.Errorf("a turn that was granted now is to be passed on in %v, %v", left, ok)
		}
		time.Sleep(turnLength - 1)
		hold(true, true, false, false)
		time.Sleep(time.Nanosecond)
		hold(false, false, true, true)
		if want := []int{2, 3}; !slices.Equal(order, want) {
			t.Errorf("turns were granted to %v; want %v", order, want)
		}
		all[0].Release() // it waits no longer
		all[2].Release()
		hold(false, true, false, true)
		all[3].Release()
		all[3].Release() // a second call has no effect
		if want := []int{2, 3, 1, 0}; !slices.Equal(order, want) || turns.Waiting() != 1 {
			t.Errorf("turns were granted to %v, %d wait; want %v", order, turns.Waiting(), want)
		}
		for _, u := range all {
			u.Release()
		}
		if turns.free != 2 || turns.Waiting() != 0 {
			t.Errorf("of 2 turns %d are free, %d sessions wait", turns.free, turns.Waiting())
		}
		time.Sleep(time.Hour)
		hold(true)
		time.Sleep(time.Hour)
		hold(true) // nobody waits
		var none *Turn
		if none.Release(); !none.Hold() {
			t.Error("a session that needs no turn has none")
		}
	})
}

// TestPriorities has sessions of each priority wait for the only core, which a session in the background
// has: it yields at once, and those of a higher priority are served first.
func TestPriorities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := newCores(1)
		share := func(p Priority) *Share {
			s := cores.NewShare()
			s.Priority, s.Raise = p, make(chan struct{}, 1)
			return s
		}
		first := share(Background)
		first.Acquire(nil)
		var order []string
		wait := func(name string, p Priority) *Share {
			s := share(p)
			go func() {
				s.Acquire(nil)
				order = append(order, name)
				s.Release()
			}()
			synctest.Wait()
			return s
		}
		wait("background", Background)
		raised := wait("raised", Background)
		first.Yield(nil) // its time is not over
		if len(order) > 0 {
			t.Errorf("a session in the background yields at once to one like it")
		}
		wait("prompt", Prompt)
		raised.Raise <- struct{}{}
		synctest.Wait()
		wait("foreground", Foreground)
		wait("foreground 2", Foreground)
		first.Yield(nil)
		synctest.Wait()
		if want := []string{"foreground", "foreground 2", "prompt", "raised", "background"}; !slices.Equal(order, want) {
			t.Errorf("the core went to %q; want %q", order, want)
		}
		first.Release()
		if cores.InUse() != 0 {
			t.Errorf("%d cores are in use", cores.InUse())
		}
	})
}
