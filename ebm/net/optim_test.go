package net

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"ebmviz/ebm"
)

func address[T Float](x []T) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }

func TestRate(t *testing.T) {
	for _, c := range []struct {
		t    int
		want float64
	}{{0, 1}, {300, .5}, {2700, .1}, {5700, .05}, {100000, .05}} {
		if got := Rate(2, c.t); math.Abs(got-2*c.want) > 1e-15 {
			t.Errorf("the rate at t = %d is %v, want %v", c.t, got, 2*c.want)
		}
	}
}

func TestAChangeOfRuleRestarts(t *testing.T) {
	o := NewOptim[float64](1)
	o.t = 100
	o.Step(SGD, []float64{0}, []float64{1}, 1, 0)
	if o.t != 1 {
		t.Errorf("t = %d after the first step: a change of rule restarts", o.t)
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct{ clip, want float64 }{{0, 5}, {-1, 5}, {10, 5}, {5, 5}, {1, 1}, {.5, .5}} {
		p, g := []float64{0, 0}, []float64{3, -4}
		NewOptim[float64](2).Step(SGD, p, g, 2, c.clip)
		if norm := math.Hypot(p[0], p[1]); math.Abs(norm-2*c.want) > 1e-12 || math.Abs(p[0]/p[1]+.75) > 1e-12 {
			t.Errorf("clip %v: the step is %v long, want %v", c.clip, norm, 2*c.want)
		}
		if math.Abs(math.Hypot(g[0], g[1])-c.want) > 1e-12 {
			t.Errorf("clip %v: the gradient is left at %v", c.clip, g)
		}
	}
}

// TestRules checks that each rule goes down a bowl, and that none fails because of
// what another has left behind.
func TestRules(t *testing.T) {
	o, p := NewOptim[float64](1), []float64{1}
	for _, kind := range []Optimiser{Momentum, Adam, SGD, Adam} {
		p[0] = 1
		for i := range 200 {
			o.Step(kind, p, []float64{2 * p[0]}, .01, 0)
			if math.Abs(p[0]) > 1 {
				t.Fatalf("%s is at %v after step %d", kind, p[0], i)
			}
		}
		if math.Abs(p[0]) > .1 {
			t.Errorf("%s has come from 1 to %v only", kind, p[0])
		}
	}
	o.restart()
	if o.t != 0 || o.m[0] != 0 || o.v[0] != 0 {
		t.Error("restart leaves something")
	}
}

// TestOptimTensors saves in the middle of a descent and goes on to the bit.
func TestOptimTensors(t *testing.T) {
	for _, kind := range Optimisers() {
		step := func(o *Optim[float32], p []float32) {
			o.Step(Optimiser(kind), p, []float32{2 * p[0], p[1] * p[1]}, Rate(.03, o.t), 10)
		}
		o, p := NewOptim[float32](2), []float32{1, -2}
		for range 5 {
			step(o, p)
		}
		saved, q := o.Tensors("adam."), append([]float32(nil), p...)
		fresh := NewOptim[float32](2)
		if err := fresh.SetTensors("adam.", saved); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			step(o, p)
			step(fresh, q)
		}
		if p[0] != q[0] || p[1] != q[1] {
			t.Errorf("%s goes on to %v, from what was saved to %v", kind, p, q)
		}
		for name, bad := range map[string]ebm.Tensor{
			"adam.m": {Shape: []int{3}, Values: make([]float64, 3)}, "adam.v": ebm.Scalar(0),
			"adam.t": ebm.Scalar(1.5), "adam.kind": ebm.Scalar(3),
		} {
			broken := NewOptim[float32](2).Tensors("adam.")
			broken[name] = bad
			if err := fresh.SetTensors("adam.", broken); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s: a bad %s gives %v", kind, name, err)
			}
		}
		if fresh.t != 10 {
			t.Errorf("%s: a refused state has changed t to %d", kind, fresh.t)
		}
	}
}

func TestEMA(t *testing.T) {
	var e EMA[float64]
	avg, want := []float64{1}, 1.0
	for i := range 2000 {
		p, n := math.Sin(float64(i)), float64(i)
		d := min(.99, (1+n)/(10+n))
		want = d*want + (1-d)*p
		e.Update(avg, []float64{p})
		if math.Abs(avg[0]-want) > 1e-12 {
			t.Fatalf("after step %d the average is %v, want %v", i, avg[0], want)
		}
		if i == 100 {
			var fresh EMA[float64]
			if err := fresh.SetTensors("ema.", e.Tensors("ema.")); err != nil || fresh != e {
				t.Fatalf("the count comes back as %v: %v", fresh, err)
			}
		}
	}
	if err := e.SetTensors("ema.", map[string]ebm.Tensor{"ema.t": ebm.Scalar(-1)}); err == nil {
		t.Error("a count of -1 is accepted")
	}
}
