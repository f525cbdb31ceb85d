//go:build race

package contrastive

const raceDetector = true
