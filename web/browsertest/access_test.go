package browsertest

import (
	"encoding/json"
	"os"
	"testing"
)

// TestAxe runs axe-core over the page: no violation, either theme, desk and phone.
func TestAxe(t *testing.T) {
	chromium(t)
	for name, l := range map[string]look{
		"desk light":  desktop,
		"desk dark":   {width: 1280, height: 800, dark: true},
		"phone light": {width: 390, height: 844},
		"phone dark":  {width: 390, height: 844, dark: true},
	} {
		for _, model := range []string{"cd", "kmeans"} {
			if model != "cd" && name != "desk light" {
				continue // its words and controls are of the same kinds
			}
			t.Run(name+" "+model, func(t *testing.T) {
				if model != "cd" || name == "desk dark" || name == "phone light" {
					rare(t)
				}
				b := open(t, l, serve(t)+"#model="+model)
				b.drawn(10)
				b.until("document.querySelector('.katex')")
				b.axe()
				b.quiet()
			})
		}
	}
}

// TestAxeInTheMuseum looks at its list, and at what the panel says of an exhibit then.
func TestAxeInTheMuseum(t *testing.T) {
	chromium(t)
	for name, dark := range map[string]bool{"light": false, "dark": true} {
		t.Run(name, func(t *testing.T) {
			b := open(t, look{width: 1280, height: 800, dark: dark}, serve(t))
			b.drawn(3)
			b.until("document.querySelector('.katex')")
			b.click(museum)
			b.until("document.querySelector('#museum').open")
			b.axe()
			b.click(exhibit("too-few-wells"))
			b.until("!document.querySelector('#exhibit').hidden")
			eval[bool](b, "document.querySelectorAll('#formulas details').forEach(d => { d.open = true }) ?? true")
			b.axe()
			b.quiet()
		})
	}
}

// axe fails the test for every violation that axe-core finds on the page as it is now.
func (b *tab) axe() {
	b.Helper()
	axe, err := os.ReadFile("../../static/test/node_modules/axe-core/axe.min.js")
	if err != nil {
		b.Fatalf("axe-core is not installed (make tools): %v", err)
	}
	eval[bool](b, string(axe)+";true")
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

// TestNothingIsCut: at both sizes nothing sticks out sideways, and no two controls overlap.
func TestNothingIsCut(t *testing.T) {
	for name, l := range map[string]look{"desk": desktop, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			b := open(t, l, serve(t))
			b.drawn(10)
			b.furnished()
			b.uncut()
		})
	}
}

// uncut fails the test for what sticks out of the window sideways, and for every two controls
// that overlap.
func (b *tab) uncut() {
	b.Helper()
	if more := eval[int](b, "document.documentElement.scrollWidth - innerWidth"); more > 0 {
		b.Errorf("the page is %d pixels wider than the window", more)
	}
	wrong := eval[[]string](b, `(() => {
		const box = e => e.getBoundingClientRect();
		const all = [...document.querySelectorAll('button, select, input, summary, [role=slider]')].filter(e => e.checkVisibility({visibilityProperty: true}));
		const seen = e => { const r = box(e), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2); return hit && (e.contains(hit) || hit.contains(e) && hit.tagName === 'LABEL') };
		const name = e => e.outerHTML.slice(0, 90);
		const out = all.filter(e => box(e).width > 0 && box(e).right > innerWidth + 1 || box(e).left < -1).map(e => name(e) + ' sticks out of the window');
		const clear = all.filter(seen);
		for (let i = 0; i < clear.length; i++) for (let j = i + 1; j < clear.length; j++) {
			if (clear[i].contains(clear[j]) || clear[j].contains(clear[i])) continue;
			const a = box(clear[i]), b = box(clear[j]);
			const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
			if (w > 2 && h > 2 && getComputedStyle(clear[i]).position !== 'fixed') out.push(name(clear[i]) + ' over ' + name(clear[j]));
		}
		return out.slice(0, 5) })()`)
	for _, w := range wrong {
		b.Error(w)
	}
}
