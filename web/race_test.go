//go:build race

package web

// slack is how much more time everything may take: the race detector slows both the
// server and the viewers of the test, which share the machine.
const slack = 6
