package main

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// architecturalClaims are those of the methods that push nothing up.
var architecturalClaims = []claim{
	{"ae", "Nothing is pushed up: with one number, no more than a curve can be reconstructed well. With a code of 1 only a curve can be low.",
		func(t *testing.T) {
			run := runOf(t, "ae", knobs{"seed": 3})
			curve := run.marks()
			for _, r := range run.reconstruct(run.Points()) {
				if d := fromNearest(r, curve); d > .1 { // the curve is drawn for most codes
					t.Fatalf("a point is reconstructed %.3f from the curve", d)
				}
			}
			far := scattered(300, func(p r2.Vec) bool { return r2.Norm(p) < 1 && fromNearest(p, curve) > .1 })
			expect(t, "the least energy off the curve", slices.Min(run.energy(far...)), .006, inf)
		}},
	{"ae", "Set the code size to 2 or more and the harmonics to 0: the code can represent every point of the plane, and the network learns to copy its input. Energies fall thousands of times lower, between the arms as on the data: the whole disc that the spiral fills is flat. The data still are a little lower than the rest, so the AUC hides the failure; but a third of the box or more is as low as the data (vol95), where the spiral itself takes a seventh.",
		func(t *testing.T) {
			narrow := runOf(t, "ae", knobs{"harmonics": 0})
			narrow.is(t, "auc", .74, .8)
			for _, code := range []int{2, 8} {
				wide := runOf(t, "ae", knobs{"code": code, "harmonics": 0})
				wide.is(t, "auc", .78, .91)
				wide.is(t, "vol95", .3, .5)
				expect(t, "the largest energy of the ground", slices.Max(wide.energy(ground...)), 0, .002)
				expect(t, "data, times lower", narrow.number(t, "mean_data")/wide.number(t, "mean_data"), 1000, inf)
				expect(t, "ground, times lower", median(narrow.energy(ground...))/median(wide.energy(ground...)), 1000, inf)
			}
			depth := func(p r2.Vec) (density float64) { // of the spiral, up to a factor
				for _, q := range spiralPoints {
					density += math.Exp(-r2.Norm2(r2.Sub(p, q)) / (2 * .04 * .04))
				}
				return density
			}
			var data []float64
			for _, p := range corrupt(spiralPoints, .04, 1) {
				data = append(data, depth(p))
			}
			least := quantile(data, .05)
			expect(t, "the share of the box of the spiral", share(lattice(60), func(p r2.Vec) bool { return depth(p) > least }), .12, .16)
		}},
	{"ae", "One model seed in five fits it to the spiral from end to end (seed 3); with the others it takes short cuts.",
		func(t *testing.T) {
			good := runOf(t, "ae", knobs{"seed": 3})
			good.is(t, "auc", .935, 1)
			good.is(t, "vol95", 0, .16)
			for _, seed := range []int{1, 2, 4, 5} {
				run := runOf(t, "ae", knobs{"seed": seed})
				run.is(t, "auc", .7, .9)
				expect(t, "the share of the midline that is low", run.low(midline), .2, 1)
			}
		}},
	{"latent", "Set the branches to 4, one more than the S-curve has: the curve that is left over crosses empty space in places and makes a spurious valley there.",
		func(t *testing.T) {
			clean, spurious := 0, 0
			for seed := 1; seed <= 4; seed++ {
				if spuriousValleys(runOf(t, "latent", knobs{"seed": seed})) == 0 {
					clean++
				}
				if seed <= 2 && spuriousValleys(runOf(t, "latent", knobs{"branches": 4, "seed": seed})) > 0 {
					spurious++
				}
			}
			expect(t, "seeds without a spurious valley, of 4 with 3 branches", float64(clean), 1, 5)
			expect(t, "seeds with one, of 2 with 4 branches", float64(spurious), 1, 3)
		}},
	{"latent", "With one branch it is the least-squares curve.",
		func(t *testing.T) {
			one, least := runOf(t, "latent", knobs{"branches": 1, "data": "circle", "lr": .01}), runOf(t, "leastsquares", knobs{"lr": .01})
			at := lattice(20)
			expect(t, "the difference of the energies", floats.Distance(one.energy(at...), least.energy(at...), inf), -1, 1e-6)
		}},
	{"latent", "Nothing is pushed up: with few curves only a small part of the plane can be low. Set code to line: then some z reaches every y2, the curves spread over the whole area between the outermost data, and all of it is low. A penalty on the code makes it a method of strategy A2: it reduces the area, and a larger one gathers the curves in bundles.",
		func(t *testing.T) {
			between := scattered(1000, func(p r2.Vec) bool { return math.Abs(p.X) < .6 && math.Abs(p.Y) < .6 })
			low := func(k knobs) float64 {
				k["steps"] = 300
				return share(runOf(t, "latent", k).energy(between...), func(e float64) bool { return e < .01 })
			}
			expect(t, "the low share, branches", low(knobs{}), 0, .45)
			expect(t, "the low share, line", low(knobs{"code": "line"}), .95, 1.1)
			expect(t, "the low share, line with a penalty", low(knobs{"code": "line", "w": .1}), .1, .8)
			used := func(w float64) float64 {
				return runOf(t, "latent", knobs{"code": "line", "w": w, "steps": 300}).number(t, "used")
			}
			expect(t, "codes in use with a larger penalty", used(1), 1, used(.1)-1)
			expect(t, "and with none", used(0), used(.1)+5, 34)
		}},
	{"gmm", "Each training point pulls the components that could have produced it: they change place, shape and weight until the mixture fits the data; nothing is pushed up, because a density that integrates to one gets lower elsewhere when it gets higher at the data.",
		func(t *testing.T) {
			mass := 0.0
			for _, e := range runOf(t, "gmm", nil).energy(lattice(200)...) {
				mass += math.Exp(-e) * 9 / 40000
			}
			expect(t, "the mass of the box", mass, .999, 1.001)
		}},
	{"gmm", "Set covariance to full, the components to 100 and the floor to its lowest: some components shrink onto two or three points each and become thin ellipses. The loss on the training points is excellent, half a nat below that of the defaults; on fresh ones the landscape is half a nat worse.",
		func(t *testing.T) {
			full, usual := runOf(t, "gmm", knobs{"covariance": "full", "k": 100, "floor": 1e-5}), runOf(t, "gmm", nil)
			state := full.Model().(ebm.Stater).State()
			few := share(state.Params["pi"].Values, func(p float64) bool { return p*1000 < 3.5 })
			expect(t, "components of three points or fewer", 100*few, 2, 20)
			full.is(t, "narrowest", .003, .0033) // the root of the floor
			expect(t, "the loss, lower by", usual.number(t, "loss")-full.number(t, "loss"), .4, .8)
			expect(t, "the NLL, higher by", full.number(t, "nll")-usual.number(t, "nll"), .3, .7)
		}},
	{"kmeans", "Each training point pulls the nearest prototype, so the energy sinks along the data; nothing is pushed up, because with K wells only so much of the plane can be low.",
		func(t *testing.T) {
			run := runOf(t, "kmeans", nil)
			expect(t, "the loss, of that before", run.number(t, "loss")/runOf(t, "kmeans", knobs{"steps": 1}).number(t, "loss"), 0, .8)
			expect(t, "the share of the ground that is low", run.low(ground), -1, .02)
		}},
	{"kmeans", "Set the wells to 4: each is nearest to points of several arms of the spiral and settles in the empty space between them, so that the lowest places of the landscape have no data.",
		func(t *testing.T) {
			run := runOf(t, "kmeans", knobs{"k": 4})
			wells := run.marks()
			arms := make([]map[int]bool, 4)
			for i := range arms {
				arms[i] = map[int]bool{}
			}
			for i, p := range spiralPoints {
				nearest := 0
				for k, w := range wells {
					if r2.Norm(r2.Sub(p, w)) < r2.Norm(r2.Sub(p, wells[nearest])) {
						nearest = k
					}
				}
				arms[nearest][i/400] = true // the inner turn and the outer one
			}
			for k, w := range wells {
				expect(t, "the distance of a well from the data", fromNearest(w, run.Points()), .08, .4)
				if len(arms[k]) < 2 {
					t.Errorf("well %d is nearest to one turn only", k)
				}
			}
		}},
	{"kmeans", "With 100 wells every point is close to one, but a well is low at one point only: between two of them the energy rises.",
		func(t *testing.T) {
			run := runOf(t, "kmeans", knobs{"k": 100})
			wells := run.marks()
			expect(t, "the largest energy of a training point", slices.Max(run.energy(run.Points()...)), 0, .02)
			for _, w := range wells {
				next := neighbour(w, wells)
				if e := run.energy(r2.Scale(.5, r2.Add(w, next)))[0]; !(e > run.energy(w)[0]+1e-5) {
					t.Errorf("halfway between %v and %v the energy is %g", w, next, e)
				}
			}
		}},
	{"kmeans", "K-means is often said to find the best K prototypes. It finds a local optimum, which depends on the initial prototypes.",
		func(t *testing.T) {
			var ends []float64
			for seed := 1; seed <= 4; seed++ {
				run := runOf(t, "kmeans", knobs{"update": "lloyd", "seed": seed, "steps": 150})
				run.is(t, "moved", -1, 1e-12)
				ends = append(ends, run.number(t, "loss"))
			}
			expect(t, "the worst end, of the best", slices.Max(ends)/slices.Min(ends), 1.02, 2)
		}},
	{"pca", "Each training point pulls one straight line towards itself; the energy is zero along the line and grows with the squared distance from it, and nothing is pushed up, because a line is all that can be low.",
		func(t *testing.T) {
			line := runOf(t, "pca", nil)
			ends := line.marks()
			u := r2.Unit(r2.Sub(ends[len(ends)-1], ends[0]))
			across := r2.Vec{X: -u.Y, Y: u.X}
			for _, d := range []float64{0, .1, .5, 1} {
				at := r2.Add(r2.Add(ends[0], r2.Scale(.7, u)), r2.Scale(d, across))
				expect(t, "the energy less the squared distance", line.energy(at)[0]-d*d, -1e-9, 1e-9)
			}
		}},
	{"pca", "Set components to 2: two directions span the plane, every point is reconstructed without error, and the energy is zero everywhere. The loss is perfect and the model has learnt nothing.",
		func(t *testing.T) {
			run := runOf(t, "pca", knobs{"components": 2})
			expect(t, "the largest energy", slices.Max(run.energy(lattice(30)...)), -1, 1e-12)
			run.is(t, "loss", -1, 1e-12)
			run.is(t, "auc", .49, .51)
		}},
	{"pca", "With one component both are the same line.",
		func(t *testing.T) {
			oja, eigen := runOf(t, "pca", nil), runOf(t, "pca", knobs{"update": "eigen"})
			at := lattice(30)
			expect(t, "the largest difference of the energies", floats.Distance(oja.energy(at...), eigen.energy(at...), inf), 0, .1)
		}},
	{"softkmeans", "Each training point pulls all prototypes, the near ones most, so the wells merge along the data; nothing is pushed up, and the temperature 1/β determines how far the wells blend.",
		func(t *testing.T) {
			ridge := func(k knobs) float64 { // how much higher the energy is between neighbouring wells than in them
				run := runOf(t, "softkmeans", k)
				wells, rise := run.marks(), []float64{}
				for _, w := range wells {
					next := neighbour(w, wells)
					rise = append(rise, run.energy(r2.Scale(.5, r2.Add(w, next)))[0]-run.energy(w)[0])
				}
				return median(rise)
			}
			expect(t, "the rise between wells, β = 50", ridge(knobs{}), -.01, .3*ridge(knobs{"beta": 2000}))
		}},
	{"softkmeans", "Set beta to 0.5: all points pull a prototype nearly equally, so that all of them coincide at the mean of the data: one round well in the empty middle. Raise it slowly past β_c, which is 1.1 on the spiral, and they separate again.",
		func(t *testing.T) {
			run := runOf(t, "softkmeans", knobs{"beta": .5})
			run.is(t, "distinct", .5, 1.5)
			var x, y []float64
			for _, p := range run.Points() {
				x, y = append(x, p.X), append(y, p.Y)
			}
			mean := r2.Vec{X: stat.Mean(x, nil), Y: stat.Mean(y, nil)}
			expect(t, "the distance of the well from the mean", apart(mean, run.marks()[0]), -1, .01)
			expect(t, "the distance of the data from the well", fromNearest(mean, run.Points()), .15, 1)
			xx, xy, yy := stat.PopVariance(x, nil), stat.Covariance(x, y, nil), stat.PopVariance(y, nil)
			expect(t, "β_c", 1/(xx+yy+math.Hypot(xx-yy, 2*xy)), 1.08, 1.15)
			slow := runOf(t, "softkmeans", knobs{"beta": .5, "steps": 499}) // a run of its own, to continue
			for _, beta := range []float64{1.05, 1.4} {
				if _, err := slow.Set("beta", beta); err != nil {
					t.Fatal(err)
				}
				for range 300 {
					if err := slow.Step(); err != nil {
						t.Fatal(err)
					}
				}
				values := make([]float64, len(slow.ScalarNames()))
				slow.Scalars(values)
				if got := values[slices.Index(slow.ScalarNames(), "distinct")]; (got > 1) != (beta > 1.1) {
					t.Errorf("at β = %v there are %v distinct prototypes", beta, got)
				}
			}
		}},
	{"softkmeans", "For a display it needs the mean: the sum is lower by log K / β, which has no limit as β goes to 0, while the mean tends to the average energy.",
		func(t *testing.T) {
			run := runOf(t, "softkmeans", knobs{"beta": .01})
			for _, p := range scattered(10, anywhere) {
				var all []float64
				for _, l := range run.Model().(ebm.Latent).Latents(p) {
					all = append(all, l.E)
				}
				expect(t, "F less the mean of E", run.energy(p)[0]-stat.Mean(all, nil), -.01, .01)
			}
		}},
	{"lista", "Halfway between two arms its code switches from the anchors of one to those of the other, far from the best code: the energy is several times that of the best code there.",
		func(t *testing.T) {
			run := runOf(t, "lista", nil)
			best := bestCode(t, run)
			expect(t, "midline, times the best", median(run.energy(midline...))/median(best.energy(midline...)), 3, 10)
			expect(t, "data, times the best", median(run.energy(run.Points()...))/median(best.energy(run.Points()...)), 1, 1.5)
		}},
	{"lista", "Set the width to 4: the predictions of so narrow an encoder are bad, the gap is about two to six times as wide, and a fifth or more of the ground between the arms is as low as the data.",
		func(t *testing.T) {
			for seed := 1; seed <= 3; seed++ {
				narrow, usual := runOf(t, "lista", knobs{"width": 4, "seed": seed}), runOf(t, "lista", knobs{"seed": seed})
				expect(t, "the gap, times that of the defaults", narrow.number(t, "gap")/usual.number(t, "gap"), 1.6, 6.5)
				narrow.is(t, "auc", .84, .91)
				usual.is(t, "auc", .915, 1)
				expect(t, "the share of the ground that is low", narrow.low(ground), .18, .6)
				expect(t, "with the defaults", usual.low(ground), -1, .02)
			}
		}},
	{"lista", "Nothing is pushed up: far from the anchors, and wherever the prediction is wrong, the energy is high. It is an upper bound: equal only where the prediction is the best code, and above F everywhere else.",
		func(t *testing.T) {
			run := runOf(t, "lista", nil)
			best := bestCode(t, run)
			at := lattice(40)
			expect(t, "the least difference from F", floats.Min(sub(run.energy(at...), best.energy(at...))), -1e-6, 1)
			corner := r2.Vec{X: 1.4, Y: 1.4}
			expect(t, "the energy at a corner", run.energy(corner)[0], 1, inf)
		}},
	{"glo", "Nothing is pushed up: the code is one number on an interval, so only a line of the plane can be low. A network maps a code to a curve, and each training point pulls the point of the curve that is nearest; the energy is the squared distance from the curve.",
		func(t *testing.T) {
			run := runOf(t, "glo", nil)
			run.is(t, "auc", .935, 1)
			curve := run.marks()
			for _, p := range scattered(50, anywhere) {
				d := fromNearest(p, curve) // from its vertices: a little more than from the curve
				expect(t, "the distance, less the root of the energy", d-math.Sqrt(run.energy(p)[0]), -1e-6, .02)
			}
		}},
	{"glo", "Start from random codes: neighbours on the curve are fitted to points all over the plane, and a tangle remains that ten times the steps do not undo. But a curve of one dimension can be arbitrarily long and fill the plane; the interval together with a smooth network limits it, and the initial codes decide where it lies.",
		func(t *testing.T) {
			shownBy(t, "tangled-curve")
			usual := runOf(t, "glo", nil)
			for _, steps := range []int{800, 8000} {
				random := runOf(t, "glo", knobs{"start": "random", "steps": steps})
				expect(t, "the length, times that of the defaults", random.number(t, "length")/usual.number(t, "length"), 1.7, 5)
				random.is(t, "auc", .85, .93)
				expect(t, "the least energy on the midline", slices.Min(random.energy(midline...)), -1, .001)
			}
			expect(t, "the least energy on the midline, by default", slices.Min(usual.energy(midline...)), .03, 1)
		}},
	{"glo", "Start from angles: on a spiral the curve jumps from arm to arm.",
		func(t *testing.T) {
			run := runOf(t, "glo", knobs{"start": "angle"})
			expect(t, "the least energy on the midline", slices.Min(run.energy(midline...)), -1, .001)
			run.is(t, "length", 9, 13)
		}},
	{"lcc", "Each training point pulls the anchors of its code, three at most, so that they line up along the data; nothing is pushed up, because the penalty on distant anchors makes the energy low only between neighbouring ones.",
		func(t *testing.T) {
			run := runOf(t, "lcc", nil)
			run.is(t, "active", 1, 3)
			var far []float64
			for _, w := range run.marks() {
				far = append(far, fromSpiral(w))
			}
			expect(t, "the anchors' median distance from the spiral", median(far), -1, .04)
			expect(t, "the share of the ground that is low", run.low(ground), -1, .01)
		}},
	{"lcc", "Set the distance penalty to its least: everything between the anchors is low, the whole disc of the spiral; the arms are only faint lines in it.",
		func(t *testing.T) {
			run := runOf(t, "lcc", knobs{"lambda": .001})
			corner := run.energy(r2.Vec{X: 1.4, Y: 1.4})[0]
			expect(t, "the ground, of the corner", median(run.energy(ground...))/corner, 0, .001)
			expect(t, "the ground above the data, of the corner", run.aboveData(ground)/corner, 0, .001)
		}},
	{"lcc", "At its greatest the code of most points has a single anchor, and K isolated wells remain, as in K-means.",
		func(t *testing.T) {
			run := runOf(t, "lcc", knobs{"lambda": 5.})
			run.is(t, "active", 1, 1.3)
			wells := run.marks()
			isolated := share(wells, func(w r2.Vec) bool {
				for angle := 0.0; angle < 6; angle += .5 {
					if !(run.energy(r2.Add(w, polar(.02, angle)))[0] > run.energy(w)[0]) {
						return false
					}
				}
				return true
			})
			expect(t, "the share of anchors that are wells", isolated, .99, 1.1)
		}},
	{"sparse", "With many atoms, as here, the landscape is a cone. With its defaults on the star the energy is about λ‖y‖ - λ²/4, a cone around the origin: between the rays it is as low as on them.",
		func(t *testing.T) {
			run := runOf(t, "sparse", nil)
			for _, p := range scattered(300, func(p r2.Vec) bool { return r2.Norm(p) > .2 && r2.Norm(p) < 1.25 }) {
				if f, cone := run.energy(p)[0], .2*r2.Norm(p)-.01; !(math.Abs(f-cone) < .006) {
					t.Fatalf("F(%v) is %.4f, the cone has %.4f", p, f, cone)
				}
			}
			expect(t, "between the rays, of on them", betweenRays(run), .98, 1.02)
		}},
	{"sparse", "With 5 atoms and positive codes it is higher between the rays, and its level lines are pentagons with their corners on the rays.",
		func(t *testing.T) {
			run := runOf(t, "sparse", knobs{"k": 5, "nonneg": true})
			expect(t, "between the rays, of on them", betweenRays(run), 1.15, 1.3)
			run.is(t, "auc", .84, .86)
			// On a side of a pentagon the energy is that of its corners, but for the rounding of the bowl.
			for ray := range 5 {
				a, b := onRay(ray, .8), onRay(ray+1, .8)
				expect(t, "on a side, of its corner", run.energy(r2.Scale(.5, r2.Add(a, b)))[0]/run.energy(a)[0], .95, 1.05)
			}
		}},
	{"sparse", "Switch normalise off and raise the step size to its highest: the atoms grow without bound, codes become short, and the energy of every point falls towards zero. The loss gets better and better, but the landscape keeps its shape: long atoms only evade the penalty.",
		func(t *testing.T) {
			k := func(steps int) knobs { return knobs{"data": "spiral", "normalise": false, "eta": 30., "steps": steps} }
			usual, early, late := runOf(t, "sparse", knobs{"data": "spiral"}), runOf(t, "sparse", k(400)), runOf(t, "sparse", k(3200))
			expect(t, "the longest atom", early.number(t, "longest"), 5, late.number(t, "longest")/1.7)
			expect(t, "the loss, of the defaults'", early.number(t, "loss")/usual.number(t, "loss"), 0, .15)
			expect(t, "the loss, of that before", late.number(t, "loss")/early.number(t, "loss"), 0, .6)
			at := scattered(500, anywhere)
			expect(t, "the correlation of the energies", stat.Correlation(usual.energy(at...), late.energy(at...), nil), .97, 1.1)
		}},
	{"sparse", "With the penalty at 0 every point is reconstructed exactly, and the energy is 0 everywhere.",
		func(t *testing.T) {
			expect(t, "the largest energy", slices.Max(runOf(t, "sparse", knobs{"lambda": 0.}).energy(lattice(30)...)), -1, 1e-9)
		}},
	{"sparse", "On a spiral one sees a bowl; a local code can fit the curve (local coordinate coding).",
		func(t *testing.T) {
			bowl := runOf(t, "sparse", knobs{"data": "spiral"})
			expect(t, "the share of the midline that is low", bowl.low(midline), .99, 1.1)
			expect(t, "the share of the ground that is low", bowl.low(ground), .99, 1.1)
			runOf(t, "lcc", nil).is(t, "auc", .93, 1)
		}},
	{"vae", "Posterior collapse: set σ to 0.3 and the KL weight to 10. The encoder ignores its input (kl falls to 0), the decoded codes shrink to a point, and one round bowl is left.",
		func(t *testing.T) {
			shownBy(t, "collapsed-posterior")
			run := runOf(t, "vae", knobs{"sigma": .3, "kl_weight": 10., "steps": 1500})
			run.is(t, "kl", -1, .001)
			image := run.marks()
			for _, p := range image {
				if apart(p, image[0]) > .1 {
					t.Fatalf("the image reaches from %v to %v", image[0], p)
				}
			}
			for angle := 0.0; angle < 6; angle += .5 {
				if e := run.energy(between(20, 0, 1.4, func(s float64) r2.Vec { return r2.Add(image[0], polar(s, angle)) })...); !slices.IsSorted(e) {
					t.Errorf("in the direction of %v the energies are %v", angle, e)
				}
			}
		}},
	{"vae", "At σ = 0.2 alone the arms have already merged.",
		func(t *testing.T) {
			expect(t, "the share of the midline that is low", runOf(t, "vae", knobs{"sigma": .2, "steps": 1500}).low(midline), .8, 1.1)
			expect(t, "and with the defaults", runOf(t, "vae", knobs{"steps": 1500}).low(midline), -1, .05)
		}},
	{"vae", "It is only an upper bound of F, up to a constant.",
		func(t *testing.T) {
			run := runOf(t, "vae", knobs{"steps": 1500})
			constant := math.Log(2 * math.Pi * .07 * .07)
			expect(t, "the loss, above the mean of F", run.number(t, "loss")+constant-stat.Mean(run.energy(run.Points()...), nil), .1, 2)
		}},
	{"vae", "Nothing is pushed up: noisy codes that must lie close together have room for the data only.",
		func(t *testing.T) { runOf(t, "vae", knobs{"steps": 1500}).is(t, "auc", .925, 1) }},
	{"cae", "Nothing is pushed up: an output that hardly changes cannot be right away from the data, and so the energy rises there.",
		func(t *testing.T) {
			run := runOf(t, "cae", nil)
			run.is(t, "jacobian", .9, 1.2) // that of a projection onto a curve
			run.is(t, "auc", .9, 1)
			outside := scattered(300, func(p r2.Vec) bool { return r2.Norm(p) > 1.4 })
			expect(t, "the least energy outside of the spiral, of the data's", slices.Min(run.energy(outside...))/run.number(t, "mean_data"), 5, inf)
		}},
	{"cae", "Set the contraction and the harmonics to 0: nothing keeps the network from copying its input (jacobian near 2), and the whole disc of the spiral is within a thousandth of 0. The data still are a little lower, so the AUC hides it.",
		func(t *testing.T) {
			run := runOf(t, "cae", knobs{"lambda": 0., "harmonics": 0})
			run.is(t, "jacobian", 1.85, 2.1)
			expect(t, "the largest energy of the ground", slices.Max(run.energy(ground...)), 0, .001)
			expect(t, "the ground, of the defaults'", median(run.energy(ground...))/median(runOf(t, "cae", nil).energy(ground...)), 0, .02)
			run.is(t, "auc", .87, .9)
		}},
	{"cae", "Set the contraction to 0.1: it acts as noise of σ = 0.32, and the arms of the spiral merge.",
		func(t *testing.T) {
			run := runOf(t, "cae", knobs{"lambda": .1})
			run.is(t, "auc", .78, .82)
			runOf(t, "dae", knobs{"sigma": .3}).is(t, "auc", .7, .8)
			expect(t, "the share of the ground that is low", run.low(ground), .55, 1)
		}},
	{"cae", "Set it to 1: the output hardly changes, and a hollow in the middle is lower than the data.",
		func(t *testing.T) {
			run := runOf(t, "cae", knobs{"lambda": 1.})
			run.is(t, "jacobian", 0, .25)
			run.is(t, "auc", .7, .78)
			middle := scattered(100, func(p r2.Vec) bool { return r2.Norm(p) < .15 })
			expect(t, "the middle, of the data", slices.Max(run.energy(middle...))/median(run.energy(run.Points()...)), 0, .3)
		}},
	{"cae", "With the defaults too the arrows turn around halfway between two arms, where the slope of log p is 0, and a spurious valley runs there.",
		func(t *testing.T) {
			expect(t, "the share of the midline that is low", runOf(t, "cae", nil).low(midline), .75, 1.1)
		}},
	{"cae", "This is the reconstruction contractive autoencoder of Alain and Bengio (2014): r(y) - y tends to λ times the slope of log p, so that λ plays the part of σ² of a denoising autoencoder.",
		func(t *testing.T) {
			cosine, ratio := sameArrows(runOf(t, "cae", nil), runOf(t, "dae", knobs{"sigma": .1}))
			expect(t, "the cosine of the arrows of λ = 0.01 and σ = 0.1", cosine, .9, 1.1)
			expect(t, "the ratio of their lengths", ratio, .85, 1.15)
			_, ratio = sameArrows(runOf(t, "cae", nil), runOf(t, "dae", knobs{"sigma": .03}))
			expect(t, "and with σ = 0.03", ratio, 1.3, 4)
		}},
	{"leastsquares", "Nothing is pushed up, and where the data have several values the curve runs between them, where there are no data. It fails with its defaults: on the circle there are two values of y2 for each y1, and the valley runs halfway between them, where there are hardly any data.",
		func(t *testing.T) {
			run := runOf(t, "leastsquares", nil)
			run.is(t, "auc", .5, .65)
			curve := slices.DeleteFunc(run.marks(), func(p r2.Vec) bool { return math.Abs(p.X) > .3 })
			for _, p := range curve {
				if d := fromNearest(p, run.Points()); d < .5 || d > 1 {
					t.Errorf("the curve at %v is %.2f from the data", p, d)
				}
			}
			expect(t, "the share of the data in the valley", share(run.energy(run.Points()...), func(e float64) bool { return e < .01 }), -1, .08)
		}},
	{"leastsquares", "A wider network or more harmonics do not help: it still predicts one value for each y1. The blur is often blamed on too little training or too small a network.",
		func(t *testing.T) {
			for _, k := range []knobs{{"width": 128}, {"harmonics": 10}, {"steps": 4000}} {
				runOf(t, "leastsquares", k).is(t, "auc", .5, .65)
			}
		}},
	{"leastsquares", "On the S-curve the same mean happens to lie near the middle branch, and the outer branches are lost.",
		func(t *testing.T) {
			run := runOf(t, "leastsquares", knobs{"data": "scurve"})
			middle := between(41, -math.Pi/4, math.Pi/4, onSCurve)
			outer := append(between(41, .75*math.Pi, 1.25*math.Pi, onSCurve), between(41, -1.25*math.Pi, -.75*math.Pi, onSCurve)...)
			expect(t, "the largest energy on the middle branch", slices.Max(run.energy(middle...)), -1, .05)
			expect(t, "the least on the outer ones", slices.Min(run.energy(outer...)), .5, inf)
		}},
	{"leastsquares", "Compare the conditional latent variable with 2 branches on the circle.",
		func(t *testing.T) {
			runOf(t, "latent", knobs{"data": "circle", "branches": 2}).is(t, "auc", .9, 1)
		}},
	{"leastsquares", "It is the exact minimum of the squared error: the mean of several right answers, which is none of them.",
		func(t *testing.T) {
			run := runOf(t, "leastsquares", nil)
			for _, p := range run.marks() {
				if math.Abs(p.X) < .6 {
					expect(t, "the curve, from the mean 0 of y2", p.Y, -.2, .2)
				}
			}
		}},
}

func apart(p, q r2.Vec) float64 { return r2.Norm(r2.Sub(p, q)) }

// neighbour returns the nearest other one.
func neighbour(w r2.Vec, all []r2.Vec) (nearest r2.Vec) {
	least := inf
	for _, p := range all {
		if d := apart(p, w); d > 0 && d < least {
			nearest, least = p, d
		}
	}
	return nearest
}

func sub(a, b []float64) []float64 { return floats.SubTo(make([]float64, len(a)), a, b) }

// onSCurve is the S-curve without noise.
func onSCurve(t float64) r2.Vec {
	return r2.Vec{X: .95 * math.Sin(t), Y: math.Copysign(.6, t) * (math.Cos(t) - 1)}
}

// spuriousValleys counts, in five columns of the S-curve, the minima of the energy that are farther
// than 0.15 from it.
func spuriousValleys(run trainedRun) (n int) {
	curve := between(2001, -1.5*math.Pi, 1.5*math.Pi, onSCurve)
	for _, x := range []float64{-.6, -.3, 0, .3, .6} {
		column := between(601, -ebm.L, ebm.L, func(y float64) r2.Vec { return r2.Vec{X: x, Y: y} })
		e := run.energy(column...)
		for i := 1; i < len(e)-1; i++ {
			if e[i] <= e[i-1] && e[i] < e[i+1] && fromNearest(column[i], curve) > .15 {
				n++
			}
		}
	}
	return n
}

// bestCode returns local coordinate coding with the anchors of a trained encoder.
func bestCode(t *testing.T, run trainedRun) trainedRun {
	t.Helper()
	best, err := sim.NewRun(sim.Config{Model: "lcc"}, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	anchors := run.Model().(ebm.Stater).State().Params["W"]
	if err := best.Model().(ebm.Stater).SetState(ebm.State{Params: map[string]ebm.Tensor{"W": anchors}}); err != nil {
		t.Fatal(err)
	}
	return trainedRun{Run: best}
}

// onRay is a place on a ray of the star.
func onRay(ray int, radius float64) r2.Vec { return polar(radius, math.Pi/2+2*math.Pi*float64(ray)/5) }

// betweenRays is the mean energy at radius 0.8 halfway between the rays of the star, over that on them.
func betweenRays(run trainedRun) float64 {
	var on, off []float64
	for ray := range 5 {
		on = append(on, run.energy(onRay(ray, .8))[0])
		off = append(off, run.energy(polar(.8, math.Pi/2+2*math.Pi*(float64(ray)+.5)/5))[0])
	}
	return floats.Sum(off) / floats.Sum(on)
}

// sameArrows compares the arrows r(y) - y of two models near the spiral: their cosine, and the ratio
// of their lengths.
func sameArrows(a, b trainedRun) (cosine, ratio float64) {
	at := scattered(600, func(p r2.Vec) bool { d := fromSpiral(p); return r2.Norm(p) < 1.2 && d > .03 && d < .15 })
	ra, rb := a.reconstruct(at), b.reconstruct(at)
	var dot, aa, bb float64
	for i, y := range at {
		p, q := r2.Sub(ra[i], y), r2.Sub(rb[i], y)
		dot, aa, bb = dot+r2.Dot(p, q), aa+r2.Norm2(p), bb+r2.Norm2(q)
	}
	return dot / math.Sqrt(aa*bb), math.Sqrt(aa / bb)
}
