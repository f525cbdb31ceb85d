package browsertest

import (
	"fmt"
	"testing"
)

// TestACurveThatLeavesThePlane: the points outside are left out, not moved to its rim, and the page
// says how many there are, also when the dialog is opened again.
func TestACurveThatLeavesThePlane(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral")
	b.waitForRun()
	curve := func(y1, y2 string, n int) {
		b.click(`[data-action="bring"]`)
		b.waitFor("document.querySelector('#own').open")
		eval[bool](b, fmt.Sprintf(`Object.entries({ y1: %q, y2: %q, n: %d, noise: 0 }).every(([name, value]) => (document.querySelector('[data-curve=' + name + ']').value = value, true))`, y1, y2, n))
		b.click(`[data-curve="draw"]`)
		b.waitFor("!document.querySelector('#own').open && ebmviz.state.data === 'custom'")
	}
	const sentence = "20 of 101 points of the curve lie outside the plane, which goes from −1.5 to 1.5, or have no value; they are left out."
	curve("t", "0.3/t", 101)
	b.waitFor(roomPoints + ".length === 2 * 81")
	if n := eval[int](b, roomPoints+".filter((v) => v > 1.4999).length"); n != 1 { // that of t = 0.2
		t.Errorf("%d points lie on the rim of the plane", n)
	}
	b.waitFor(fmt.Sprintf("document.querySelector('#toast:not([hidden])')?.textContent === %q", sentence))
	b.click(`[data-action="bring"]`)
	if said := b.text(`[data-curve="result"]`); said != sentence {
		t.Errorf("the dialog says %q", said)
	}
	b.checkAccessibility()
	b.checkLayout()
	b.savePicture("curve")
	eval[bool](b, "(document.querySelector('#own').close(), true)")
	curve("cos(2*pi*t)", "sin(2*pi*t)", 50)
	b.waitFor(roomPoints + ".length === 100")
	if said := b.text(`[data-curve="result"]`); said != "" {
		t.Errorf("of a curve inside the dialog says %q", said)
	}
	b.expectEmptyConsole()
}
