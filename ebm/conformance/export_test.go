package conformance

import "ebmviz/ebm"

// RaceDetector says that allocations cannot be counted.
const RaceDetector = raceDetector

// Checks returns the names of all checks.
func Checks() []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.name
	}
	return names
}

// Check runs one of them.
func Check(name string, card ebm.Card) error {
	for _, c := range checks {
		if c.name == name {
			return c.check(card)
		}
	}
	panic("no check " + name)
}
