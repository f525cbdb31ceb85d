package session

import (
	"slices"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// maxJournal and maxJournalNumbers bound the entries of a journal, and the coordinates, groups and
// parameters in them. Beyond, the older half is dropped.
const maxJournal, maxJournalNumbers = 20_000, 2_000_000

// journal is the commands that a session has carried out, in order. Its entries never change.
type journal struct {
	entries []wire.JournalEntry
	numbers int
}

func (j *journal) add(e wire.JournalEntry) {
	j.entries = append(j.entries, e)
	j.numbers += numbersOf(e.Command)
	if len(j.entries) <= maxJournal && j.numbers <= maxJournalNumbers {
		return
	}
	j.entries = slices.Clone(j.entries[(len(j.entries)+1)/2:])
	j.numbers = 0
	for _, e := range j.entries {
		j.numbers += numbersOf(e.Command)
	}
}

// numbersOf returns how many coordinates and parameters a command has, with the memory of groups and
// moves as numbers of 8 bytes.
func numbersOf(c wire.Command) int {
	switch c := c.(type) {
	case wire.Load:
		return numbersIn(c.Checkpoint)
	case wire.Open:
		return 2*len(c.Config.Points) + c.Config.Bytes()/8 + 8*len(c.Config.Moves)
	case wire.SetPoints:
		return 2*len(c.Points) + c.Bytes()/8
	}
	return 0
}

func numbersIn(c sim.Checkpoint) int {
	n := 2*len(c.Points) + c.Bytes()/8
	for _, tensors := range []map[string]ebm.Tensor{c.Params, c.Train} {
		for _, t := range tensors {
			n += len(t.Values)
		}
	}
	if c.Past == nil {
		return n
	}
	if o := c.Past.Opening; o.Checkpoint != nil {
		n += numbersIn(*o.Checkpoint)
	} else {
		n += 2*len(o.Config.Points) + o.Config.Bytes()/8
	}
	for _, e := range c.Past.Entries {
		n += 2*len(e.Points) + e.Bytes()/8
	}
	return n
}
