//go:build race

package race

// Enabled reports whether the program was built with the race detector. With it a sync.Pool drops
// entries at random, so that models allocate.
const Enabled = true
