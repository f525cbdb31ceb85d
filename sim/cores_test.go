package sim

import (
	"flag"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// TestMain shortens the time that helpers linger, which in a bubble of its own time each
// single step would have to wait for. The benchmarks leave it as it is.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() == "" {
		linger = 10
	}
	os.Exit(m.Run())
}

func TestForRunsEachOnce(t *testing.T) {
	team := newTeam(NewCores(4))
	for n := range 300 {
		count := make([]atomic.Int32, n)
		team.For(n, func(i int) { count[i].Add(1) })
		for i := range count {
			if c := count[i].Load(); c != 1 {
				t.Fatalf("of %d blocks, number %d ran %d times", n, i, c)
			}
		}
	}
}

// TestForUsesIdleCores has two blocks wait for each other: alone nobody could end them.
func TestForUsesIdleCores(t *testing.T) {
	meet := make(chan int)
	newTeam(NewCores(2)).For(2, func(i int) {
		select {
		case meet <- i:
		case <-meet:
		}
	})
}

// TestForWithoutIdleCores runs on the owner's goroutine alone if all cores are taken.
func TestForWithoutIdleCores(t *testing.T) {
	cores := NewCores(2)
	other, team := newTeam(cores), newTeam(cores)
	other.take(nil)
	team.take(nil)
	sum := 0 // the race detector watches
	team.For(100, func(i int) { sum += i })
	if sum != 4950 {
		t.Errorf("the sum is %d", sum)
	}
	if team.held.Load() != 1 || len(cores.tokens) != 2 {
		t.Errorf("%d held, %d taken", team.held.Load(), len(cores.tokens))
	}
	other.release()
	other.release() // once too often: nothing happens
	if len(cores.tokens) != 1 {
		t.Errorf("%d taken after a release", len(cores.tokens))
	}
}

// TestForGivesWay has a loop on two cores when somebody else comes. Whichever of the two
// ends its block first, owner or helper, gives its core away before it begins another.
func TestForGivesWay(t *testing.T) {
	for round := range 20 {
		first := []int{0, 2}[round%2] // the owner's block, or the helper's
		synctest.Test(t, func(t *testing.T) {
			cores := NewCores(2)
			team, other := newTeam(cores), newTeam(cores)
			team.take(nil)
			both, came := make(chan int), make(chan struct{})
			team.For(3, func(i int) {
				if i != 1 { // both are at work
					select {
					case both <- i:
					case <-both:
					}
				}
				if i == first {
					go func() {
						other.take(nil)
						close(came)
						other.release()
					}()
					time.Sleep(turnTime) // until it waits, and the owner's time is up
					return
				}
				<-came
			})
			team.release()
		})
	}
}

// TestLongGridIsInterrupted has a loop of a second on the only core.
func TestLongGridIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := NewCores(1)
		team, other := newTeam(cores), newTeam(cores)
		team.take(nil)
		start := time.Now()
		go func() {
			other.take(nil)
			if d := time.Since(start); d > turnTime+time.Millisecond {
				t.Errorf("it came to its turn after %v", d)
			}
			other.release()
		}()
		team.For(1000, func(int) { time.Sleep(time.Millisecond) })
		team.release()
		synctest.Wait()
	})
}

func TestForRaisesPanics(t *testing.T) {
	team := newTeam(NewCores(3))
	for range 50 {
		func() {
			defer func() {
				f, ok := recover().(*failure)
				if !ok || f.value != "block 5" || !strings.Contains(string(f.stack), "TestForRaisesPanics") {
					t.Errorf("raised again was %v", f)
				}
			}()
			team.For(9, func(i int) {
				if i == 5 {
					panic("block 5")
				}
			})
		}()
		n := atomic.Int32{}
		team.For(9, func(int) { n.Add(1) })
		if n.Load() != 9 {
			t.Fatal("after a panic the team does not work")
		}
	}
}

// TestNothingIsAllocated covers the path of every step and every frame, of every method.
// Snapshots are left out: there are 64 at most in a life. The methods have one core, and
// the collector is kept still: how full their pools are depends on both.
func TestNothingIsAllocated(t *testing.T) {
	notRaced(t) // the detector makes sync.Pool allocate
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	team := newTeam(NewCores(2))
	sum := make([]float64, 64)
	body := func(i int) { sum[i] = math.Sqrt(float64(i)) }
	if n := testing.AllocsPerRun(100, func() { team.For(len(sum), body) }); n != 0 {
		t.Errorf("a parallel loop allocates %v times", n)
	}
	alone := newTeam(NewCores(1))
	alone.take(nil)
	methods(func(card ebm.Card) {
		r := mustRun(t, Config{Model: card.ID}, alone.For)
		mustStep(t, r, 100)
		r.every = 1 << 40
		var e easel
		var p *Picture
		for what, f := range map[string]func() error{
			"step":    r.Step,
			"picture": func() (err error) { p, err = e.paint(r, 64); return err },
		} {
			if n := testing.AllocsPerRun(20, func() {
				if err := f(); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%s: a %s allocates %v times", card.ID, what, n)
			}
		}
		if n := testing.AllocsPerRun(20, func() { Encode(p) }); n != 1 {
			t.Errorf("%s: a frame allocates %v times, not once", card.ID, n)
		}
	})
}

func BenchmarkFor(b *testing.B) {
	team := newTeam(NewCores(2))
	body := func(int) {}
	for b.Loop() {
		team.For(16, body)
	}
}

// TestGridIsInOrder looks at single cells: row by row, lowest y2 first.
func TestGridIsInOrder(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, newTeam(NewCores(2)).For)
	const n = 20
	grid := make([]float32, n*n)
	if err := r.Grid(grid, n); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]int{{0, 0}, {n - 1, 0}, {3, 17}} {
		y := r2.Vec{X: -ebm.L + (float64(c[0])+.5)*2*ebm.L/n, Y: -ebm.L + (float64(c[1])+.5)*2*ebm.L/n}
		want := r.model.(*toy).well(y)
		if got := float64(grid[c[1]*n+c[0]]); math.Abs(got-want) > 1e-6*want {
			t.Errorf("cell %v is %v, want %v", c, got, want)
		}
	}
	for _, n := range []int{0, 15, 513} {
		if err := r.Grid(make([]float32, n*n), n); CodeOf(err) != Limit {
			t.Errorf("a grid of %d: %v", n, err)
		}
	}
}

// notRaced skips a slow test with -short and under the race detector, which finds nothing on one
// goroutine and takes ten times the time.
func notRaced(t *testing.T) {
	t.Helper()
	if raced || testing.Short() {
		t.Skip("it is slow: without -short and without the race detector it runs")
	}
}
