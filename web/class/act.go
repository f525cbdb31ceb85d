package class

import (
	"cmp"
	"math"
	"slices"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// How many points each may have.
const (
	maxPins       = 3
	maxMarbles    = 5
	maxAllDrawing = 2000 // points of a drawing in all
)

// act is what the class is asked.
type act struct {
	id      int64
	start   wire.ActStart
	phase   phase
	answers map[string]*answer // by member; ownerAnswer is the owner's
	earlier []int              // how many chose what in the first vote
	points  int                // in all answers

	closed   *Landscape // of pins: at close
	revealed *Landscape // at reveal
	reveal   wire.ActReveal
	share    *float64 // of the points that are right
}

type phase string

const (
	open     phase = "open"
	closed   phase = "closed"
	revealed phase = "revealed"
)

// answer is what one person answered. An answer that is empty is not kept.
type answer struct {
	Choice  *int         `json:"choice,omitempty"`
	Points  [][2]float64 `json:"points,omitempty"`
	Strokes []int        `json:"strokes,omitempty"`
	Share   *float64     `json:"share,omitempty"` // of the own points that are right
}

// alwaysShown reports whether the points of all are in sight all the time.
func (a *act) alwaysShown() bool { return a.start.Kind == wire.Drawing || a.start.Kind == wire.Marbles }

// needsLandscape reports whether an act compares landscapes now.
func (f *Feed) needsLandscape(a wire.Act) bool {
	f.class.mu.Lock()
	defer f.class.mu.Unlock()
	now := f.class.act
	return now != nil && now.start.Kind == wire.Pins && f.class.options.Landscape != nil &&
		(a.Verb == "close" && now.phase == open || a.Verb == "reveal" && now.phase == closed)
}

// doAct does one thing with the act. The lock is held.
func (f *Feed) doAct(a wire.Act, l *Landscape) error {
	c := f.class
	var err error
	switch {
	case a.Verb == "start":
		err = c.begin(*a.Start)
	case a.Verb == "answer":
		if err := f.answer(*a.Answer); err != nil {
			return err
		}
		c.change(acts, false)
		c.change(people, false)
		return nil
	case c.act == nil:
		return sim.Errorf(ActError, "nothing is being asked now")
	case a.Verb == "end":
		c.act = nil
	default:
		err = c.act.do(a, l)
	}
	if err != nil {
		return err
	}
	c.change(acts, true)
	c.change(people, true)
	return nil
}

// begin begins an act; the one before it ends.
func (c *Class) begin(s wire.ActStart) error {
	limit := map[wire.ActKind]int{wire.Question: 1, wire.Pins: maxPins, wire.Drawing: wire.MaxAnswerPoints, wire.Marbles: maxMarbles}[s.Kind]
	if s.Limit > limit {
		return sim.Errorf(wire.Quota, "the limit may be at most %d; got %d", limit, s.Limit)
	}
	if s.Limit == 0 {
		s.Limit = limit
	}
	var earlier []int
	if s.Again {
		before := c.act
		if before == nil || before.start.Kind != wire.Question {
			return sim.Errorf(ActError, "there is no question to vote on again")
		}
		if s.Text == "" {
			s.Text = before.start.Text
		}
		if s.Choices == nil && !s.Place {
			s.Choices, s.Place = before.start.Choices, before.start.Place
		}
		if len(s.Choices) != len(before.start.Choices) || s.Place != before.start.Place {
			return sim.Errorf(ActError, "a second vote has the same choices as the first")
		}
		earlier = before.counts()
	}
	c.acts++
	c.act = &act{id: c.acts, start: s, phase: open, answers: map[string]*answer{}, earlier: earlier}
	return nil
}

// do closes, opens, clears or reveals.
func (a *act) do(what wire.Act, l *Landscape) error {
	kind := a.start.Kind
	switch what.Verb {
	case "close":
		if a.phase != open {
			return sim.Errorf(ActError, "it is already closed")
		}
		if kind == wire.Pins && l == nil {
			return sim.Errorf(ActError, "the landscape is not available; try again")
		}
		a.phase, a.closed = closed, l
	case "open":
		if a.phase != closed {
			return sim.Errorf(ActError, "only what is closed and not yet revealed can be opened again")
		}
		a.phase, a.closed = open, nil
	case "clear":
		if !a.alwaysShown() {
			return sim.Errorf(ActError, "only a drawing and marbles can be cleared")
		}
		a.answers, a.points = map[string]*answer{}, 0
	case "reveal":
		return a.show(*what.Reveal, l)
	}
	return nil
}

// show reveals what was answered.
func (a *act) show(r wire.ActReveal, l *Landscape) error {
	switch a.start.Kind {
	case wire.Question:
		if slices.ContainsFunc(r.Right, func(i int) bool { return i >= len(a.start.Choices) }) || len(r.Why) > max(1, len(a.start.Choices)) {
			return sim.Errorf(ActError, "the question has %d choices", len(a.start.Choices))
		}
		if a.start.Place && r.Circles != nil {
			a.judge(func(y [2]float64) bool {
				return slices.ContainsFunc(r.Circles, func(c [3]float64) bool { return math.Hypot(y[0]-c[0], y[1]-c[1]) <= c[2] })
			})
		}
	case wire.Pins:
		switch {
		case a.phase == open:
			return sim.Errorf(ActError, "close it first, then play on")
		case a.phase == closed && l == nil:
			return sim.Errorf(ActError, "the landscape is not available; try again")
		case a.phase == closed && l.Step <= a.closed.Step:
			return sim.Errorf(ActError, "play on first: the pins were closed at step %d, and the run is at step %d", a.closed.Step, l.Step)
		case a.phase == closed:
			a.revealed = l
			rise := a.closed.rise(l)
			a.judge(func(y [2]float64) bool { return rise(y) > 0 })
		}
	default:
		return sim.Errorf(ActError, "a drawing and marbles are always visible and cannot be revealed")
	}
	a.phase, a.reveal = revealed, r
	return nil
}

// judge computes the shares of points that are right.
func (a *act) judge(right func([2]float64) bool) {
	n, of := 0, 0
	for _, one := range a.answers {
		k := 0
		for _, y := range one.Points {
			if right(y) {
				k++
			}
		}
		one.Share = share(k, len(one.Points))
		n, of = n+k, of+len(one.Points)
	}
	a.share = share(n, of)
}

func share(n, of int) *float64 {
	if of == 0 {
		return nil
	}
	s := float64(n) / float64(of)
	return &s
}

// names of what each kind of point is.
var pointNames = map[wire.ActKind]string{wire.Question: "place", wire.Pins: "pins", wire.Drawing: "points", wire.Marbles: "marbles"}

// answer replaces the answer of the one at the socket.
func (f *Feed) answer(in wire.ActAnswer) error {
	a, kind := f.class.act, wire.ActKind("")
	if a != nil {
		kind = a.start.Kind
	}
	id := ownerAnswer
	if f.member != nil {
		id = f.member.id
	}
	switch {
	case a == nil || a.id != in.Act:
		return sim.Errorf(ActError, "this is no longer being asked")
	case a.phase != open:
		return sim.Errorf(ActError, "it is closed; your earlier answer counts")
	case f.member == nil && !a.alwaysShown():
		return sim.Errorf(ActError, "the teacher asks and does not answer")
	case in.Choice != nil && (*in.Choice < 0 || *in.Choice >= len(a.start.Choices)):
		return sim.Errorf(sim.BadValue, "the question has no choice %d", *in.Choice)
	case len(in.Points) > 0 && a.start.Choices != nil:
		return sim.Errorf(sim.BadValue, "the question asks for a choice and not for a place")
	case len(in.Points) > a.start.Limit:
		return sim.Errorf(wire.Quota, "at most %d %s each; got %d", a.start.Limit, pointNames[kind], len(in.Points))
	case in.Strokes != nil && kind != wire.Drawing:
		return sim.Errorf(sim.BadValue, "only a drawing has strokes")
	}
	before := 0
	if old := a.answers[id]; old != nil {
		before = len(old.Points)
	}
	if total := a.points - before + len(in.Points); kind == wire.Drawing && total > maxAllDrawing && len(in.Points) > before {
		return sim.Errorf(wire.Quota, "the drawing has at most %d points in all", maxAllDrawing)
	}
	a.withdraw(id)
	if in.Choice != nil || len(in.Points) > 0 {
		one := &answer{Choice: in.Choice, Strokes: in.Strokes}
		for _, y := range in.Points {
			one.Points = append(one.Points, [2]float64{rounded(y[0]), rounded(y[1])})
		}
		a.answers[id] = one
		a.points += len(one.Points)
	}
	f.class.changeMine(f)
	return nil
}

// changeMine notes that the answer of the one at the socket is new: all their sockets are told.
func (c *Class) changeMine(f *Feed) {
	if f.member != nil {
		for _, other := range f.member.feeds {
			other.mine = true
			other.notify()
		}
		return
	}
	for other := range c.feeds {
		if other.member == nil && other.role == f.role {
			other.mine = true
			other.notify()
		}
	}
}

// rounded leaves four decimals, a hundredth of a pixel.
func rounded(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// withdraw deletes an answer, and reports whether there was one.
func (a *act) withdraw(id string) bool {
	old := a.answers[id]
	if old == nil {
		return false
	}
	a.points -= len(old.Points)
	delete(a.answers, id)
	return true
}

// counts returns how many have chosen what.
func (a *act) counts() []int {
	if a.start.Choices == nil {
		return nil
	}
	counts := make([]int, len(a.start.Choices))
	for _, one := range a.answers {
		if one.Choice != nil {
			counts[*one.Choice]++
		}
	}
	return counts
}

// answered returns how many members have answered.
func (a *act) answered() int {
	n := len(a.answers)
	if a.answers[ownerAnswer] != nil {
		n--
	}
	return n
}

// actJSON is what is told of an act.
type actJSON struct {
	ID       int64        `json:"id"`
	Kind     wire.ActKind `json:"kind"`
	Phase    phase        `json:"phase"`
	Text     string       `json:"text"`
	Choices  []string     `json:"choices,omitempty"`
	Place    bool         `json:"place,omitempty"`
	Again    bool         `json:"again,omitempty"`
	Limit    int          `json:"limit"`
	Answered int          `json:"answered"`
	Here     int          `json:"here"`
	Counts   []int        `json:"counts,omitempty"`
	Earlier  []int        `json:"earlier,omitempty"`
	Right    []int        `json:"right,omitempty"`
	Why      []string     `json:"why,omitempty"`
	Circles  [][3]float64 `json:"circles,omitempty"`
	Points   [][2]float64 `json:"points,omitempty"`
	Total    int          `json:"total,omitempty"` // points in all, of a drawing and of marbles
	Share    *float64     `json:"share,omitempty"`
	From     *uint64      `json:"from,omitempty"`
	To       *uint64      `json:"to,omitempty"`
	Names    [][2]any     `json:"names,omitempty"`
}

// message returns the message about the act without anybody's own answer, for the owner or for the others.
func (a *act) message(c *Class, owner bool) []byte {
	if a == nil {
		return wire.Message("act", []byte("null"), nil)
	}
	s := a.start
	j := actJSON{
		ID: a.id, Kind: s.Kind, Phase: a.phase, Text: s.Text, Choices: s.Choices, Place: s.Place, Again: s.Again, Limit: s.Limit,
		Answered: a.answered(), Right: a.reveal.Right, Why: a.reveal.Why, Circles: a.reveal.Circles, Share: a.share,
	}
	j.Here, _ = c.count()
	if a.phase == revealed || owner && a.phase == closed {
		j.Counts, j.Earlier = a.counts(), a.earlier
	}
	if a.alwaysShown() || a.phase != open {
		j.Points = a.allPoints()
	}
	if a.alwaysShown() {
		j.Total = a.points
	}
	if a.closed != nil {
		j.From = &a.closed.Step
	}
	if a.revealed != nil {
		j.To = &a.revealed.Step
	}
	if a.phase == revealed && a.reveal.Names {
		for _, m := range c.order {
			switch one := a.answers[m.id]; {
			case one == nil:
			case one.Choice != nil:
				j.Names = append(j.Names, [2]any{m.name, *one.Choice})
			default:
				j.Names = append(j.Names, [2]any{m.name, one.Points})
			}
		}
	}
	return wire.Message("act", encode(j), nil)
}

// allPoints returns the points of all answers, sorted by place, so that the order says nothing about who set
// them and when.
func (a *act) allPoints() [][2]float64 {
	all := make([][2]float64, 0, a.points)
	for _, one := range a.answers {
		all = append(all, one.Points...)
	}
	slices.SortFunc(all, func(p, q [2]float64) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	return all
}
