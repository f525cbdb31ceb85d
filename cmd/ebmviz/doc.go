// Command ebmviz shows energy-based models as they learn.
//
// Without arguments it serves a page on this machine and prints its address: the page
// shows an energy landscape over the plane that changes as the model learns, and answers
// to the hand. The other commands do the same mathematics without a page: train makes a
// checkpoint, eval prints energies and gradients at given points, measure judges a
// landscape, models lists the methods and their hyperparameters.
//
// What went wrong is one sentence on standard error. The exit status is 2 where the
// caller was wrong (an unknown model, a value out of range, a file that cannot be read
// as points) and 1 for the rest.
package main
