package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"

	"ebmviz/sim"
)

const (
	classButton = `[data-action="class"]`
	// A button of the first member in the list, by its words.
	giveChalk = `.people [aria-label^="Let lead"]:not([hidden])`
)

// TestOwnerOfAClass leads a class from its owner's page: the class is opened and joined, a member has
// the chalk and loses it, what the owner shows reaches the members, a member's own run is put on the
// screen, and after all that the owner comes back by the address.
func TestOwnerOfAClass(t *testing.T) {
	t.Parallel()
	c := serveClass(t, sim.Config{Model: "cd"})
	b := open(t, desktop, c.owner())
	b.waitForInstruments()
	b.waitFor("document.querySelector('[data-action=class]').dataset.open !== undefined")
	b.click(classButton)
	b.waitFor(fmt.Sprintf("document.querySelector('#class .code')?.dataset.code === %q", c.Code))
	if typed := b.textOf("#class .address"); typed+"/" != c.address[len("http://"):] {
		t.Errorf("members are told to open %q, and the server is at %s", typed, c.address)
	}
	b.waitFor("document.querySelector('.bar-end').ariaValueNow")
	b.checkAccessibility()
	b.checkLayout()
	b.click(`[data-class="large"]`)
	b.waitFor(fmt.Sprintf("document.querySelector('#letting-in').open && document.querySelector('#letting-in .code').dataset.code === %q", c.Code))
	b.checkAccessibility()

	m := open(t, screen{width: 390, height: 844}, c.member())
	m.waitForInstruments()
	b.waitFor("document.querySelector('#letting-in .here').textContent === '1 here'")
	b.click("#letting-in .top button")
	b.waitFor("document.querySelectorAll('.people li').length === 1")
	name := b.textOf(".people .name")
	if own := eval[string](m, "ebmviz.class.me.name"); own != name {
		t.Errorf("the owner's list has %q, and the member is %q", name, own)
	}

	// What the owner shows.
	b.click(`[data-layer="contours"]`)
	m.waitFor("ebmviz.class.shown?.hide.includes('contours')")
	b.click("#landscape")                               // asks there
	b.waitFor("!document.querySelector('#ask').hidden") // the square has its size
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 0.5, -0.25)
	m.waitFor("ebmviz.class.shown.view.at && ebmviz.class.shown.pointer?.every((v, i) => Math.abs(v - [0.5, -0.25][i]) < 0.02)")
	b.mouse(input.DispatchMouseEventTypeMouseMoved, -2, 0) // beside the landscape
	m.waitFor("ebmviz.class.shown.pointer === null")

	// The chalk.
	b.click(giveChalk)
	m.waitFor("ebmviz.role === 'chalk'")
	b.waitFor(fmt.Sprintf("document.querySelector('.class-leads').textContent.startsWith(%q)", name))
	b.click(`.class-leads button`)
	m.waitFor("ebmviz.role === 'member'")
	b.waitFor("document.querySelector('.class-leads').hidden")

	// A member's own run, on the board and on the screen.
	eval[bool](m, "document.querySelector('[data-action=fork]').click() ?? true")
	m.waitFor("ebmviz.room !== ebmviz.class.room && ebmviz.role === 'driver'")
	b.waitFor("document.querySelector('[data-class=board]').textContent.includes('1')")
	b.click(`[data-class="board"]`)
	b.waitFor("document.querySelector('.fork-tile small')?.textContent.startsWith('step ')")
	b.waitForColours(".fork canvas", 50)
	b.checkAccessibility()
	b.click(".fork")
	fork := eval[string](m, "ebmviz.room")
	b.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.role === 'driver'", fork))
	m.waitFor(fmt.Sprintf("ebmviz.class.shown.room === %q", fork))
	b.click(`.class-leads button`)
	b.waitFor("ebmviz.room === ebmviz.class.room")

	// A run that ends while it is shown leaves the class as it is.
	b.click(`[data-class="board"]`)
	b.click(".fork")
	b.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.role === 'driver'", fork))
	eval[int](b, fmt.Sprintf("fetch('api/rooms/%s', { method: 'DELETE', headers: { Authorization: 'Bearer %s' } }).then((answer) => answer.status)", fork, c.token))
	b.waitFor(fmt.Sprintf("ebmviz.room === %q && ebmviz.role === 'driver' && document.querySelector('[data-action=class]').textContent.includes('1 here')", c.Room))
	b.waitFor("document.querySelector('.class-leads').hidden && document.querySelector('#toast').textContent.includes('has ended')")
	if by := eval[string](b, "ebmviz.transport"); by != "websocket" {
		t.Errorf("a room that ended is taken for a network that passes no websocket: %s", by)
	}

	// The page is loaded again: its tab knows the token.
	if address := eval[string](b, "location.hash"); address[:len("#room=")] != "#room=" {
		t.Errorf("the address is %s, without the room", address)
	}
	b.do(cdp.Reload())
	b.waitFor("window.ebmviz?.role === 'driver'")
	b.waitForInstruments()
	b.waitFor(fmt.Sprintf("ebmviz.room === %q && document.querySelector('[data-action=class]').textContent.includes('1 here')", c.Room))

	b.expectEmptyConsole()

	b.click(classButton)
	b.click("details.rest summary")
	b.click(`[data-class="end"]`)
	b.click(`[data-class="end-yes"]`)
	b.waitFor(fmt.Sprintf("ebmviz.room && ebmviz.room !== %q && ebmviz.class.room === ''", c.Room))
	b.waitFor("document.querySelector('[data-action=class]').dataset.open === undefined")
	m.waitFor("document.body.textContent.includes('The class has ended.')")
}

// TestClassWithoutAServerForIt presses Class on a page whose server only this computer can reach: it says how
// to start one.
func TestClassWithoutAServerForIt(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#step=1")
	b.waitForInstruments()
	b.click(classButton)
	b.waitFor("document.querySelector('#class code')?.checkVisibility()")
	if command := b.textOf("#class code"); command != "ebmviz serve --class" {
		t.Errorf("the command is %q", command)
	}
	b.checkAccessibility()
	b.click(`[data-class="close"]`)
	b.waitFor("document.querySelector('#class').hidden")
}
