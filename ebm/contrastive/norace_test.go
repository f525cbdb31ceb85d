//go:build !race

package contrastive

const raceDetector = false
