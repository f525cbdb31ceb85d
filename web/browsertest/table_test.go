package browsertest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tables is where the tables are that people have, with what they should give.
const tables = "../../ebm/data/table/testdata/"

// tableRead holds when a table was read and can be learnt from.
const tableRead = "document.querySelector('#own').open && !document.querySelector('[data-own=use]').disabled"

// tableFile returns a table of the reader's tests.
func tableFile(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tables, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// useTable learns from the table that is shown, and waits for the room to have its points.
func (b *tab) useTable() {
	b.Helper()
	b.waitFor(tableRead)
	run := eval[int](b, "ebmviz.state.run")
	b.click(`[data-own="use"]`)
	b.waitFor(fmt.Sprintf("!document.querySelector('#own').open && ebmviz.state.run > %d && ebmviz.state.data === 'custom' && 2 * ebmviz.state.knobs['data.n'] === ebmviz.points().length", run))
}

// drawnTable is what the page has of the user's own points.
type drawnTable struct {
	Points []float64
	Axes   struct {
		Names         []string
		Scale, Offset [2]float64
	}
	Label *struct {
		Name   string
		Groups []string
		Of     []int
	}
}

// drawnTable returns it, the points in the units of the axes.
func (b *tab) drawnTable() drawnTable {
	b.Helper()
	var d drawnTable
	if err := json.Unmarshal([]byte(eval[string](b, "JSON.stringify({points: ebmviz.points(), axes: ebmviz.axes, label: ebmviz.label})")), &d); err != nil {
		b.Fatal(err)
	}
	for i := range d.Points {
		d.Points[i] = d.Points[i]*d.Axes.Scale[i%2] + d.Axes.Offset[i%2]
	}
	return d
}

// The tables that people have give their points on the page, dropped as a file and pasted.
func TestTablesThatPeopleHave(t *testing.T) {
	t.Parallel()
	var expected map[string]struct {
		Names   []string
		Points  [][2]float64
		Count   int
		Dropped int
		Label   string
		Groups  map[string]int
		Warns   string
		Error   string
	}
	if err := json.Unmarshal([]byte(tableFile(t, "expected.json")), &expected); err != nil {
		t.Fatal(err)
	}
	b := open(t, desktop, serve(t)+"#model=pca&data=spiral&view.speed=1")
	b.waitForRun()
	refused := 0
	for name, want := range expected {
		content := tableFile(t, name)
		for _, way := range []string{"file", "paste"} {
			if way == "file" {
				b.drop(name, content)
			} else if !utf8.ValidString(content) || len(content) > 10_000 {
				continue
			} else {
				b.paste(content)
			}
			if want.Error != "" {
				b.waitFor(fmt.Sprintf("document.querySelector('#own .wrong').textContent.includes(%q) && document.querySelector('[data-own=use]').disabled", want.Error))
				b.do(cdp.KeyEvent(kb.Escape))
				b.waitFor("!document.querySelector('#own').open")
				refused++
				continue
			}
			b.waitFor(tableRead)
			notes := eval[string](b, "document.querySelector('#own .notes').textContent")
			if !strings.Contains(notes, want.Warns) || want.Dropped > 0 != strings.Contains(notes, "left out:") || want.Dropped > 0 && !strings.Contains(notes, fmt.Sprint(want.Dropped, " of ")) {
				t.Errorf("%s (%s): it says %q; want %d rows left out and %q", name, way, notes, want.Dropped, want.Warns)
			}
			b.useTable()
			got := b.drawnTable()
			count := max(want.Count, len(want.Points))
			if len(got.Points) != 2*count {
				t.Errorf("%s (%s): %d points, want %d", name, way, len(got.Points)/2, count)
				continue
			}
			for i, p := range want.Points {
				for k := range p {
					if v := got.Points[2*i+k]; math.Abs(v-p[k]) > 1e-6*(got.Axes.Scale[k]+math.Abs(p[k])) {
						t.Errorf("%s (%s): point %d is %v, want %v", name, way, i, got.Points[2*i:2*i+2], p)
						break
					}
				}
			}
			if !slices.Equal(got.Axes.Names, want.Names) && (len(want.Names) > 0 || want.Count == 0 && len(got.Axes.Names) > 0) {
				t.Errorf("%s (%s): the axes are %q, want %q", name, way, got.Axes.Names, want.Names)
			}
			for group, n := range want.Groups {
				of := 0
				if got.Label != nil {
					of = countOf(got.Label.Of, slices.Index(got.Label.Groups, group))
				}
				if of != n {
					t.Errorf("%s (%s): %d points are in the group %q, want %d", name, way, of, group, n)
				}
			}
		}
	}
	if said := b.consoleText(); strings.Count(said, "status of 422") != refused || strings.Count(said, "\n")+1 != refused {
		t.Errorf("the console has:\n%s", said)
	}
}

// countOf counts how often v is in s.
func countOf(s []int, v int) (n int) {
	for _, x := range s {
		if x == v {
			n++
		}
	}
	return n
}

// setSelect chooses in a select of the dialog.
func (b *tab) setSelect(name, value string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => { const s = document.querySelector('[data-own="%s"]'); s.value = %q; return s.dispatchEvent(new Event('change')) && s.value === %[2]q })()`, name, value))
}

// tableSays waits for what is said of the points of the table.
func (b *tab) tableSays(want string) {
	b.Helper()
	b.waitFor(fmt.Sprintf("document.querySelector('#own .act [role=status]').textContent.includes(%q)", want))
}

// A wrong guess is put right in two actions, by mouse and by keyboard.
func TestAWrongGuessIsPutRight(t *testing.T) {
	t.Parallel()
	const ages = "height,weight,age\n1.7,60,30\n1.8,70,40\n1.6,80,50\n"
	for name, l := range map[string]screen{"desk": desktop, "phone dark": {width: 390, height: 844, dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, l, serve(t)+"#model=pca&data=spiral&step=20")
			b.waitForInstruments()
			b.waitForStep(20)
			column := func(i int) string { return fmt.Sprintf("#own [data-column='%d']", i) }
			b.paste(ages)
			b.tableSays("height from 1.6 to 1.8, weight from 60 to 80")
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("preview-" + strings.ReplaceAll(name, " ", "-"))
			// Columns: a click, two clicks.
			b.click(column(2))
			b.tableSays("weight from 60 to 80, age from 30 to 50")
			b.click(column(0))
			b.click(column(1))
			b.tableSays("height from 1.6 to 1.8, weight from 60 to 80")
			// By keyboard: the focus stays on the column.
			b.do(cdp.Focus(cdp.CSS(column(2))))
			b.do(cdp.KeyEvent(kb.Enter))
			b.tableSays("weight from 60 to 80, age from 30 to 50")
			b.do(cdp.KeyEvent("\t", cdp.KeyModifiers(8)))
			b.do(cdp.KeyEvent("\t", cdp.KeyModifiers(8)))
			b.do(cdp.KeyEvent(" "))
			b.tableSays("age from 30 to 50, height from 1.6 to 1.8")
			b.do(cdp.Focus(cdp.CSS(`[data-own="y"]`)))
			b.do(cdp.KeyEvent(kb.ArrowDown))
			b.tableSays("age from 30 to 50, weight from 60 to 80")
			// The two columns of one coordinate change places.
			b.setSelect("x", "1")
			b.tableSays("weight from 60 to 80, age from 30 to 50")
			b.useTable()
			if got := b.drawnTable(); !slices.Equal(got.Axes.Names, []string{"weight", "age"}) {
				t.Errorf("the axes are %q", got.Axes.Names)
			}

			// A header that was taken from numbers, or was not.
			b.paste("1,2\n1.5,2.5\n2,3\n2.5,1.5\n")
			b.tableSays("4 points")
			b.setSelect("header", "yes")
			b.tableSays("3 points: 1 from 1.5 to 2.5, 2 from 1.5 to 3")
			b.setSelect("header", "no")
			b.tableSays("4 points")
			// A decimal sign, and a separator.
			b.click(`[data-own="other"]`)
			b.paste("x;y\n1,024;2,048\n3,072;4,096\n")
			b.waitFor(tableRead)
			b.setSelect("decimal", ".")
			b.tableSays("x from 1024 to 3072, y from 2048 to 4096")
			b.setSelect("decimal", ",")
			b.tableSays("x from 1.024 to 3.072, y from 2.048 to 4.096")
			b.setSelect("separator", "|")
			b.waitFor("document.querySelector('#own .wrong').textContent && document.querySelector('[data-own=use]').disabled")
			b.setSelect("separator", ";")
			b.tableSays("x from 1.024 to 3.072")
			// Values that mean "missing", and outliers.
			b.drop("sentinel.csv", tableFile(t, "sentinel.csv"))
			b.tableSays("5 points")
			b.click(`#own [data-missing="9999"]`)
			b.tableSays("4 points: x from 0.5 to 0.7")
			b.checkAccessibility()
			b.click(`#own [data-missing="9999"]`)
			b.tableSays("5 points")
			b.click(`[data-own="clip"]`)
			b.tableSays("4 points: x from 0.5 to 0.7")
			// Points outside the plane are not moved: they are scaled, or refused.
			b.drop("faithful2.csv", tableFile(t, "faithful2.csv"))
			b.tableSays("272 points")
			b.setSelect("fit", "none")
			b.waitFor("document.querySelector('#own .wrong').textContent.startsWith('272 of 272 points lie outside the plane') && document.querySelector('[data-own=use]').disabled")
			b.click(`[data-own="refit"]`)
			b.useTable()
			if said := b.consoleText(); strings.Count(said, "status of 422") != 1 || strings.Contains(said, "\n") {
				t.Errorf("the console has:\n%s", said)
			}
		})
	}
}

// textOf returns the text of an element, with a plain minus.
func (b *tab) textOf(selector string) string {
	b.Helper()
	return strings.ReplaceAll(eval[string](b, fmt.Sprintf("document.querySelector(%q).textContent", selector)), "−", "-")
}

// Old Faithful: everything that has coordinates says minutes, and does so after a stroke, an undo, on
// another page and in a pane.
func TestTheUnitsOfATable(t *testing.T) {
	t.Parallel()
	server := serve(t)
	b := open(t, desktop, server+"#model=kmeans&data=spiral&step=30")
	b.waitForInstruments()
	b.waitForStep(30)
	b.drop("faithful2.csv", tableFile(t, "faithful2.csv"))
	b.useTable()
	axes := func(b *tab, when string) {
		t.Helper()
		b.waitFor("document.querySelector('#y1-name').textContent === 'eruptions' && document.querySelector('#y1-low').textContent === '1.6'")
		for id, want := range map[string]string{"y1-low": "1.6", "y1-high": "5.1", "y2-low": "43", "y2-high": "96", "y1-name": "eruptions", "y2-name": "waiting"} {
			if got := b.textOf("#" + id); got != want {
				t.Errorf("%s: %s is %q, want %q", when, id, got, want)
			}
		}
	}
	axes(b, "imported")
	// A number is where it says: the tick of 1.6 below the leftmost point.
	if off := eval[float64](b, `(() => {
		const r = document.querySelector('#landscape').getBoundingClientRect(), tick = document.querySelector('#y1-low').getBoundingClientRect();
		const y = ebmviz.points().filter((_, i) => i % 2 === 0);
		return Math.abs((tick.left + tick.right) / 2 - r.left - r.width * (Math.min(...y) + 1.5) / 3);
	})()`); off > 1.5 {
		t.Errorf("the tick lies %.1f pixels beside the least point", off)
	}

	b.mouse(input.DispatchMouseEventTypeMouseMoved, 0, 0)
	b.waitFor("document.querySelector('.readout').textContent.includes('eruptions = 3.3')")
	if got := b.textOf(".readout"); !strings.Contains(got, "waiting = 69.") && !strings.Contains(got, "waiting = 70.") {
		t.Errorf("the readout says %q", got)
	}
	b.mouse(input.DispatchMouseEventTypeMousePressed, 0, 0)
	b.mouse(input.DispatchMouseEventTypeMouseReleased, 0, 0)
	b.waitFor("document.querySelector('#ask .where').textContent.startsWith('eruptions = 3.3')")
	b.click(`[data-tool="slice"]`)
	b.enter(`[data-ask="y1"]`, "2")
	b.waitFor("document.querySelector('#ask h1').textContent === 'Slice at eruptions = 2.00'")
	b.waitFor("document.querySelector('.slice-line').ariaValueText === 'eruptions = 2.00'")
	at := eval[float64](b, "+document.querySelector('.slice-line').ariaValueNow")
	if want := (2 - 3.35) / (1.75 / 1.35); math.Abs(at-want) > .01 {
		t.Errorf("eruptions = 2 lies at y1 = %v, want %v", at, want)
	}
	if got := b.textOf("#ask h2:has([data-ask=y1])"); !strings.HasPrefix(got, "waiting given eruptions =") {
		t.Errorf("it asks for %q", got)
	}
	for _, minimum := range strings.Split(b.answerText(1, 0), ", ") {
		var m float64
		if _, err := fmt.Sscan(minimum, &m); err != nil || m < 40 || m > 100 {
			t.Errorf("a prediction of the waiting time is %q", minimum)
		}
	}
	b.checkAccessibility()
	b.savePicture("faithful-slice")
	b.click(`[data-tool="ask"]`)
	b.click(toRelief)
	b.waitFor("document.querySelector('#relief')?.dataset.step > 0")
	b.savePicture("faithful-relief")
	b.click(toMap)

	// A stroke keeps the units and the other points as they are.
	before := b.drawnTable()
	b.click(`[data-tool="draw"]`)
	b.mouse(input.DispatchMouseEventTypeMousePressed, -1, 1)
	b.mouse(input.DispatchMouseEventTypeMouseMoved, -.6, 1)
	b.mouse(input.DispatchMouseEventTypeMouseReleased, -.6, 1)
	b.waitFor("!ebmviz.drawing && ebmviz.points().length > 2 * 275 && 2 * ebmviz.state.knobs['data.n'] === ebmviz.points().length")
	axes(b, "drawn")
	if after := b.drawnTable(); !slices.Equal(after.Points[:len(before.Points)], before.Points) {
		t.Error("a stroke moved the points that were there")
	}
	b.waitForFrames(2)
	b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
	b.waitFor("ebmviz.points().length === 2 * 272")
	axes(b, "undone")
	b.click(`[data-choose="model"][data-value="pca"]`)
	b.waitFor("ebmviz.state.model === 'pca'")
	axes(b, "with another method")
	b.click(`[data-choose="data"][data-value="spiral"]`)
	b.waitFor("document.querySelector('#y1-low').textContent === '−1.5' && document.querySelector('#y1-name').textContent === 'y₁'")
	b.click(`[data-choose="data"][data-value="custom"]`)
	b.waitFor("ebmviz.points().length === 2 * 272")
	axes(b, "chosen again")

	b.waitFor("location.hash.includes('axes=eruptions,waiting,')")
	link := eval[string](b, "location.hash")
	c := open(t, desktop, serve(t)+link) // another computer
	c.waitForRun()
	axes(c, "by the link")
	d := open(t, desktop, server+"#model=kmeans&data=custom&points="+eval[string](b, "ebmviz.state.own"))
	d.waitForRun()
	axes(d, "by the name of the points")
	for _, page := range []*tab{b, c, d} {
		page.expectEmptyConsole()
	}
}

// threeGroups has three figures that lie on one another, as those of the Datasaurus do.
func threeGroups() string {
	var s strings.Builder
	s.WriteString("dataset\tx\ty\n")
	for i := range 120 {
		a := float64(i) / 120 * 2 * math.Pi
		fmt.Fprintf(&s, "dino\t%.4f\t%.4f\n", 54+20*math.Cos(a), 47+10*math.Sin(a))
		fmt.Fprintf(&s, "star\t%.4f\t%.4f\n", 54+34*math.Cos(5*a)*math.Cos(a), 47+40*math.Cos(5*a)*math.Sin(a))
		fmt.Fprintf(&s, "x_shape\t%.4f\t%.4f\n", 20+68*float64(i)/119, 10+75*float64(i*(1-2*(i%2))+119*(i%2))/119)
	}
	return s.String()
}

// One figure of three is learnt in three actions: it is dropped, chosen and learnt; or, with all of
// them, chosen in the legend.
func TestOneGroupOfThree(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			b := open(t, l, server+"#model=pca&data=spiral&step=20&hide=marks")
			b.waitForInstruments()
			b.waitForStep(20)
			b.drop("three.tsv", threeGroups())
			b.waitFor(tableRead)
			b.setSelect("group", "=dino")
			b.tableSays("120 points: x from 34 to 74, y from 37 to 57")
			b.useTable()
			if got := b.drawnTable(); len(got.Points) != 240 || got.Label != nil {
				t.Errorf("one group has %d points and the label %v", len(got.Points)/2, got.Label)
			}
			if eval[bool](b, "document.querySelector('.groups').checkVisibility()") {
				t.Error("one group has a legend")
			}

			b.drop("three.tsv", threeGroups())
			b.useTable()
			b.waitFor("document.querySelectorAll('.groups button').length === 4")
			got := b.drawnTable()
			if got.Label == nil || got.Label.Name != "dataset" || !slices.Equal(got.Label.Groups, []string{"dino", "star", "x_shape"}) || countOf(got.Label.Of, 1) != 120 {
				t.Fatalf("the label is %+v", got.Label)
			}
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("groups-" + strings.ReplaceAll(name, " ", "-"))
			all := b.groupColours()
			if len(all) != 3 {
				t.Errorf("the picture has the colours of %d groups, want 3", len(all))
			}
			b.click(`.groups [data-group="1"]`)
			b.waitFor("ebmviz.points().length === 240 && document.querySelector('.groups [data-group=\"1\"]').ariaPressed === 'true'")
			star := b.drawnTable()
			for i := range 120 {
				if math.Abs(star.Points[2*i]-got.Points[2*(3*i+1)]) > 1e-4 {
					t.Fatalf("point %d of the star is %v, want %v", i, star.Points[2*i:2*i+2], got.Points[2*(3*i+1):][:2])
				}
			}
			b.waitForFrames(2)
			if one := b.groupColours(); len(one) != 1 {
				t.Errorf("the picture has the colours of %d groups, want 1", len(one))
			}
			// Another, and all of them, without the file.
			b.do(cdp.Focus(cdp.CSS(`.groups [data-group="0"]`)))
			b.do(cdp.KeyEvent(kb.Enter))
			b.waitFor("ebmviz.points().length === 240 && document.querySelector('.groups [data-group=\"0\"]').ariaPressed === 'true'")
			b.click(`.groups [data-group="-1"]`)
			b.waitFor("ebmviz.points().length === 720 && document.querySelector('.groups [data-group=\"-1\"]').ariaPressed === 'true'")
			// Who only watches sees the groups.
			w := open(t, l, server+"#room="+eval[string](b, "ebmviz.room"))
			w.waitFor("document.querySelectorAll('.groups button:disabled').length === 4")
			b.expectEmptyConsole()
			w.expectEmptyConsole()
		})
	}
}

// groupColours returns which of the colours of the legend are in the picture of the points.
func (b *tab) groupColours() map[string]bool {
	b.Helper()
	fills := eval[[]string](b, "[...document.querySelectorAll('.groups svg > *')].map((n) => n.getAttribute('fill'))")
	img := b.overlay()
	found := map[string]bool{}
	for _, fill := range fills {
		var r, g, bl int
		fmt.Sscanf(fill, "#%02x%02x%02x", &r, &g, &bl)
		if _, near := colours(img, r, g, bl, 30); near > 40 {
			found[fill] = true
		}
	}
	return found
}

// overlay returns what is drawn over the surface.
func (b *tab) overlay() image.Image {
	b.Helper()
	bytes64 := eval[string](b, "document.querySelector('#overlay').toDataURL().split(',')[1]")
	raw, err := base64.StdEncoding.DecodeString(bytes64)
	if err != nil {
		b.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		b.Fatal(err)
	}
	return img
}

// A million rows are sampled, and the page says that it is reading them.
func TestALargeTable(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=pca&data=spiral&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	eval[bool](b, `(() => {
		window.said = [];
		new MutationObserver(() => window.said.push(document.querySelector('#own .act [role=status]').textContent)).observe(document.querySelector('#own'), { subtree: true, childList: true, characterData: true });
		const lines = ['speed,height'];
		for (let i = 0; i < 1e6; i++) lines.push((100 + 50 * Math.sin(i)).toFixed(4) + ',' + (2e5 + 1e4 * Math.cos(i)).toFixed(2) + '          ');
		const files = new DataTransfer();
		files.items.add(new File([lines.join('\n')], 'big.csv'));
		return document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })) || true;
	})()`)
	b.waitFor("window.said.includes('Reading big.csv …')")
	b.waitFor(tableRead)
	b.waitFor("document.querySelector('#own .notes').textContent.includes('20000 of 1000000')")
	b.tableSays("20000 points: speed from 50 to 150, height from 190,000 to 210,000")
	b.useTable()
	if got := b.textOf("#y2-high"); got != "210,000" {
		t.Errorf("the upper end is %q", got)
	}
	b.checkLayout()
	b.savePicture("large-table")
	b.expectEmptyConsole()
}

// Names of columns and of groups are text wherever they are shown.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=pca&data=spiral&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	const evil = `<img src=x onerror=window.hurt=1>`
	long := strings.Repeat("endless ", 40)
	b.drop(`"><script>.csv`, fmt.Sprintf("%s,%s,which\n1,2,%[1]s\n3,5,b\n4,4,%[1]s\n5,1,b\n", evil, long))
	b.waitFor(tableRead)
	b.checkLayout()
	b.checkAccessibility()
	b.useTable()
	b.waitFor("document.querySelector('#y1-name').textContent.startsWith('<img src=x')")
	b.waitFor("document.querySelector('.groups').textContent.includes('<img')")
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 0, 0)
	b.mouse(input.DispatchMouseEventTypeMousePressed, 0, 0)
	b.mouse(input.DispatchMouseEventTypeMouseReleased, 0, 0)
	b.waitFor("document.querySelector('#ask .where').textContent.startsWith('<img')")
	b.click(toRelief)
	b.waitFor("document.querySelector('#relief')?.dataset.step > 0")
	b.checkLayout()
	b.savePicture("hostile-names")
	if eval[bool](b, "'hurt' in window || document.querySelector('img[src=x]') !== null") {
		t.Error("the name of a column became a part of the page")
	}
	again := open(t, desktop, serve(t)+eval[string](b, "location.hash"))
	again.waitFor("document.querySelector('#y1-name').textContent.startsWith('<img src=x')")
	b.expectEmptyConsole()
	again.expectEmptyConsole()
}
