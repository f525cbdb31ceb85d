// Package infer asks a trained energy. Learning is over; what is left is to look for the
// values that give low energy, and that is all that inference is.
//
// Three questions can be asked of any landscape:
//
//   - One coordinate is known; what is the other? [Given] looks along the line of points
//     that agree with what is known. Each valley that the line crosses is one answer. The
//     mean of the Gibbs density along it is one number too, but where there are several
//     answers it lies between them, where nothing is: the blur of a least-squares
//     prediction.
//   - A point was spoilt; what was it? [Nearest] goes down the slope, or applies the model's
//     own reconstruction again and again, and shows its way.
//   - A model with a latent variable explains each point by the z of least energy;
//     [Latents] tells what all the others would cost, and [FreeEnergy] weighs them all:
//     a soft minimum, between their mean (hot) and their least (cold).
//
// Nothing here changes the model.
package infer
