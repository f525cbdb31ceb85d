// Command bench measures the kernels, the methods and the frames, and what other libraries
// take for the same work, and writes BENCHMARKS.md with its plots. It is a module of its own,
// so that nothing else needs what it draws with.
//
//	make bench                        # everything, in a quarter of an hour
//	go -C bench run . -only grid      # one experiment again; the others as they were last time
//	go -C bench run . -only none      # writes the page again
//
// Every experiment runs in rounds, ours and theirs in turn, and a ratio is the median of the
// ratios of its rounds: what slows the machine down for a while slows down both. All speak
// the format of Go's benchmarks, so the texts that are kept in .cache/bench can be compared
// by benchstat, too.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"ebmviz/ebm/net"
)

func main() {
	log.SetFlags(0)
	var (
		root    = flag.String("root", "..", "the `folder` of the repository")
		only    = flag.String("only", "", "the `experiments` to run, as in grid,train")
		rounds  = flag.Int("rounds", 3, "how often ours and theirs take turns")
		seconds = flag.Float64("seconds", 0.5, "how long one measurement takes")
		before  = flag.String("before", "", "a `command` to run each measurement with, such as \"taskset -c 1\"")
	)
	flag.Parse()
	w := workshop{root: *root, rounds: *rounds, seconds: *seconds, before: strings.Fields(*before), sets: kernelSets(net.Kernels())}
	if err := run(w, *only); err != nil {
		log.Fatal(err)
	}
}

func run(w workshop, only string) error {
	kept := filepath.Join(w.root, ".cache", "bench")
	if err := os.MkdirAll(kept, 0o755); err != nil {
		return err
	}
	if err := w.build(kept); err != nil {
		return err
	}
	all := newResults()
	for _, e := range plan {
		name := filepath.Join(kept, e.name+".txt")
		if only == "" || strings.Contains(","+only+",", ","+e.name+",") {
			if err := os.WriteFile(name, w.measure(e), 0o644); err != nil {
				return err
			}
		}
		if err := all.readFile(name); err != nil {
			return err
		}
	}
	return write(w.root, w.sets, all)
}

// kernelSets returns the sets in assembly that are compared on a machine whose best is given.
func kernelSets(best string) []string {
	if best == "avx512" {
		return []string{"avx2", "avx512"}
	}
	return []string{best}
}

// progress tells what is being done.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
