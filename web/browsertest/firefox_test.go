package browsertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// firefoxTab is a page of a Firefox that is driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/):
// JSON over a websocket, commands with an id and events without.
type firefoxTab struct {
	testing.TB
	conn    *websocket.Conn
	id      int
	context string
	console []string
}

// firefox starts a browser on the address. Where EBMVIZ_BROWSER is set it must be there.
func firefox(t testing.TB, width, height int, url string) *firefoxTab {
	t.Helper()
	if os.Getenv("EBMVIZ_BROWSER") == "" {
		t.Skip("EBMVIZ_BROWSER is not set")
	}
	path := ""
	for _, name := range []string{"firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("no Firefox was found; on Debian the package is firefox-esr")
	}
	home := t.TempDir()
	run := exec.Command(path, "--headless", "--no-remote", "--profile", home, "--remote-debugging-port", "0", fmt.Sprintf("--width=%d", width), fmt.Sprintf("--height=%d", height))
	run.Env = append(os.Environ(), "HOME="+home, "MOZ_REMOTE_SETTINGS_DEVTOOLS=1")
	said, err := run.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	f := &firefoxTab{TB: t}
	t.Cleanup(func() {
		if f.conn != nil {
			f.conn.Close()
		}
		run.Process.Kill()
		run.Wait()
	})
	where := make(chan string, 1)
	go func() {
		listening := regexp.MustCompile(`WebDriver BiDi listening on (ws://\S+)`)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				where <- m[1]
			}
		}
	}()
	select {
	case address := <-where:
		f.conn, _, err = websocket.DefaultDialer.Dial(address+"/session", nil)
	case <-time.After(time.Minute):
		t.Fatal("Firefox does not say where it listens")
	}
	if err != nil {
		t.Fatal(err)
	}
	f.conn.SetReadDeadline(time.Now().Add(5 * time.Minute)) // of the whole test
	f.ask("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	f.ask("session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil)
	var tree struct{ Contexts []struct{ Context string } }
	f.ask("browsingContext.getTree", map[string]any{}, &tree)
	f.context = tree.Contexts[0].Context
	f.ask("browsingContext.setViewport", map[string]any{"context": f.context, "viewport": map[string]int{"width": width, "height": height}}, nil)
	f.ask("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
	return f
}

// ask sends a command and waits for its answer; what the page writes to the console meanwhile is collected.
func (f *firefoxTab) ask(method string, params, result any) {
	f.Helper()
	f.id++
	if err := f.conn.WriteJSON(map[string]any{"id": f.id, "method": method, "params": params}); err != nil {
		f.Fatal(err)
	}
	for {
		var m struct {
			ID      int
			Type    string
			Method  string
			Message string
			Params  struct{ Level, Text string }
			Result  json.RawMessage
		}
		if err := f.conn.ReadJSON(&m); err != nil {
			f.Fatalf("%s: %v", method, err)
		}
		switch {
		case m.Method == "log.entryAdded" && (m.Params.Level == "error" || m.Params.Level == "warn"):
			f.console = append(f.console, m.Params.Level+": "+m.Params.Text)
		case m.ID == f.id && m.Type == "error":
			f.Fatalf("%s: %s", method, m.Message)
		case m.ID == f.id:
			if result != nil {
				if err := json.Unmarshal(m.Result, result); err != nil {
					f.Fatal(err)
				}
			}
			return
		}
	}
}

// eval returns what a JavaScript expression is, as JSON; a promise is waited for.
func (f *firefoxTab) eval(expression string) string {
	f.Helper()
	var answer struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.ask("script.evaluate", map[string]any{
		"expression": "(async () => JSON.stringify(await (" + expression + ")) ?? 'null')()", "target": map[string]any{"context": f.context}, "awaitPromise": true,
	}, &answer)
	if answer.Type != "success" {
		f.Fatalf("%s: %s", expression, answer.ExceptionDetails.Text)
	}
	return answer.Result.Value
}

// waitFor waits for a JavaScript condition to hold.
func (f *firefoxTab) waitFor(js string) {
	f.Helper()
	if f.eval(condition(js)) != "true" {
		f.Fatalf("after %v it still does not hold: %s\nstate: %s\nconsole: %s", maxWait, js, f.eval("window.ebmviz?.state ?? null"), f.console)
	}
}

// at is where the middle of an element is on the screen.
func (f *firefoxTab) at(selector string) (x, y float64) {
	f.Helper()
	var p [2]float64
	text := f.eval(fmt.Sprintf(`(() => { const n = document.querySelector(%q); n.closest('[popover]:not(:popover-open)')?.showPopover(); n.scrollIntoView({block: 'nearest'}); const b = n.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()`, selector))
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		f.Fatal(err)
	}
	return p[0], p[1]
}

// drag presses the mouse at the first place, moves to the others, and releases it. One place is a click.
func (f *firefoxTab) drag(way ...[2]float64) {
	f.Helper()
	move := func(p [2]float64) map[string]any {
		return map[string]any{"type": "pointerMove", "x": int(p[0]), "y": int(p[1]), "duration": 30}
	}
	acts := []any{move(way[0]), map[string]any{"type": "pointerDown", "button": 0}}
	for _, p := range way[1:] {
		acts = append(acts, move(p))
	}
	acts = append(acts, map[string]any{"type": "pointerUp", "button": 0})
	f.ask("input.performActions", map[string]any{"context": f.context, "actions": []any{map[string]any{
		"type": "pointer", "id": "mouse", "parameters": map[string]any{"pointerType": "mouse"}, "actions": acts,
	}}}, nil)
}

func (f *firefoxTab) click(selector string) {
	f.Helper()
	x, y := f.at(selector)
	f.drag([2]float64{x, y})
}

// keys presses and releases keys, one after the other.
func (f *firefoxTab) keys(keys ...string) {
	f.Helper()
	acts := []any{}
	for _, k := range keys {
		acts = append(acts, map[string]any{"type": "keyDown", "value": k}, map[string]any{"type": "keyUp", "value": k})
	}
	f.ask("input.performActions", map[string]any{"context": f.context, "actions": []any{map[string]any{"type": "key", "id": "keys", "actions": acts}}}, nil)
}

// expectEmptyConsole fails the test if the page wrote an error or a warning to the console.
func (f *firefoxTab) expectEmptyConsole() {
	f.Helper()
	if len(f.console) > 0 {
		f.Errorf("the console has:\n%s", strings.Join(f.console, "\n"))
	}
}

// TestFirefox uses the main functions in the other browser: the model learns, a slider answers, a click asks,
// the run goes back a step, a drawing is learnt, a lesson is played, a picture and a drawing are made.
func TestFirefox(t *testing.T) {
	t.Parallel()
	f := firefox(t, 1280, 800, serve(t)+"#model=kmeans&data=spiral")
	f.waitFor("window.ebmviz?.step > 20 && !document.querySelector('[data-action=share]').disabled && document.querySelector('[data-tool=draw]')")

	// A slider by the keyboard: End is its greatest value.
	x, y := f.at(`[data-knob="lr"]`)
	f.drag([2]float64{x, y})
	f.keys("\uE010")
	f.waitFor("ebmviz.state.knobs.lr === 10")

	// A click asks the energy.
	x, y = f.at("#landscape")
	f.drag([2]float64{x + 40, y})
	f.waitFor("!document.querySelector('#ask').hidden && document.querySelector('#ask').textContent.includes('gradient')")

	// Pause, and a step back.
	f.click(`[data-action="pause"]`)
	f.waitFor("!ebmviz.state.playing")
	at := f.eval("ebmviz.state.step")
	f.click(`[data-action="back"]`)
	f.waitFor("ebmviz.state.step === " + at + " - 1")

	// Draw, and it is learnt.
	f.click(`[data-choose="data"][data-value="custom"]`)
	x, y = f.at("#landscape")
	f.drag([2]float64{x - 150, y + 150}, [2]float64{x, y}, [2]float64{x + 150, y - 150})
	f.waitFor("ebmviz.state.data === 'custom' && ebmviz.step > 20 && ebmviz.points().length > 40")

	// Export.
	f.eval(`(window.kept = [], URL.createObjectURL = ((old) => (blob) => (kept.push(blob), old.call(URL, blob)))(URL.createObjectURL), true)`)
	f.click(`[data-action="share"]`)
	f.waitFor("document.querySelector('#export').open")
	f.click(`[data-export="exportPNG"]`)
	f.click(`[data-export="exportSVG"]`)
	f.waitFor("kept.length === 2 && kept.some((b) => b.type === 'image/png' && b.size > 5000) && kept.some((b) => b.type === 'image/svg+xml' && b.size > 5000)")
	f.click(`[data-export="exportGIF"]`)
	f.waitFor("(light => !light.hidden && /[1-9] s/.test(light.textContent))(document.querySelector('[data-export=stop]'))")
	f.click(`[data-export="stop"]`)
	f.waitFor("kept.length === 3 && kept[2].type === 'image/gif' && kept[2].size > 5000")

	// A lesson: the first choice is predicted.
	f.eval("(location.hash = 'model=kmeans&data=lecture-spiral&view.lesson=k-means.2', true)")
	f.waitFor("document.querySelector('#lesson:not([hidden])')?.dataset.phase === 'asking' && ebmviz.state.data === 'spiral' && ebmviz.step === 0")
	f.click(".lesson .choice")
	f.waitFor("document.querySelector('#lesson').dataset.phase === 'seen'")

	// The projector: the lesson beside the landscape, and nothing else.
	f.click(`[data-action="projector"]`)
	f.waitFor("['#square', '#lesson'].every((s) => document.querySelector(s).checkVisibility({visibilityProperty: true})) && !document.querySelector('.sidebar').checkVisibility({visibilityProperty: true})")
	f.expectEmptyConsole()
}
