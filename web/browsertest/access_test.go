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
			t.Run(name+" "+model, func(t *testing.T) {
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
			b.until("document.querySelector('.katex')")
			if wide := eval[int](b, "document.documentElement.scrollWidth"); wide > l.width {
				t.Errorf("the page is %d pixels wide on a screen of %d", wide, l.width)
			}
			overlaps := eval[[]string](b, `(() => {
				const box = e => e.getBoundingClientRect();
				const seen = e => { const r = box(e), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2); return hit && (e.contains(hit) || hit.contains(e) && hit.tagName === 'LABEL') };
				const all = [...document.querySelectorAll('button, select, input, [role=slider]')].filter(seen);
				const name = e => e.outerHTML.slice(0, 90), out = [];
				for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
					if (all[i].contains(all[j]) || all[j].contains(all[i])) continue;
					const a = box(all[i]), b = box(all[j]);
					const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
					if (w > 2 && h > 2 && getComputedStyle(all[i]).position !== 'fixed') out.push(name(all[i]) + ' over ' + name(all[j]));
				}
				return out.slice(0, 5) })()`)
			for _, o := range overlaps {
				t.Error(o)
			}
		})
	}
}
