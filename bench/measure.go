package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// workshop is where measurements are made.
type workshop struct {
	root     string
	rounds   int
	seconds  float64
	before   []string          // the command that runs the others
	sets     []string          // of kernels
	programs map[string]string // the tests of a package, built
}

// build makes the programs of our benchmarks.
func (w *workshop) build(folder string) error {
	w.programs = map[string]string{}
	for _, e := range plan {
		if w.programs[e.pkg] != "" {
			continue
		}
		program, err := filepath.Abs(filepath.Join(folder, strings.ReplaceAll(e.pkg, "/", "_")+".test"))
		if err != nil {
			return err
		}
		c := exec.Command("go", "test", "-c", "-o", program, "./"+e.pkg)
		c.Dir, c.Stderr = w.root, os.Stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("%s cannot be built: %w", e.pkg, err)
		}
		w.programs[e.pkg] = program
	}
	return nil
}

// measure runs an experiment and returns what all its programs printed, with lines in
// between that say who it was. A program that fails is not run again, and a line tells why.
func (w *workshop) measure(e experiment) []byte {
	if e.rounds == 0 {
		e.rounds = w.rounds
	}
	if e.seconds == 0 {
		e.seconds = w.seconds
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "experiment: %s\ndate: %s\ncommit: %s\nrounds: %d\ngo: %s\ncpus: %d\n",
		e.name, time.Now().UTC().Format("2006-01-02 15:04"), w.commit(), e.rounds, strings.TrimPrefix(runtime.Version(), "go"), runtime.NumCPU())
	failed := map[string]bool{}
	try := func(c *exec.Cmd, who, set string, cores, round int) {
		if failed[who] {
			return
		}
		progress("%s, round %d of %d: %s, %s, %d core(s)", e.name, round, e.rounds, who, set, cores)
		fmt.Fprintf(&out, "who: %s\nkernels: %s\ncores: %d\nround: %d\nfailed:\n", who, set, cores, round)
		text, err := w.output(c)
		out.Write(text)
		if err != nil {
			failed[who] = true
			progress("  %v", err)
			fmt.Fprintf(&out, "failed: %v\nBenchmarkFailed 1 0 ns/op\n", err)
		}
	}
	for round := 1; round <= e.rounds; round++ {
		for _, set := range w.sets {
			for _, cores := range e.cores {
				try(w.ours(e, set, cores), "ebmviz", set, cores, round)
			}
			for _, p := range e.peers {
				if p.sets {
					try(w.theirs(e, p, set), p.library, set, 1, round)
				}
			}
		}
		for _, p := range e.peers {
			if !p.sets {
				try(w.theirs(e, p, ""), p.library, "", 1, round)
			}
		}
	}
	return out.Bytes()
}

// ours is the command for our benchmarks of an experiment. The number of cores goes by the
// environment: what is made once for the whole process sees it then.
func (w *workshop) ours(e experiment, set string, cores int) *exec.Cmd {
	c := exec.Command(w.programs[e.pkg], "-test.run", "^$", "-test.bench", e.bench,
		"-test.count", fmt.Sprint(e.tries()), "-test.benchtime", fmt.Sprintf("%gs", e.seconds/float64(e.tries())), "-test.timeout", "20m")
	c.Dir = filepath.Join(w.root, e.pkg)
	c.Env = append(os.Environ(), "EBMVIZ_KERNELS="+set, fmt.Sprintf("GOMAXPROCS=%d", cores))
	return c
}

// tries is how many parts a measurement has, the best of which counts. What else goes on on
// the machine can only make a program slower, ours or another.
const tries = 5

// tries is how many parts a measurement of the experiment has.
func (e experiment) tries() int {
	if e.once {
		return 1
	}
	return tries
}

// blasCores are the processors whose kernels OpenBLAS has for a set of instructions.
var blasCores = map[string]string{"avx2": "Haswell", "avx512": "SkylakeX"}

// theirs is the command for a peer on one thread. PyTorch calls its sets of instructions by
// our names. OpenBLAS, which does the matrix products of PyTorch and of scikit-learn, is told
// too: left alone it takes SSE3 on a processor that is younger than itself. A peer that
// cannot choose gets the best there is.
func (w *workshop) theirs(e experiment, p peer, set string) *exec.Cmd {
	c := exec.Command("node", p.script)
	if strings.HasSuffix(p.script, ".py") {
		c = exec.Command(python(), p.script)
	}
	c.Dir = filepath.Join(w.root, "bench", "peers")
	c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", fmt.Sprintf("BENCH_SECONDS=%g", e.seconds), fmt.Sprintf("BENCH_TRIES=%d", e.tries()))
	if set == "" {
		set = w.sets[len(w.sets)-1]
	}
	if core, ok := blasCores[set]; ok {
		c.Env = append(c.Env, "ATEN_CPU_CAPABILITY="+set, "OPENBLAS_CORETYPE="+core)
	}
	return c
}

// python is the Python that has PyTorch: Debian's, if the first on the path has not.
func python() string {
	if exec.Command("python3", "-c", "import torch").Run() != nil {
		if _, err := os.Stat("/usr/bin/python3"); err == nil {
			return "/usr/bin/python3"
		}
	}
	return "python3"
}

// output runs a command and returns what it printed. The error is what it complained about.
func (w *workshop) output(c *exec.Cmd) ([]byte, error) {
	if len(w.before) > 0 {
		env, dir := c.Env, c.Dir
		c = exec.Command(w.before[0], append(w.before[1:], c.Args...)...)
		c.Env, c.Dir = env, dir
	}
	var message bytes.Buffer
	c.Stderr = &message
	text, err := c.Output()
	if err != nil {
		if line := errorIn(message.String()); line != "" {
			err = errors.New(line)
		}
	}
	return text, err
}

// errorIn returns the line that names an error, as Python's and node's do, or the last one.
func errorIn(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if i := slices.IndexFunc(lines, errorLine.MatchString); i >= 0 {
		return lines[i]
	}
	return lines[len(lines)-1]
}

var errorLine = regexp.MustCompile(`^\w*(Error|error|panic)\b.*:`)

// commit names the state of the repository.
func (w *workshop) commit() string {
	c := exec.Command("git", "describe", "--always", "--dirty")
	c.Dir = w.root
	name, err := c.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(name))
}
