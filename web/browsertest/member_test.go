package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"

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
	t.Parallel()
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
	pupil.checkAccessibility()
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
	frames := eval[int](pupil, "ebmviz.frames")
	pupil.click(`[data-action="fork"]`)
	pupil.waitFor(fmt.Sprintf("ebmviz.room !== %q && ebmviz.role === 'driver' && ebmviz.frames > %d && ebmviz.step === %d", c.Room, frames, step)) // a frame of the fork
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
	pupil.do(cdp.Reload())
	pupil.waitFor(fmt.Sprintf("window.ebmviz?.frames > 0 && ebmviz.class?.me?.name === %q && document.querySelector('#member-bar')", name))

	for _, line := range strings.Split(pupil.consoleText(), "\n") {
		if line != "" && (!strings.Contains(line, "api/rooms") || strings.Contains(line, "api/rooms/")) && !strings.Contains(line, "api/join") { // which refused a room, and a wrong code
			t.Errorf("the console has: %s", line)
		}
	}

	// A file of the room is there for those in it.
	dir := owner.downloads()
	owner.click(`[data-action="share"]`)
	owner.click(`[data-export="exportPoints"]`)
	if points := owner.waitForDownload(dir, "points.csv"); !strings.HasPrefix(string(points), "y1,y2") {
		t.Errorf("the points are %.40q", points)
	}

	// The end of the class is said, and what was seen stays.
	eval[int](owner, fmt.Sprintf("fetch('api/rooms/%s', { method: 'DELETE', headers: { Authorization: 'Bearer %s' } }).then((answer) => answer.status)", c.Room, c.token))
	pupil.waitFor("document.querySelector('[data-notice=ended]')")
	pupil.shot("ended")
}

// TestMemberStates lets the owner lock the way in, let a member in, hand the chalk over and take it back,
// call all back, and remove a member; a screen shows the class meanwhile.
func TestMemberStates(t *testing.T) {
	t.Parallel()
	c := serveClass(t, sim.Config{Model: "cd", Data: "moons", Seed: 1})
	projector := open(t, screen{width: 1280, height: 720}, c.address+"#renderer=canvas2d&room="+c.Room+"&token="+c.Screen)
	projector.waitFor("window.ebmviz?.frames > 0 && ebmviz.role === 'screen' && document.querySelector('[data-class=screen]')")
	// One connection of the owner, without a page: what it says is what the panel of the class says.
	say := func(command string) {
		t.Helper()
		if answer := eval[string](projector, fmt.Sprintf(`new Promise((resolve) => {
			const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws?room=%s', 'ebmviz.v1');
			socket.onopen = () => socket.send(JSON.stringify({ hello: { token: '%s', catalog: 'by-hash' } }));
			socket.onmessage = ({ data }) => {
				if (typeof data !== 'string') return;
				const message = JSON.parse(data);
				if (message.people) window.people = message.people;
				if (message.welcome) setTimeout(() => socket.send('{%s,"id":1}'), window.people ? 0 : 300);
				if (message.id === 1) { socket.close(); resolve(JSON.stringify(message)); }
			};
		})`, c.Room, c.token, command)); !strings.Contains(answer, "done") && !strings.Contains(answer, "revision") {
			t.Fatalf("%s: %s", command, answer)
		}
	}
	pupil := open(t, screen{width: 390, height: 844, dark: true}, c.member())
	pupil.waitFor("window.ebmviz?.frames > 0 && ebmviz.role === 'member' && document.querySelector('#member-bar')")
	id := eval[string](pupil, "ebmviz.class.me.id")

	say(fmt.Sprintf(`"people":{"hand":"%s"}`, id))
	pupil.waitFor("ebmviz.role === 'chalk' && document.querySelector('[data-action=give-back]:not([hidden])') && !document.querySelector('#model-knobs [data-knob]').disabled")
	pupil.shot("chalk")
	pupil.click(`[data-tool="slice"]`) // seen by the class
	projector.waitFor("document.querySelector('.slice-line:not([hidden])')")
	projector.shot("projector")
	pupil.click(`[data-action="give-back"]`)
	pupil.waitFor("ebmviz.role === 'member' && document.querySelector('#model-knobs [data-knob]').disabled")

	pupil.click(`[data-action="fork"]`)
	pupil.waitFor("ebmviz.role === 'driver'")
	say(`"people":{"between":[0,40]}`)
	pupil.waitFor("document.querySelector('#member-bar p').textContent.includes('steps 0–40')")
	say(`"people":{"pause":true}`)
	pupil.waitFor("document.querySelector('#member-bar p').textContent.includes('paused')")
	pupil.shot("paused")
	pupil.checkAccessibility()

	// What is on the screen may be a member's copy; those who follow see it too.
	fork := eval[string](pupil, "ebmviz.room")
	say(fmt.Sprintf(`"show":{"room":"%s"}`, fork))
	projector.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.role === 'screen'", fork))
	say(fmt.Sprintf(`"show":{"room":"%s"}`, c.Room))
	projector.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.role === 'screen'", c.Room))
	say(`"people":{"names":true}`)
	pupil.click("#more-button")
	pupil.shot("menu")
	pupil.click(`[data-action="rename-menu"]`)
	eval[bool](pupil, `(f => (f.value = 'Ada <b>', f.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })), true))(document.querySelector('#member-bar input'))`)
	pupil.waitFor("!document.querySelector('#toast').hidden && document.querySelector('#toast').textContent.includes('letters')")
	pupil.shot("name-refused")

	say(`"people":{"gather":true}`)
	pupil.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.role === 'member' && document.querySelector('#toast').textContent.includes('called everyone back')", c.Room))
	pupil.shot("gathered")

	say(fmt.Sprintf(`"people":{"remove":"%s"}`, id))
	pupil.waitFor("document.querySelector('.entry[data-entry=closed]')")
	pupil.shot("removed")
	pupil.click("[data-action=entry]") // asks to come back
	pupil.waitFor("document.querySelector('.entry[data-entry=lobby] .name')")
	late := open(t, screen{width: 390, height: 844}, c.address+"#renderer=canvas2d&room="+c.Room) // of somebody who copied the address
	late.waitFor("document.querySelector('#join-code')")
	eval[bool](late, fmt.Sprintf(`(f => (f.value = %q, f.dispatchEvent(new Event('input')), true))(document.querySelector('#join-code'))`, c.Code))
	late.waitFor("document.querySelector('.entry[data-entry=lobby] .name')") // after a removal, new members wait
	late.shot("lobby")
	late.checkAccessibility()
	say(`"people":{"approve":"all"}`)
	late.waitFor("window.ebmviz?.frames > 0 && ebmviz.role === 'member' && !document.querySelector('.entry')")
	pupil.waitFor("ebmviz.role === 'member' && !document.querySelector('.entry')")
	say(`"people":{"lock":true}`)
	locked := open(t, desktop, c.member())
	locked.waitFor("document.querySelector('#join-status')?.textContent.includes('locked')")
	locked.shot("locked")
	locked.checkAccessibility()
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
