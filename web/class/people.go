package class

import (
	"time"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// people does one thing with the people of the class. The lock is held.
func (f *Feed) people(p wire.People) error {
	c := f.class
	switch p.Verb {
	case "lock":
		c.locked = p.On
	case "lobby":
		c.lobby = p.On
	case "names":
		c.renaming = p.On
	case "pause":
		c.rules.Paused = p.On
	case "between":
		c.rules.Between = p.Between
	case "back":
		c.giveChalk(nil)
	case "hand":
		return c.hand(p.Member)
	case "gather":
		c.gather()
	case "approve":
		return c.approve(p.Member)
	case "remove":
		return c.remove(p.Member)
	case "name":
		return f.rename(p.Name)
	case "follow":
		f.follow(p.On)
		return nil
	}
	c.change(banner, true)
	return nil
}

// giveChalk makes a member the one who has the chalk, or nobody. The lock is held.
func (c *Class) giveChalk(to *member) {
	before := c.lead
	c.lead = to
	for _, m := range []*member{before, to} {
		if m != nil {
			c.changePerson(m, true)
		}
	}
	c.change(banner, true)
}

func (c *Class) hand(id string) error {
	m := c.members[id]
	switch {
	case m == nil || m.state != in:
		return errMember
	case len(m.feeds) == 0:
		return sim.Errorf(sim.BadValue, "%s is away; only a member who is here can lead", m.name)
	}
	c.giveChalk(m)
	return nil
}

func (c *Class) gather() {
	c.gathered++
	for _, m := range c.order {
		before := m.where()
		m.detached = false
		for _, f := range m.feeds {
			f.forked = false
		}
		if m.where() != before {
			c.changePerson(m, true)
		}
	}
}

// approve lets a member in who waits or was removed, or all who wait.
func (c *Class) approve(id string) error {
	if id == everybody {
		for _, m := range c.order {
			if m.state == waiting {
				m.state = in
			}
		}
		c.change(banner, true)
		c.change(people, true)
		return nil
	}
	m := c.members[id]
	if m == nil {
		return errMember
	}
	if m.state == gone {
		if len(c.order) >= c.options.Members && !c.makePlace(time.Now()) {
			return errFull
		}
		if c.names[nameKey(m.name)] {
			m.name = c.madeUpName()
		}
		c.names[nameKey(m.name)] = true
		c.order = append(c.order, m)
		for i, other := range c.removed {
			if other == id {
				c.removed = append(c.removed[:i], c.removed[i+1:]...)
				break
			}
		}
	}
	m.state, m.last = in, time.Now()
	c.change(banner, true)
	c.change(people, true)
	return nil
}

// remove removes a member. From now on, new members wait.
func (c *Class) remove(id string) error {
	m := c.members[id]
	if m == nil || m.state == gone {
		return errMember
	}
	m.state = gone
	c.lobby = true
	for _, f := range m.feeds {
		f.end(errRemoved)
		delete(c.feeds, f)
	}
	m.feeds, m.fork, m.index = nil, "", -1
	c.drop(m)
	if c.removed = append(c.removed, id); len(c.removed) > maxRemoved {
		delete(c.members, c.removed[0])
		c.removed = c.removed[1:]
	}
	return nil
}

func (f *Feed) rename(name string) error {
	c, m := f.class, f.member
	switch {
	case m == nil:
		return sim.Errorf(NameError, "only members of the class have a name")
	case !c.renaming:
		return sim.Errorf(NameError, "the teacher has not allowed changing names")
	}
	chosen, err := c.chooseName(name, m.name)
	if err != nil {
		return err
	}
	delete(c.names, nameKey(m.name))
	c.names[nameKey(chosen)] = true
	m.name = chosen
	c.changePerson(m, true)
	if c.lead == m {
		c.change(banner, true)
	}
	if c.act != nil && c.act.reveal.Names {
		c.change(acts, false)
	}
	return nil
}

func (f *Feed) follow(on bool) {
	m := f.member
	if m == nil || m.detached == !on && (!on || !f.forked) {
		return
	}
	m.detached = !on
	if on {
		f.forked = false
	}
	f.class.changePerson(m, false)
}

// where says where a member is.
func (m *member) where() string {
	switch {
	case m.state == waiting:
		return "lobby"
	case len(m.feeds) == 0:
		return "away"
	case m.feeds[len(m.feeds)-1].forked:
		return "forked"
	case m.detached:
		return "detached"
	}
	return "following"
}

// person is what is told of a member.
type person struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Where    string `json:"where"`
	Chalk    bool   `json:"chalk,omitempty"`
	Room     string `json:"room,omitempty"`
	Index    *int   `json:"index,omitempty"`
	Answered bool   `json:"answered,omitempty"`
	You      bool   `json:"you,omitempty"`
}

func (c *Class) person(m *member) person {
	p := person{ID: m.id, Name: m.name, Where: m.where(), Chalk: c.lead == m, Room: m.fork}
	if m.index >= 0 {
		p.Index = &m.index
	}
	if c.act != nil {
		p.Answered = c.act.answers[m.id] != nil
	}
	return p
}
