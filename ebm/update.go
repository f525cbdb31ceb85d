package ebm

import "gonum.org/v1/gonum/spatial/r2"

// Rand is the source of all randomness in a model. *rand.Rand of math/rand/v2 implements it;
// a test may use a fixed list of numbers.
type Rand interface {
	Float64() float64     // uniform on [0, 1)
	NormFloat64() float64 // standard normal
	IntN(n int) int       // uniform on {0, …, n-1}
}

// For runs body(0), …, body(n-1), possibly concurrently, and returns when all are done. A
// model splits its work into blocks of fixed size and reduces their results in order of
// index, so that no result depends on the number of cores.
type For func(n int, body func(i int))

// Serial is the For that runs one call after the other.
func Serial(n int, body func(i int)) {
	for i := range n {
		body(i)
	}
}

// Update is what one Step is given: random numbers, a trace to record what it does, and a
// parallel loop.
type Update struct {
	Rand  Rand
	Trace *Trace
	For   For
}

// NewUpdate returns an Update that runs on one core and records what it did.
func NewUpdate(rng Rand) *Update { return &Update{Rand: rng, Trace: NewTrace(), For: Serial} }

// Push is one push on the energy: down where Amount < 0, up where it is > 0.
type Push struct {
	At     r2.Vec  // where the energy is pushed
	From   r2.Vec  // where the point came from: the training point that was perturbed, the prototype that is pulled
	Amount float64 // its size is the point's weight in the update: 1/B for one of a batch of B
}

// Visit is one point of a path; the points of one path share its number and are in order.
type Visit struct {
	Path int
	At   r2.Vec
}

// Proposal is one place that a sampler proposed to go to.
type Proposal struct {
	From, To r2.Vec
	Accepted bool
}

// Limits of what a Trace keeps: a picture holds no more, and a frame stays small.
const (
	MaxPushes    = 512 // pushes, of each sign
	MaxVisits    = 4096
	MaxPaths     = 128
	MaxProposals = 512
)

// Trace records what one step did: which points it pushed down and up, by which paths the
// points pushed up got there, and what a sampler proposed and rejected. It keeps a limited
// number of each, the first ones, and never allocates.
type Trace struct {
	Pushes    []Push
	Visits    []Visit
	Proposals []Proposal
	ups       int
	downs     int
}

// NewTrace returns an empty trace with memory for all that it may hold.
func NewTrace() *Trace {
	return &Trace{
		Pushes: make([]Push, 0, 2*MaxPushes), Visits: make([]Visit, 0, MaxVisits), Proposals: make([]Proposal, 0, MaxProposals),
	}
}

// Reset removes all records.
func (t *Trace) Reset() {
	t.Pushes, t.Visits, t.Proposals, t.ups, t.downs = t.Pushes[:0], t.Visits[:0], t.Proposals[:0], 0, 0
}

// Down records that the energy was pushed down at a point, with its weight > 0 in the update.
func (t *Trace) Down(at, from r2.Vec, weight float64) {
	if t.downs < MaxPushes {
		t.downs++
		t.Pushes = append(t.Pushes, Push{at, from, -weight})
	}
}

// Up records that the energy was pushed up at a point, with its weight > 0 in the update:
// a green arrow from from to at.
func (t *Trace) Up(at, from r2.Vec, weight float64) {
	if t.ups < MaxPushes {
		t.ups++
		t.Pushes = append(t.Pushes, Push{at, from, weight})
	}
}

// Visit appends a point to the given path. Paths beyond MaxPaths are dropped.
func (t *Trace) Visit(path int, at r2.Vec) {
	if path < MaxPaths && len(t.Visits) < MaxVisits {
		t.Visits = append(t.Visits, Visit{path, at})
	}
}

// Propose records that a sampler at from proposed to go to to, and whether it went.
func (t *Trace) Propose(from, to r2.Vec, accepted bool) {
	if len(t.Proposals) < MaxProposals {
		t.Proposals = append(t.Proposals, Proposal{from, to, accepted})
	}
}
