package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ebmviz/sim"
)

// shot writes a picture of a page into the folder of -shots, if there is one.
func (b *tab) shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), b.screenshot(), 0o644); err != nil {
		b.Error(err)
	}
}

// TestMember joins a class by its code on a phone, follows the owner, looks around, forks and returns.
func TestMember(t *testing.T) {
	c := serveClass(t, sim.Config{Model: "cd", Data: "moons"})
	owner := open(t, desktop, c.owner())
	owner.waitFor("window.ebmviz?.frames > 0 && ebmviz.role === 'driver' && ebmviz.instruments && ebmviz.class.banner")
	pupil := open(t, screen{width: 390, height: 844}, c.address+"#renderer=canvas2d")
	pupil.waitFor("document.querySelector('#join-code')")
	pupil.shot("join")

	typed := func(code string) {
		eval[bool](pupil, fmt.Sprintf(`(f => (f.value = %q, f.dispatchEvent(new Event('input')), true))(document.querySelector('#join-code'))`, code))
	}
	typed("ao")
	pupil.waitFor("document.querySelector('#join-status').textContent.includes('No code has O')")
	typed("AAAAAA")
	pupil.waitFor("document.querySelector('#join-status').textContent.startsWith('No class has this code')")
	pupil.shot("join-wrong")
	typed(c.Code)
	pupil.waitFor("window.ebmviz?.frames > 0 && ebmviz.role === 'member' && ebmviz.class.me && document.querySelector('#member-bar')")
	if fragment := eval[string](pupil, "location.hash"); !strings.HasPrefix(fragment, "#room="+c.Room) {
		t.Errorf("the address is %s", fragment)
	}

	// What the owner does is seen.
	owner.click(`[data-action="play"]`)
	owner.click(`[data-layer="contours"]`)
	owner.click(`[data-tool="slice"]`)
	pupil.waitFor("document.querySelector('.slice-line:not([hidden])') && document.querySelector('[data-layer=contours]').ariaPressed === 'false' && ebmviz.class.shown.view.tool === 'slice'")
	eval[bool](owner, `(s => (s.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: s.getBoundingClientRect().x + 99, clientY: s.getBoundingClientRect().y + 99 })), true))(document.querySelector('#square'))`)
	pupil.waitFor("document.querySelector('.light:not([hidden])')")
	pupil.shot("following")
	if eval[bool](pupil, "[...document.querySelectorAll('[data-knob]')].some((k) => !k.disabled)") {
		t.Error("a member has knobs that can be moved")
	}

	// Looking around: the own view stays, the run is the same.
	pupil.click(`[data-action="detach"]`)
	owner.waitFor("ebmviz.class.people[0]?.where === 'detached'")
	pupil.click(`[data-tool="ask"]`)
	owner.click(`[data-layer="contours"]`)
	pupil.waitFor("document.querySelector('.slice-line[hidden]') && ebmviz.class.shown.hide.length === 0")
	if eval[string](pupil, "document.querySelector('[data-layer=contours]').ariaPressed") != "false" {
		t.Error("a view of one's own follows the owner")
	}
	pupil.shot("detached")

	// The fork of the step on the screen is the same to the bit, and has its own time.
	owner.click(`[data-action="pause"]`)
	owner.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
	step := eval[int](owner, "ebmviz.step")
	pupil.waitFor(fmt.Sprintf("ebmviz.step === %d", step))
	before := eval[[]float32](pupil, "[...ebmviz.grid()]")
	pupil.click(`[data-action="fork"]`)
	pupil.waitFor(fmt.Sprintf("ebmviz.room !== %q && ebmviz.role === 'driver' && ebmviz.step === %d", c.Room, step))
	if after := eval[[]float32](pupil, "[...ebmviz.grid()]"); !equal(before, after) {
		t.Error("the fork differs from the run")
	}
	owner.waitFor("ebmviz.class.people[0]?.where === 'forked'")
	pupil.click(`[data-action="step"]`)
	pupil.waitFor(fmt.Sprintf("ebmviz.step === %d", step+1))
	if eval[int](owner, "ebmviz.step") != step {
		t.Error("the step of a fork moved the class's own run")
	}
	own := eval[[]float32](pupil, "[...ebmviz.grid()]")
	pupil.shot("forked")

	// Back with one word; the run takes the same step.
	pupil.click(`[data-action="return"]`)
	pupil.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.step === %d && document.querySelector('[data-layer=contours]').ariaPressed === 'true'", c.Room, step))
	owner.click(`[data-action="step"]`)
	pupil.waitFor(fmt.Sprintf("ebmviz.step === %d", step+1))
	if same := eval[[]float32](pupil, "[...ebmviz.grid()]"); !equal(own, same) {
		t.Error("the class's own run took another step than its fork")
	}

	// A reload comes back as the same member.
	name := eval[string](pupil, "ebmviz.class.me.name")
	eval[bool](pupil, "(location.reload(), true)")
	pupil.waitFor(fmt.Sprintf("window.ebmviz?.frames > 0 && ebmviz.class?.me?.name === %q && document.querySelector('#member-bar')", name))

	pupil.expectEmptyConsole()
}

func equal(a, b []float32) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
