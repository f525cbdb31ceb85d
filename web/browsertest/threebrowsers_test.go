package browsertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"

	"ebmviz/sim"
)

// TestClassInThreeBrowsers takes a class through an hour in a minute: its owner in Chromium, a phone in
// Chromium, and Firefox. It prints how long after a slider is dragged all of them draw the landscape of it.
func TestClassInThreeBrowsers(t *testing.T) {
	t.Parallel()
	c := serveClass(t, sim.Config{Model: "cd", Data: "spiral", Seed: 1})
	owner := open(t, desktop, c.owner())
	phone := open(t, screen{width: 390, height: 844}, c.address+"#renderer=canvas2d")
	fox := firefox(t, 1024, 768, c.member())
	owner.waitForInstruments()

	// The phone joins by typing the code, in lower case and with a space; Firefox by the link of the QR code.
	phone.waitFor("document.querySelector('#join-code')")
	start := time.Now()
	phone.typeText(strings.ToLower(c.Code[:3] + " " + c.Code[3:]))
	phone.waitFor("ebmviz.class?.me && ebmviz.frames > 0")
	t.Logf("from the code to the landscape: %d ms", time.Since(start).Milliseconds())
	fox.waitFor("window.ebmviz?.class?.me && ebmviz.frames > 0")
	owner.waitFor("ebmviz.class.banner.here === 2")
	phone.waitForInstruments()
	fox.waitFor("document.querySelector('[data-action=detach]')")

	// Each page notes when it draws a landscape with a new kick. All have the clock of this machine.
	const note = `(window.seen = {}, (function look() {
		const { kick } = ebmviz.state.knobs;
		if (!(kick in seen)) seen[kick] = Date.now(); // the state comes just before the frame that shows it
		requestAnimationFrame(look);
	})(), true)`
	for _, b := range []*tab{owner, phone} {
		eval[bool](b, note)
	}
	fox.eval(note)
	owner.click(`[data-action="play"]`)
	const moves = 8
	var places []float64
	for i := range moves {
		places = append(places, float64(i+3)/40) // shares of the slider's length
	}
	moved := map[float64]int64{}
	for _, place := range places {
		moved[place] = eval[int64](owner, fmt.Sprintf(`(() => {
			const knob = document.querySelector('[data-knob="kick"]');
			knob.value = Number(knob.min) + %v * (knob.max - knob.min);
			knob.dispatchEvent(new Event('input', { bubbles: true }));
			return Date.now();
		})()`, place))
		owner.waitFor("Object.keys(seen).length > " + fmt.Sprint(len(moved)))
		phone.waitFor("Object.keys(seen).length > " + fmt.Sprint(len(moved)))
		fox.waitFor("Object.keys(seen).length > " + fmt.Sprint(len(moved)))
	}
	var last []int64
	var pages [3]map[string]int64
	for i, text := range []string{eval[string](owner, "JSON.stringify(seen)"), eval[string](phone, "JSON.stringify(seen)"), fox.eval("seen")} {
		if err := json.Unmarshal([]byte(text), &pages[i]); err != nil {
			t.Fatal(err)
		}
	}
	times := func(page map[string]int64) []int64 {
		var all []int64
		for _, at := range page {
			all = append(all, at)
		}
		slices.Sort(all)
		return all
	}
	for i := range moves { // the first entry of each page is the kick of before
		latest := max(times(pages[0])[i+1], times(pages[1])[i+1], times(pages[2])[i+1])
		last = append(last, latest-moved[places[i]])
	}
	slices.Sort(last)
	t.Logf("from a drag of the slider until all three pages show it: median %d ms, the slowest %d ms", last[moves/2], last[moves-1])

	// Firefox looks around: its view no longer follows, its run does.
	owner.click(`[data-action="pause"]`)
	fox.waitFor("!ebmviz.state.playing")
	fox.click(`[data-action="detach"]`)
	owner.waitFor("ebmviz.class.people.some((p) => p.where === 'detached')")
	owner.click(`[data-action="relief"]`)
	phone.waitFor("document.querySelector('[data-action=relief]').getAttribute('aria-pressed') === 'true'")
	if fox.eval("document.querySelector('[data-action=relief]').getAttribute('aria-pressed')") == `"true"` {
		t.Error("a page that looks around follows the view")
	}
	owner.click(`[data-action="map"]`)
	fox.click(`[data-action="return"]`)

	// The phone takes the run away, to the same bit, plays with it, and returns.
	phone.waitFor("!ebmviz.state.playing")
	const grid = "JSON.stringify([ebmviz.step, ebmviz.grid()])"
	phone.waitFor("ebmviz.step === ebmviz.state.step")
	before := eval[string](phone, grid)
	phone.click(`[data-action="fork"]`)
	owner.waitFor("ebmviz.class.people.some((p) => p.where === 'forked')")
	phone.waitFor("ebmviz.step === ebmviz.state.step && document.querySelector('.app').dataset.class === 'forked'")
	phone.waitForFrames(0)
	if after := eval[string](phone, grid); after != before {
		t.Errorf("the fork differs: %.80s, %.80s", after, before)
	}
	step := eval[int](owner, "ebmviz.step")
	phone.click(`[data-action="step"]`)
	phone.waitFor(fmt.Sprintf("ebmviz.step === %d", step+1))
	if got := eval[int](owner, "ebmviz.step"); got != step {
		t.Errorf("a step of a fork moves the class to step %d", got)
	}
	phone.click(`[data-action="return"]`)
	phone.waitFor(fmt.Sprintf("ebmviz.step === %d && document.querySelector('.app').dataset.class === 'following'", step))

	// A question to both; then the owner's browser is closed and comes back by its link.
	owner.startAct("question", "Up or down?", "up", "down")
	phone.act("question", "open")
	phone.click(`[data-act-choice="0"]`)
	fox.waitFor("document.querySelector('[data-act-choice=\"1\"]')")
	fox.click(`[data-act-choice="1"]`)
	owner.waitFor("document.querySelector('.act .count').textContent.startsWith('2 of 2')")
	if _, err := cdp.Run(owner.ctx, cdp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	owner = open(t, desktop, c.owner())
	owner.waitForInstruments()
	owner.waitFor("ebmviz.class.banner.here === 2 && document.querySelector('.act .count')?.textContent.startsWith('2 of 2')")
	owner.press("actClose")
	owner.waitFor("document.querySelector('.act .share').textContent.includes('50')")
	owner.expectEmptyConsole()
	// A page without a link asks for a room, and hears that it needs the code.
	if said := phone.consoleText(); strings.Count(said, "\n") > 0 || said != "" && !strings.Contains(said, "403 (Forbidden) "+c.address+"api/rooms") {
		t.Errorf("the console has:\n%s", said)
	}
	fox.expectEmptyConsole()
}
