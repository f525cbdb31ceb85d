package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// sharedLink opens Share and returns the link when it has its moves.
func (b *tab) sharedLink() string {
	b.Helper()
	b.click(`[data-action="share"]`)
	b.waitFor("document.querySelector('#export').open && document.querySelector('#export [role=status]').textContent.match(/copied|did not/)")
	link := eval[string](b, "document.querySelector('[data-export=link]').value")
	b.click("#export .top button")
	return link
}

// gridText is all energies that a page shows, to the bit.
const gridText = "[...ebmviz.grid()].join()"

// TestLinkOpensThisLandscape moves knobs in the course of a run, and shows it by every means that an
// address has. The link of Share opens the same landscape, to the bit, in the same view, and a page that
// does not know the moves opens another.
func TestLinkOpensThisLandscape(t *testing.T) {
	t.Parallel()
	server := serve(t)
	b := open(t, desktop, server+"#model=cd&data=moons&step=30&view.range=plane")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 30")
	b.enter(`[data-knob-number="kick"]`, "0.8")
	b.waitFor("ebmviz.state.knobs.kick === 0.8")
	b.click(compare) // A goes on without the next moves
	b.waitFor("ebmviz.panes.length === 1")
	b.enter("#step-count", "60")
	b.waitFor("ebmviz.step === 60")
	b.enter(`[data-knob-number="lr"]`, "0.03")
	b.waitFor("ebmviz.state.knobs.lr === 0.03")
	b.enter(`[data-knob-number="data.noise"]`, "0.1")
	b.waitFor("ebmviz.state.knobs['data.noise'] === 0.1")
	b.enter("#step-count", "90")
	b.waitFor("ebmviz.step === 90")
	b.click(`[data-action="difference"]`)
	b.click(`[data-layer="contours"]`)
	b.click(`[data-layer="field"]`)
	b.click(`[data-action="ledger"]`)
	b.waitFor("ebmviz.change().length > 0")
	b.click(`[data-tool="slice"]`)
	b.waitFor("document.querySelector('#ask').checkVisibility()")
	b.enter(`[data-ask="y1"]`, "0.4")
	b.waitFor("document.querySelector('.slice-line').ariaValueNow === '0.40'")
	b.waitForPanes()
	link := b.sharedLink()
	fragment, err := url.ParseQuery(link[strings.Index(link, "#")+1:])
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"step": "90", "k.kick": "0.8", "view.range": "plane", "view.show": "down,field", "hide": "contours",
		"view.on": "ledger", "view.tool": "slice", "view.at": "0.4,0",
	} {
		if got := fragment.Get(name); got != want {
			t.Errorf("%s of the link is %q, want %q", name, got, want)
		}
	}
	if !strings.HasSuffix(fragment.Get("view.compare"), ".difference") || fragment.Get("log") == "" {
		t.Errorf("the link lacks the copy or the moves: %s", link)
	}
	grid, scalars := eval[string](b, gridText), eval[string](b, "JSON.stringify(ebmviz.scalars)")
	copyGrid := eval[string](b, "[...ebmviz.panes[0].grid()].join()")
	b.expectEmptyConsole()

	c := open(t, desktop, link)
	c.waitForInstruments()
	c.waitFor("ebmviz.step === 90 && ebmviz.panes.length === 1 && ebmviz.panes[0].step === 90 && ebmviz.change().length > 0")
	if eval[string](c, gridText) != grid || eval[string](c, "JSON.stringify(ebmviz.scalars)") != scalars {
		t.Error("the link opens another landscape, or other numbers")
	}
	if eval[string](c, "[...ebmviz.panes[0].grid()].join()") != copyGrid {
		t.Error("the link opens another copy")
	}
	c.waitFor(`document.querySelector('.pane .change') && document.querySelector('[data-action="difference"]').ariaPressed === 'true'`)
	if again := c.sharedLink(); again != link {
		t.Errorf("the page that the link opened shares\n%s, not\n%s", again, link)
	}
	// The address bar has them too, and earlier steps are those of the run.
	c.waitFor(fmt.Sprintf("location.href === %q", link))
	eval[bool](c, "(window.was = "+gridText+", true)")
	c.enter("#step-count", "45")
	b.enter("#step-count", "45")
	for _, x := range []*tab{b, c} {
		x.waitFor("ebmviz.step === 45")
	}
	if eval[string](c, gridText) != eval[string](b, gridText) {
		t.Error("an earlier step differs")
	}
	c.expectEmptyConsole()

	// In a page that is open already, and without the moves.
	hash := link[strings.Index(link, "#"):]
	eval[bool](c, fmt.Sprintf("(location.hash = %q, true)", strings.Replace(hash, "log=", "other=", 1)))
	c.waitFor("ebmviz.step === 90 && ebmviz.state.step === 90")
	if eval[bool](c, gridText+" === was") {
		t.Error("the moves make no difference")
	}
	eval[bool](c, fmt.Sprintf("(location.hash = %q, true)", hash))
	c.waitFor("ebmviz.step === 90 && " + gridText + " === was")
}
