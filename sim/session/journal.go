package session

import (
	"slices"

	"ebmviz/sim/wire"
)

// maxJournal and maxJournalPoints bound the entries of a journal and the points in them. Beyond,
// the older half is dropped.
const maxJournal, maxJournalPoints = 20_000, 1_000_000

// journal is the commands that a session has carried out, in order. Its entries never change.
type journal struct {
	entries []wire.JournalEntry
	points  int
}

func (j *journal) add(e wire.JournalEntry) {
	j.entries = append(j.entries, e)
	j.points += len(wire.PointsOf(e.Command))
	if len(j.entries) <= maxJournal && j.points <= maxJournalPoints {
		return
	}
	j.entries = slices.Clone(j.entries[(len(j.entries)+1)/2:])
	j.points = 0
	for _, e := range j.entries {
		j.points += len(wire.PointsOf(e.Command))
	}
}
