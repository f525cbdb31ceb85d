package class

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// model is what a class should be, as simply as it can be said.
type model struct {
	people  map[string]*somebody
	lead    string
	lobby   bool
	locked  bool
	act     *asked
	step    uint64
	sockets []*peer
}

// somebody is a member of the model.
type somebody struct {
	key   string
	state state
}

// peer is a socket of the model; its id is "" for the owner and "screen" for a screen.
type peer struct {
	*socket
	id string
}

// asked is the act of the model.
type asked struct {
	id      int64
	kind    wire.ActKind
	phase   phase
	at      uint64 // when pins were closed
	named   bool
	earlier bool
	answers map[string]*wire.ActAnswer
}

func (a *asked) points() int {
	n := 0
	for _, one := range a.answers {
		n += len(one.Points)
	}
	return n
}

// members returns the ids of those in a state, sorted.
func (m *model) members(s state) []string {
	var ids []string
	for id, p := range m.people {
		if p.state == s {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// TestAgainstModel has random people send random messages, and compares what each is told with the model.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Fatalf("with seed %d", seed)
				}
			}()
			r := rand.New(rand.NewPCG(seed, 0))
			m := &model{people: map[string]*somebody{}}
			c := New(Options{Room: "r", Members: 6, Landscape: func(context.Context) (Landscape, error) { return ramp(m.step, float64(m.step), 0), nil }})
			m.sockets = []*peer{{watch(t, c, Who{Role: wire.Driver}), ""}, {watch(t, c, Who{Role: wire.Screen}), "screen"}}
			for range 80 {
				m.move(t, c, r)
				if r.IntN(4) == 0 {
					m.check(t, c)
				}
				if t.Failed() {
					return
				}
			}
			m.check(t, c)
		})
	}
}

// move does something at random, to the class and to the model.
func (m *model) move(t *testing.T, c *Class, r *rand.Rand) {
	pick := func(ids []string) string {
		if len(ids) == 0 || r.IntN(20) == 0 {
			return "nobody"
		}
		return ids[r.IntN(len(ids))]
	}
	owner := m.sockets[0]
	expect := func(what string, err error, want bool) {
		if (err == nil) != want {
			t.Errorf("%s: %v, want success %v", what, err, want)
		}
	}
	switch r.IntN(14) {
	case 0, 1:
		key, _, err := c.Join("")
		if codeOf(err) == sim.Limit {
			return
		}
		full := len(m.members(in))+len(m.members(waiting)) >= 6
		expect("join", err, !m.locked && !full)
		if err == nil {
			s := in
			if m.lobby {
				s = waiting
			}
			m.people[key[:8]] = &somebody{key, s}
		}
	case 2, 3:
		id := pick(m.members(state(r.IntN(3))))
		p := m.people[id]
		if p == nil {
			return
		}
		_, err := c.Member(p.key)
		expect("the key of a member", err, p.state == in)
		if err == nil {
			m.sockets = append(m.sockets, &peer{watch(t, c, Who{Member: id, Fork: r.IntN(3) == 0}), id})
		}
	case 4:
		if i := r.IntN(len(m.sockets)); i > 1 {
			m.sockets[i].Close()
			m.sockets = slices.Delete(m.sockets, i, i+1)
		}
	case 5:
		on := r.IntN(4) == 0
		expect("lock", owner.do(fmt.Sprintf(`{"people":{"lock":%v}}`, on)), true)
		m.locked = on
	case 6:
		id := pick(append(m.members(in), m.members(waiting)...))
		here := slices.ContainsFunc(m.sockets, func(s *peer) bool { return s.id == id })
		ok := m.people[id] != nil && m.people[id].state == in && here
		expect("hand", owner.do(`{"people":{"hand":"`+id+`"}}`), ok)
		if ok {
			m.lead = id
		}
	case 7:
		if r.IntN(3) > 0 {
			return
		}
		id := pick(append(m.members(in), m.members(waiting)...))
		ok := m.people[id] != nil
		expect("remove", owner.do(`{"people":{"remove":"`+id+`"}}`), ok)
		if ok {
			m.people[id].state = gone
			m.lobby = true
			if m.lead == id {
				m.lead = ""
			}
			if m.act != nil {
				delete(m.act.answers, id)
			}
			m.sockets = slices.DeleteFunc(m.sockets, func(s *peer) bool {
				if s.id == id {
					expect("a socket of who was removed", s.Err(), false)
				}
				return s.id == id
			})
		}
	case 8:
		id := pick(append(m.members(waiting), m.members(gone)...))
		p := m.people[id]
		ok := p != nil && (p.state == waiting || len(m.members(in))+len(m.members(waiting)) < 6)
		expect("approve", owner.do(`{"people":{"approve":"`+id+`"}}`), ok)
		if ok {
			p.state = in
		}
	case 9:
		if r.IntN(2) == 0 {
			m.step += uint64(r.IntN(2))
			return
		}
		m.start(owner, r, expect)
	case 10, 11:
		m.answer(m.sockets[r.IntN(len(m.sockets))], r, expect)
	default:
		m.command(owner, r, expect)
	}
}

func (m *model) start(owner *peer, r *rand.Rand, expect func(string, error, bool)) {
	kinds := []wire.ActKind{wire.Question, wire.Pins, wire.Drawing, wire.Marbles}
	s := wire.ActStart{Kind: kinds[r.IntN(4)], Text: "?"}
	ok := true
	if s.Kind == wire.Question {
		s.Choices = []string{"a", "b", "c"}
		if s.Again = r.IntN(2) == 0; s.Again {
			ok = m.act != nil && m.act.kind == wire.Question
		}
	}
	text, _ := json.Marshal(map[string]any{"act": wire.Act{Verb: "start", Start: &s}})
	expect("start", owner.do(string(text)), ok)
	if ok {
		id := int64(1)
		if n := owner.listen().Act; n != nil {
			id = n.ID
		}
		m.act = &asked{id: id, kind: s.Kind, phase: open, answers: map[string]*wire.ActAnswer{}, earlier: s.Again}
	}
}

func (m *model) answer(s *peer, r *rand.Rand, expect func(string, error, bool)) {
	if s.id == "screen" { // the caller of Do keeps it from answering
		return
	}
	a := &wire.ActAnswer{Act: 1}
	if m.act != nil {
		a.Act = m.act.id
	}
	if r.IntN(10) == 0 {
		a.Act += int64(1 + r.IntN(3))
	}
	points := []int{0, 1, 3, 4, 5, 6, 60}[r.IntN(7)]
	if m.act != nil && m.act.kind == wire.Question {
		points = 0
		if n := r.IntN(5); n < 4 {
			a.Choice = &n
		}
	}
	for i := range points {
		a.Points = append(a.Points, [2]float64{float64(r.IntN(30))/20 - .7, float64(i) / 100})
	}
	ok := m.act != nil && a.Act == m.act.id && m.act.phase == open
	if ok {
		k := m.act.kind
		limit := map[wire.ActKind]int{wire.Pins: 3, wire.Marbles: 5, wire.Drawing: 60}[k]
		ok = points <= limit && (a.Choice == nil || *a.Choice < 3) && (s.id != "" || k == wire.Drawing || k == wire.Marbles)
	}
	text, _ := json.Marshal(map[string]any{"act": wire.Act{Verb: "answer", Answer: a}})
	expect("answer", s.do(string(text)), ok)
	if ok {
		delete(m.act.answers, s.id)
		if a.Choice != nil || points > 0 {
			m.act.answers[s.id] = a
		}
	}
}

func (m *model) command(owner *peer, r *rand.Rand, expect func(string, error, bool)) {
	a := m.act
	if a == nil {
		a = &asked{}
	}
	always := a.kind == wire.Drawing || a.kind == wire.Marbles
	switch r.IntN(6) {
	case 0:
		ok := a.phase == open
		expect("close", owner.do(`{"act":{"close":true}}`), ok)
		if ok {
			a.phase, a.at = closed, m.step
		}
	case 1:
		ok := a.phase == closed
		expect("open", owner.do(`{"act":{"open":true}}`), ok)
		if ok {
			a.phase = open
		}
	case 2:
		expect("clear", owner.do(`{"act":{"clear":true}}`), always)
		if always {
			a.answers = map[string]*wire.ActAnswer{}
		}
	case 3, 4:
		ok := a.kind == wire.Question || a.kind == wire.Pins && (a.phase == revealed || a.phase == closed && m.step > a.at)
		named := r.IntN(2) == 0
		expect("reveal", owner.do(fmt.Sprintf(`{"act":{"reveal":{"names":%v}}}`, named)), ok)
		if ok {
			a.phase, a.named = revealed, named
		}
	default:
		if r.IntN(3) == 0 {
			expect("end", owner.do(`{"act":{"end":true}}`), m.act != nil)
			m.act = nil
		}
	}
}

// check compares what everybody is told with the model.
func (m *model) check(t *testing.T, c *Class) {
	for _, s := range m.sockets {
		s.listen()
		if got := len(m.members(in)); s.Banner.Members != got {
			t.Errorf("%d members, told %d", got, s.Banner.Members)
		}
		here := map[string]bool{}
		for _, other := range m.sockets[2:] {
			here[other.id] = true
		}
		if s.Banner.Here != len(here) || (s.Banner.Lead != "") != (m.lead != "") || s.Banner.Locked != m.locked {
			t.Errorf("%d are here, %q has the chalk; told %+v", len(here), m.lead, s.Banner)
		}
		if role := s.Role(); s.id == "" && role != wire.Driver || s.id == "screen" && role != wire.Screen || len(s.id) == 8 && (role == wire.Chalk) != (s.id == m.lead) {
			t.Errorf("the socket of %q is a %s", s.id, role)
		}
		m.checkPeople(t, s)
		if (s.Act == nil) != (m.act == nil) {
			t.Errorf("%q is told of %+v", s.id, s.Act)
		} else if m.act != nil {
			m.checkAct(t, s)
		}
	}
	for id, p := range m.people {
		if got, err := c.Member(p.key); (err == nil) != (p.state == in) || err == nil && got != id {
			t.Errorf("the key of %s, state %d: %v", id, p.state, err)
		}
	}
}

// checkPeople: the owner is told of all, others of themselves.
func (m *model) checkPeople(t *testing.T, s *peer) {
	want := []string{s.id}
	switch s.id {
	case "":
		want = append(m.members(in), m.members(waiting)...)
	case "screen":
		want = nil
	}
	var got []string
	for _, p := range s.People {
		got = append(got, p.ID)
		if p.Chalk != (p.ID == m.lead) || p.You != (s.id != "") || p.Answered && (s.id != "" || m.act == nil || m.act.answers[p.ID] == nil) {
			t.Errorf("%q is told %+v", s.id, p)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q is told of %v, want %v", s.id, got, want)
	}
}

// checkAct: nothing shows before its time, and what shows adds up.
func (m *model) checkAct(t *testing.T, s *peer) {
	a, got := m.act, s.Act
	owner := s.id == ""
	members := len(a.answers)
	if a.answers[""] != nil {
		members--
	}
	if got.ID != a.id || got.Phase != string(a.phase) || got.Answered != members {
		t.Errorf("%q is told %+v, want phase %s and %d answers", s.id, got, a.phase, members)
	}
	counts := a.kind == wire.Question && (a.phase == revealed || owner && a.phase == closed)
	sum := 0
	for _, n := range got.Counts {
		sum += n
	}
	if (got.Counts != nil) != counts || counts && sum != members || got.Earlier != nil && !(counts && a.earlier) {
		t.Errorf("%q is told the counts %v (earlier %v) in phase %s of %d answers", s.id, got.Counts, got.Earlier, a.phase, members)
	}
	inSight := a.kind == wire.Drawing || a.kind == wire.Marbles || a.kind == wire.Pins && a.phase != open
	if want := a.points(); inSight && len(got.Points) != want || !inSight && got.Points != nil {
		t.Errorf("%q is told %d points of %d in phase %s of %s", s.id, len(got.Points), want, a.phase, a.kind)
	}
	if got.Names != nil && !(a.phase == revealed && a.named) {
		t.Errorf("%q is told the names in phase %s", s.id, a.phase)
	}
	mine := a.answers[s.id]
	if s.id == "screen" {
		mine = nil
	}
	if (got.Mine != nil) != (mine != nil) {
		t.Errorf("%q is told the own answer %+v, want %+v", s.id, got.Mine, mine)
	} else if mine != nil && (len(got.Mine.Points) != len(mine.Points) || mine.Choice != nil && *got.Mine.Choice != *mine.Choice) {
		t.Errorf("%q is told the own answer %+v, want %+v", s.id, got.Mine, mine)
	}
	if got.Share != nil && a.phase != revealed {
		t.Errorf("%q is told the share %v in phase %s", s.id, got.Share, a.phase)
	}
}
