package contrastive

import (
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/sampler"
)

// walkSettings are the knobs of the samplers that a method offers. Each sampler has a step
// size of its own, because their units differ.
type walkSettings struct {
	sampler   string
	chain     int     // steps in an update
	eta, clip float64 // ula and mala
	s         float64 // randomwalk
	eps       float64 // hmc
	leapfrog  int
	beta      float64

	values []float64
}

func newWalkSettings(name string, chain int) walkSettings {
	return walkSettings{sampler: name, chain: chain, eta: 3e-4, clip: 100, s: .1, eps: .04, leapfrog: 4, beta: 1}
}

// langevinKnobs declares the knobs of ula and mala.
func (w *walkSettings) langevinKnobs(k *ebm.Knobs) {
	k.Float(&w.eta, "eta", `\eta`, 1e-5, 1e-1,
		"How far a step goes. mala only starts with it and adapts it. ula keeps it. Small: chains hardly move. Large: they jump out of thin valleys, and the valleys get far too deep to hold them.",
		ebm.OnLog, ebm.Called("step size"), ebm.OnlyFor("sampler", sampler.NameULA, sampler.NameMALA))
	k.Float(&w.clip, "clip", `g_{\mathrm{max}}`, 1, 500,
		"The steepest slope that ula follows; steeper ones are clipped. Small: chains hardly follow the valleys, and energies get several times too large. Large: it matters on cliffs only, which the regulariser prevents.",
		ebm.OnLog, ebm.Called("slope limit"), ebm.OnlyFor("sampler", sampler.NameULA))
}

// randomWalkKnob declares the knob of randomwalk.
func (w *walkSettings) randomWalkKnob(k *ebm.Knobs) {
	k.Float(&w.s, "s", "s", 1e-3, .5,
		"How far a proposal goes at first. It adapts until three proposals in ten are accepted, shorter as the valleys get thinner.",
		ebm.OnLog, ebm.Called("step size"), ebm.OnlyFor("sampler", sampler.NameRandomWalk))
}

// hmcKnobs declares the knobs of hmc; options say when they have an effect.
func (w *walkSettings) hmcKnobs(k *ebm.Knobs, options ...ebm.Option) {
	k.Float(&w.eps, "eps", `\varepsilon`, 1e-3, .5,
		"The time of a leapfrog step at first. It adapts until three proposals in four are accepted.",
		append(options, ebm.OnLog, ebm.Called("step size"))...)
	k.Int(&w.leapfrog, "leapfrog", `L_s`, 1, 20,
		"Leapfrog steps in a step. 1: chains move at random, slowly. Many: they follow the valleys in long curves, slower.",
		append(options, ebm.Called("leaps"))...)
}

// Beta returns the inverse temperature of the chains, and so of the density: see [ebm.Gibbs].
func (w *walkSettings) Beta() float64 { return w.beta }

// betaKnob declares the inverse temperature.
func (w *walkSettings) betaKnob(k *ebm.Knobs) {
	k.Float(&w.beta, "beta", `\beta`, .1, 100,
		"Inverse temperature. Low: the noise moves chains over everything but steep walls, and energies get several times too large. High: with the random walk a shallow landscape is enough; at 100 mala and hmc get stuck, and the spiral blurs.", ebm.OnLog)
}

// settings returns those of the chosen sampler.
func (w *walkSettings) settings() sampler.Settings {
	size := w.eta
	switch w.sampler {
	case sampler.NameRandomWalk:
		size = w.s
	case sampler.NameHMC:
		size = w.eps
	}
	return sampler.Settings{Size: size, Beta: w.beta, Clip: w.clip, Leaps: w.leapfrog}
}

// knobValues returns the values of these knobs and of the method's own: a change of one
// restarts the schedule.
func (w *walkSettings) knobValues(more ...float64) []float64 {
	w.values = append(w.values[:0], float64(slices.Index(sampler.Names(), w.sampler)),
		float64(w.chain), w.eta, w.clip, w.s, w.eps, float64(w.leapfrog), w.beta)
	w.values = append(w.values, more...)
	return w.values
}
