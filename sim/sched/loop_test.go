package sched

import (
	"math"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim/internal/race"
)

// newCores returns n cores whose helpers return early. In a bubble of synctest, time stands still
// as long as a helper looks for work.
func newCores(n int) *Cores {
	c := NewCores(n)
	c.Spin = 10
	return c
}

func TestForRunsEachOnce(t *testing.T) {
	share := newCores(4).NewShare()
	for n := range 300 {
		count := make([]atomic.Int32, n)
		share.For(n, func(i int) { count[i].Add(1) })
		for i := range count {
			if c := count[i].Load(); c != 1 {
				t.Fatalf("of %d blocks, number %d ran %d times", n, i, c)
			}
		}
	}
}

// TestForUsesIdleCores has two blocks that wait for each other, so that one goroutine alone cannot
// end the loop.
func TestForUsesIdleCores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if both wait for ever
		meet := make(chan int)
		newCores(2).NewShare().For(2, func(i int) {
			select {
			case meet <- i:
			case <-meet:
			}
		})
	})
}

// TestForWithoutIdleCores: the owner's goroutine runs all blocks if all cores are in use.
func TestForWithoutIdleCores(t *testing.T) {
	cores := newCores(2)
	other, share := cores.NewShare(), cores.NewShare()
	other.Acquire(nil)
	share.Acquire(nil)
	sum := 0 // the race detector watches
	share.For(100, func(i int) { sum += i })
	if sum != 4950 {
		t.Errorf("the sum is %d", sum)
	}
	if share.held.Load() != 1 || cores.InUse() != 2 {
		t.Errorf("the share holds %d cores, %d are in use", share.held.Load(), cores.InUse())
	}
	other.Release()
	other.Release() // one too many has no effect
	if cores.InUse() != 1 {
		t.Errorf("%d cores are in use after a release", cores.InUse())
	}
}

// TestForYields has a loop on two cores when another session waits. The first of the two that ends
// its block, owner or helper, releases its core before it begins another.
func TestForYields(t *testing.T) {
	for round := range 20 {
		first := []int{0, 2}[round%2] // the owner's block, or the helper's
		synctest.Test(t, func(t *testing.T) {
			cores := newCores(2)
			share, other := cores.NewShare(), cores.NewShare()
			share.Acquire(nil)
			both, acquired := make(chan int), make(chan struct{})
			share.For(3, func(i int) {
				if i != 1 { // both have begun
					select {
					case both <- i:
					case <-both:
					}
				}
				if i == first {
					go func() {
						other.Acquire(nil)
						close(acquired)
						other.Release()
					}()
					time.Sleep(turnTime) // until the other waits and the owner's turn is over
					return
				}
				<-acquired
			})
			share.Release()
		})
	}
}

// TestLongLoopYields has a loop of a second on the only core.
func TestLongLoopYields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := newCores(1)
		share, other := cores.NewShare(), cores.NewShare()
		share.Acquire(nil)
		start := time.Now()
		go func() {
			other.Acquire(nil)
			if d := time.Since(start); d > turnTime+time.Millisecond {
				t.Errorf("the other session waited for %v", d)
			}
			other.Release()
		}()
		share.For(1000, func(int) { time.Sleep(time.Millisecond) })
		share.Release()
		synctest.Wait()
	})
}

func TestForPanics(t *testing.T) {
	share := newCores(3).NewShare()
	for range 50 {
		func() {
			defer func() {
				p, ok := recover().(*Panic)
				if !ok || p.Value != "block 5" || !strings.Contains(string(p.Stack), "TestForPanics") {
					t.Errorf("For panics with %v", p)
				}
			}()
			share.For(9, func(i int) {
				if i == 5 {
					panic("block 5")
				}
			})
		}()
		n := atomic.Int32{}
		share.For(9, func(int) { n.Add(1) })
		if n.Load() != 9 {
			t.Fatal("after a panic the next loop misses blocks")
		}
	}
}

func TestForDoesNotAllocate(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	share := newCores(2).NewShare()
	sum := make([]float64, 64)
	body := func(i int) { sum[i] = math.Sqrt(float64(i)) }
	if n := testing.AllocsPerRun(100, func() { share.For(len(sum), body) }); n != 0 {
		t.Errorf("a parallel loop allocates %v times", n)
	}
}

func BenchmarkFor(b *testing.B) {
	share := NewCores(2).NewShare()
	body := func(int) {}
	for b.Loop() {
		share.For(16, body)
	}
}
