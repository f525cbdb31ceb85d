package trial

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim"
	"ebmviz/sim/content"
)

// TestObservations: one prototype in the middle of a circle has the energy |y - w|², and the noise of
// a denoising autoencoder a known mean length.
func TestObservations(t *testing.T) {
	var player Player
	bowl := content.Trial{Open: content.Opening{Config: sim.Config{Model: "kmeans", Data: "circle", Seed: 1, Knobs: map[string]any{"k": 1, "update": "lloyd"}}}, Stop: content.Stop{Step: 5}}
	line := content.Trial{Open: content.Opening{Config: sim.Config{Model: "pca", Data: "custom", Seed: 1}}, Stop: content.Stop{Step: 100}}
	for i := range 20 {
		line.Open.Points = append(line.Open.Points, r2.Vec{X: float64(i-10) / 10, Y: float64(i-10) / 20})
	}
	noise := content.Trial{Open: content.Opening{Config: sim.Config{Model: "dae", Data: "circle", Seed: 1, Knobs: map[string]any{"sigma": 0.2, "batch": 512}}}, Stop: content.Stop{Step: 1}}
	chains := content.Trial{Open: content.Opening{Config: sim.Config{Model: "pcd", Data: "circle", Seed: 1, Knobs: map[string]any{"chain": 1, "chains": 1024}}}, Stop: content.Stop{Step: 1}}
	rolls := content.Trial{Open: content.Opening{Config: sim.Config{Model: "cd", Data: "circle", Seed: 1, Knobs: map[string]any{"chain": 1, "eta": 1e-5}}}, Stop: content.Stop{Step: 1}}
	kicks := content.Trial{Open: content.Opening{Config: sim.Config{Model: "cd", Data: "topographic", Seed: 1, Knobs: map[string]any{"chain": 0, "kick": 0.05, "batch": 512}}}, Stop: content.Stop{Step: 1}}
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
		{noise, "ups", 512}, {noise, "downs", 512}, {noise, "up_length", 0.2 * math.Sqrt(math.Pi/2)}, {noise, "ups_within(1)", 1}, {noise, "ups_near(0.85, 0, 0.85)", 0.28},
		{kicks, "ups_near(0, 0, 3)", 1}, {kicks, "ups_from_near(-0.5, 0.65, -0.483, 0.667, 0.3)", 1}, {kicks, "ups_from_near(-0.5, 0.65, 0.5, 0.4, 0.3)", 0}, {noise, "ups_within(0.01) - 0.1", 0},
	} {
		o, err := player.Play(c.trial)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := o.Number(c.name); err != nil || !(math.Abs(got-c.want) < 0.1) {
			t.Errorf("%s is %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	o, _ := player.Play(bowl)
	for _, name := range []string{"height", "energy(1)", "valleys(2)", "energy(", "1 - height", "auc()", "loss@6", "height@1"} {
		if v, err := o.Number(name); err == nil {
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
