package contrastive

import (
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
)

func TestStateContinuesToTheBit(t *testing.T) {
	for name, newModel := range all() {
		t.Run(name, func(t *testing.T) {
			var state ebm.State
			for _, moved := range []bool{false, true} { // a knob since the last step
				a, b := start(t, newModel(), 1).steps(40), start(t, newModel(), 99).steps(7)
				if moved {
					a.set("lr", 5e-3)
					b.set("lr", 5e-3)
				}
				state = a.model.(ebm.Stater).State()
				if err := b.model.(ebm.Stater).SetState(state); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(energies(a.model), energies(b.model)) {
					t.Error("the restored landscape differs")
				}
				a.u.Rand, b.u.Rand = rand.New(rand.NewPCG(5, 5)), rand.New(rand.NewPCG(5, 5))
				if !slices.Equal(energies(a.steps(5).model), energies(b.steps(5).model)) {
					t.Errorf("the restored model goes on differently; a knob moved: %v", moved)
				}
			}

			c := start(t, newModel(), 99)
			if err := c.model.(ebm.Stater).SetState(ebm.State{Params: state.Params}); err != nil {
				t.Fatal(err)
			}
			want := energies(c.model)
			if e := energies(c.steps(1).model); slices.Equal(e, want) || math.IsNaN(e[0]) {
				t.Error("a state without Train does not train on")
			}
		})
	}
}

func TestSetStateErrorsLeaveTheModel(t *testing.T) {
	for name, newModel := range all() {
		t.Run(name, func(t *testing.T) {
			good := start(t, newModel(), 1).steps(3).model.(ebm.Stater).State()
			r := start(t, newModel(), 2).steps(3)
			before := r.model.(ebm.Stater).State()
			for _, part := range []map[string]ebm.Tensor{good.Params, good.Train} {
				for tensor := range maps.Clone(part) {
					kept := part[tensor]
					for what, bad := range map[string]ebm.Tensor{
						"shape": {Shape: []int{7, 7, 7}, Values: kept.Values},
						"NaN":   {Shape: kept.Shape, Values: append([]float64{math.NaN()}, kept.Values[1:]...)},
					} {
						part[tensor] = bad
						err := r.model.(ebm.Stater).SetState(good)
						if err == nil || !strings.Contains(err.Error(), tensor) {
							t.Errorf("%s of %q corrupted: error %v", what, tensor, err)
						}
					}
					delete(part, tensor)
					if err := r.model.(ebm.Stater).SetState(good); err == nil || !strings.Contains(err.Error(), tensor) {
						t.Errorf("%q missing: error %v", tensor, err)
					}
					part[tensor] = kept
				}
			}
			if !reflect.DeepEqual(before, r.model.(ebm.Stater).State()) {
				t.Error("a rejected state changed the model")
			}
		})
	}
}
