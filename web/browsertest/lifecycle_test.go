package browsertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// counting replaces what a page can leave behind by versions that count what is still there.
const counting = `(() => {
	const listeners = new Map(), timers = new Set(), sockets = [], observers = new Set();
	const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
	const capture = o => typeof o === 'boolean' ? o : !!o?.capture;
	const key = (type, o) => type + capture(o);
	const drop = (target, type, f, o) => listeners.get(target)?.delete([...listeners.get(target)].find(([t, g]) => t === key(type, o) && g === f));
	EventTarget.prototype.addEventListener = function (type, f, o) {
		if (!(this instanceof AbortSignal) && f && !o?.once) {
			const all = listeners.get(this) ?? new Set();
			listeners.set(this, all.add([key(type, o), f]));
			if (o?.signal) add.call(o.signal, 'abort', () => drop(this, type, f, o));
		}
		return add.call(this, type, f, o);
	};
	EventTarget.prototype.removeEventListener = function (type, f, o) { drop(this, type, f, o); return remove.call(this, type, f, o) };
	for (const [set, clear] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval']]) {
		const [start, stop] = [window[set], window[clear]];
		window[set] = (f, ...rest) => { const id = start((...a) => { set === 'setTimeout' && timers.delete(id); f(...a) }, ...rest); timers.add(id); return id };
		window[clear] = id => { timers.delete(id); stop(id) };
	}
	window.WebSocket = class extends WebSocket { constructor(...a) { super(...a); sockets.push(this) } };
	window.ResizeObserver = class extends ResizeObserver {
		observe(...a) { observers.add(this); super.observe(...a) }
		disconnect() { observers.delete(this); super.disconnect() }
	};
	window.left = () => JSON.stringify({
		listeners: [...listeners].reduce((n, [target, all]) => n + (target instanceof Node && !target.isConnected ? 0 : all.size), 0),
		ofStore: ebmviz.listeners, timers: timers.size, observers: observers.size, nodes: document.querySelectorAll('body *').length,
		sockets: sockets.filter(s => s.readyState < 2).length,
	});
	return true })()`

// left is what a page holds.
type left struct{ Listeners, OfStore, Timers, Observers, Nodes, Sockets int }

// left is what the page holds now.
func (b *tab) left() (l left) {
	b.Helper()
	if err := json.Unmarshal([]byte(eval[string](b, "left()")), &l); err != nil {
		b.Fatal(err)
	}
	return l
}

// leaves waits until the page holds no more than before something was done so many times: of what each
// of them left, there would be that many more. Where there are fewer more, the page does something else
// at the same time: a socket that closes, a message that is shown, a timer of the connection.
func (b *tab) leaves(before left, times int, what string) {
	b.Helper()
	for deadline := time.Now().Add(maxWait); ; <-time.After(50 * time.Millisecond) { // between two looks
		after := b.left()
		if max(after.Listeners-before.Listeners, after.OfStore-before.OfStore, after.Timers-before.Timers,
			after.Observers-before.Observers, after.Nodes-before.Nodes, after.Sockets-before.Sockets) < times {
			return
		}
		if time.Now().After(deadline) {
			b.Errorf("%s, %d times: the page holds %+v, and %+v before", what, times, after, before)
			return
		}
	}
}

// rooms is how many rooms the server at that address has.
func rooms(t testing.TB, address string) int {
	t.Helper()
	r, err := http.Get(address + "healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var health struct{ Rooms int }
	if err := json.NewDecoder(r.Body).Decode(&health); err != nil {
		t.Fatal(err)
	}
	return health.Rooms
}

// waitForRooms waits until the server has that many rooms.
func (b *tab) waitForRooms(address string, n int) {
	b.Helper()
	for deadline := time.Now().Add(maxWait); ; <-time.After(20 * time.Millisecond) { // between two looks
		got := rooms(b, address)
		if got == n {
			return
		}
		if time.Now().After(deadline) {
			b.Fatalf("the server has %d rooms, want %d", got, n)
		}
	}
}

// TestInstrumentsLeaveNothingBehind opens and closes each instrument many times: the page holds as
// much as before.
func TestInstrumentsLeaveNothingBehind(t *testing.T) {
	address := serve(t)
	b := open(t, desktop, address+"#model=kmeans&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	eval[bool](b, counting)
	names := eval[[]string](b, "ebmviz.instruments.names")
	if len(names) < 10 {
		t.Fatalf("the instruments are %v", names)
	}
	again := func(name string, times int) {
		eval[bool](b, fmt.Sprintf("(() => { for (let i = 0; i < %d; i++) { ebmviz.instruments.close('%s'); ebmviz.instruments.open('%[2]s') } return true })()", times, name))
	}
	for _, name := range names {
		again(name, 1) // so that all are counted
	}
	const times = 50
	for _, name := range names {
		before := b.left()
		again(name, times)
		b.leaves(before, times, name)
	}
	b.expectEmptyConsole()
}

// TestOpenInstrumentsLeaveNothingBehind closes instruments while they are at work. The first time is not
// counted: parts of the page are made when they are first needed.
func TestOpenInstrumentsLeaveNothingBehind(t *testing.T) {
	address := serve(t)
	b := open(t, desktop, address+"#model=cd&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	eval[bool](b, counting)
	eval[bool](b, "(ebmviz.instruments.names.forEach(n => { ebmviz.instruments.close(n); ebmviz.instruments.open(n) }), true)")
	var before left
	const times = 5
	for i := range 1 + times {
		b.click(`[data-tool="slice"]`)
		b.waitFor("document.querySelector('#ask').checkVisibility()")
		b.click(`[data-tool="marble"]`)
		b.click(`[data-marbles="rain"]`)
		b.waitFor("ebmviz.marbles.length === 100")
		b.click(`[data-action="ledger"]`)
		b.waitFor("ebmviz.change().length > 0")
		b.click(`[data-tool="draw"]`)
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 1 && ebmviz.panes[0].frames > 0")
		b.click(`[data-action="lessons"]`)
		b.waitFor("document.querySelector('#lessons .opener')")
		eval[bool](b, "(ebmviz.instruments.close(), true)")
		b.waitFor("ebmviz.panes.length === 0 && ebmviz.marbles.length === 0 && !document.querySelector('dialog[open], .pane, .tool, #lesson')")
		eval[bool](b, "(ebmviz.instruments.names.forEach(n => ebmviz.instruments.open(n)), true)")
		if i == 0 {
			b.waitForRooms(address, 1)
			before = b.left()
		}
	}
	b.leaves(before, times, "all at work")
	b.waitForRooms(address, 1)
	b.expectEmptyConsole()
}

// TestTheWallEndsItsRooms: rooms that were asked for and are not needed any more end, also those
// whose answer comes later.
func TestTheWallEndsItsRooms(t *testing.T) {
	address := serve(t)
	b := open(t, desktop, address+"#model=kmeans&data=moons")
	b.waitForInstruments()
	b.click(`[data-action="wall"]`)
	for range 4 {
		b.click(`[data-wall="seven"]`)
		b.click(`[data-wall="all"]`)
	}
	b.waitFor("ebmviz.tiles.length > 8")
	if n := rooms(t, address); n > 30 {
		t.Errorf("the server has %d rooms while the wall shows 25", n)
	}
	b.click(`[data-wall="close"]`)
	b.waitForRooms(address, 1)
	for _, line := range strings.Split(b.consoleText(), "\n") {
		if line != "" && !strings.Contains(line, "WebSocket connection") { // closed before it was open
			t.Errorf("the console was told: %s", line)
		}
	}
}

// TestRoomsEndWithThePage: whoever leaves the page leaves no copies of the run behind.
func TestRoomsEndWithThePage(t *testing.T) {
	address := serve(t)
	b := open(t, desktop, address+"#model=kmeans")
	b.waitForInstruments()
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1 && ebmviz.panes[0].frames > 0")
	if n := rooms(t, address); n != 2 {
		t.Errorf("the server has %d rooms, want 2", n)
	}
	eval[bool](b, "(dispatchEvent(new PageTransitionEvent('pagehide')), true)")
	b.waitForRooms(address, 1)
}
