// Package trial plays the runs that lessons and exhibits speak of and computes the numbers that bind
// their words.
package trial
