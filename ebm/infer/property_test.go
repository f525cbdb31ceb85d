package infer

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
	"pgregory.net/rapid"
)

// someWells draws a latent model of up to twelve z.
var someWells = rapid.Custom(func(t *rapid.T) wells {
	w := rapid.SliceOfN(somewhere, 1, 12).Draw(t, "w")
	cost := rapid.SliceOfN(rapid.Float64Range(-3, 3), len(w), len(w)).Draw(t, "cost")
	return wells{w: w, cost: cost, scale: rapid.Float64Range(0, 100).Draw(t, "scale")}
})

// somewhere draws a point of the box.
var somewhere = rapid.Custom(func(t *rapid.T) r2.Vec {
	return r2.Vec{X: rapid.Float64Range(-1.5, 1.5).Draw(t, "y1"), Y: rapid.Float64Range(-1.5, 1.5).Draw(t, "y2")}
})

// someBeta draws inverse temperatures from 1e-6 to 1e6.
var someBeta = rapid.Map(rapid.Float64Range(-6, 6), func(x float64) float64 { return math.Pow(10, x) })

func TestFIsTheLeastOverZ(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, y := someWells.Draw(t, "m"), somewhere.Draw(t, "y")
		all, best := Latents(m, y)
		f := energy(m, y)
		if f != all[best].E {
			t.Fatalf("F = %v, E(y, z*) = %v", f, all[best].E)
		}
		for z, l := range all {
			if f > l.E || z < best && l.E == f {
				t.Fatalf("E of z = %d is %v, z* = %d has %v", z, l.E, best, f)
			}
		}
	})
}

// rounding is what sums of energies and their logarithms, divided by β, may be off by.
func rounding(e []float64) float64 {
	return 1e-14 * max(1, math.Abs(slices.Min(e)), math.Abs(slices.Max(e)))
}

func TestFreeEnergyLiesBetweenLeastAndMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, best := Latents(someWells.Draw(t, "m"), somewhere.Draw(t, "y"))
		e, k := energies(all), float64(len(all))
		mean := 0.0
		for _, v := range e {
			mean += v / k
		}
		a, b := someBeta.Draw(t, "β"), someBeta.Draw(t, "β'")
		hot, cold := FreeEnergy(e, min(a, b)), FreeEnergy(e, max(a, b))
		off := rounding(e)
		if cold < all[best].E-off || hot > mean+off || cold > hot+off {
			t.Fatalf("least %v, F at β = %v %v, at %v %v, mean %v", all[best].E, max(a, b), cold, min(a, b), hot, mean)
		}
		// How near it comes to either: each z weighs 1/K, and the variance is at most a
		// quarter of the range squared.
		if most := all[best].E + math.Log(k)/a; FreeEnergy(e, a) > most+off*(1+1/a) {
			t.Fatalf("F at β = %v is %v, above %v", a, FreeEnergy(e, a), most)
		}
		wide := slices.Max(e) - slices.Min(e)
		if least := mean - a*wide*wide/8; FreeEnergy(e, a) < least-off {
			t.Fatalf("F at β = %v is %v, below %v", a, FreeEnergy(e, a), least)
		}
		if got, want := FreeEnergySum(e, a), FreeEnergy(e, a)-math.Log(k)/a; math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Fatalf("the sum form is %v, want %v", got, want)
		}
	})
}

// The free energy by its definition, where that neither overflows nor rounds.
func TestFreeEnergyIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 50).Draw(t, "e")
		beta := rapid.Float64Range(0.1, 50).Draw(t, "β")
		sum := 0.0
		for _, v := range e {
			sum += math.Exp(-beta * v)
		}
		if got, want := FreeEnergySum(e, beta), -math.Log(sum)/beta; math.Abs(got-want) > 1e-12 {
			t.Fatalf("sum form %v, want %v", got, want)
		}
		if got, want := FreeEnergy(e, beta), -math.Log(sum/float64(len(e)))/beta; math.Abs(got-want) > 1e-12 {
			t.Fatalf("mean form %v, want %v", got, want)
		}
	})
}

// TestShift: moving the wells and the point together moves the answer. Adding a constant to all
// energies adds it to F and changes no answer.
func TestShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, y := someWells.Draw(t, "m"), somewhere.Draw(t, "y")
		// A shift by whole points of the slice's grid, in steps of 3/200.
		s := r2.Vec{X: 0.015 * float64(rapid.IntRange(-60, 60).Draw(t, "right")), Y: 0.015 * float64(rapid.IntRange(-60, 60).Draw(t, "up"))}
		lift := rapid.Float64Range(-1e3, 1e3).Draw(t, "lift")
		beta := someBeta.Draw(t, "β")
		moved := wells{scale: m.scale}
		for z, w := range m.w {
			moved.w, moved.cost = append(moved.w, r2.Add(w, s)), append(moved.cost, m.cost[z]+lift)
		}
		here, _ := Latents(m, y)
		there, _ := Latents(moved, r2.Add(y, s))
		near := func(what string, got, want float64) {
			if !(math.Abs(got-want) <= 1e-9) {
				t.Fatalf("%s is %v, want %v", what, got, want)
			}
		}
		near("F", energy(moved, r2.Add(y, s)), energy(m, y)+lift)
		near("F_β", FreeEnergy(energies(there), beta), FreeEnergy(energies(here), beta)+lift)

		for known, by := range map[Coordinate]float64{Y1: s.Y, Y2: s.X} {
			v, to := y.X, y.X+s.X
			if known == Y2 {
				v, to = y.Y, y.Y+s.Y
			}
			a, b := Given(m, known, v, beta), Given(moved, known, to, beta)
			for i, f := range a.F {
				if j := i + int(math.Round(by/0.015)); j >= 0 && j < points {
					near("F of the slice", b.F[j], f+lift)
				}
			}
		}
	})
}

func TestSliceIsADensityWithAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := someWells.Draw(t, "m")
		s := Given(m, rapid.SampledFrom([]Coordinate{Y1, Y2}).Draw(t, "known"), rapid.Float64Range(-1.5, 1.5).Draw(t, "value"), someBeta.Draw(t, "β"))
		least := slices.Min(s.F)
		for _, p := range s.Density {
			if p < 0 {
				t.Fatalf("density %v", p)
			}
		}
		if math.Abs(mass(s)-1) > 1e-9 || s.Mean < -1.5-1e-9 || s.Mean > 1.5+1e-9 {
			t.Fatalf("mass %v, mean %v", mass(s), s.Mean)
		}
		if least == slices.Max(s.F) {
			return // level: no answer
		}
		// The lowest point of all is next to one of the minima, and these are in order.
		i := slices.Index(s.F, least)
		j := i
		for j+1 < points && s.F[j+1] == least {
			j++
		}
		if _, off := nearestTo(s.Minima, (s.Other[i]+s.Other[j])/2); off > 0.0075+1e-9 {
			t.Fatalf("no minimum of %v near the lowest point %v", s.Minima, s.Other[i])
		}
		if !slices.IsSorted(s.Minima) {
			t.Fatalf("minima %v", s.Minima)
		}
	})
}
