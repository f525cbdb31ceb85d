// Package content holds what the program shows besides runs: the [Catalogue] of methods and datasets,
// the [Lesson]s, and the [Exhibit]s of the museum of failures. Lessons and exhibits are JSON files;
// tests train each of them and compare the numbers of the run with what the text claims.
package content
