//go:build linux

package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// result is what a server did in a line.
type result struct {
	line
	server  string
	figures figures
	alone   figures // with one viewer
	err     error
}

// perFrame is the server's CPU time for a frame of a viewer, in µs, without what the room itself costs.
func (r result) perFrame() float64 {
	return 1e6 * (r.figures.ServerCPU - r.room()*r.figures.Seconds) / float64(max(r.figures.Frames, 1))
}

// room is how many cores the server takes with one viewer.
func (r result) room() float64 { return r.alone.ServerCPU / r.alone.Seconds }

// memory is the server's for one viewer more, in KiB.
func (r result) memory() float64 {
	return float64(r.figures.Memory-r.alone.Memory) / float64(r.Viewers-1)
}

func (r result) text() string {
	if r.err != nil {
		return fmt.Sprintf("%-40s %-10s %v", r.name(), r.server, r.err)
	}
	f := r.figures
	return fmt.Sprintf("%-40s %-10s %5.1f fps, least %5.1f; p50 %6.1f ms, p99 %6.1f ms; %5.1f µs a viewer-frame (room alone %.0f %%, viewers %.1f µs); %.0f KB a viewer; %.1f KB a frame; slow p99 %.0f ms",
		r.name(), r.server, f.Mean, f.Worst, f.P50, f.P99, r.perFrame(), 100*r.room(), 1e6*f.Viewers/float64(max(f.Frames, 1)), r.memory(), f.Bytes/1024, f.SlowP99)
}

const heading = "## Many viewers\n"

// section is what BENCHMARKS.md says of the results.
func section(all []result, seconds float64) string {
	var b strings.Builder
	b.WriteString(heading)
	fmt.Fprintf(&b, "\nWritten by `make load` (Go %s, %d cores, %s UTC at %s), each line in %.0f seconds.\n",
		strings.TrimPrefix(runtime.Version(), "go"), runtime.NumCPU(), time.Now().UTC().Format("2006-01-02 15:04"), commit(), seconds)
	b.WriteString(explanation)
	rows := func(head string, print func(result) string) {
		cells := strings.Count(head, "|") - 1
		fmt.Fprintf(&b, "\n%s\n|---|---%s|\n", head, strings.Repeat("|--:", cells-2))
		for _, r := range all {
			if r.err != nil {
				fmt.Fprintf(&b, "| %s | %s | %v %s|\n", r.name(), r.server, r.err, strings.Repeat("| ", cells-3))
				continue
			}
			b.WriteString(print(r) + "\n")
		}
	}
	rows("| line | server | frames/s | the unluckiest | p50 ms | p99 ms | server µs | viewers µs | KB a viewer | KB a frame |", func(r result) string {
		f := r.figures
		return fmt.Sprintf("| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f | %.1f |",
			r.name(), r.server, f.Mean, f.Worst, f.P50, f.P99, r.perFrame(), 1e6*f.Viewers/float64(max(f.Frames, 1)), r.memory(), f.Bytes/1024)
	})
	return b.String()
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
