//go:build race

package sim

// raced says that the race detector is on, under which sync.Pool forgets at random and
// so the models allocate.
const raced = true
