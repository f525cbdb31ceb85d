//go:build !race

package web

// slack is how much more time everything may take, compared with a machine of its own.
const slack = 1
