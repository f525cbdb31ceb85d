package web

import "time"

// bucket is a token bucket: it lets rate events a second pass, and a burst of as many at
// once. One goroutine owns it.
type bucket struct {
	rate float64
	left float64
	last time.Time
}

func newBucket(rate float64, now time.Time) *bucket {
	return &bucket{rate: rate, left: rate, last: now}
}

// take reports whether one more event may pass now.
func (b *bucket) take(now time.Time) bool {
	b.left = min(b.rate, b.left+b.rate*now.Sub(b.last).Seconds())
	b.last = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
