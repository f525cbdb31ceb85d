package browsertest

import (
	"fmt"
	"os"
	"testing"
)

// lossSteps has the steps of the points that the chart of the loss shows.
const lossSteps = "echarts.getInstanceByDom(document.querySelector('#loss')).getOption().series.find((s) => s.id === 'loss').data.map((p) => p[0])"

// TestACheckpointOfTheSameModelHasItsOwnCurves drops a checkpoint of an earlier step of the model, data and
// seed on the page: the losses that came after it go.
func TestACheckpointOfTheSameModelHasItsOwnCurves(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral&step=40")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 40")
	saved, err := os.ReadFile(b.saveCheckpoint(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	b.enter("#step-count", "200")
	b.waitFor("ebmviz.step === 200")
	b.waitFor("Math.max(..." + lossSteps + ") === 200")
	run := eval[int](b, "ebmviz.state.run")
	b.drop("saved.json", string(saved))
	b.waitFor(fmt.Sprintf("ebmviz.state.run > %d", run))
	b.waitFor("ebmviz.step < 200 && Math.max(0, ..." + lossSteps + ") <= ebmviz.step")
	b.expectEmptyConsole()
}
