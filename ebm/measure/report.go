package measure

import (
	"encoding/json"
	"math"
)

// TestSet says which points a landscape is measured on.
type TestSet string

const (
	FreshSamples   TestSet = "fresh samples"   // drawn from the distribution of the training points
	HeldOutPoints  TestSet = "held-out points" // of the user's own points, those that no model is trained on
	TrainingPoints TestSet = "training points" // the user's own points are too few to hold some out
)

// Own reports whether the points are a user's own.
func (t TestSet) Own() bool { return t == HeldOutPoints || t == TrainingPoints }

// Report holds the metrics of a landscape. One that does not apply is NaN, and missing in
// JSON.
type Report struct {
	On TestSet // what the test points are

	AUC        float64 // probability that a test point lies lower than a uniform one
	AUCCeiling float64 // the AUC of the true -log p: the best possible, up to sampling noise

	Beta           float64 // of the density e^{-βF} / Z that NLL, OffMass, KL and Samples are of: the model's own, else the calibrated one
	NLL            float64 // mean -log p of test points, in nats
	NLLCalibrated  float64 // the least NLL over all β
	BetaCalibrated float64 // the β of that: 1 if the energy is the negative log density
	TrueNLL        float64 // the NLL of the true density

	Vol95       float64 // part of the box that lies as low as 95 % of the test points: the volume of low energy
	MeanData    float64 // mean energy of test points
	MeanUniform float64 // mean energy of uniform points

	OffMass float64 // probability that the model gives to points farther than 5σ from the data's skeleton
	FarMin  float64 // the least energy there minus the median on the test points: below 0 is a valley without data
	KL      float64 // divergence from the true density to the model's, in nats

	Samples Distances // from points drawn from the model to the test points
	Floor   Distances // from fresh points of the dataset to the test points: the best possible, up to sampling noise
}

// emptyReport returns a report in which no metric applies.
func emptyReport() Report {
	n := math.NaN()
	return Report{"", n, n, n, n, n, n, n, n, n, n, n, n, n, noDistances, noDistances}
}

// Gap returns the mean energy of uniform points minus that of test points.
func (r Report) Gap() float64 { return r.MeanUniform - r.MeanData }

// MarshalJSON leaves out what is not finite.
func (r Report) MarshalJSON() ([]byte, error) {
	finite := func(v float64) *float64 {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return &v
	}
	return json.Marshal(struct {
		On             TestSet  `json:"on,omitempty"`
		AUC            *float64 `json:"auc,omitempty"`
		AUCCeiling     *float64 `json:"auc_ceiling,omitempty"`
		Beta           *float64 `json:"beta,omitempty"`
		NLL            *float64 `json:"nll,omitempty"`
		NLLCalibrated  *float64 `json:"nll_calibrated,omitempty"`
		BetaCalibrated *float64 `json:"beta_calibrated,omitempty"`
		TrueNLL        *float64 `json:"true_nll,omitempty"`
		Vol95          *float64 `json:"vol95,omitempty"`
		MeanData       *float64 `json:"mean_data,omitempty"`
		MeanUniform    *float64 `json:"mean_uniform,omitempty"`
		OffMass        *float64 `json:"off_mass,omitempty"`
		FarMin         *float64 `json:"far_min,omitempty"`
		KL             *float64 `json:"kl,omitempty"`
		Chamfer        *float64 `json:"chamfer,omitempty"`
		ChamferFloor   *float64 `json:"chamfer_floor,omitempty"`
		MMD2           *float64 `json:"mmd2,omitempty"`
		MMD2Floor      *float64 `json:"mmd2_floor,omitempty"`
		W2             *float64 `json:"w2,omitempty"`
		W2Floor        *float64 `json:"w2_floor,omitempty"`
	}{
		r.On, finite(r.AUC), finite(r.AUCCeiling), finite(r.Beta), finite(r.NLL), finite(r.NLLCalibrated), finite(r.BetaCalibrated), finite(r.TrueNLL),
		finite(r.Vol95), finite(r.MeanData), finite(r.MeanUniform), finite(r.OffMass), finite(r.FarMin), finite(r.KL),
		finite(r.Samples.Chamfer), finite(r.Floor.Chamfer), finite(r.Samples.MMD2), finite(r.Floor.MMD2), finite(r.Samples.W2), finite(r.Floor.W2),
	})
}
