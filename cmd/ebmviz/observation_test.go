package main

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
	"ebmviz/sim"
	"ebmviz/sim/content"
)

// outcome is a trial at its end.
type outcome struct {
	numbers map[string]float64        // the scalars, as the page shows them, and "diverged" and "reach"
	report  func() map[string]float64 // what only the report has, made when it is asked for; nil if the run diverged

	run        *sim.Run
	checkpoint func() sim.Checkpoint
	model      ebm.Model // the run's in float64; nil if it diverged
}

// observation computes a number from a trained run. Each has the number of arguments that are
// listed with it.
type observation struct {
	args int
	of   func(o *outcome, arg []float64) float64
}

// observations are the numbers that symptoms and claims may name besides scalars and members of the
// report. Distances are to the nearest training point.
var observations = map[string]observation{
	// The landscape: the energy and the length of its gradient at a point, the difference of the
	// highest and the lowest energy, the highest, the energy that 95 % of the training points do
	// not exceed, the share of the plane that is lower than an energy, and the number of
	// separate regions below that of "level".
	"energy":  {2, func(o *outcome, y []float64) float64 { return o.energy(at(y)) }},
	"slope":   {2, func(o *outcome, y []float64) float64 { return r2.Norm(infer.Gradient(o.model, at(y))) }},
	"range":   {0, func(o *outcome, _ []float64) float64 { e := o.lattice(); return slices.Max(e) - slices.Min(e) }},
	"highest": {0, func(o *outcome, _ []float64) float64 { return slices.Max(o.lattice()) }},
	"level":   {0, func(o *outcome, _ []float64) float64 { return o.level() }},
	"below":   {1, func(o *outcome, e []float64) float64 { return o.shareBelow(e[0]) }},
	"valleys": {0, func(o *outcome, _ []float64) float64 { return o.valleys() }},

	// What the model says where y1 is known: the number of local minima of F over y2, the y2 of
	// the lowest, and what least squares predicts.
	"minima":     {1, func(o *outcome, y []float64) float64 { return float64(len(o.slice(y[0]).Minima)) }},
	"lowest":     {1, func(o *outcome, y []float64) float64 { s := o.slice(y[0]); return s.Other[argmin(s.F)] }},
	"regression": {1, func(o *outcome, y []float64) float64 { v, _ := infer.Regression(o.run.Points(), y[0]); return v }},

	// How far a point is from the data, the end of the descent from it, its reconstruction, and
	// the end of reconstructing again and again; how far the reconstruction is from the point, and
	// how fast it changes, on average over the data, when the point moves along and across them.
	"distance":    {2, func(o *outcome, y []float64) float64 { return o.distance(at(y)) }},
	"descent":     {2, func(o *outcome, y []float64) float64 { return o.distance(last(infer.Descend(o.model, at(y)))) }},
	"reconstruct": {2, func(o *outcome, y []float64) float64 { return o.distance(o.reconstruct(at(y))) }},
	"iterated": {2, func(o *outcome, y []float64) float64 {
		return o.distance(last(infer.Nearest(o.model, at(y), infer.Reconstruction)))
	}},
	"change_along":  {0, func(o *outcome, _ []float64) float64 { along, _ := o.change(); return along }},
	"change_across": {0, func(o *outcome, _ []float64) float64 { _, across := o.change(); return across }},
	"moved_by":      {2, func(o *outcome, y []float64) float64 { return r2.Norm(r2.Sub(o.reconstruct(at(y)), at(y))) }},

	// The last step: how many points were pushed up, how far from where they came from, how far
	// from the data and how high on average, and the share of them within a distance of the data;
	// how many points were pushed down.
	"ups": {0, func(o *outcome, _ []float64) float64 { return float64(len(o.ups())) }},
	"up_length": {0, func(o *outcome, _ []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return r2.Norm(r2.Sub(p.At, p.From)) })
	}},
	"up_distance": {0, func(o *outcome, _ []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return o.distance(p.At) })
	}},
	"up_energy": {0, func(o *outcome, _ []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return o.energy(p.At) })
	}},
	"downs": {0, func(o *outcome, _ []float64) float64 { return float64(len(o.run.Trace().Pushes) - len(o.ups())) }},
	"ups_within": {1, func(o *outcome, d []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return indicator(o.distance(p.At) < d[0]) })
	}},

	// The parts of the model, such as prototypes: how many there are, at how many of them the
	// energy is zero, the greatest distance of one from the data and from the mean of the data,
	// and the greatest difference of the energy from the squared distance to the nearest of them.
	"marks":         {0, func(o *outcome, _ []float64) float64 { return float64(len(o.marks())) }},
	"zeros":         {0, func(o *outcome, _ []float64) float64 { return o.zeros() }},
	"mark_distance": {0, func(o *outcome, _ []float64) float64 { return o.farthestMark() }},
	"mark_to_mean":  {0, func(o *outcome, _ []float64) float64 { return o.farthestFromMean() }},
	"not_quadratic": {0, func(o *outcome, _ []float64) float64 { return o.notQuadratic() }},

	// Places without data: the mean energy at a distance from the skeleton of the data, how far
	// the lowest place is from the data, the least energy on a segment, the share of the density
	// e^{-F/T} that is farther from the skeleton than a distance, and the share of descents, from
	// all over the plane, that end there.
	"energy_at": {1, func(o *outcome, d []float64) float64 { return o.energyAt(d[0]) }},
	"deepest":   {0, func(o *outcome, _ []float64) float64 { return o.distance(nodes()[argmin(o.lattice())]) }},
	"least":     {4, func(o *outcome, y []float64) float64 { return o.least(at(y), at(y[2:])) }},
	"beyond":    {2, func(o *outcome, v []float64) float64 { return o.beyond(v[0], v[1]) }},
	"strays":    {1, func(o *outcome, d []float64) float64 { return o.strays(d[0]) }},

	// The answers: how many high peaks the density of y2 has where y1 is known, how far apart the
	// reconstructions of two points are, and the ends of the two paths from one point to the manifold.
	"peaks": {1, func(o *outcome, y []float64) float64 { return o.peaks(y[0]) }},
	"answers_apart": {4, func(o *outcome, y []float64) float64 {
		return r2.Norm(r2.Sub(o.reconstruct(at(y)), o.reconstruct(at(y[2:]))))
	}},
	"paths_apart": {2, func(o *outcome, y []float64) float64 { return o.pathsApart(at(y)) }},

	// The chains: the share of persistent ones within a distance of the skeleton, and by how much
	// the energy falls on the way from a perturbed point.
	"chains_within": {1, func(o *outcome, d []float64) float64 {
		return o.within(o.run.Model().(ebm.Particler).Particles(nil), d[0])
	}},
	"fall": {0, func(o *outcome, _ []float64) float64 { return o.fall() }},
}

// observationName is a name, with arguments or without.
var observationName = regexp.MustCompile(`^([a-z_][a-z0-9_]*)(?:\(([-0-9., ]+)\))?$`)

// number returns a number of the trial: a term, or the difference or ratio of two.
func (o *outcome) number(name string) (float64, error) {
	for _, op := range []string{" - ", " / "} {
		if a, b, ok := strings.Cut(name, op); ok {
			x, err := o.number(a)
			if err != nil {
				return 0, err
			}
			y, err := o.number(b)
			if op == " - " {
				return x - y, err
			}
			return x / y, err
		}
	}
	if v, err := strconv.ParseFloat(name, 64); err == nil {
		return v, nil
	}
	if v, ok := o.numbers[name]; ok {
		return v, nil
	}
	if scalar, step, ok := strings.Cut(name, "@"); ok { // at an earlier step
		return o.earlier(scalar, step)
	}
	if parts := observationName.FindStringSubmatch(name); parts != nil && o.model != nil {
		what, ok := observations[parts[1]]
		var args []float64
		for text := range strings.SplitSeq(parts[2], ",") {
			if v, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
				args = append(args, v)
			}
		}
		if ok && len(args) == what.args {
			return what.of(o, args), nil
		}
		if v, ok := o.report()[name]; ok {
			return v, nil
		}
	}
	return 0, fmt.Errorf("there is no number %q", name)
}

func at(y []float64) r2.Vec { return r2.Vec{X: y[0], Y: y[1]} }

func last(path []r2.Vec) r2.Vec { return path[len(path)-1] }

func (o *outcome) energy(y r2.Vec) float64 {
	var e [1]float64
	o.model.Energy(e[:], []r2.Vec{y})
	return e[0]
}

// earlier returns a scalar of an earlier step.
func (o *outcome) earlier(scalar, step string) (float64, error) {
	h := o.run.History()
	n, err := strconv.ParseUint(step, 10, 64)
	i, j := slices.Index(h.Names, scalar), slices.Index(h.Steps, n)
	if err != nil || i < 0 || j < 0 {
		return 0, fmt.Errorf("the history has no %q at step %s", scalar, step)
	}
	return h.Values[i][j], nil
}

// lattice returns the energies of a lattice over the box, row by row.
func (o *outcome) lattice() []float64 {
	y := nodes()
	e := make([]float64, len(y))
	o.model.Energy(e, y)
	return e
}

// nodes returns the middles of the cells of the lattice.
func nodes() []r2.Vec {
	y := make([]r2.Vec, latticeSide*latticeSide)
	for i := range y {
		y[i] = r2.Vec{X: middle(i % latticeSide), Y: middle(i / latticeSide)}
	}
	return y
}

const latticeSide = 100

// middle returns a coordinate of the middle of a cell of the lattice.
func middle(i int) float64 { return ebm.L * ((2*float64(i)+1)/latticeSide - 1) }

// level returns the energy that 95 % of the training points do not exceed.
func (o *outcome) level() float64 {
	e := make([]float64, len(o.run.Points()))
	o.model.Energy(e, o.run.Points())
	slices.Sort(e)
	return e[len(e)*95/100]
}

// shareBelow returns the share of the box that has less energy.
func (o *outcome) shareBelow(energy float64) (share float64) {
	e := o.lattice()
	for _, v := range e {
		share += indicator(v < energy) / float64(len(e))
	}
	return share
}

// valleys counts the connected parts of the region that lies as low as 95 % of the training points,
// without those of fewer than ten nodes of the lattice.
func (o *outcome) valleys() float64 {
	level := o.level()
	low := make([]bool, 0, latticeSide*latticeSide)
	for _, e := range o.lattice() {
		low = append(low, e <= level)
	}
	count := 0
	for i := range low {
		if fill(low, i) >= 10 {
			count++
		}
	}
	return float64(count)
}

// fill clears the part of the region that node i is in, and returns its size.
func fill(region []bool, i int) (size int) {
	for open := []int{i}; len(open) > 0; {
		i := open[len(open)-1]
		open = open[:len(open)-1]
		if !region[i] {
			continue
		}
		region[i] = false
		size++
		for _, next := range []struct {
			ok bool
			at int
		}{{i%latticeSide > 0, i - 1}, {i%latticeSide < latticeSide-1, i + 1}, {i >= latticeSide, i - latticeSide}, {i < len(region)-latticeSide, i + latticeSide}} {
			if next.ok {
				open = append(open, next.at)
			}
		}
	}
	return size
}

func (o *outcome) slice(y1 float64) infer.Slice { return infer.Given(o.model, infer.Y1, y1, 1) }

func argmin(x []float64) int { return slices.Index(x, slices.Min(x)) }

// distance returns how far the nearest training point is.
func (o *outcome) distance(y r2.Vec) float64 {
	d := math.Inf(1)
	for _, p := range o.run.Points() {
		d = min(d, r2.Norm(r2.Sub(p, y)))
	}
	return d
}

// reconstruct returns the model's point for y, NaN if it has none.
func (o *outcome) reconstruct(y r2.Vec) r2.Vec {
	if m, ok := o.model.(ebm.Reconstructer); ok {
		return infer.Reconstruct(m, y)
	}
	return r2.Vec{X: math.NaN(), Y: math.NaN()}
}

// change returns the mean length of the derivative of the reconstruction along the data and across
// them, at every tenth training point. Along is the direction in which the points within 0.15 vary
// most.
func (o *outcome) change() (along, across float64) {
	points := o.run.Points()
	n := 0.
	for i := 0; i < len(points); i += 10 {
		y := points[i]
		var xx, xy, yy float64
		for _, p := range points {
			if d := r2.Sub(p, y); r2.Norm(d) < 0.15 {
				xx, xy, yy = xx+d.X*d.X, xy+d.X*d.Y, yy+d.Y*d.Y
			}
		}
		sin, cos := math.Sincos(math.Atan2(2*xy, xx-yy) / 2)
		along += o.derivative(y, r2.Vec{X: cos, Y: sin})
		across += o.derivative(y, r2.Vec{X: -sin, Y: cos})
		n++
	}
	return along / n, across / n
}

// derivative returns the length of the derivative of the reconstruction in a direction.
func (o *outcome) derivative(y, direction r2.Vec) float64 {
	step := r2.Scale(1e-4, direction)
	return r2.Norm(r2.Sub(o.reconstruct(r2.Add(y, step)), o.reconstruct(r2.Sub(y, step)))) / 2e-4
}

// ups returns the points that the last step pushed up.
func (o *outcome) ups() []ebm.Push {
	return slices.DeleteFunc(slices.Clone(o.run.Trace().Pushes), func(p ebm.Push) bool { return p.Amount <= 0 })
}

// meanOf is the mean of a number of the pushes, weighted by their amounts.
func meanOf(pushes []ebm.Push, of func(ebm.Push) float64) float64 {
	var sum, weights float64
	for _, p := range pushes {
		sum += p.Amount * of(p)
		weights += p.Amount
	}
	return sum / weights
}

func indicator(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func (o *outcome) marks() []ebm.Mark {
	if m, ok := o.model.(ebm.Marker); ok {
		return m.Marks(nil)
	}
	return nil
}

func (o *outcome) zeros() (count float64) {
	for _, m := range o.marks() {
		count += indicator(o.energy(m.At) < 1e-9)
	}
	return count
}

func (o *outcome) farthestMark() (far float64) {
	for _, m := range o.marks() {
		far = max(far, o.distance(m.At))
	}
	return far
}

func (o *outcome) farthestFromMean() (far float64) {
	var sum r2.Vec
	for _, p := range o.run.Points() {
		sum = r2.Add(sum, p)
	}
	for _, m := range o.marks() {
		far = max(far, r2.Norm(r2.Sub(m.At, r2.Scale(1/float64(len(o.run.Points())), sum))))
	}
	return far
}

func (o *outcome) notQuadratic() (worst float64) {
	e, marks := o.lattice(), o.marks()
	for i, y := range nodes() {
		d := math.Inf(1)
		for _, m := range marks {
			d = min(d, r2.Norm2(r2.Sub(y, m.At)))
		}
		worst = max(worst, math.Abs(e[i]-d))
	}
	return worst
}

// TestObservations: one prototype in the middle of a circle has the energy |y - w|², and the noise of
// a denoising autoencoder a known mean length.
func TestObservations(t *testing.T) {
	bowl := content.Trial{Open: sim.Config{Model: "kmeans", Data: "circle", Seed: 1, Knobs: map[string]any{"k": 1, "update": "lloyd"}}, Steps: 5}
	line := content.Trial{Open: sim.Config{Model: "pca", Data: "custom", Seed: 1}, Steps: 100}
	for i := range 20 {
		line.Open.Points = append(line.Open.Points, r2.Vec{X: float64(i-10) / 10, Y: float64(i-10) / 20})
	}
	noise := content.Trial{Open: sim.Config{Model: "dae", Data: "circle", Seed: 1, Knobs: map[string]any{"sigma": 0.2, "batch": 512}}, Steps: 1}
	chains := content.Trial{Open: sim.Config{Model: "pcd", Data: "circle", Seed: 1, Knobs: map[string]any{"chain": 1, "chains": 1024}}, Steps: 1}
	rolls := content.Trial{Open: sim.Config{Model: "cd", Data: "circle", Seed: 1, Knobs: map[string]any{"chain": 1, "eta": 1e-5}}, Steps: 1}
	for _, c := range []struct {
		trial content.Trial
		name  string
		want  float64
	}{
		{bowl, "energy(1, 0)", 1}, {bowl, "slope(0.5, 0)", 1}, {bowl, "range", 2 * 1.485 * 1.485}, {bowl, "highest", 2 * 1.485 * 1.485},
		{bowl, "valleys", 1}, {bowl, "minima(0.7)", 1}, {bowl, "lowest(0.7)", 0}, {bowl, "regression(0.7)", 0},
		{bowl, "distance(0, -0.5)", 0.4}, {bowl, "descent(1, 0.5)", 0.85}, {bowl, "reconstruct(1, 0)", 0.85}, {bowl, "iterated(1, 0)", 0.85}, {bowl, "moved_by(1, 0)", 1}, {bowl, "change_along", 0}, {line, "change_along", 1}, {line, "change_across", 0},
		{bowl, "level / 1.2", 1}, {bowl, "below(0.25)", math.Pi / 36}, {bowl, "not_quadratic", 0}, {bowl, "marks", 1}, {bowl, "zeros", 1}, {bowl, "mark_distance", 0.85}, {bowl, "mark_to_mean", 0}, {bowl, "ups", 0}, {bowl, "downs", 500},
		{bowl, "marks - 3", -2}, {bowl, "marks / 4", 0.25}, {bowl, "energy(1, 0) - energy(0, -1)", 0},
		{bowl, "energy_at(0.5)", 1.75}, {bowl, "deepest", 0.85}, {bowl, "least(-1, 0.5, 1, 0.5)", 0.25}, {bowl, "beyond(0.5, 1)", 0.28}, {bowl, "strays(0.5)", 1},
		{bowl, "peaks(0.7)", 1}, {bowl, "answers_apart(1, 0, -1, 0)", 0}, {bowl, "paths_apart(1, 0.5)", 0}, {bowl, "loss@5 - loss", 0}, {bowl, "reach", 0},
		{chains, "chains_within(0.5)", 0.7}, {rolls, "fall", 0}, {noise, "reach", 0.2 * math.Sqrt(2*math.Log(512))},
		{noise, "ups", 512}, {noise, "downs", 512}, {noise, "up_length", 0.2 * math.Sqrt(math.Pi/2)}, {noise, "ups_within(1)", 1}, {noise, "ups_within(0.01) - 0.1", 0},
	} {
		o, err := play(c.trial)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := o.number(c.name); err != nil || !(math.Abs(got-c.want) < 0.1) {
			t.Errorf("%s is %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	o, _ := play(bowl)
	for _, name := range []string{"height", "energy(1)", "valleys(2)", "energy(", "1 - height", "auc()", "loss@6", "height@1"} {
		if v, err := o.number(name); err == nil {
			t.Errorf("%q is %v", name, v)
		}
	}
}

// TestObservationsAreUsed: each is named by a lesson or an exhibit.
func TestObservationsAreUsed(t *testing.T) {
	var text strings.Builder
	if err := json.NewEncoder(&text).Encode([]any{content.Lessons(), content.Exhibits()}); err != nil {
		t.Fatal(err)
	}
	bound := strings.Join(regexp.MustCompile(`"[^"]+":\{"(above|below)"`).FindAllString(text.String(), -1), "")
	for name := range observations {
		if !regexp.MustCompile(`\b` + name + `\b`).MatchString(bound) {
			t.Errorf("nothing names %s", name)
		}
	}
}
