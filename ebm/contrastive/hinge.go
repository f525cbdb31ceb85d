package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "hinge",
		Title:    "Margin loss",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "Each training point is paired with another place. While that place is not higher by the margin, " +
			"the energy is {down|pushed down at the point} and {up|pushed up at the place}; after that the pair is not pushed any more.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\big\langle\max\big(0,\;\knob{m}+\down{E(y)}-\up{E(\bar y)}\big)\big\rangle+\knob{r}\left(\down{E(y)}^2+\up{E(\bar y)}^2\right)`},
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=\Big\langle\mathbf 1[E(\bar y)<E(y)+m]\Big(\down{\frac{\partial E(y)}{\partial w}}-\up{\frac{\partial E(\bar y)}{\partial w}}\Big)\Big\rangle`},
			{Label: "Uniform", TeX: `\bar y\sim\text{uniform on the square}`},
			{Label: "Hard", TeX: `\bar y=y'_k,\quad y'_0=y+\knob{kick}\,n,\quad y'_{i+1}=y'_i-\knob{eta}\,\tfrac{\partial E}{\partial y}(y'_i)`},
		},
		FailureMode: "Set negatives to hard and the steps to 50: nearly every perturbed point moves back into the canyon, where the energy is pushed down and up at once. " +
			"The pushes cancel, and the canyon becomes wide and blurred.",
		Misconception: "The energy is often read as -log p. It is not: the margin fixes its scale, and pairs a margin apart have no gradient. E gives a density only with a β that is fitted afterwards, and even then an approximate one. " +
			"Without a margin (m = 0) a flat landscape would have no loss at all.",
		Stages: ebm.Stages{
			ebm.StagePoints:  "Pair each point with another place. Less than a margin apart: {downs pair}. The others are not pushed.",
			ebm.StageScatter: "The partner of each is a place anywhere on the plane.",
			ebm.StageGuess:   "The partner of each is the point itself, perturbed and then moved downhill.",
			ebm.StageUp:      "{up|Push up} at the partners.",
			ebm.StageRest:    "Every pair is a margin apart: nothing is pushed.",
		},
		Source:  "Y. LeCun et al., “A tutorial on energy-based learning”, 2006",
		Data:    "spiral",
		Steps:   1200,
		Scalars: []string{"loss", "gap", "active"},
		Script:  net.EnergyScript,
		New:     func() ebm.Model { return newHinge[float32]() },
		Exact:   func() ebm.Model { return newHinge[float64]() },
	})
}

// How the places are chosen that are to be higher than the data.
const (
	negativesUniform = "uniform"
	negativesHard    = "hard" // a training point that was perturbed and moved downhill
)

// hinge is the margin loss. One sees the pushes end as pairs get a margin apart: high ground
// becomes a plateau about a margin above the data, where maximum likelihood would continue to
// push.
//
//	L = mean max(0, m + E(y_i) - E(ȳ_i)) + r (mean E(y)² + mean E(ȳ)²)
//
// Y. LeCun et al., "A tutorial on energy-based learning", 2006.
//
// State: that of network.
type hinge[T net.Float] struct {
	energyNet[T]
	m                      float64
	negatives              string
	perturbSize, eta, clip float64
	chain                  int

	low, high []float64 // E(y_i), E(ȳ_i)
	wLow      []float64 // their weights in the gradient
	wHigh     []float64
	active    []bool // pairs that are pushed apart

	walkers sampler.Walkers // ȳ
	next    sampler.Proposals
	noise   []r2.Vec
	targets []landscape[T] // one for each block of walkers
	paths   int            // how many walks are kept for the trace
	path    []r2.Vec       // [chain+1][paths]
	run     func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, gap, share float64
}

func newHinge[T net.Float]() *hinge[T] {
	h := &hinge[T]{energyNet: newEnergyNet[T](.05), m: 4, negatives: negativesUniform, perturbSize: .3, eta: 1e-3, clip: 50, chain: 10}
	h.Batch, h.LR = 256, 2e-2
	return h
}

func (h *hinge[T]) Knobs(k *ebm.Knobs) {
	k.Float(&h.m, "m", "m", .1, 20,
		"How much higher than the training point its partner must be. Small: the same canyon, but shallow, and most pushes soon end. Large: a high plateau, and the pushes continue.", ebm.OnLog, ebm.Called("margin"))
	k.Choice(&h.negatives, "negatives", `\bar y`, []string{negativesUniform, negativesHard},
		"uniform: places anywhere, most of them soon high enough. hard: a training point is perturbed and moves downhill, so that low ground near the data is pushed up; far ground is not changed.")
	k.Float(&h.perturbSize, "kick", `\sigma`, .02, 1,
		"How far points are perturbed. Small: only the walls of the canyon are pushed up, and low places may remain at the edge of the box. Large: points land anywhere, as with uniform places.", ebm.OnLog, ebm.OnlyFor("negatives", negativesHard))
	k.Int(&h.chain, "chain", "k", 0, 50,
		"Steps downhill. 0: the energy is pushed up at the perturbed points. Many: at the bottom of valleys, slower.", ebm.Called("steps"), ebm.OnlyFor("negatives", negativesHard))
	k.Float(&h.eta, "eta", `\eta`, 1e-5, 1e-2,
		"How far a step goes downhill. Small: points stay where the perturbation put them. Large: they are in the canyon at once and jump from wall to wall, and it gets wide.", ebm.OnLog, ebm.Called("step size"), ebm.OnlyFor("negatives", negativesHard))
	h.Rate(k)
	h.regulariser(k)
	h.knobs(k)
}

func (h *hinge[T]) Init(data []r2.Vec, rng ebm.Rand) {
	h.begin(h.spec(1), data)
	h.randomise(rng)
}

func (h *hinge[T]) begin(s net.Spec, data []r2.Vec) {
	h.energyNet.begin(s, data)
	h.run = h.runBlock
	h.loss, h.gap, h.share = math.NaN(), math.NaN(), math.NaN()
}

func (h *hinge[T]) Step(u *ebm.Update) {
	if len(h.Data) == 0 {
		return
	}
	h.Draw(u.Rand)
	h.pair(u)
	h.contrast(u.For)
	h.record(u.Trace)
	h.Descend(h.m, h.r, learn.BoolValue(h.negatives == negativesHard), h.perturbSize, h.eta, float64(h.chain))
}

// pair finds the place to be paired with each point of the batch.
func (h *hinge[T]) pair(u *ebm.Update) {
	n := len(h.Y)
	if len(h.walkers.Y) != n {
		h.walkers, h.next = sampler.NewWalkers(n), sampler.NewProposals(n)
		h.targets = make([]landscape[T], (n+net.Block-1)/net.Block)
	}
	if h.negatives == negativesUniform {
		sampler.Scatter(h.walkers.Y, u.Rand)
		return
	}
	h.paths = min(n, ebm.MaxPaths, ebm.MaxVisits/(h.chain+2))
	h.path = learn.Resize(h.path, (h.chain+1)*h.paths)
	h.noise = learn.Resize(h.noise, n)
	sampler.Normal(h.noise, u.Rand)
	sampler.Perturb(h.walkers.Y, h.Y, h.noise, h.perturbSize)
	h.runner.Blocks(u.For, n, h.run, h.mlp, nil)
}

// runBlock moves the points lo, …, hi-1 downhill.
func (h *hinge[T]) runBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	target := &h.targets[lo/net.Block]
	target.m, target.w = h.mlp, w
	walkers, next := h.walkers.Slice(lo, hi), h.next.Slice(lo, hi)
	h.recordPositions(0, lo, hi)
	for i := range h.chain {
		sampler.Descent{Eta: h.eta, Clip: h.clip}.Step(walkers, next, target, nil, nil)
		h.recordPositions(i+1, lo, hi)
	}
}

// recordPositions stores where the points lo, …, hi-1 are now, as far as the trace holds them.
func (h *hinge[T]) recordPositions(row, lo, hi int) {
	if hi = min(hi, h.paths); lo < hi {
		copy(h.path[row*h.paths+lo:row*h.paths+hi], h.walkers.Y[lo:hi])
	}
}

// contrast computes the loss and its gradient.
func (h *hinge[T]) contrast(f ebm.For) {
	n := len(h.Y)
	h.low, h.high, h.active = learn.Resize(h.low, n), learn.Resize(h.high, n), learn.Resize(h.active, n)
	h.wLow, h.wHigh = learn.Resize(h.wLow, n), learn.Resize(h.wHigh, n)
	h.runner.Energy(f, h.mlp, h.low, h.Y)
	h.runner.Energy(f, h.mlp, h.high, h.walkers.Y)

	share := 1 / float64(n)
	h.loss, h.gap, h.share = 0, 0, 0
	for i := range n {
		low, high := h.low[i], h.high[i]
		h.loss += share * h.r * (low*low + high*high)
		h.gap += share * (high - low)
		h.wLow[i], h.wHigh[i] = share*2*h.r*low, share*2*h.r*high
		lack := h.m + low - high
		if h.active[i] = lack > 0; h.active[i] {
			h.loss += share * lack
			h.share += share
			h.wLow[i] += share
			h.wHigh[i] -= share
		}
	}
	h.runner.AccumulateFixed(f, h.mlp, h.Gradient, h.Y, h.wLow)
	h.runner.AccumulateFixed(f, h.mlp, h.Gradient, h.walkers.Y, h.wHigh)
}

// record adds to the trace the pushes of the active pairs, and how their partners got there.
func (h *hinge[T]) record(t *ebm.Trace) {
	count, ups := h.share*float64(len(h.Y)), 0
	for i, y := range h.Y {
		if !h.active[i] {
			continue
		}
		from := h.walkers.Y[i]
		if h.negatives == negativesHard {
			from = y
		}
		t.Down(y, y, 1/count)
		t.Up(h.walkers.Y[i], from, 1/count)
		if h.negatives == negativesHard && i < h.paths {
			t.Visit(ups, y)
			for at := i; at < len(h.path); at += h.paths {
				t.Visit(ups, h.path[at])
			}
		}
		ups++
	}
}

func (h *hinge[T]) Scalars(dst []float64) { dst[0], dst[1], dst[2] = h.loss, h.gap, h.share }
