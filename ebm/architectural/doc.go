// Package architectural holds the methods that never push the energy up. They build the
// landscape so that only little of it can be low, and then all that learning has to do
// is to bring the low places to the data. What keeps the rest high is different in each:
//
//   - A1, the volume is limited by construction. kmeans has k wells and no more, however
//     long it learns; softkmeans blends them into one another, gmm weighs and stretches
//     them. pca has one straight canyon. ae rebuilds a point from a narrow code.
//   - A2, any point can be rebuilt, but the code has a price or a limit. sparse pays for
//     each atom, lcc for prototypes that are far from the point, and lista guesses their
//     codes in one go. glo lays a curve along which the code runs from -1 to 1. vae blurs
//     its codes with noise. latent says which of a few branches a point lies on.
//   - A3, the reconstruction moves as little as the data allow: cae.
//   - leastsquares is no energy worth the name, but the answer one gets without a latent
//     variable: the blurred one, to lay beside the others. Score matching, strategy A4,
//     lives in package contrastive, since it trains the same network as the methods there.
//
// Where a method has a latent variable z, its energy is F(y) = min_z E(y, z), and the z of
// least energy is found exactly wherever the plane allows it, so that a landscape never
// shows how long somebody was willing to search.
//
// One method is one file, and where its inference is a piece of mathematics of its own,
// that is a second one beside it (sparse_polygon.go, lcc_simplex.go). A file registers its
// card in an init function, so a program that wants the methods imports this package for
// its effect.
package architectural
