package main

// experiment is what is measured together, round by round: ours with each set of kernels
// and number of cores, then each peer.
type experiment struct {
	name    string
	rounds  int     // if not those asked for
	seconds float64 // likewise
	once    bool    // a measurement is one try, not the best of a few: it is long enough
	pkg     string  // where our benchmarks are
	bench   string  // which they are, for go test -bench
	cores   []int
	peers   []peer
}

// peer is a program in bench/peers that does the same work with another library.
type peer struct {
	library string
	script  string
	sets    bool // it can be told which instructions to use, as our kernels can
}

var plan = []experiment{
	{
		name: "grid", pkg: "ebm/net", bench: `^BenchmarkGrid$`, cores: []int{1},
		peers: []peer{
			{library: "PyTorch", script: "grid.py", sets: true},
			{library: "onnxruntime", script: "grid_ort.mjs"},
			{library: "TensorFlow.js", script: "grid_tfjs.mjs"},
		},
	},
	{
		name: "cd20", pkg: "ebm/net", bench: `^BenchmarkCD20$`, cores: []int{1, 2},
		peers: []peer{{library: "PyTorch", script: "cd20.py", sets: true}},
	},
	{
		name: "kmeans", pkg: "sim", bench: `^BenchmarkLandscape$/^(soft)?kmeans$/^256$`, cores: []int{1},
		peers: []peer{{library: "scikit-learn", script: "kmeans.py"}},
	},
	{
		name: "train", once: true, pkg: "sim", bench: `^BenchmarkTrain$/^(maxlik|cd|pcd|dae|nce)$`, cores: []int{1},
		peers: []peer{{library: "PyTorch", script: "train.py", sets: true}},
	},
	{name: "methods", rounds: 1, seconds: .2, pkg: "sim", bench: `^Benchmark(Landscape|Step)$`, cores: []int{1, 2}},
	{name: "frames", rounds: 1, seconds: .2, pkg: "sim/session", bench: `^BenchmarkFrame$`, cores: []int{1, 2}},
	{name: "scale", rounds: 1, pkg: "ebm/net", bench: `^BenchmarkGrid(Points|Width)$`, cores: []int{1}},
}
