package browsertest

import (
	"fmt"
	"image"
	"math"
	"testing"

	cdp "github.com/chromedp/chromedp"
)

// TestFollowOnePoint: a key follows one point from its start to its push, and the next of an update when
// that was seen; the projector does without being told; the address has the choice.
func TestFollowOnePoint(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 1280, height: 800}, serve(t)+"#model=cd&data=topographic&step=100")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 100 && ebmviz.followed === null")
	b.do(cdp.KeyEvent("f"))
	b.waitFor(`document.querySelector('.tool[data-view="follow"]').ariaPressed === 'true' && location.hash.includes('view.follow=1')`)
	b.waitFor("ebmviz.followed.parts.kick > 0 && ebmviz.followed.parts.push === 0")
	b.waitFor("ebmviz.followed.parts.walk > 0.2 && ebmviz.followed.parts.walk < 1 && ebmviz.followed.parts.kick === 1")
	b.waitFor("ebmviz.followed.parts.push === 1")
	b.waitForPicture("#square", func(img image.Image) string {
		if _, near := colours(img, 0xe5, 0, 0x7d, 40); near < 300 {
			return fmt.Sprintf("%d pixels of the points and the ring", near)
		}
		return ""
	})
	b.checkAccessibility()
	const start = "[...ebmviz.followed.path.slice(0, 2)]"
	first := eval[[]float64](b, start)
	b.enter("#step-count", "110")
	eval[bool](b, "(document.activeElement.blur(), true)") // keys are the page's again
	b.waitFor("ebmviz.followed.step === 110")
	// The same training point, or where that has no sample in the update a neighbour of it.
	if next := eval[[]float64](b, start); math.Hypot(next[0]-first[0], next[1]-first[1]) > .15 {
		t.Errorf("next it follows the point at %v, far from %v", next, first)
	}
	b.do(cdp.KeyEvent("f"))
	b.waitFor("ebmviz.followed === null && location.hash.includes('view.follow=0')")

	eval[bool](b, "(location.hash = location.hash.replace('&view.follow=0', ''), true)")
	b.waitFor("!location.hash.includes('view.follow') && ebmviz.followed === null")
	b.do(cdp.KeyEvent("p"))
	b.waitFor("ebmviz.followed !== null && ebmviz.followed.parts.push === 1")
	b.do(cdp.KeyEvent("p"))
	b.waitFor("ebmviz.followed === null")
	b.expectEmptyConsole()
}

// TestPrototypesWalk: K-means opens with wells that have a way to go, at a speed at which they are seen to
// go it, with trails; these are gone when the wells have come to rest and when it starts again.
func TestPrototypesWalk(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 1280, height: 800}, serve(t)+"#model=kmeans&data=spiral&k.k=20&k.update=lloyd")
	b.waitForInstruments()
	if speed := eval[float64](b, "ebmviz.state.speed"); speed != 40 {
		t.Errorf("it makes %v steps a second", speed)
	}
	trails := func(ok func(near int) bool) {
		t.Helper()
		b.waitForPicture("#square", func(img image.Image) string {
			if _, near := colours(img, 0xf0, 0x8a, 0, 30); !ok(near) {
				return fmt.Sprintf("%d pixels of trails", near)
			}
			return ""
		})
	}
	b.waitFor("ebmviz.step > 250")
	trails(func(near int) bool { return near < 20 })
	// Slower, they walk for longer than a picture takes.
	eval[bool](b, `(e => { e.value = '0.1'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('#speed'))`)
	b.do(cdp.KeyEvent("r"))
	trails(func(near int) bool { return near > 200 })
	b.do(cdp.KeyEvent(" "))
	b.waitFor("!ebmviz.state.playing")
	b.do(cdp.KeyEvent("r"))
	b.waitFor("ebmviz.step === 0")
	trails(func(near int) bool { return near < 20 })
	b.expectEmptyConsole()
}
