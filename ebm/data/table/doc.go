// Package table reads points from a table of any common format.
package table
