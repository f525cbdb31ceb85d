// Package export writes files of a run for other programs: the energy on a grid, the training
// points, the scalars, and the model as a Python script. All energies are float64.
//
// A file is written from a [Source], which is one moment of a run; [Lookup] finds the format
// of a file by its name. The package starts no goroutine and reads no clock: the caller gives
// it an [ebm.For], which decides how many cores it uses.
//
// The NPY format is written here. The library codeberg.org/sbinet/npyio (v0.14.0) writes an
// empty slice, such as the history of a run that has just been loaded, as an array that numpy
// cannot read, and does not align the values to 64 bytes.
package export
