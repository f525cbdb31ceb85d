//go:build linux

package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// result is what a server did in a scene.
type result struct {
	Scene   scene
	Server  string
	Figures figures
	Alone   figures // with one viewer
	Failed  string  // why there are no figures
	When    string
}

// perFrame is the server's CPU time for a frame of a viewer, in µs, without what the room itself costs.
func (r result) perFrame() float64 {
	return 1e6 * (r.Figures.ServerCPU - r.room()*r.Figures.Seconds) / float64(max(r.Figures.Frames, 1))
}

// room is how many cores the server takes with one viewer.
func (r result) room() float64 { return r.Alone.ServerCPU / r.Alone.Seconds }

// memory is the server's for one viewer more, in KiB.
func (r result) memory() float64 {
	return float64(r.Figures.Memory-r.Alone.Memory) / float64(r.Scene.Viewers-1)
}

func (r result) text() string {
	if r.Failed != "" {
		return fmt.Sprintf("%-40s %-10s %s", r.Scene.name(), r.Server, r.Failed)
	}
	f := r.Figures
	return fmt.Sprintf("%-40s %-10s %5.1f fps, least %5.1f; p50 %6.1f ms, p99 %6.1f ms; %5.1f µs a viewer-frame (room alone %.0f %%, viewers %.1f µs); %.0f KB a viewer; %.1f KB a frame; slow p99 %.0f ms",
		r.Scene.name(), r.Server, f.Mean, f.Worst, f.P50, f.P99, r.perFrame(), 100*r.room(), r.viewersPerFrame(), r.memory(), f.Bytes/1024, f.SlowP99)
}

const heading = "## Many viewers\n"

// section is what BENCHMARKS.md says of the results.
func section(all []result) string {
	var b strings.Builder
	b.WriteString(heading)
	fmt.Fprintf(&b, "\nWritten by `make load` (Go %s) on %d cores.\n", strings.TrimPrefix(runtime.Version(), "go"), runtime.NumCPU())
	b.WriteString(explanation)
	b.WriteString("\n| goal | required | measured | |\n|---|--:|--:|--:|\n")
	for _, g := range goals(all) {
		b.WriteString(g.row())
	}
	b.WriteString("\n| line | server | frames/s | the unluckiest | p50 ms | p99 ms | server µs | viewers µs | KB a viewer | KB a frame | measured |\n|---|---|" + strings.Repeat("--:|", 9) + "\n")
	for _, r := range all {
		b.WriteString(r.row())
	}
	return b.String()
}

func (r result) row() string {
	f := r.Figures
	if r.Failed != "" {
		return fmt.Sprintf("| %s | %s | %s%s %s |\n", r.Scene.name(), r.Server, r.Failed, strings.Repeat(" |", 8), r.When)
	}
	return fmt.Sprintf("| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f | %.1f | %s |\n",
		r.Scene.name(), r.Server, f.Mean, f.Worst, f.P50, f.P99, r.perFrame(), r.viewersPerFrame(), r.memory(), f.Bytes/1024, r.When)
}

// viewersPerFrame is the viewers' CPU time for a frame, in µs.
func (r result) viewersPerFrame() float64 {
	return 1e6 * r.Figures.Viewers / float64(max(r.Figures.Frames, 1))
}

// goal is something that a line has to show.
type goal struct {
	what     string
	want     float64
	most     bool // want is the most there may be, rather than the least
	unit     string
	measured float64 // NaN if it was not
}

func (g goal) row() string {
	sign, verdict := "≥", "met"
	if g.most {
		sign = "≤"
	}
	switch {
	case math.IsNaN(g.measured):
		return fmt.Sprintf("| %s | %s %g %s | | not measured |\n", g.what, sign, g.want, g.unit)
	case g.most && g.measured > g.want, !g.most && g.measured < g.want:
		verdict = "**not met**"
	}
	return fmt.Sprintf("| %s | %s %g %s | %.3g %s | %s |\n", g.what, sign, g.want, g.unit, g.measured, g.unit, verdict)
}

func goals(all []result) []goal {
	find := func(name, server string) *result {
		i := slices.IndexFunc(all, func(r result) bool { return r.Failed == "" && r.Server == server && r.Scene.name() == name })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	value := func(name string, of func(result) float64) float64 {
		if r := find(name, ours); r != nil {
			return of(*r)
		}
		return math.NaN()
	}
	over := func(name, server string, of func(result) float64) float64 {
		if r := find(name, server); r != nil {
			return value(name, of) / of(*r)
		}
		return math.NaN()
	}
	worst := func(r result) float64 { return r.Figures.Worst }
	p99 := func(r result) float64 { return r.Figures.P99 }
	const crowd = "500 viewers compact"
	list := []goal{
		{crowd + ": the unluckiest", 29, false, "frames/s", value(crowd, worst)},
		{crowd + ": p99 over raw TCP's", 1.5, true, "×", over(crowd, plain, p99)},
		{"1000 viewers compact: the unluckiest", 25, false, "frames/s", value("1000 viewers compact", worst)},
		{crowd + ": server CPU over raw TCP's", 1.3, true, "×", over(crowd, plain, result.perFrame)},
		{crowd + ": server CPU over centrifuge's", 1, true, "×", over(crowd, centrifugeServer, result.perFrame)},
		{crowd + ": memory a viewer", 48, true, "KB", value(crowd, result.memory)},
	}
	for _, l := range plan() {
		switch name := l.name(); {
		case l.Stalled > 0:
			list = append(list, goal{name + ": the unluckiest of the others", 29, false, "frames/s", value(name, worst)})
		case l.Slow:
			list = append(list, goal{name + ": age of what it reads, p99", 300, true, "ms", value(name, func(r result) float64 { return r.Figures.SlowP99 })})
		case l.Joins > 0:
			list = append(list, goal{name + ": the unluckiest", 25, false, "frames/s", value(name, worst)})
		case l.Rung != websocketRung:
			list = append(list, goal{name + ": the unluckiest", 10, false, "frames/s", value(name, worst)})
		}
	}
	return list
}

const explanation = `
A room of 128² at 30 frames/s on loopback; the server and the process that plays all viewers share the
cores. A viewer acknowledges every frame. "raw TCP" sends the same frames with their length before them
and nothing else; "centrifuge" is centrifugal/centrifuge with its Protobuf protocol. ms is from the making
of a frame to its last byte at a viewer. µs is CPU time for one frame of one viewer: of the server, with
the acknowledgments and without what the room costs with a single viewer, and of the viewers. KB a viewer
is the server's own memory with these viewers less that with one, for each.
`

func commit() string {
	name, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(name))
}

// writeSection replaces the section in a file, or adds it at the end.
func writeSection(name, text string) error {
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(replaceSection(string(old), text)), 0o644)
}

// replaceSection replaces the section in a page, or adds it at the end.
func replaceSection(page, text string) string {
	before, rest, found := strings.Cut(page, heading)
	if !found {
		return strings.TrimRight(page, "\n") + "\n\n" + text
	}
	if i := strings.Index(rest, "\n## "); i >= 0 {
		return before + text + rest[i:]
	}
	return before + text
}
