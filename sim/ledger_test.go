package sim

import (
	"math"
	"testing"
	"testing/synctest"

	"ebmviz/ebm"
)

// ledgered is a picture of the run with the ledger of so many steps.
func ledgered(t *testing.T, r *Run, span uint64) *Picture {
	t.Helper()
	back, err := r.Look(span)
	if err == nil {
		err = r.Seek(back)
	}
	if err != nil {
		t.Fatal(err)
	}
	var e easel
	p, err := e.paint(r, 16)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// exactly is the energy of the run in float64 at the centres of a 16×16 grid.
func exactly(r *Run) []float64 {
	e := make([]float64, 256)
	r.Exact().Energy(e, centres(16))
	return e
}

// TestLedgerIsTheDifference: the change that a frame shows is that of the float64 energies at
// its two steps.
func TestLedgerIsTheDifference(t *testing.T) {
	notRaced(t)
	for _, card := range ebm.Cards() {
		for _, span := range []uint64{1, 10} {
			t.Run(card.ID, func(t *testing.T) {
				t.Parallel()
				r := mustRun(t, Config{Model: card.ID, Knobs: map[string]any{"data.n": 200}}, ebm.Serial)
				mustStep(t, r, 30-int(span))
				before := exactly(r)
				mustStep(t, r, int(span))
				after := exactly(r)
				p := ledgered(t, r, span)
				if p.Step != 30 || p.Since != 30-span || len(p.Change) != 256 {
					t.Fatalf("at step %d the change since step %d is shown, in %d places", p.Step, p.Since, len(p.Change))
				}
				for i, got := range p.Change {
					want := after[i] - before[i]
					if math.Abs(float64(got)-want) > 1e-3*math.Abs(want)+2e-5*(1+math.Abs(after[i])) {
						t.Fatalf("%d steps changed F at %v by %g, the ledger says %g", span, centres(16)[i], want, got)
					}
				}
			})
		}
	}
}

// TestLedgerDisturbsNothing: with it or without it, played or sought, all else of a frame is the
// same, and so is the change.
func TestLedgerDisturbsNothing(t *testing.T) {
	const steps = 60
	with, without := mustRun(t, Config{Model: "kmeans"}, ebm.Serial), mustRun(t, Config{Model: "kmeans"}, ebm.Serial)
	if _, err := with.Look(7); err != nil {
		t.Fatal(err)
	}
	looks := map[uint64]string{}
	for range steps {
		mustStep(t, with, 1)
		mustStep(t, without, 1)
		looks[with.step] = shot(t, with)
		var e easel
		p, err := e.paint(with, 16)
		if err != nil {
			t.Fatal(err)
		}
		if want := max(with.step, 7) - 7; p.Since != want || len(p.Change) == 0 {
			t.Fatalf("at step %d the change is since step %d, want %d", with.step, p.Since, want)
		}
		p.Generation, p.Change = 0, nil
		if string(Encode(p)) != shot(t, without) {
			t.Fatalf("step %d looks different with a ledger", with.step)
		}
	}
	for _, step := range []uint64{3, 41, 40, 12, 59, 8} {
		if err := with.Seek(step); err != nil {
			t.Fatal(err)
		}
		if shot(t, with) != looks[step] {
			t.Errorf("step %d looks different when one comes back to it", step)
		}
	}
	p := ledgered(t, with, 0)
	if len(p.Change) != 0 {
		t.Error("there is a change although nobody asks")
	}
	if p = ledgered(t, with, 100); p.Since != 0 || len(p.Change) == 0 {
		t.Errorf("a ledger of more steps than were made is since step %d", p.Since)
	}
}

func TestLedgerAcrossOtherData(t *testing.T) {
	r := mustRun(t, Config{Model: "cd"}, ebm.Serial)
	mustStep(t, r, 5)
	ledgered(t, r, 10)
	mustStep(t, r, 5)
	mustSet(t, r, "data.noise", 0.1)
	if p := ledgered(t, r, 10); len(p.Change) != 0 && p.Since < 10 {
		t.Errorf("the change is since step %d, when there were other points", p.Since)
	}
	mustStep(t, r, 2)
	if p := ledgered(t, r, 10); len(p.Change) == 0 || p.Since != 10 {
		t.Errorf("two steps later it is since step %d", p.Since)
	}
}

// TestSessionLedger runs in a bubble, where a seek is never answered before it is done.
func TestSessionLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(Config{Model: "kmeans"}, View{Grid: 16}, Options{Cores: NewCores(2)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		mustDo(t, s, Seek{Step: 50})
		mustDo(t, s, SetView{Ledger: ptr(20)})
		p, err := Decode(s.Frame().Data)
		if err != nil || p.Step != 50 || p.Since != 30 || len(p.Change) != 256 || s.News().State.Ledger != 20 {
			t.Errorf("at step %d the change since step %d is shown, in %d places, %v", p.Step, p.Since, len(p.Change), err)
		}
		mustDo(t, s, Reopen{Config{Model: "pca"}})
		mustDo(t, s, StepOnce{})
		if p, _ := Decode(s.Frame().Data); p.Since != 0 || len(p.Change) != 256 {
			t.Errorf("another run's first step: since %d, in %d places", p.Since, len(p.Change))
		}
		for _, n := range []int{-1, MostLedger + 1} {
			if err := s.Do(t.Context(), SetView{Ledger: ptr(n)}); CodeOf(err) != Limit {
				t.Errorf("a ledger of %d steps: %v", n, err)
			}
		}
	})
}
