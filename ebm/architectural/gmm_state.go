package architectural

import (
	"fmt"
	"math"
	"slices"

	"ebmviz/ebm"
)

func (m *gmm) State() ebm.State {
	return ebm.State{
		Params: map[string]ebm.Tensor{
			"W": m.w.tensor(), "var": m.variances(), "pi": {Shape: []int{m.k}, Values: slices.Clone(m.pi)},
		},
		Train: map[string]ebm.Tensor{"progress": {Shape: []int{2}, Values: []float64{float64(m.reseeded), m.moved}}},
	}
}

// variances is the tensor var, in the shape that the present form needs.
func (m *gmm) variances() ebm.Tensor {
	t := ebm.Tensor{Shape: []int{m.k}}
	switch m.form {
	case covarianceShared:
		return ebm.Scalar(m.cov[0].xx)
	case covarianceFull:
		t.Shape = []int{m.k, 2, 2}
		for _, c := range m.cov {
			t.Values = append(t.Values, c.xx, c.xy, c.xy, c.yy)
		}
	default:
		for _, c := range m.cov {
			t.Values = append(t.Values, c.xx)
		}
	}
	return t
}

// fetchVariances reads the tensor var in any of its three shapes.
func (m *gmm) fetchVariances(from map[string]ebm.Tensor) (cov []symmetric, form string, err error) {
	t := from["var"]
	cov, form = make([]symmetric, m.k), covarianceSpherical
	switch {
	case len(t.Shape) == 3:
		form = covarianceFull
		t, err = ebm.Fetch(from, "var", m.k, 2, 2)
	case len(t.Shape) == 1 && t.Shape[0] == 1:
		form = covarianceShared
		t, err = ebm.Fetch(from, "var", 1)
	default:
		t, err = ebm.Fetch(from, "var", m.k)
	}
	if err != nil {
		return nil, "", err
	}
	for k := range cov {
		switch v := t.Values; form {
		case covarianceFull:
			cov[k] = symmetric{v[4*k], v[4*k+1], v[4*k+3]}
			if v[4*k+1] != v[4*k+2] {
				return nil, "", fmt.Errorf("tensor %q is not symmetric for component %d", "var", k)
			}
		case covarianceShared:
			cov[k] = isotropic(v[0])
		default:
			cov[k] = isotropic(v[k])
		}
		if c := cov[k]; !(c.xx > 0 && c.xx*c.yy-c.xy*c.xy > 0) {
			return nil, "", fmt.Errorf("tensor %q is not positive for component %d", "var", k)
		}
	}
	return cov, form, nil
}

func (m *gmm) SetState(s ebm.State) error {
	w, err := ebm.Fetch(s.Params, "W", 2, m.k)
	if err != nil {
		return err
	}
	pi, err := ebm.Fetch(s.Params, "pi", m.k)
	if err != nil {
		return err
	}
	total := 0.0
	for _, v := range pi.Values {
		if v < 0 {
			return fmt.Errorf("tensor %q holds the negative weight %v", "pi", v)
		}
		total += v
	}
	if math.Abs(total-1) > 1e-6 {
		return fmt.Errorf("tensor %q sums to %v where 1 is needed", "pi", total)
	}
	cov, form, err := m.fetchVariances(s.Params)
	if err != nil {
		return err
	}
	progress := ebm.Tensor{Values: make([]float64, 2)}
	if len(s.Train) > 0 {
		if progress, err = ebm.Fetch(s.Train, "progress", 2); err != nil {
			return err
		}
	}
	m.w.setTensor(w)
	copy(m.pi, pi.Values)
	m.cov, m.form = cov, form
	m.reseeded, m.moved = int(progress.Values[0]), progress.Values[1]
	m.tabulate()
	return nil
}
