// Package net implements the small neural network that computes energies.
//
// An [MLP] maps a point y of the plane to Fourier features, and these through a few layers
// to a number, the energy E(y), or to several, such as the point of an autoencoder. With the
// features it learns a thin spiral in seconds. Without them (Harmonics 0) it stays smooth
// for a long time: the spectral bias of networks.
//
// The parameters θ are one flat slice, so that an optimiser or an average is a single loop:
// an [Optim] takes steps down a gradient (Adam, plain descent, momentum), an [EMA] keeps the
// average that is displayed.
//
// # Forward and back
//
// Learning needs two derivatives of the energy. ∂E/∂θ changes the energy at a point; ∂E/∂y
// is the slope that samplers follow. Both come from one forward and one backward pass:
//
//	m.Forward(w, at)          // w.Out: the outputs at up to 64 points
//	…                         // w.DOut: the derivative of your loss by each output
//	m.Backward(w, grad, true) // grad += ∂loss/∂θ, w.DIn = ∂loss/∂y
//
// A [Workspace] holds the intermediate results, and belongs to one goroutine. A [Runner]
// does this for any number of points, on several cores if its caller has them: it cuts the
// points into blocks of 64 and adds up the partial gradients in a fixed order, so that the
// same seed gives the same bits on one core and on many. [MLP.Energy], [MLP.Grad] and
// [MLP.Map] are read-only and may be called concurrently.
//
//	runner.Accumulate(f, m, grad, data, down)  // grad += Σ weight ∂E/∂θ at the data
//	runner.Accumulate(f, m, grad, chains, up)  // … with weights below 0 where the energy is to rise
//	o.Step(net.Adam, m.Params(), grad, net.Rate(1e-2, t), 10)
//
// # Two precisions, four sets of kernels
//
// Everything is written once for float32 and float64. float64 uses package math and is
// compared with reference numbers to nine digits; float32 is used for training. The loops
// that take the time, in internal/kernel, exist for float32 in Go and in assembly for
// AVX2, AVX-512 and NEON, where a lane is a point. [Kernels] names the set in use, and the
// environment variable EBMVIZ_KERNELS (go, avx2, avx512 or neon) forces one. Different
// sets round differently, so a training run repeats to the bit on the same machine with
// the same set only.
//
// The methods without a network have kernels of their own there, with one function or type
// each: [Nearest] and [SoftMin] over prototypes, [Codes] for sparse codes, [Mixtures] of
// anchors, [ExpSums] for a mixture of many equal Gaussians, [Logistic], and [Normals] for
// random numbers.
package net
