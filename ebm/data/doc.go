// Package data holds the datasets.
package data
