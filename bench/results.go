package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// work is something that was measured: a benchmark of ours, or the same in a peer.
type work struct {
	experiment string
	name       string // of the benchmark, such as Grid/H=64/act=tanh
	who        string // ebmviz, or a library
	set        string // of kernels, or of instructions
	cores      int
}

// tried is one way of doing a work, round by round: ours has one, a peer may have several.
type tried struct {
	way    string // such as by-hand
	rounds []map[string]float64
	last   string // the round that was read last
}

// values returns what one unit reached in each round.
func (t tried) values(unit string) []float64 {
	var list []float64
	for _, r := range t.rounds {
		if v, ok := r[unit]; ok {
			list = append(list, v)
		}
	}
	return list
}

// seconds is the median time of a run.
func (t tried) seconds() float64 { return median(t.values("sec/op")) }

// results is all that was measured.
type results struct {
	of       map[work][]tried
	names    []string          // of the benchmarks, in the order they were read
	about    map[string]string // facts, such as cpu, and the versions of the libraries
	measured []occasion
	failed   map[string]string // why a library has no numbers, by experiment and library
}

// occasion is when an experiment was run, and in how many rounds.
type occasion struct{ Experiment, Date, Commit, Rounds string }

func newResults() *results {
	return &results{of: map[work][]tried{}, about: map[string]string{}, failed: map[string]string{}}
}

// libraries are the keys under which programs tell the versions of what they use.
var libraries = []string{"go", "torch", "onnxruntime-node", "tfjs", "scikit-learn", "scipy"}

// readFile reads what an experiment printed; an experiment that was never run has no file.
func (r *results) readFile(name string) error {
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.read(text, name)
}

func (r *results) read(text []byte, name string) error {
	in := benchfmt.NewReader(bytes.NewReader(text), name)
	for in.Scan() {
		switch line := in.Result().(type) {
		case *benchfmt.Result:
			r.add(line)
		case *benchfmt.SyntaxError:
			return line
		}
	}
	return in.Err()
}

func (r *results) add(line *benchfmt.Result) {
	w := work{experiment: line.GetConfig("experiment"), who: line.GetConfig("who"), set: line.GetConfig("kernels")}
	fmt.Sscan(line.GetConfig("cores"), &w.cores)
	for _, key := range append([]string{"cpu", "cpus", "goos", "goarch"}, libraries...) {
		if v := line.GetConfig(key); v != "" {
			r.about[key] = v
		}
	}
	if at := (occasion{w.experiment, line.GetConfig("date"), line.GetConfig("commit"), line.GetConfig("rounds")}); !slices.Contains(r.measured, at) {
		r.measured = append(r.measured, at)
	}
	if why := line.GetConfig("failed"); why != "" {
		r.failed[w.experiment+" "+w.who] = why
		return
	}
	var way string
	w.name, way = split(line.Name.String(), w)
	if !slices.Contains(r.names, w.name) {
		r.names = append(r.names, w.name)
	}
	values := map[string]float64{}
	for _, v := range line.Values {
		values[v.Unit] = v.Value
	}
	r.put(w, way, line.GetConfig("round"), values)
}

// put adds what was measured in a round; of several tries in one the fastest counts.
func (r *results) put(w work, way, round string, values map[string]float64) {
	ways := r.of[w]
	i := slices.IndexFunc(ways, func(t tried) bool { return t.way == way })
	if i < 0 {
		i, ways = len(ways), append(ways, tried{way: way})
	}
	t := &ways[i]
	if n := len(t.rounds) - 1; n >= 0 && round != "" && round == t.last {
		if values["sec/op"] < t.rounds[n]["sec/op"] {
			t.rounds[n] = values
		}
	} else {
		t.rounds = append(t.rounds, values)
	}
	t.last = round
	r.of[w] = ways
}

// tags are how the names of peers' benchmarks end: Grid/H=64/act=tanh/torch/whole.
var tags = []string{"torch", "onnxruntime", "tfjs", "sklearn"}

// split takes the name of a benchmark apart, into the work and the way it was done. Go adds
// the number of cores, if it is not 1, and ours may name the set of kernels.
func split(full string, w work) (name, way string) {
	if w.who == "ebmviz" {
		full = strings.TrimSuffix(full, fmt.Sprintf("-%d", w.cores))
		return strings.TrimSuffix(full, "/"+w.set), ""
	}
	parts := strings.Split(full, "/")
	for i, p := range parts {
		tag, rest, _ := strings.Cut(p, "-")
		if slices.Contains(tags, tag) {
			return strings.Join(parts[:i], "/"), strings.Join(append(strings.Fields(rest), parts[i+1:]...), "/")
		}
	}
	return full, ""
}

// best returns the fastest way in which a work was done.
func (r *results) best(w work) (tried, bool) {
	ways := r.of[w]
	if len(ways) == 0 {
		return tried{}, false
	}
	return slices.MinFunc(ways, func(a, b tried) int { return cmp.Compare(a.seconds(), b.seconds()) }), true
}

// under returns the names of an experiment's benchmarks that begin with the prefix.
func (r *results) under(experiment, prefix string) []string {
	var list []string
	for _, name := range r.names {
		if strings.HasPrefix(name, prefix) && slices.ContainsFunc(r.works(name), func(w work) bool { return w.experiment == experiment }) {
			list = append(list, name)
		}
	}
	return list
}

func (r *results) works(name string) []work {
	var list []work
	for w := range r.of {
		if w.name == name {
			list = append(list, w)
		}
	}
	return list
}

// ratio is how many times as long a took as b: the median over the rounds, and the least
// and the most.
type ratio struct{ median, least, most float64 }

// over compares two works of one experiment, round by round.
func (r *results) over(a, b work) (ratio, bool) {
	slow, ok := r.best(a)
	fast, too := r.best(b)
	if !ok || !too {
		return ratio{}, false
	}
	x, y := slow.values("sec/op"), fast.values("sec/op")
	list := make([]float64, min(len(x), len(y)))
	for i := range list {
		list[i] = x[i] / y[i]
	}
	return spread(list), true
}

func spread(list []float64) ratio { return ratio{median(list), slices.Min(list), slices.Max(list)} }

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return (list[n/2] + list[(n-1)/2]) / 2
}
