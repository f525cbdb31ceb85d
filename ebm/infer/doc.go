// Package infer does inference with a trained energy: it finds the values of unknowns that
// have low energy.
//
// It answers three questions:
//
//   - One coordinate is known; what is the other? [Given] evaluates the line of points that
//     agree with what is known. Each valley that the line crosses is one answer. The mean
//     of the Gibbs density along it is a single number, but if there are several answers
//     it lies between them, where there are no data, as a least-squares prediction does.
//   - A point was corrupted; what was it? [Nearest] goes down the slope, or applies the
//     model's own reconstruction repeatedly, and returns the path.
//   - A model with a latent variable explains each point by the z of least energy. [Latents]
//     returns the energies of all z, and [FreeEnergy] their soft minimum, which lies
//     between their mean (β → 0) and their minimum (β → ∞).
//
// Nothing here changes the model.
package infer
