package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestAxe runs axe-core over the page and each of its views, in either theme, on a desk and on a
// phone: no violation.
func TestAxe(t *testing.T) {
	t.Parallel()
	views := []struct {
		name string
		desk bool     // not on a phone, or elsewhere
		open []string // what is clicked, one after the other
		is   string
		back []string // what is clicked to leave the view; Escape if nil
	}{
		{name: "page"},
		{name: "a card's notes", open: []string{"#formulas details:nth-of-type(1) summary", "#formulas details:nth-of-type(2) summary"}, is: "document.querySelectorAll('#formulas details[open]').length", back: []string{"#formulas details:nth-of-type(1) summary"}},
		{name: "quality", open: []string{"#tab-quality"}, is: "document.querySelector('#tab-quality').ariaSelected === 'true'", back: []string{"#tab-histogram"}},
		{name: "help", open: []string{`[data-action="help"]`}, is: "document.querySelector('#help').open"},
		{name: "lessons", open: []string{`[data-action="lessons"]`}, is: "document.querySelector('#lessons').open"},
		{name: "museum", open: []string{museum}, is: "document.querySelector('#museum').open"},
		{name: "share", open: []string{`[data-action="share"]`}, is: "document.querySelector('#export').open"},
		{name: "menus", open: []string{"#explore-button"}, is: "document.querySelector('#explore').matches(':popover-open')"},
		{name: "view", desk: true, open: []string{".menu summary"}, is: "document.querySelector('.menu').open"},
		{name: "own points", desk: true, open: []string{`[data-action="bring"]`}, is: "document.querySelector('#own').open"},
		{name: "compared", open: []string{compare}, is: "ebmviz.panes.length === 1", back: []string{compare}},
		{name: "ask", open: []string{"#landscape"}, is: "!document.querySelector('#ask').hidden", back: []string{`[data-action="ask-close"]`}},
		{name: "slice", open: []string{`[data-tool="slice"]`}, is: "!document.querySelector('#ask').hidden", back: []string{`[data-tool="ask"]`}},
		{name: "marbles", open: []string{`[data-tool="marble"]`, `[data-marbles="rain"]`}, is: "ebmviz.marbles.length > 20", back: []string{`[data-marbles="clear"]`}},
		{name: "draw", open: []string{`[data-tool="draw"]`}, is: "!document.querySelector('.draw-strip').hidden", back: []string{`[data-tool="ask"]`}},
		{name: "slow motion", open: []string{`[data-action="slow"]`}, is: "!document.querySelector('.slow-motion').hidden", back: []string{`[data-slow="slowClose"]`}},
		{name: "in 3-D", open: []string{toRelief}, is: "document.querySelector('#relief')?.dataset.step", back: []string{toMap}},
		{name: "the last step", open: []string{`[data-action="ledger"]`}, is: "ebmviz.change().length", back: []string{`[data-action="ledger"]`}},
		{name: "a lesson", open: []string{`[data-action="lessons"]`, `[data-lesson-id="k-means"]`}, is: "document.querySelector('#lesson').dataset.phase === 'asking' && ebmviz.step === 0", back: []string{`[data-lesson="lessonClose"]`}},
		{name: "writing a lesson", open: []string{`[data-action="lessons"]`, `#lessons [data-edit="lessonWrite"]`, `#editor [data-edit="editAdd"]`, "#editor details:nth-of-type(2) summary", `#editor details:nth-of-type(2) [data-edit="editAddNumber"]`}, is: "document.querySelector('#editor .bound')", back: []string{`#editor [data-edit="editDone"]`, `#editor [data-edit="editClose"]`}},
		{name: "projector", desk: true, open: []string{`[data-action="projector"]`}, is: "document.querySelector('[data-action=projector]').ariaPressed === 'true'", back: []string{`[data-action="projector"]`}},
		{name: "a failure", open: []string{museum, exhibit("too-few-wells")}, is: "!document.querySelector('#exhibit').hidden"},
	}
	for name, l := range map[string]screen{
		"desk light":  desktop,
		"desk dark":   {width: 1280, height: 800, dark: true},
		"phone light": {width: 390, height: 844},
		"phone dark":  {width: 390, height: 844, dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if (l.width < 800) != l.dark {
				longOnly(t) // both themes and both sizes are in the other two
			}
			b := open(t, l, serve(t)+"#model=cd&step=40")
			b.waitForInstruments()
			b.waitForStep(40)
			for _, v := range views {
				if l.width < 800 && v.desk {
					continue
				}
				for _, selector := range v.open {
					b.openMenuOf(selector)
					b.waitFor(fmt.Sprintf("document.querySelector(%q)?.checkVisibility()", selector))
					b.click(selector)
				}
				if v.is != "" {
					b.waitFor(v.is)
				}
				b.checkAccessibility()
				if t.Failed() {
					t.Fatalf("in the view: %s", v.name)
				}
				for _, selector := range v.back {
					b.click(selector)
				}
				if v.back == nil {
					b.do(cdp.KeyEvent(kb.Escape))
				}
			}
			b.expectEmptyConsole()
		})
	}
}

func TestNothingIsCut(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk": desktop, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, l, serve(t))
			b.waitForFrames(10)
			b.waitForInstruments()
			b.checkLayout()
		})
	}
}

// checkLayout fails the test for what sticks out of the window sideways, and for every two controls
// that overlap. What scrolls may pass under what stays.
func (b *tab) checkLayout() {
	b.Helper()
	if more := eval[int](b, "document.documentElement.scrollWidth - innerWidth"); more > 0 {
		b.Errorf("the page is %d pixels wider than the window", more)
	}
	wrong := eval[[]string](b, `(() => {
		const box = e => e.getBoundingClientRect();
		const all = [...document.querySelectorAll('button, select, input, summary, [role=slider]')].filter(e => e.checkVisibility({visibilityProperty: true}));
		// What an element shows: no more than what scrolls it lets see.
		const shown = e => {
			const r = box(e), out = {left: r.left, top: r.top, right: r.right, bottom: r.bottom};
			for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
				if (getComputedStyle(p).overflowY === 'visible') continue;
				const c = box(p);
				Object.assign(out, {left: Math.max(out.left, c.left), top: Math.max(out.top, c.top), right: Math.min(out.right, c.right), bottom: Math.min(out.bottom, c.bottom)});
			}
			return out };
		const seen = e => { const r = box(e), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2); return hit && (e.contains(hit) || hit.contains(e) && hit.tagName === 'LABEL') };
		const name = e => e.outerHTML.slice(0, 90);
		const out = all.filter(e => box(e).width > 0 && box(e).right > innerWidth + 1 || box(e).left < -1).map(e => name(e) + ' sticks out of the window');
		const clear = all.filter(seen);
		for (let i = 0; i < clear.length; i++) for (let j = i + 1; j < clear.length; j++) {
			if (clear[i].contains(clear[j]) || clear[j].contains(clear[i])) continue;
			const a = shown(clear[i]), b = shown(clear[j]);
			const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
			if (w > 2 && h > 2 && ![clear[i], clear[j]].some(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position))) out.push(name(clear[i]) + ' over ' + name(clear[j]));
		}
		return out.slice(0, 5) })()`)
	for _, w := range wrong {
		b.Error(w)
	}
}

// checkAccessibility fails the test for every violation that axe-core finds on the page as it is now.
func (b *tab) checkAccessibility() {
	b.Helper()
	axe, err := os.ReadFile("../../static/test/node_modules/axe-core/axe.min.js")
	if err != nil {
		b.Fatalf("axe-core is not installed (make tools): %v", err)
	}
	if !eval[bool](b, "'axe' in window") {
		eval[bool](b, string(axe)+";true")
	}
	found := eval[string](b, `axe.run().then(r => JSON.stringify(r.violations.map(v => ({rule: v.id, impact: v.impact, at: v.nodes.map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).slice(0, 4)}))))`)
	var violations []struct {
		Rule, Impact string
		At           []string
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.Fatal(err)
	}
	for _, v := range violations {
		b.Errorf("%s (%s): %q", v.Rule, v.Impact, v.At)
	}
}
