package sampler

import (
	"fmt"
	"math"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Kernel is one step of a sampler: [Descent], [ULA], [MALA], [RandomWalk] or [HMC]. A method
// makes a Kernel by its name ([New]), sets it once per update ([Kernel.Set]), and then steps
// blocks of walkers, possibly concurrently:
//
//	k.Begin(w, t)
//	for each step { k.Step(w, next, t, noise, u) }
type Kernel interface {
	// Traits returns what the kernel needs and how it is tuned.
	Traits() Traits

	// Set changes the settings; those that the kernel does not use are ignored.
	Set(s Settings)

	// Begin evaluates the target at the walkers, as far as the first step needs it. It must
	// be called whenever the walkers were placed or the target has changed.
	Begin(w Walkers, t Target)

	// Step moves the walkers by one step and returns how many proposals were accepted. next
	// is memory for the proposals and holds them afterwards; noise and u are the random
	// numbers of this step, for the kernels that need them. All have the length of w.
	Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int)
}

// Settings are the settings of all kernels in one.
type Settings struct {
	Size  float64 // how far a step goes: η of Descent, ULA and MALA, s of RandomWalk, ε of HMC
	Beta  float64 // β, the inverse temperature; Descent has none
	Clip  float64 // the steepest slope that is followed: Descent and ULA
	Leaps int     // leapfrog steps to a step: HMC
}

// Traits are what a caller must know about a kernel.
type Traits struct {
	Name       string
	Noise      bool     // needs standard normal numbers
	Uniforms   bool     // needs numbers uniform on [0, 1)
	Gradient   bool     // needs ∂E/∂y; otherwise an [Energier] makes it cheap
	Acceptance float64  // the share of accepted steps at which it moves fastest; 0: it rejects nothing
	Settings   Settings // the defaults
}

// The names of the kernels.
const (
	NameDescent    = "descent"
	NameULA        = "ula"
	NameMALA       = "mala"
	NameRandomWalk = "randomwalk"
	NameHMC        = "hmc"
)

// Names lists the kernels, the simplest first.
func Names() []string {
	return []string{NameDescent, NameRandomWalk, NameULA, NameMALA, NameHMC}
}

// New returns a kernel with its default settings.
func New(name string) (Kernel, error) {
	for _, k := range []Kernel{new(Descent), new(RandomWalk), new(ULA), new(MALA), new(HMC)} {
		if traits := k.Traits(); traits.Name == name {
			k.Set(traits.Settings)
			return k, nil
		}
	}
	return nil, fmt.Errorf("there is no sampler %q%s", name, ebm.Suggest(name, Names()))
}

// Adapt is the function [Adapt] with the kernel's own target. A kernel that rejects nothing
// keeps its step size.
func (t Traits) Adapt(size, acceptance float64) float64 {
	if t.Acceptance == 0 {
		return size
	}
	return Adapt(size, acceptance, t.Acceptance)
}

// Adapt returns the step size for the next update after steps of the given size of which
// the given share was accepted: a little longer if more than the target were, else
// shorter.
//
//	η ← clamp(η·exp(0.1(acceptance - target)), 1e-5, 0.5)
//
// While the step size changes, the chain does not sample the Gibbs density exactly.
func Adapt(size, acceptance, target float64) float64 {
	return min(max(size*math.Exp(.1*(acceptance-target)), 1e-5), .5)
}

// clipFactor returns the factor, at most 1, that makes v no longer than longest.
func clipFactor(v r2.Vec, longest float64) float64 {
	if square := r2.Norm2(v); square > longest*longest {
		return longest / math.Sqrt(square)
	}
	return 1
}

// accepts reports whether log u < log α. In most cases that is known without the logarithm,
// which lies between 1 - 1/u and u - 1.
func accepts(u, logAlpha float64) bool {
	switch {
	case u-1 < logAlpha:
		return true
	case 1-1/u >= logAlpha:
		return false
	}
	return math.Log(u) < logAlpha
}
