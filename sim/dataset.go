package sim

import (
	"maps"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// customData is the dataset of points that a user gives, pointsKnob the knob that says how many of
// them are used.
const (
	customData = "custom"
	pointsKnob = "data.n"
)

// dataset is a dataset at certain values of its knobs. It never changes: a knob that is set
// makes another dataset.
type dataset struct {
	card       data.Card
	set        data.Set
	knobs      *ebm.Knobs
	points     []r2.Vec
	given      []r2.Vec // the points of the dataset "custom"
	givenInfo  PointsInfo
	pointsID   string     // the [PointsID] of given
	info       PointsInfo // of points
	generation uint32     // its number; those before it have lower ones
	oracle     *oracle    // nil until something is measured
}

// newDataset draws the points of a dataset at these values of its knobs.
func newDataset(id string, given []r2.Vec, info PointsInfo, values map[string]any, generation uint32) (*dataset, error) {
	card, err := data.Lookup(id)
	if err != nil {
		return nil, &Error{UnknownDataset, err.Error()}
	}
	d := &dataset{card: card, generation: generation, knobs: ebm.NewKnobs(id), set: card.New()}
	var custom *data.Custom
	if id == customData {
		if err := CheckPoints(given, info); err != nil {
			return nil, err
		}
		custom = data.NewCustom(given)
		d.set, d.given, d.givenInfo, d.pointsID = custom, given, info, PointsID(given)
	}
	d.set.Knobs(d.knobs)
	if err := setAll(d.knobs, values); err != nil {
		return nil, err
	}
	d.points = d.set.Points()
	if custom != nil {
		d.info = info.of(custom.Chosen())
	}
	return d, nil
}

// with returns the dataset after a change: with one knob set, or with other points of a user.
func (d *dataset) with(c Change, generation uint32) (*dataset, error) {
	values := d.knobs.Values()
	if c.Points != nil {
		if d.card.ID != customData {
			values = nil
		}
		delete(values, pointsKnob) // use all of them
		return newDataset(customData, c.Points, c.PointsInfo, values, generation)
	}
	if _, err := d.knobs.Lookup(c.Knob); err != nil {
		return nil, &Error{UnknownKnob, err.Error()}
	}
	values[c.Knob] = c.Value
	return newDataset(d.card.ID, d.given, d.givenInfo, values, generation)
}

// copy draws the same dataset again. A dataset gathers what is measured on it, so two runs that
// run at the same time must not share one.
func (d *dataset) copy() (*dataset, error) {
	return newDataset(d.card.ID, d.given, d.givenInfo, d.knobs.Values(), d.generation)
}

// equal reports whether two datasets have the same points, with the same axes and groups, and the same
// knobs.
func (d *dataset) equal(other *dataset) bool {
	return d.card.ID == other.card.ID && d.pointsID == other.pointsID && d.givenInfo.equal(other.givenInfo) && maps.Equal(d.knobs.Values(), other.knobs.Values())
}

// CheckPoints refuses points that no model can learn from, and what cannot go with them.
func CheckPoints(given []r2.Vec, info PointsInfo) error {
	switch {
	case len(given) == 0:
		return Errorf(BadValue, "the dataset custom has no points yet")
	case len(given) > data.MaxPoints:
		return Errorf(Limit, "%d points are more than the %d that are allowed", len(given), data.MaxPoints)
	}
	for i, y := range given {
		if !finite(y.X) || !finite(y.Y) {
			return Errorf(BadValue, "point %d is not finite", i+1)
		}
	}
	if n := data.Outside(given); n > 0 {
		return OutsideError(n, len(given))
	}
	return info.check(len(given))
}

// OutsideError says how many of the points lie outside the box.
func OutsideError(outside, all int) *Error {
	return Errorf(BadValue, "%d of %d points lie outside the box from %v to %v; fit them first", outside, all, -ebm.L, ebm.L)
}
