package sampler

import (
	"fmt"
	"math"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Kernel is one step of a walk: [Descent], [ULA], [MALA], [RandomWalk] or [HMC]. A method
// that lets one choose holds a Kernel by its name ([New]), gives it its settings once an
// update ([Kernel.Set]), and then has blocks of walkers walk, several at once if it likes:
//
//	k.Begin(w, t)
//	for each step { k.Step(w, next, t, noise, u) }
type Kernel interface {
	// Traits tells what the kernel needs and how it is tuned.
	Traits() Traits

	// Set changes the settings; those that the kernel has no use for are ignored.
	Set(s Settings)

	// Begin looks at the landscape where the walkers stand, as far as the first step must
	// know it. It is due whenever they were put somewhere or the landscape has changed.
	Begin(w Walkers, t Target)

	// Step moves the walkers by one step and returns how many went where they proposed
	// to go. next is memory for the proposals and afterwards tells of them; noise and u
	// are the random numbers of this step, for those kernels that need them. All are as
	// long as w.
	Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int)
}

// Settings are the settings of all kernels in one.
type Settings struct {
	Size  float64 // how far a step goes: η of Descent, ULA and MALA, s of RandomWalk, ε of HMC
	Beta  float64 // β, the inverse temperature: not for Descent, which knows none
	Clip  float64 // the steepest slope that is followed: Descent and ULA
	Leaps int     // leapfrog steps to a step: HMC
}

// Traits are what a caller has to know of a kernel.
type Traits struct {
	Name       string
	Noise      bool     // needs standard normal numbers
	Uniforms   bool     // needs numbers uniform on [0, 1)
	Gradient   bool     // needs ∂E/∂y; otherwise an [Energier] makes it cheap
	Acceptance float64  // the share of accepted steps at which it covers the most ground; 0: it refuses nothing
	Settings   Settings // good ones to begin with
}

// The names of the kernels.
const (
	NameDescent    = "descent"
	NameULA        = "ula"
	NameMALA       = "mala"
	NameRandomWalk = "randomwalk"
	NameHMC        = "hmc"
)

// Names lists the kernels: those that need the least first.
func Names() []string {
	return []string{NameDescent, NameRandomWalk, NameULA, NameMALA, NameHMC}
}

// New returns a kernel with good settings to begin with.
func New(name string) (Kernel, error) {
	for _, k := range []Kernel{new(Descent), new(RandomWalk), new(ULA), new(MALA), new(HMC)} {
		if traits := k.Traits(); traits.Name == name {
			k.Set(traits.Settings)
			return k, nil
		}
	}
	return nil, fmt.Errorf("there is no sampler %q%s", name, ebm.Suggest(name, Names()))
}

// Adapt is the function [Adapt] with the kernel's own target. A kernel that refuses
// nothing keeps its step size.
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
// While it goes on changing, the walk is not quite a sampler of the Gibbs density.
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
