package main

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
)

// contrastiveClaims are those of the methods that push up, and of score matching, which does too.
var contrastiveClaims = []claim{
	{"maxlik", "Set the grid to 12, the regulariser to 0 and switch the jitter off: between the nodes, which the sum leaves out, the energy falls hundreds below the data, while the loss looks excellent.",
		func(t *testing.T) {
			run := runOf(t, "maxlik", knobs{"grid": 12, "r": 0., "jitter": false})
			at := lattice(100)
			e := run.energy(at...)
			expect(t, "the data, above the lowest place", median(run.energy(run.Points()...))-floats.Min(e), 200, inf)
			run.is(t, "loss", -inf, -50)
			lowest := r2.Scale(12/(2*ebm.L), at[floats.MinIdx(e)]) // in cells, whose middles the nodes are
			expect(t, "its distance from a node, in cells", max(math.Abs(math.Mod(math.Abs(lowest.X), 1)-.5), math.Abs(math.Mod(math.Abs(lowest.Y), 1)-.5)), .2, .6)
		}},
	{"maxlik", "Then, from the defaults, set the regulariser and data.noise to 0: for such data the likelihood has no maximum, and the longer the model learns, the thinner the canyon and the higher its walls: a thousand and more.",
		func(t *testing.T) {
			early, late := runOf(t, "maxlik", knobs{"r": 0., "data.noise": 0.}), runOf(t, "maxlik", knobs{"r": 0., "data.noise": 0., "steps": 1800})
			expect(t, "vol95, of that before", late.number(t, "vol95")/early.number(t, "vol95"), 0, .8)
			expect(t, "the NLL, lower by", early.number(t, "nll")-late.number(t, "nll"), .2, 3)
			height := slices.Max(early.energy(lattice(64)...))
			expect(t, "the highest place", height, 600, 2000)
			expect(t, "and later", slices.Max(late.energy(lattice(64)...)), max(1000, 1.3*height), inf)
		}},
	{"maxlik", "Without it every push up would weigh e^{-βE} where it should weigh P(y): Z times too much. Its minimum is right all the same: log Z is at most Z - 1, so it is an upper bound of the loss up to a constant, and equal for Z = 1, which the best energy can always be shifted to.",
		func(t *testing.T) {
			run := runOf(t, "maxlik", nil)
			z := 0.0
			for _, e := range run.energy(lattice(200)...) {
				z += math.Exp(-e) * 9 / 40000
			}
			expect(t, "Z", z, 5, 100)
			expect(t, "log Z, less that of the last step", math.Log(z)-run.number(t, "logz"), -.3, .3)
			// Shifted by c, the loss with the logarithm stays, and the other is least at c = log Z.
			data := stat.Mean(run.energy(run.Points()...), nil)
			with := data + math.Log(z)
			without := func(c float64) float64 { return data + c + z*math.Exp(-c) - 1 }
			for _, c := range []float64{-3, -1, 0, 1, 2, 4, 6} {
				expect(t, "the bound, above the loss", without(c)-with, -1e-9, inf)
			}
			expect(t, "and at Z = 1", without(math.Log(z))-with, -1e-9, 1e-9)
		}},
	{"cd", "Take the star with data.n at 1500 and model seed 149, the mala walk and 1 step. Far from the data a valley forms that is ten nats deeper than the data and holds nearly all of the probability: walks of one step never get there, so nothing pushes it up, and the loss does not show it. With most other seeds it does not form. With 10 steps it does not form either.",
		func(t *testing.T) {
			star := func(seed, chain int) trainedRun {
				return runOf(t, "cd", knobs{"data": "star", "data.n": 1500, "variant": "mala", "seed": seed, "chain": chain})
			}
			bad := star(149, 1)
			bad.is(t, "far_min", -13, -8)
			bad.is(t, "off_mass", .98, 1.01)
			bad.is(t, "loss", -.3, .3)
			at := lattice(100)
			valley := at[floats.MinIdx(bad.energy(at...))]
			nearest := inf
			for _, p := range bad.Trace().Pushes {
				if p.Amount > 0 {
					nearest = min(nearest, r2.Norm(r2.Sub(p.At, valley)))
				}
			}
			expect(t, "the distance of the pushes up from the valley", nearest, .15, inf)
			star(149, 10).is(t, "off_mass", 0, .01)
			for seed := 1; seed <= 3; seed++ {
				star(seed, 1).is(t, "off_mass", 0, .1)
			}
		}},
	{"cd", "Contrastive divergence is not maximum likelihood: short walks that start at the data do not end where the model has its mass, and the update is not the gradient of any loss. The lecture's walk, downhill without noise, samples no density at all; its E is -log p only roughly, as the fitted β shows.",
		func(t *testing.T) {
			run := runOf(t, "cd", nil)
			run.is(t, "nll", .4, .7)
			run.is(t, "beta_calibrated", 1.05, 1.5)
			run.is(t, "gradient_cosine", -1, .7)
			runOf(t, "maxlik", nil).is(t, "nll", .2, .36)
		}},
	{"cd", "From there a short chain moves to a low place nearby, and the energy is pushed up where the chain ends.",
		func(t *testing.T) {
			run := runOf(t, "cd", nil)
			first, last, visits := map[int]r2.Vec{}, map[int]r2.Vec{}, map[int]int{}
			for _, v := range run.Trace().Visits {
				if visits[v.Path]++; visits[v.Path] == 2 { // after the training point where it was perturbed to
					first[v.Path] = v.At
				}
				last[v.Path] = v.At
			}
			var starts, ends, far []float64
			pushed := 0
			for path := range first {
				starts, ends = append(starts, run.energy(first[path])...), append(ends, run.energy(last[path])...)
				far = append(far, r2.Norm(r2.Sub(first[path], last[path])))
				if slices.ContainsFunc(run.Trace().Pushes, func(p ebm.Push) bool { return p.Amount > 0 && p.At == last[path] }) {
					pushed++
				}
			}
			expect(t, "the fall along a chain", stat.Mean(starts, nil)-stat.Mean(ends, nil), .5, inf)
			expect(t, "its length", median(far), .01, .4)
			expect(t, "ends that are pushed up", float64(pushed)/float64(len(first)), .99, 1.1)
		}},
	{"hmc", "Set the regulariser to 0. Energies grow until walls are too steep for the leapfrog steps: these get ten times shorter and more, one chain in five or so does not move in an update, and energies reach tens of thousands.",
		func(t *testing.T) {
			usual := runOf(t, "hmc", nil)
			usual.is(t, "stuck", -1, .08)
			var stuck []float64
			for seed := 1; seed <= 3; seed++ {
				run := runOf(t, "hmc", knobs{"r": 0., "seed": seed})
				run.is(t, "step", 0, usual.number(t, "step")/9)
				expect(t, "the highest place", slices.Max(run.energy(lattice(64)...)), 2e4, 5e5)
				stuck = append(stuck, run.number(t, "stuck"))
			}
			expect(t, "chains that do not move", stat.Mean(stuck, nil), .12, .3)
		}},
	{"hmc", "The papers sample a density that stays as it is; here the chains persist from update to update while the energy learns, so this is persistent contrastive divergence with another sampler.",
		func(t *testing.T) { // equal knobs, equal results
			k := knobs{"steps": 40, "leapfrog": 4, "chain": 3, "restart": .01, "lr": .01}
			hmc := runOf(t, "hmc", k)
			k = knobs{"steps": 40, "leapfrog": 4, "chain": 3, "restart": .01, "lr": .01, "sampler": "hmc", "eps": hmc.Knobs()["eps"], "beta": hmc.Knobs()["beta"], "r": hmc.Knobs()["r"], "chains": hmc.Knobs()["chains"], "batch": hmc.Knobs()["batch"]}
			at := lattice(30)
			expect(t, "the difference of hmc from pcd with this sampler", floats.Distance(hmc.energy(at...), runOf(t, "pcd", k).energy(at...), inf), -1, 1e-12)
		}},
	{"hinge", "Set negatives to hard and the steps to 50: nearly every perturbed point moves back into the canyon, where the energy is pushed down and up at once. The pushes cancel, and the canyon becomes wide and blurred.",
		func(t *testing.T) {
			run, usual := runOf(t, "hinge", knobs{"negatives": "hard", "chain": 50}), runOf(t, "hinge", nil)
			var ups []r2.Vec
			for _, p := range run.Trace().Pushes {
				if p.Amount > 0 {
					ups = append(ups, p.At)
				}
			}
			expect(t, "partners in the canyon", share(ups, func(p r2.Vec) bool { return fromSpiral(p) < .12 }), .9, 1.1)
			run.is(t, "gap", 0, .2)
			run.is(t, "active", .95, 1.01)
			expect(t, "vol95, times that of the defaults", run.number(t, "vol95")/usual.number(t, "vol95"), 1.4, 3)
		}},
	{"hinge", "It is not: the margin fixes its scale, and pairs a margin apart have no gradient. E gives a density only with a β that is fitted afterwards, and even then an approximate one. Without a margin (m = 0) a flat landscape would have no loss at all.",
		func(t *testing.T) {
			large, small := runOf(t, "hinge", nil), runOf(t, "hinge", knobs{"m": .1})
			expect(t, "the fitted β with the margin 0.1, times that with 4", small.number(t, "beta_calibrated")/large.number(t, "beta_calibrated"), 8, 40)
			expect(t, "the NLL at the fitted β, above the true one", large.number(t, "nll_calibrated")-large.number(t, "true_nll"), .03, .3)
		}},
	{"mc", "Set the samples to 16: hardly any of them falls into the canyon, so two or three have most of the weight, different ones at each step. The landscape changes two to five times as much from step to step, and the NLL gets a few tenths of a nat worse.",
		func(t *testing.T) {
			at := lattice(40)
			for seed := 1; seed <= 3; seed++ {
				changes := map[int]float64{}
				for _, n := range []int{16, 512} {
					before, after := runOf(t, "mc", knobs{"n": n, "seed": seed}), runOf(t, "mc", knobs{"n": n, "seed": seed, "steps": 820})
					changes[n] = floats.Distance(before.energy(at...), after.energy(at...), 2)
					expect(t, "points with weight", float64(n)*before.number(t, "ess"), 1.2, map[int]float64{16: 5, 512: 120}[n])
				}
				expect(t, "the change in 20 steps, times that of the defaults", changes[16]/changes[512], 1.5, 7)
				expect(t, "the NLL, worse by", runOf(t, "mc", knobs{"n": 16, "seed": seed}).number(t, "nll")-runOf(t, "mc", knobs{"n": 512, "seed": seed}).number(t, "nll"), .1, .6)
			}
		}},
	{"mc", "It is not: the average of e^{-βE} is unbiased, but its logarithm, and so the loss, is too small, and the weights are divided by that same average. The bias falls with the effective number of samples, not with the number of steps.",
		func(t *testing.T) {
			run := runOf(t, "mc", knobs{"n": 512})
			density := func(e []float64) (z float64) {
				for _, v := range e {
					z += 9 * math.Exp(-v) / float64(len(e))
				}
				return z
			}
			z := density(run.energy(lattice(200)...))
			all := scattered(16*4096, anywhere)
			bias := func(n int) (mean, logarithm float64) {
				var zs, logs []float64
				for lo := 0; lo < len(all); lo += n {
					v := density(run.energy(all[lo : lo+n]...))
					zs, logs = append(zs, v), append(logs, math.Log(v))
				}
				return stat.Mean(zs, nil) / z, stat.Mean(logs, nil) - math.Log(z)
			}
			mean, logarithm := bias(16)
			expect(t, "the average with 16, of Z", mean, .9, 1.1)
			expect(t, "its logarithm, above log Z", logarithm, -.6, -.15)
			_, logarithm = bias(512)
			expect(t, "and with 512", logarithm, -.06, .04)
		}},
	{"nce", "Set data.noise to 0. Now uniform noise hardly ever falls near the data, and hardly a point is misclassified: the hills rise above a hundred while the canyon, which should get ever deeper, hardly does.",
		func(t *testing.T) {
			run := runOf(t, "nce", knobs{"data.noise": 0.})
			run.is(t, "accuracy", .95, 1.01)
			runOf(t, "nce", nil).is(t, "accuracy", .8, .92)
			run.is(t, "gap", 100, 300)
			run.is(t, "mean_data", -3, 0)
		}},
	{"nce", "The last bias of the network is that parameter: the energy becomes -log p itself, and log Z goes to 0 although no term of the loss names it, because the odds are right for Z = 1 only.",
		func(t *testing.T) {
			run := runOf(t, "nce", nil)
			run.is(t, "logz", -.1, .1)
			runOf(t, "nce", knobs{"steps": 5}).is(t, "logz", 1, inf)
			// Shifting the energy by the last bias changes the odds: the loss on fresh points is least near Z = 1.
			data, noise := run.energy(corrupt(spiralPoints, .04, 20)...), run.energy(scattered(20000, anywhere)...)
			loss := func(c float64) (l float64) {
				for _, e := range data {
					l += math.Log1p(math.Exp(e+c+math.Log(4./9))) / float64(len(data))
				}
				for _, e := range noise {
					l += 4 * math.Log1p(math.Exp(-e-c-math.Log(4./9))) / float64(len(noise))
				}
				return l
			}
			if !(loss(0) < loss(-.7) && loss(0) < loss(.7)) {
				t.Errorf("shifted by -0.7, 0 and 0.7 the loss is %.4f, %.4f and %.4f", loss(-.7), loss(0), loss(.7))
			}
		}},
	{"pcd", "Hundreds of chains move over the landscape for the whole run and never return to the data; now and then one restarts at a random place.",
		func(t *testing.T) {
			run := runOf(t, "pcd", nil)
			expect(t, "chains", float64(run.Knobs()["chains"].(int)), 200, 1000)
			data := map[r2.Vec]bool{}
			for _, p := range run.Points() {
				data[p] = true
			}
			first := map[int]r2.Vec{}
			for _, v := range run.Trace().Visits {
				if _, ok := first[v.Path]; !ok {
					first[v.Path] = v.At
				}
			}
			for _, p := range first {
				if data[p] {
					t.Errorf("a chain starts at the training point %v", p)
				}
			}
		}},
	{"pcd", "Set the regulariser to 0. The canyon gets so steep that mala fails: its steps shrink to the least there is, about half of the chains do not move in an update, and under them a peak grows from update to update; energies reach hundreds of thousands. The random walk does not use slopes, and still works.",
		func(t *testing.T) {
			for seed := 1; seed <= 2; seed++ {
				run := runOf(t, "pcd", knobs{"r": 0., "seed": seed})
				run.is(t, "step", 0, 1.01e-5)
				run.is(t, "stuck", .35, .75)
				expect(t, "the highest place", slices.Max(run.energy(lattice(64)...)), 1e5, 1e6)
				run.is(t, "auc", .5, .8)
			}
			runOf(t, "pcd", nil).is(t, "stuck", -1, .03)
			runOf(t, "pcd", knobs{"r": 0., "sampler": "randomwalk"}).is(t, "auc", .935, 1)
		}},
	{"pcd", "With ula and a step size of 0.003 nothing is rejected, but chains jump out of the canyon, and it gets six to seven times too deep to hold them.",
		func(t *testing.T) {
			for seed := 1; seed <= 2; seed++ {
				run := runOf(t, "pcd", knobs{"sampler": "ula", "eta": .003, "seed": seed})
				expect(t, "E, times -log p", 1/run.number(t, "beta_calibrated"), 5.5, 7.6)
			}
			expect(t, "and with the defaults", 1/runOf(t, "pcd", nil).number(t, "beta_calibrated"), .7, 1.3)
		}},
	{"mcmc", "Set the steps to 5. Most chains are still on the hills where they push up, so the hills rise until the regulariser stops them. The landscape looks right, but as a density it is far too sharp: energies are about four times as large as -log p, and the NLL rises by nearly two nats.",
		func(t *testing.T) {
			run, usual := runOf(t, "mcmc", knobs{"chain": 5}), runOf(t, "mcmc", nil)
			run.is(t, "auc", .93, 1)
			expect(t, "E, times -log p", 1/run.number(t, "beta_calibrated"), 3.5, 4.5)
			expect(t, "the NLL, higher by", run.number(t, "nll")-usual.number(t, "nll"), 1.6, 2.1)
			expect(t, "the hills, higher by", run.aboveData(ground)-usual.aboveData(ground), 5, inf)
		}},
	{"mcmc", "Only infinitely long ones do: a short walk depends on where it started, and the landscape becomes right for walks of that length, not a density. The bias of the gradient is measured here during learning, because in the plane the exact gradient can be computed.",
		func(t *testing.T) {
			run := runOf(t, "mcmc", knobs{"chain": 5})
			run.is(t, "gradient_cosine", -1, .9)
			expect(t, "the NLL of 100 steps, below that of 5 by", run.number(t, "nll")-runOf(t, "mcmc", knobs{"chain": 100, "steps": 400}).number(t, "nll"), 1, 3)
		}},
	{"dae", "Training points are corrupted with noise and a network learns to denoise them: the energy is the squared distance by which the network moves a point, nearly zero at the data and large at the corrupted points.",
		func(t *testing.T) {
			run := runOf(t, "dae", nil)
			data, noisy := stat.Mean(run.energy(run.Points()...), nil), stat.Mean(run.energy(corrupt(run.Points(), .15, 3)...), nil)
			expect(t, "the energy of the data", data, 0, .004)
			expect(t, "that of the corrupted points, times it", noisy/data, 4, inf)
		}},
	{"dae", "Look halfway between two arms: the arrows turn from one arm to the other there and have length 0 in between, so a spurious valley as low as the data runs along the midline, although the noise does put points there.",
		func(t *testing.T) {
			run := runOf(t, "dae", nil)
			expect(t, "the share of the midline that is low", run.low(midline), .85, 1.1)
			expect(t, "the share of corrupted points within 0.05 of it", share(corrupt(run.Points(), .15, 3), func(p r2.Vec) bool { return fromNearest(p, midline) < .05 }), .015, .1)
			outwards := func(off float64) float64 { // the share of arrows that point away from the centre
				at := between(100, .15, .5, func(s float64) r2.Vec { return polar(1.25*(s+.25)+off, 4*math.Pi*s) })
				n := 0
				for i, r := range run.reconstruct(at) {
					if r2.Dot(r2.Sub(r, at[i]), at[i]) > 0 {
						n++
					}
				}
				return float64(n) / 100
			}
			expect(t, "outward arrows inside of the midline", outwards(-.12), -1, .1)
			expect(t, "outward arrows outside of it", outwards(.12), .9, 1.1)
		}},
	{"dae", "Set the noise to 0.3: corrupted points of different arms mix, many are led to where there are no data, and the spiral is lost.",
		func(t *testing.T) {
			astray := func(sigma float64) float64 {
				run := runOf(t, "dae", knobs{"sigma": sigma})
				return share(run.reconstruct(corrupt(run.Points(), sigma, 2)), func(p r2.Vec) bool { return fromSpiral(p) > .1 })
			}
			expect(t, "denoised farther than 0.1 from the spiral, σ = 0.3", astray(.3), .35, .6)
			expect(t, "σ = 0.15", astray(.15), 0, .12)
			runOf(t, "dae", knobs{"sigma": .3}).is(t, "auc", .7, .8)
		}},
	{"dae", "It does so near them only: E/d² falls from 1 at d = 0.1 to a half at 0.3. At best E is σ⁴ times the squared slope of log p, where p was blurred by the noise: it is 0 again wherever that slope is 0, at ridges between two arms and at saddles.",
		func(t *testing.T) {
			run := runOf(t, "dae", knobs{"sigma": .15})
			ratio := func(d float64) float64 {
				var all []float64
				for _, side := range []float64{-d, d} {
					for _, p := range between(100, .5, .99, func(s float64) r2.Vec {
						u := r2.Unit(r2.Sub(onSpiral(s+1e-4), onSpiral(s-1e-4)))
						return r2.Add(onSpiral(s), r2.Vec{X: u.Y * side, Y: -u.X * side})
					}) {
						all = append(all, run.energy(p)[0]/(d*d))
					}
				}
				return stat.Mean(all, nil)
			}
			expect(t, "E/d² at 0.1", ratio(.1), .9, 1.1)
			expect(t, "E/d² at 0.3", ratio(.3), .4, .55)
		}},
	{"dae", "The arrows r(y) - y of a trained network need not be the gradient of anything.",
		func(t *testing.T) {
			run := runOf(t, "dae", nil)
			var curl, shear []float64
			for _, p := range corrupt(run.Points(), .15, 1) {
				const h = 1e-3
				r := run.reconstruct([]r2.Vec{{X: p.X + h, Y: p.Y}, {X: p.X - h, Y: p.Y}, {X: p.X, Y: p.Y + h}, {X: p.X, Y: p.Y - h}})
				a, b := r[0].Y-r[1].Y, r[2].X-r[3].X // equal for the gradient of anything
				curl, shear = append(curl, a-b), append(shear, a+b)
			}
			expect(t, "the curl, of the shear", floats.Norm(curl, 2)/floats.Norm(shear, 2), .05, 1)
		}},
	{"masked", "Set energy to independent: each token is predicted without the other, and the spiral becomes a box of rows and columns.",
		func(t *testing.T) {
			run := runOf(t, "masked", knobs{"energy": "independent"})
			at := scattered(40, anywhere)
			for i := 1; i < len(at); i++ {
				e := run.energy(at[i-1], at[i], r2.Vec{X: at[i-1].X, Y: at[i].Y}, r2.Vec{X: at[i].X, Y: at[i-1].Y})
				if d := e[0] + e[1] - e[2] - e[3]; math.Abs(d) > 1e-9 {
					t.Fatalf("the energy is no sum of one of y1 and one of y2: off by %g", d)
				}
			}
			expect(t, "the share of the ground that is low", run.low(ground), .8, 1)
		}},
	{"masked", "Set tokens to 48: a row has only twenty points to learn from, and the finer pixels are no better. Between the arms, where there are no data, the energies are arbitrary: other model seeds give other ones.",
		func(t *testing.T) {
			fine, usual := runOf(t, "masked", knobs{"vocabulary": 48}), runOf(t, "masked", nil)
			expect(t, "the NLL, higher by", fine.number(t, "nll")-usual.number(t, "nll"), 0, .2)
			other := runOf(t, "masked", knobs{"vocabulary": 48, "seed": 2})
			expect(t, "the correlation of two seeds on the data", stat.Correlation(fine.energy(fine.Points()...), other.energy(fine.Points()...), nil), .93, 1)
			expect(t, "and between the arms", stat.Correlation(fine.energy(ground...), other.energy(ground...), nil), .2, .8)
		}},
	{"masked", "It counts the mutual information of the tokens twice, so its valleys are about twice too deep (the best β is near a half) and its mass is not 1. The chain rule predicts one token without the other, and the other from it: that is a density, and its mass is 1.",
		func(t *testing.T) {
			pseudo, chain := runOf(t, "masked", nil), runOf(t, "masked", knobs{"energy": "chain"})
			pseudo.is(t, "beta_calibrated", .4, .6)
			pseudo.is(t, "mass", 2, 10)
			chain.is(t, "mass", .999, 1.001)
			chain.is(t, "beta_calibrated", .7, 1.2)
		}},
	{"masked", "So a slice at β = 1 shows the predicted distribution of the second token only with energy chain.",
		func(t *testing.T) {
			// With energy chain, e^-E is p(t1) p(t2|t1); independent has p(t1) p(t2), of which the first part is known
			// up to a factor. So the slice of chain is p(t2|t1), and that of pseudo has p(t1|t2) besides.
			pseudo, chain := runOf(t, "masked", nil), runOf(t, "masked", knobs{"energy": "chain"})
			slice := func(r trainedRun, x float64) []float64 {
				p := r.energy(between(32, -1.5+1.5/32, 1.5-1.5/32, func(y float64) r2.Vec { return r2.Vec{X: x, Y: y} })...)
				for i, e := range p {
					p[i] = math.Exp(-e)
				}
				floats.Scale(1/floats.Sum(p), p)
				return p
			}
			var differences []float64
			for _, x := range between(32, -1.5+1.5/32, 1.5-1.5/32, func(x float64) r2.Vec { return r2.Vec{X: x} }) {
				differences = append(differences, floats.Distance(slice(pseudo, x.X), slice(chain, x.X), 1)/2)
			}
			expect(t, "the median difference of the two slices, in probability", median(differences), .1, 1)
		}},
	{"dsm", "Raise the noise: it makes the canyon wider than the data, at 0.2 only faint ridges are left between the arms of the spiral, and at 0.3 they are one basin.",
		func(t *testing.T) {
			usual, wide, basin := runOf(t, "dsm", nil), runOf(t, "dsm", knobs{"sigma": .2}), runOf(t, "dsm", knobs{"sigma": .3})
			expect(t, "the ridges with 0.2, of those with 0.07", wide.aboveData(midline)/usual.aboveData(midline), .02, .2)
			expect(t, "with 0.3", basin.aboveData(midline), -1, .05)
			expect(t, "the width with 0.2, of that with 0.07", wide.number(t, "width")/usual.number(t, "width"), 2, 5)
		}},
	{"dsm", "Lower it to 0.02: each step fits the slope close to a few points only, and although the canyon is thin its floor is uneven: one part of the arm lies far below another.",
		func(t *testing.T) {
			floor := func(r trainedRun) float64 {
				var parts []float64
				for i := range 10 {
					parts = append(parts, median(r.energy(spiralPoints[80*i:80*i+80]...)))
				}
				return slices.Max(parts) - slices.Min(parts)
			}
			usual, thin := runOf(t, "dsm", nil), runOf(t, "dsm", knobs{"sigma": .02})
			expect(t, "the floor's range", floor(thin), 3, 12)
			expect(t, "with the defaults", floor(usual), 0, 2)
			expect(t, "the width", thin.number(t, "width"), 0, .7*usual.number(t, "width"))
		}},
	{"dsm", "It is that of the data blurred by sigma, and no temperature corrects this: the number width shows how wide the canyon is, and it stays above sigma however long one trains.",
		func(t *testing.T) {
			run, late := runOf(t, "dsm", nil), runOf(t, "dsm", knobs{"steps": 4800})
			expect(t, "the NLL at the best β, above the true one", run.number(t, "nll_calibrated")-run.number(t, "true_nll"), .12, .5)
			run.is(t, "width", .07, .1)
			late.is(t, "width", .07, .1)
		}},
	{"dsm", "The denoising autoencoder learns the same arrows, but its energy is their squared length; here they are the slope of the energy.",
		func(t *testing.T) {
			cosine, _ := sameArrows(runOf(t, "dsm", knobs{"sigma": .1}), runOf(t, "dae", knobs{"sigma": .1}))
			expect(t, "the cosine of the arrows", cosine, .9, 1.1)
			expect(t, "the midline, low here", runOf(t, "dsm", nil).low(midline), -1, .05)
		}},
	{"scorematching", "On gaussians or rings, where the data lie in separate pieces, each piece gets its valley but their relative depths are not learnt: of eight equal clusters one may end up with a third of the probability and another with a thirtieth (model seed 3).",
		func(t *testing.T) {
			run := runOf(t, "scorematching", knobs{"data": "gaussians", "seed": 3})
			at := lattice(150)
			e := run.energy(at...)
			least, total := floats.Min(e), 0.0
			mass := make([]float64, 8)
			for i, p := range at {
				v := math.Exp(least - e[i])
				mass[int(math.Round(math.Atan2(p.Y, p.X)/(math.Pi/4))+8)%8] += v
				total += v
			}
			floats.Scale(1/total, mass)
			expect(t, "the largest share", slices.Max(mass), .28, .4)
			expect(t, "the smallest", slices.Min(mass), .02, .05)
			var heights, around []float64
			for k := range 8 {
				heights = append(heights, run.energy(polar(1.1, float64(k)*math.Pi/4))...)
				around = append(around, run.energy(polar(1.1, (float64(k)+.5)*math.Pi/4))...)
			}
			expect(t, "the lowest ridge, above the highest valley beside it", slices.Min(around)-slices.Max(heights), 0, inf)
		}},
	{"scorematching", "With relu the network has no curvature of its own, except at kinks, which a gradient does not see: only the Fourier features bend the landscape, and it fits the spiral badly.",
		func(t *testing.T) {
			flat := runOf(t, "scorematching", knobs{"activation": "relu", "harmonics": 0, "steps": 100})
			expect(t, "the share of places without curvature, without features", share(scattered(400, anywhere), func(p r2.Vec) bool {
				e := make([]float64, 3)
				flat.ExactEnergy(e, []r2.Vec{p, {X: p.X + 1e-4, Y: p.Y}, {X: p.X - 1e-4, Y: p.Y}})
				return math.Abs(e[1]+e[2]-2*e[0]) < 1e-10
			}), .95, 1.1)
			run, usual := runOf(t, "scorematching", knobs{"activation": "relu"}), runOf(t, "scorematching", nil)
			run.is(t, "auc", .8, .91)
			usual.is(t, "auc", .925, 1)
			expect(t, "the NLL, higher by", run.number(t, "nll")-usual.number(t, "nll"), .7, inf)
		}},
	{"scorematching", "But curvature requires raising the energy around a point: written as differences, every step pushes up at four points for each one it pushes down. All of them are close by, which is why far ground is not learnt.",
		func(t *testing.T) {
			up, down := 0, 0
			for _, p := range runOf(t, "scorematching", nil).Trace().Pushes {
				if p.Amount > 0 {
					up++
					if d := r2.Norm(r2.Sub(p.At, p.From)); d > .021 {
						t.Fatalf("the energy is pushed up %.3f from its point", d)
					}
				} else {
					down++
				}
			}
			expect(t, "pushes up for each down", float64(up)/float64(down), 3.9, 4.1)
		}},
}
