package kernel

import (
	"fmt"
	"os"
)

//go:generate go -C gen run . -out ../kernel_amd64.s -stubs ../stubs_amd64.go -pkg kernel
//go:generate go -C gen run ./neon -out ../kernel_arm64.s -stubs ../stubs_arm64.go

// Sets are the float32 sets that this machine can run, slowest first. Go is always there.
var Sets = append([]*Set[float32]{Go}, native()...)

// Fast is the set in use for float32: the fastest there is, unless the environment
// variable EBMVIZ_KERNELS names another.
var Fast = choose(os.Getenv("EBMVIZ_KERNELS"))

func choose(name string) *Set[float32] {
	for _, s := range Sets {
		if s.Name == name {
			return s
		}
	}
	if name != "" {
		fmt.Fprintf(os.Stderr, "EBMVIZ_KERNELS=%s is not available on this machine; using %s\n", name, Sets[len(Sets)-1].Name)
	}
	return Sets[len(Sets)-1]
}

// For returns the set in use for T.
func For[T Float]() *Set[T] {
	if s, ok := any(Fast).(*Set[T]); ok {
		return s
	}
	return any(Exact).(*Set[T])
}
