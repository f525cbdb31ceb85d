// Package architectural implements the architectural methods, which never push the energy up:
// the model is built so that only a small part of the plane can be low, and learning moves
// that part to the data. They differ in what keeps the rest high:
//
//   - A1, the volume is limited by construction. kmeans has K wells; softkmeans blends them,
//     gmm gives them weights and shapes. pca has one straight canyon. ae reconstructs a point
//     from a narrow code.
//   - A2, any point can be reconstructed, but the code is penalised or bounded. sparse has a
//     penalty on each atom, lcc on anchors far from the point, and lista predicts their codes
//     with a network. glo has a curve along which the code runs from -1 to 1. vae adds noise
//     to its codes. latent has a code for each of a few branches.
//   - A3, the reconstruction is as constant as the data allow: cae.
//   - leastsquares is the baseline without a latent variable: ordinary regression. Score
//     matching, strategy A4, is in package contrastive, because it trains the same network as
//     the methods there.
//
// Where a method has a latent variable z, its energy is F(y) = min_z E(y, z), and the z of
// least energy is found exactly wherever this is possible in the plane, so that a landscape
// does not depend on the number of iterations.
//
// One method is one file; longer inference has a second file beside it (sparse_polygon.go,
// lcc_simplex.go). A file registers its card in an init function, so a program imports this
// package for its side effect.
package architectural
