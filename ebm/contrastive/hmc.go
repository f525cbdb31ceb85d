package contrastive

import (
	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "hmc",
		Title:    "Hamiltonian Monte Carlo",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "Each chain gets a random momentum and rolls over the landscape like a ball without friction: " +
			"the energy is {down|pushed down at the training points} and {up|pushed up where the chains end}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle E(y)\rangle_{\text{data}}}-\up{\langle E(y')\rangle_{\text{chains}}}+\knob{r}\left(\down{\langle E(y)^2\rangle}+\up{\langle E(y')^2\rangle}\right)`},
			{Label: "Push", TeX: `p\sim\mathcal N(0,I),\quad H=\knob{beta}E(y')+\tfrac12\lVert p\rVert^2`},
			{Label: "Leap", TeX: `p\leftarrow p-\tfrac{\varepsilon}{2}\knob{beta}\tfrac{\partial E}{\partial y},\quad y'\leftarrow y'+\varepsilon p,\quad p\leftarrow p-\tfrac{\varepsilon}{2}\knob{beta}\tfrac{\partial E}{\partial y}\quad(\knob{leapfrog}\text{ times})`},
			{Label: "Accept", TeX: `\log u<-\Delta H`},
		},
		FailureMode: "Set the regulariser to 0. Energies grow until walls are too steep for the leapfrog steps: these get ten times shorter and more, one chain in five or so does not move in an update, " +
			"and energies reach tens of thousands.",
		Misconception: "A ball without friction keeps its total energy, so it is said that nothing has to be rejected. That holds for exact motion; leapfrog steps have an error, and without rejections the density would be wrong. " +
			"Nor does one trajectory reach the model's density: that takes many new momenta. The papers sample a density that stays as it is; here the chains persist from update to update while the energy learns, so this is persistent contrastive divergence with another sampler.",
		Stages: ebm.Stages{
			ebm.StageWalk: "Each chain gets a random momentum and rolls without friction.[rejected| A cross marks a rejected proposal.]",
			ebm.StageUp:   "{up|Push up} where the trajectories end.",
		},
		Source:       "S. Duane, A. D. Kennedy, B. J. Pendleton and D. Roweth, “Hybrid Monte Carlo”, 1987; R. M. Neal, “MCMC using Hamiltonian dynamics”, 2011",
		Data:         "spiral",
		Steps:        800,
		Scalars:      chainScalars,
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newHMC[float32]() },
		Exact:        func() ebm.Model { return newHMC[float64]() },
	})
}

// hmc is pcd with chains of Hamiltonian Monte Carlo. One sees them move along the valleys in
// long curves, where those of other samplers jitter, and fewer steps take them farther.
//
// R. M. Neal, "MCMC using Hamiltonian dynamics", 2011.
//
// State: that of pcd.
type hmc[T net.Float] struct{ pcd[T] }

func newHMC[T net.Float]() *hmc[T] {
	h := &hmc[T]{*newPCD[T]()}
	h.walkSettings = newWalkSettings(sampler.NameHMC, 3)
	return h
}

func (h *hmc[T]) Knobs(k *ebm.Knobs) {
	h.chainKnobs(k)
	h.hmcKnobs(k)
	h.Rate(k)
	h.regulariser(k)
	h.betaKnob(k)
	h.knobs(k)
}
