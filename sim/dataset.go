package sim

import (
	"maps"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
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
	points     []r2.Vec // the model is trained on
	used       []r2.Vec // points, and those held out, in their order
	held       []int    // which of used are held out
	trainOnAll bool     // no point is held out
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
	d.used = d.set.Points()
	d.split()
	if custom != nil {
		d.info = info.of(custom.Chosen())
	}
	return d, nil
}

// split holds out a part of a user's points. Other data need none: they are measured on fresh
// samples.
func (d *dataset) split() {
	d.points, d.held = d.used, nil
	if c, ok := d.set.(*data.Custom); ok && !d.trainOnAll {
		d.held = c.Held()
	}
	if d.held == nil {
		return
	}
	d.points = make([]r2.Vec, 0, len(d.used)-len(d.held))
	from := 0
	for _, i := range d.held {
		d.points = append(d.points, d.used[from:i]...)
		from = i + 1
	}
	d.points = append(d.points, d.used[from:]...)
}

// useAll has the model trained on all points, as a checkpoint was whose model has seen all of them.
func (d *dataset) useAll() {
	d.trainOnAll = true
	d.split()
}

// testSet returns what the model is measured on.
func (d *dataset) testSet() measure.TestSet {
	switch {
	case d.card.ID != customData:
		return measure.FreshSamples
	case d.held == nil:
		return measure.TrainingPoints
	}
	return measure.HeldOutPoints
}

// newSuite returns the measures of the dataset. set is its set, or stands in for it.
func (d *dataset) newSuite(set data.Set) *measure.Suite {
	on := d.testSet()
	switch on {
	case measure.FreshSamples:
		return measure.NewSuite(set)
	case measure.TrainingPoints:
		return measure.NewSuiteOn(d.points, on)
	}
	test := make([]r2.Vec, len(d.held))
	for i, j := range d.held {
		test[i] = d.used[j]
	}
	return measure.NewSuiteOn(test, on)
}

// with returns the dataset after a change at a step: with one knob set, or with other points of a user.
// A model that has been trained on all points goes on so: it may have seen those that would be held out.
func (d *dataset) with(c Change, step uint64, generation uint32) (*dataset, error) {
	next, err := d.change(c, generation)
	if err == nil && next.card.ID == customData && step > 0 && d.held == nil {
		next.useAll()
	}
	return next, err
}

func (d *dataset) change(c Change, generation uint32) (*dataset, error) {
	values := d.knobs.Values()
	if c.Points != nil {
		if d.card.ID != customData {
			values = nil
		}
		delete(values, pointsKnob) // use all of them
		return d.another(customData, c.Points, c.PointsInfo, values, generation)
	}
	if _, err := d.knobs.Lookup(c.Knob); err != nil {
		return nil, &Error{UnknownKnob, err.Error()}
	}
	values[c.Knob] = c.Value
	return d.another(d.card.ID, d.given, d.givenInfo, values, generation)
}

// another returns a dataset that the model of this one goes on with.
func (d *dataset) another(id string, given []r2.Vec, info PointsInfo, values map[string]any, generation uint32) (*dataset, error) {
	next, err := newDataset(id, given, info, values, generation)
	if err == nil && d.trainOnAll {
		next.useAll()
	}
	return next, err
}

// copy returns the same dataset with a set of its own, which two runs that run at the same time must
// not share. What never changes is shared.
func (d *dataset) copy() (*dataset, error) {
	next, err := d.another(d.card.ID, d.given, d.givenInfo, d.knobs.Values(), d.generation)
	if err == nil {
		next.used, next.points, next.held, next.info = d.used, d.points, d.held, d.info
	}
	return next, err
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
