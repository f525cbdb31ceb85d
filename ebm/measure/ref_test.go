package measure

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"testing"

	"ebmviz/ebm/internal/ref"

	"gonum.org/v1/gonum/spatial/r2"
)

func TestRefMetrics(t *testing.T) {
	var r struct {
		ref.Tolerance
		AUC struct {
			Data    []float64 `json:"e_data"`
			Uniform []float64 `json:"e_unif"`
			AUC     float64   `json:"auc"`
		} `json:"auc"`
		X       [][]float64 `json:"X"`
		Z       [][]float64 `json:"Z"`
		Z12     [][]float64 `json:"Z12"`
		Chamfer float64     `json:"chamfer"`
		MMD2    float64     `json:"mmd2_v"`
		W2      float64     `json:"w2"`
	}
	ref.Load(t, "metrics", &r)
	t.Run("metrics", func(t *testing.T) {
		x, z, z12 := ref.Vecs(r.X), ref.Vecs(r.Z), ref.Vecs(r.Z12)
		r.Near(t, "AUC", AUC(r.AUC.Data, r.AUC.Uniform), r.AUC.AUC)
		r.Near(t, "Chamfer", Chamfer(x, z), r.Chamfer)
		r.Near(t, "MMD²", MMD2(x, z, 0.5), r.MMD2)
		r.Near(t, "W2", W2(x, z12), r.W2)
	})
}

// gaussian is the energy ½ Σ_d (y_d - μ_d)² / σ_d².
func gaussian(mu, sigma r2.Vec) Energy {
	return func(dst []float64, at []r2.Vec) {
		for i, y := range at {
			a, b := (y.X-mu.X)/sigma.X, (y.Y-mu.Y)/sigma.Y
			dst[i] = (a*a + b*b) / 2
		}
	}
}

// evaluate returns the energies at the points.
func evaluate(energy Energy, at []r2.Vec) []float64 {
	e := make([]float64, len(at))
	energy(e, at)
	return e
}

// partitionCase is an energy by name and parameters.
type partitionCase struct {
	Energy   string             `json:"energy"`
	Params   json.RawMessage    `json:"params"`
	Beta     float64            `json:"beta"`
	Exact    float64            `json:"logZ_box"`
	Midpoint map[string]float64 `json:"midpoint"`
}

func (c partitionCase) energy(t *testing.T) Energy {
	var wells struct{ Mu, Sigma []float64 }
	var ring struct{ R0, Sigma float64 }
	switch c.Energy {
	case "gaussian":
		if err := json.Unmarshal(c.Params, &wells); err != nil {
			t.Fatal(err)
		}
		return gaussian(ref.Vecs([][]float64{wells.Mu})[0], ref.Vecs([][]float64{wells.Sigma})[0])
	case "ring":
		if err := json.Unmarshal(c.Params, &ring); err != nil {
			t.Fatal(err)
		}
		return func(dst []float64, at []r2.Vec) {
			for i, y := range at {
				d := (r2.Norm(y) - ring.R0) / ring.Sigma
				dst[i] = d * d / 2
			}
		}
	case "mueller4":
		return func(dst []float64, at []r2.Vec) {
			for i, y := range at {
				a, b := y.X*y.X-0.64, y.Y*y.Y-0.64
				dst[i] = 5*(a*a+b*b) + y.X*y.Y
			}
		}
	}
	t.Fatalf("no energy %q", c.Energy)
	return nil
}

func TestRefPartition(t *testing.T) {
	var r struct {
		ref.Tolerance
		Cases    []partitionCase `json:"cases"`
		Overflow struct {
			Energies  []float64 `json:"energies"`
			Beta      float64   `json:"beta"`
			LogSumExp float64   `json:"logsumexp"`
		} `json:"overflow"`
		GaussNLL struct {
			Y   [][]float64 `json:"y"`
			NLL []float64   `json:"nll"`
		} `json:"gauss_nll"`
	}
	ref.Load(t, "partition", &r)
	t.Run("partition", func(t *testing.T) {
		for _, c := range r.Cases {
			name := fmt.Sprintf("%s at β = %v", c.Energy, c.Beta)
			for side, want := range c.Midpoint {
				g, err := strconv.Atoi(side)
				if err != nil {
					t.Fatal(err)
				}
				r.Near(t, "log Z of "+name+" on "+side, LogZ(evaluate(c.energy(t), Grid(g)), c.Beta), want)
			}
			// Where the box cuts through a ridge the rule errs by O(h²): on 100 by 0.55 of
			// what lies between 64 and 128.
			off := max(2e-5, math.Abs(c.Midpoint["64"]-c.Midpoint["128"]))
			ref.Tolerance{Abs: off}.Near(t, "log Z of "+name, LogZ(evaluate(c.energy(t), Grid(gridSide)), c.Beta), c.Exact)
		}
		o := r.Overflow
		r.Near(t, "log Σ exp", LogZ(o.Energies, o.Beta)-math.Log(cell(len(o.Energies))), o.LogSumExp)

		well := r.Cases[0].energy(t)
		grid := evaluate(well, Grid(64))
		for i, e := range evaluate(well, ref.Vecs(r.GaussNLL.Y)) {
			r.Near(t, "NLL", NLL([]float64{e}, grid, 1), r.GaussNLL.NLL[i])
		}
	})
}
