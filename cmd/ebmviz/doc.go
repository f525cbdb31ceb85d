// Command ebmviz shows energy-based models while they train.
//
// Without arguments it serves a page on this machine and prints its address. The page shows
// an energy landscape over the plane that changes with every training step, and controls for
// all hyperparameters. The other commands need no page: train writes a checkpoint, eval prints
// energies and gradients at given points, points prints the points of a table, measure prints
// evaluation metrics, models lists the methods, the datasets and their hyperparameters.
//
// An error is one line on standard error. The exit status is 2 if the caller made the mistake
// (an unknown model, a value out of range, a file that is not a table of points) and 1 otherwise.
package main
