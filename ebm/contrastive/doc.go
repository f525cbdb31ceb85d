// Package contrastive implements the contrastive methods: they push the energy down at the
// training points and up at other points, and so form a canyon where the data lie.
//
// They differ in where they push up:
//
//   - maxlik pushes up everywhere, in proportion to the probability that the model gives a
//     place. That needs an integral over the whole plane, which a grid can compute in two
//     dimensions but not in a thousand.
//   - mc uses weighted random points in place of the whole plane. mcmc, hmc and pcd push up at
//     the ends of Markov chains: those of mcmc start anew at every step, those of hmc and pcd
//     continue from step to step (chains.go).
//   - cd pushes up nearby: it perturbs a training point, moves it downhill into the nearest
//     valley, and pushes up there; or it starts its chains at the data.
//   - nce classifies data against noise of known density, and hinge pushes until the noise
//     lies higher by a margin.
//   - dae corrupts training points with noise and learns to denoise them: the energy is the
//     squared distance between a point and its denoised version, so it rises where the noise
//     led. masked hides a coordinate and predicts it.
//   - scorematching and dsm fit the slope: level at the data, steep around it. They count as
//     architectural, but train the same network.
//
// The bias of a sampled gradient is measured while the model learns (bias.go): in the plane
// the exact gradient can be computed.
//
// The methods share a small network (network.go; ebm/internal/learn trains it) and the
// special case in which the network's one output is the energy (energynet.go). It starts at
// random weights or, with the knob start, at the two wells of the lecture's Figures 6, 7 and 10,
// which it is fitted to within 0.3 % of their depth on average and 2 % at most; the denoising
// autoencoder within 2 % and 10 %.
//
// Each method is generic in the type of its parameters: float32 trains and draws, float64 is
// compared with reference numbers and measured.
package contrastive
