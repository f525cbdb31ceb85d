package trial

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/infer"
)

// skeletonDistances returns how far the points are from the skeleton of the data, NaN where the data
// have none.
func (o *Outcome) skeletonDistances(at []r2.Vec) []float64 {
	config := o.run.Config()
	d := make([]float64, len(at))
	card, err := data.Lookup(config.Data)
	if err != nil {
		panic(err) // the run has that dataset
	}
	set, knobs := card.New(), ebm.NewKnobs(config.Data)
	set.Knobs(knobs)
	skeleton, ok := set.(data.Skeleton)
	noise, noisy := config.Knobs["data.noise"].(float64)
	if !ok || !noisy {
		for i := range d {
			d[i] = math.NaN()
		}
		return d
	}
	if err := knobs.Set("data.noise", noise); err != nil {
		panic(err)
	}
	skeleton.Distance(d, at)
	for i := range d {
		d[i] *= noise
	}
	return d
}

// energyAt returns the mean energy of the nodes at a distance from the skeleton, give or take 0.01.
func (o *Outcome) energyAt(distance float64) float64 {
	sum, n := 0., 0.
	e := o.lattice()
	for i, d := range o.skeletonDistances(nodes()) {
		if math.Abs(d-distance) < .01 {
			sum, n = sum+e[i], n+1
		}
	}
	return sum / n
}

// least returns the least energy of 50 points from a to b.
func (o *Outcome) least(a, b r2.Vec) float64 {
	e := math.Inf(1)
	for i := range 50 {
		e = min(e, o.energy(r2.Add(a, r2.Scale(float64(i)/49, r2.Sub(b, a)))))
	}
	return e
}

// beyond returns the share of the density e^{-F/T} that is farther from the skeleton than a distance.
func (o *Outcome) beyond(distance, t float64) float64 {
	e := o.lattice()
	lowest := slices.Min(e)
	sum, all := 0., 0.
	for i, d := range o.skeletonDistances(nodes()) {
		p := math.Exp((lowest - e[i]) / t)
		all += p
		sum += p * indicator(d > distance)
	}
	return sum / all
}

// strays returns the share of descents that end farther from the skeleton than a distance. They start
// at every twelfth node of a row, and of a column, and descend on the model in float32, which is fast.
func (o *Outcome) strays(distance float64) float64 {
	var ends []r2.Vec
	for i, y := range nodes() {
		if i%12 == 6 && i/latticeSide%12 == 6 {
			ends = append(ends, last(infer.Descend(o.run.Model(), y)))
		}
	}
	return 1 - o.within(ends, distance)
}

// within returns the share of the points that are nearer to the skeleton than a distance.
func (o *Outcome) within(at []r2.Vec, distance float64) (share float64) {
	for _, d := range o.skeletonDistances(at) {
		share += indicator(d < distance) / float64(len(at))
	}
	return share
}

// peaks counts the local maxima of the density of y2, given y1, that are higher than a tenth of the
// highest.
func (o *Outcome) peaks(y1 float64) (count float64) {
	s := o.slice(y1)
	for _, y2 := range s.Minima {
		i := int(math.Round((y2 - s.Other[0]) / (s.Other[1] - s.Other[0])))
		count += indicator(s.Density[i] > slices.Max(s.Density)/10)
	}
	return count
}

func (o *Outcome) pathsApart(y r2.Vec) float64 {
	return r2.Norm(r2.Sub(last(infer.Nearest(o.model, y, infer.Descent)), last(infer.Nearest(o.model, y, infer.Reconstruction))))
}

// fall returns by how much the energy falls on the paths of the last step, from their second point,
// which is where the perturbation took the first, to their last.
func (o *Outcome) fall() float64 {
	paths := map[int][]r2.Vec{}
	for _, v := range o.run.Trace().Visits {
		paths[v.Path] = append(paths[v.Path], v.At)
	}
	sum := 0.
	for _, p := range paths {
		sum += o.energy(p[min(1, len(p)-1)]) - o.energy(last(p))
	}
	return sum / float64(len(paths))
}
