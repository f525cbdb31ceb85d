// Package measure judges landscapes.
package measure
