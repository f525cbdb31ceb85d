package trial

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
)

// observation computes a number from a trained run. Each has the number of arguments that are
// listed with it.
type observation struct {
	args int
	of   func(o *Outcome, arg []float64) float64
}

// observations are the numbers that bounds may name besides scalars and members of the
// report. Distances are to the nearest training point.
var observations = map[string]observation{
	// The landscape: the energy and the length of its gradient at a point, the difference of the
	// highest and the lowest energy, the highest, the energy that 95 % of the training points do
	// not exceed, the share of the plane that is lower than an energy, and the number of
	// separate regions below that of "level".
	"energy":  {2, func(o *Outcome, y []float64) float64 { return o.energy(at(y)) }},
	"slope":   {2, func(o *Outcome, y []float64) float64 { return r2.Norm(infer.Gradient(o.model, at(y))) }},
	"range":   {0, func(o *Outcome, _ []float64) float64 { e := o.lattice(); return slices.Max(e) - slices.Min(e) }},
	"highest": {0, func(o *Outcome, _ []float64) float64 { return slices.Max(o.lattice()) }},
	"level":   {0, func(o *Outcome, _ []float64) float64 { return o.level() }},
	"below":   {1, func(o *Outcome, e []float64) float64 { return o.shareBelow(e[0]) }},
	"valleys": {0, func(o *Outcome, _ []float64) float64 { return o.valleys() }},

	// What the model says where y1 is known: the number of local minima of F over y2, the y2 of
	// the lowest, and what least squares predicts.
	"minima":     {1, func(o *Outcome, y []float64) float64 { return float64(len(o.slice(y[0]).Minima)) }},
	"lowest":     {1, func(o *Outcome, y []float64) float64 { s := o.slice(y[0]); return s.Other[argmin(s.F)] }},
	"regression": {1, func(o *Outcome, y []float64) float64 { v, _ := infer.Regression(o.run.Points(), y[0]); return v }},

	// How far a point is from the data, the end of the descent from it, its reconstruction, and
	// the end of reconstructing again and again; how far the reconstruction is from the point, and
	// how fast it changes, on average over the data, when the point moves along and across them.
	"distance":    {2, func(o *Outcome, y []float64) float64 { return o.distance(at(y)) }},
	"descent":     {2, func(o *Outcome, y []float64) float64 { return o.distance(last(infer.Descend(o.model, at(y)))) }},
	"reconstruct": {2, func(o *Outcome, y []float64) float64 { return o.distance(o.reconstruct(at(y))) }},
	"iterated": {2, func(o *Outcome, y []float64) float64 {
		return o.distance(last(infer.Nearest(o.model, at(y), infer.Reconstruction)))
	}},
	"change_along":  {0, func(o *Outcome, _ []float64) float64 { along, _ := o.change(); return along }},
	"change_across": {0, func(o *Outcome, _ []float64) float64 { _, across := o.change(); return across }},
	"moved_by":      {2, func(o *Outcome, y []float64) float64 { return r2.Norm(r2.Sub(o.reconstruct(at(y)), at(y))) }},

	// The last step: how many points were pushed up, how far from where they came from, how far
	// from the data and how high on average, and the share of them within a distance of the data;
	// how many points were pushed down.
	"ups": {0, func(o *Outcome, _ []float64) float64 { return float64(len(o.ups())) }},
	"up_length": {0, func(o *Outcome, _ []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return r2.Norm(r2.Sub(p.At, p.From)) })
	}},
	"up_distance": {0, func(o *Outcome, _ []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return o.distance(p.At) })
	}},
	"up_energy": {0, func(o *Outcome, _ []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return o.energy(p.At) })
	}},
	"downs": {0, func(o *Outcome, _ []float64) float64 { return float64(len(o.run.Trace().Pushes) - len(o.ups())) }},
	"ups_within": {1, func(o *Outcome, d []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return indicator(o.distance(p.At) < d[0]) })
	}},

	// The share of the points pushed up that are within a distance of a place, and the same of
	// those that came from one training point, the nearest to a first place.
	"ups_near": {3, func(o *Outcome, y []float64) float64 {
		return meanOf(o.ups(), func(p ebm.Push) float64 { return indicator(r2.Norm(r2.Sub(p.At, at(y))) < y[2]) })
	}},
	"ups_from_near": {5, func(o *Outcome, y []float64) float64 {
		return meanOf(o.upsFrom(at(y)), func(p ebm.Push) float64 { return indicator(r2.Norm(r2.Sub(p.At, at(y[2:]))) < y[4]) })
	}},

	// The parts of the model, such as prototypes: how many there are, at how many of them the
	// energy is zero, the greatest distance of one from the data and from the mean of the data,
	// and the greatest difference of the energy from the squared distance to the nearest of them.
	"marks":         {0, func(o *Outcome, _ []float64) float64 { return float64(len(o.marks())) }},
	"zeros":         {0, func(o *Outcome, _ []float64) float64 { return o.zeros() }},
	"mark_distance": {0, func(o *Outcome, _ []float64) float64 { return o.farthestMark() }},
	"mark_to_mean":  {0, func(o *Outcome, _ []float64) float64 { return o.farthestFromMean() }},
	"not_quadratic": {0, func(o *Outcome, _ []float64) float64 { return o.notQuadratic() }},

	// Places without data: the mean energy at a distance from the skeleton of the data, how far
	// the lowest place is from the data, the least energy on a segment, the share of the density
	// e^{-F/T} that is farther from the skeleton than a distance, and the share of descents, from
	// all over the plane, that end there.
	"energy_at": {1, func(o *Outcome, d []float64) float64 { return o.energyAt(d[0]) }},
	"deepest":   {0, func(o *Outcome, _ []float64) float64 { return o.distance(nodes()[argmin(o.lattice())]) }},
	"least":     {4, func(o *Outcome, y []float64) float64 { return o.least(at(y), at(y[2:])) }},
	"beyond":    {2, func(o *Outcome, v []float64) float64 { return o.beyond(v[0], v[1]) }},
	"strays":    {1, func(o *Outcome, d []float64) float64 { return o.strays(d[0]) }},

	// The answers: how many high peaks the density of y2 has where y1 is known, how far apart the
	// reconstructions of two points are, and the ends of the two paths from one point to the manifold.
	"peaks": {1, func(o *Outcome, y []float64) float64 { return o.peaks(y[0]) }},
	"answers_apart": {4, func(o *Outcome, y []float64) float64 {
		return r2.Norm(r2.Sub(o.reconstruct(at(y)), o.reconstruct(at(y[2:]))))
	}},
	"paths_apart": {2, func(o *Outcome, y []float64) float64 { return o.pathsApart(at(y)) }},

	// The chains: the share of persistent ones within a distance of the skeleton, and by how much
	// the energy falls on the way from a perturbed point.
	"chains_within": {1, func(o *Outcome, d []float64) float64 {
		m, ok := o.run.Model().(ebm.Particler)
		if !ok {
			return math.NaN()
		}
		return o.within(m.Particles(nil), d[0])
	}},
	"fall": {0, func(o *Outcome, _ []float64) float64 { return o.fall() }},
}

// observationName is a name, with arguments or without.
var observationName = regexp.MustCompile(`^([a-z_][a-z0-9_]*)(?:\(([-0-9., ]+)\))?$`)

// Number returns a number of the run by its name: a scalar as the page shows it; a member of its
// report; "diverged", the step at which it diverged; an observation of its landscape and its last step,
// such as "energy(0.5, 0)" or "valleys"; "gap@400", a scalar of an earlier step; or the difference or
// the ratio of two of these, "auc_ceiling - auc". NaN means that there is no such number for this run.
func (o *Outcome) Number(name string) (float64, error) {
	for _, op := range []string{" - ", " / "} {
		if a, b, ok := strings.Cut(name, op); ok {
			x, err := o.Number(a)
			if err != nil {
				return 0, err
			}
			y, err := o.Number(b)
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
	return 0, fmt.Errorf("there is no number %q%s", name, o.suggest(name))
}

// suggest returns the number whose name is most like another, for an error.
func (o *Outcome) suggest(name string) string {
	return ebm.Suggest(name, slices.Concat(slices.Collect(maps.Keys(observations)), slices.Collect(maps.Keys(o.numbers))))
}

func at(y []float64) r2.Vec { return r2.Vec{X: y[0], Y: y[1]} }

func last(path []r2.Vec) r2.Vec { return path[len(path)-1] }

func (o *Outcome) energy(y r2.Vec) float64 {
	var e [1]float64
	o.model.Energy(e[:], []r2.Vec{y})
	return e[0]
}

// earlier returns a scalar of an earlier step.
func (o *Outcome) earlier(scalar, step string) (float64, error) {
	h := o.history()
	n, err := strconv.ParseUint(step, 10, 64)
	i, j := slices.Index(h.Names, scalar), slices.Index(h.Steps, n)
	if err != nil || i < 0 || j < 0 {
		return 0, fmt.Errorf("the history has no %q at step %s", scalar, step)
	}
	return h.Values[i][j], nil
}

// lattice returns the energies of a lattice over the box, row by row.
func (o *Outcome) lattice() []float64 {
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
func (o *Outcome) level() float64 {
	e := make([]float64, len(o.run.Points()))
	o.model.Energy(e, o.run.Points())
	slices.Sort(e)
	return e[len(e)*95/100]
}

// shareBelow returns the share of the box that has less energy.
func (o *Outcome) shareBelow(energy float64) (share float64) {
	e := o.lattice()
	for _, v := range e {
		share += indicator(v < energy) / float64(len(e))
	}
	return share
}

// valleys counts the connected parts of the region that lies as low as 95 % of the training points,
// without those of fewer than ten nodes of the lattice.
func (o *Outcome) valleys() float64 {
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

func (o *Outcome) slice(y1 float64) infer.Slice { return infer.Given(o.model, infer.Y1, y1, 1) }

func argmin(x []float64) int { return slices.Index(x, slices.Min(x)) }

// distance returns how far the nearest training point is.
func (o *Outcome) distance(y r2.Vec) float64 {
	d := math.Inf(1)
	for _, p := range o.run.Points() {
		d = min(d, r2.Norm(r2.Sub(p, y)))
	}
	return d
}

// reconstruct returns the model's point for y, NaN if it has none.
func (o *Outcome) reconstruct(y r2.Vec) r2.Vec {
	if m, ok := o.model.(ebm.Reconstructer); ok {
		return infer.Reconstruct(m, y)
	}
	return r2.Vec{X: math.NaN(), Y: math.NaN()}
}

// change returns the mean length of the derivative of the reconstruction along the data and across
// them, at every tenth training point. Along is the direction in which the points within 0.15 vary
// most.
func (o *Outcome) change() (along, across float64) {
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
func (o *Outcome) derivative(y, direction r2.Vec) float64 {
	step := r2.Scale(1e-4, direction)
	return r2.Norm(r2.Sub(o.reconstruct(r2.Add(y, step)), o.reconstruct(r2.Sub(y, step)))) / 2e-4
}

// ups returns the points that the last step pushed up.
func (o *Outcome) ups() []ebm.Push {
	return slices.DeleteFunc(slices.Clone(o.run.Trace().Pushes), func(p ebm.Push) bool { return p.Amount <= 0 })
}

// upsFrom returns those of them that came from the training point nearest to a place.
func (o *Outcome) upsFrom(y r2.Vec) []ebm.Push {
	far := func(p r2.Vec) float64 { return r2.Norm(r2.Sub(p, y)) }
	nearest := slices.MinFunc(o.run.Points(), func(a, b r2.Vec) int { return cmp.Compare(far(a), far(b)) })
	return slices.DeleteFunc(o.ups(), func(p ebm.Push) bool { return p.From != nearest })
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

func (o *Outcome) marks() []ebm.Mark {
	if m, ok := o.model.(ebm.Marker); ok {
		return m.Marks(nil)
	}
	return nil
}

func (o *Outcome) zeros() (count float64) {
	for _, m := range o.marks() {
		count += indicator(o.energy(m.At) < 1e-9)
	}
	return count
}

func (o *Outcome) farthestMark() (far float64) {
	for _, m := range o.marks() {
		far = max(far, o.distance(m.At))
	}
	return far
}

func (o *Outcome) farthestFromMean() (far float64) {
	var sum r2.Vec
	for _, p := range o.run.Points() {
		sum = r2.Add(sum, p)
	}
	for _, m := range o.marks() {
		far = max(far, r2.Norm(r2.Sub(m.At, r2.Scale(1/float64(len(o.run.Points())), sum))))
	}
	return far
}

func (o *Outcome) notQuadratic() (worst float64) {
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
