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
		Summary: "Chains are pushed in a random direction and roll over the landscape like balls without friction: " +
			"the energy is {down|pushed down at the training points} and {up|pushed up where the balls are stopped}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle E(y)\rangle_{\text{data}}}-\up{\langle E(y')\rangle_{\text{chains}}}+\knob{r}\left(\down{\langle E(y)^2\rangle}+\up{\langle E(y')^2\rangle}\right)`},
			{Label: "Push", TeX: `p\sim\mathcal N(0,I),\quad H=\knob{beta}E(y')+\tfrac12\lVert p\rVert^2`},
			{Label: "Leap", TeX: `p\leftarrow p-\tfrac{\varepsilon}{2}\knob{beta}\tfrac{\partial E}{\partial y},\quad y'\leftarrow y'+\varepsilon p,\quad p\leftarrow p-\tfrac{\varepsilon}{2}\knob{beta}\tfrac{\partial E}{\partial y}\quad(\knob{leapfrog}\text{ times})`},
			{Label: "Accept", TeX: `\log u<-\Delta H`},
		},
		Pathology: "Set the regulariser to 0. Energies run away until walls are so steep that a ball cannot turn in time: its leaps get ten times shorter, a quarter of the balls are put back every time and stand frozen, " +
			"and what they push up grows by thousands.",
		Slip: "A ball without friction keeps its energy, so it is said that nothing has to be refused. That holds for smooth motion; leaps make an error, and without the refusals the balls would stop in the wrong places. " +
			"Nor does one way end where the model has its mass: that takes many pushes in new directions.",
		Stages: ebm.Stages{
			ebm.StageWalk: "Each chain gets a random momentum and rolls without friction.[refused| A cross marks a refused proposal.]",
			ebm.StageUp:   "{up|Push up} where the trajectories end.",
		},
		Data:    "spiral",
		Steps:   800,
		Scalars: chainScalars,
		Nats:    true,
		Script:  net.EnergyScript,
		New:     func() ebm.Model { return newHMC[float32]() },
		Exact:   func() ebm.Model { return newHMC[float64]() },
	})
}

// hmc is pcd with chains of Hamiltonian Monte Carlo. One sees them roll along the valleys
// in curves, where those of other samplers shiver, and fewer steps take them farther.
//
// R. M. Neal, "MCMC using Hamiltonian dynamics", 2011.
//
// State: that of pcd.
type hmc[T net.Float] struct{ pcd[T] }

func newHMC[T net.Float]() *hmc[T] {
	h := &hmc[T]{*newPCD[T]()}
	h.walking = newWalking(sampler.NameHMC, 3)
	return h
}

func (h *hmc[T]) Knobs(k *ebm.Knobs) {
	h.persist(k)
	h.rolling(k)
	h.rate(k)
	h.regulariser(k)
	h.cold(k)
	h.knobs(k)
}
