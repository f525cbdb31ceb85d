package trial

import (
	"math"
	"testing"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/sim/wire"
)

var kmeans = content.Opening{Config: sim.Config{Model: "kmeans", Data: "circle", Seed: 1, Knobs: map[string]any{"k": 4}}}

// TestPlay: a trial with a log and things to do is the run that a reader makes by hand.
func TestPlay(t *testing.T) {
	run, err := sim.NewRun(kmeans.Config, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	steps := func(n int) {
		for range n {
			if err := run.Step(); err != nil {
				t.Fatal(err)
			}
		}
	}
	set := func(knob string, value any) {
		if _, err := run.Set(knob, value); err != nil {
			t.Fatal(err)
		}
	}
	steps(7)
	set("eta", 0.02)
	steps(13)
	set("update", "lloyd")
	steps(5)
	var player Player
	o, err := player.Play(content.Trial{
		Open: kmeans,
		Log:  []sim.Move{{Step: 7, Set: sim.Setting{Knob: "eta", Value: 0.02}}},
		Stop: content.Stop{Step: 20},
		Do:   []content.Action{{Command: wire.Set{Knob: "update", Value: "lloyd"}}, {Show: map[string]string{"as": "3d"}}, {Command: wire.Seek{Step: 25}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if o.Run().StepCount() != 25 {
		t.Errorf("it is at step %d", o.Run().StepCount())
	}
	want := run.History()
	for i, name := range want.Names {
		if got, err := o.Number(name); err != nil || name == "loss" && got != want.Values[i][len(want.Steps)-1] {
			t.Errorf("%s is %v, %v; by hand it is %v", name, got, err, want.Values[i][len(want.Steps)-1])
		}
	}
	if _, err := o.Number("loss@10 - loss"); err != nil {
		t.Errorf("the past is lost: %v", err)
	}
	if e, err := o.Number("energy(0.3, 0.4)"); err != nil || e != ebmEnergy(run.Exact(), 0.3, 0.4) {
		t.Errorf("energy is %v, %v", e, err)
	}
}

// TestStop: a run stops at the first multiple of StopEvery steps where a condition holds, or as the
// card says.
func TestStop(t *testing.T) {
	var player Player
	above := func(v float64) map[string]content.Bound { return map[string]content.Bound{"step": {Above: &v}} }
	for _, c := range []struct {
		stop content.Stop
		want uint64
	}{
		{content.Stop{Step: 13}, 13},
		{content.Stop{When: map[string]content.Bound{"loss": {}}}, content.StopEvery},
		{content.Stop{When: above(1e9)}, usualSteps(t)},
		{content.Stop{}, usualSteps(t)},
	} {
		o, err := player.Play(content.Trial{Open: kmeans, Stop: c.stop})
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Run().StepCount(); got != c.want {
			t.Errorf("%+v stops at step %d, want %d", c.stop, got, c.want)
		}
	}
	o, err := player.Play(content.Trial{Open: kmeans, Stop: content.Stop{Step: 1}})
	if err != nil {
		t.Fatal(err)
	}
	first, _ := o.Number("loss")
	limit := first * 0.9
	o, err = player.Play(content.Trial{Open: kmeans, Stop: content.Stop{When: map[string]content.Bound{"loss": {Below: &limit}}}})
	if err != nil {
		t.Fatal(err)
	}
	n := o.Run().StepCount()
	if loss, _ := o.Number("loss"); n%content.StopEvery != 0 || n >= usualSteps(t) || !(loss < limit) {
		t.Errorf("it stops at step %d with the loss %v, which should be below %v", n, loss, limit)
	}
}

// TestPlayDoes: a restart, another run, an unknown knob, a number that a method does not have.
func TestPlayDoes(t *testing.T) {
	var player Player
	of := content.Trial{Open: kmeans, Stop: content.Stop{Step: 5}}
	for _, c := range []struct {
		do   []content.Action
		want uint64
	}{
		{[]content.Action{{Command: wire.Set{Knob: "k", Value: 7.}}}, 0},
		{[]content.Action{{Command: wire.Do("step")}}, 6},
		{[]content.Action{{Command: wire.Seek{Step: 2}}}, 2},
		{[]content.Action{{Command: wire.Reset}, {Command: wire.Seek{Step: 3}}}, 3},
		{[]content.Action{{Command: wire.Open{Config: sim.Config{Model: "gmm", Data: "circle", Seed: 1}}}, {Command: wire.Seek{Step: 4}}}, 4},
	} {
		of.Do = c.do
		o, err := player.Play(of)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Run().StepCount(); got != c.want {
			t.Errorf("%v leads to step %d, want %d", c.do, got, c.want)
		}
		if v, err := o.Number("chains_within(0.1)"); err != nil || !math.IsNaN(v) {
			t.Errorf("chains of a method without are %v, %v", v, err)
		}
	}
	of.Do = []content.Action{{Command: wire.Set{Knob: "kay", Value: 7.}}}
	if _, err := player.Play(of); err == nil {
		t.Error("an unknown knob is set")
	}
}

func usualSteps(t *testing.T) uint64 {
	card, err := ebm.Lookup("kmeans")
	if err != nil {
		t.Fatal(err)
	}
	return uint64(card.Steps)
}

func ebmEnergy(m ebm.Model, y1, y2 float64) float64 {
	return (&Outcome{model: m}).energy(at([]float64{y1, y2}))
}
