// Package architectural holds the methods that never push the energy up. They build the
// landscape so that only little of it can be low, and then all that learning has to do
// is to bring the low places to the data.
//
// K-means is the simplest: its energy is zero at k prototypes and grows with the squared
// distance from the nearest. However long it learns, there are k wells and no more. Soft
// K-means blends the wells into one another; how much is the choice of β.
//
// One method is one file. It registers its card in an init function, so a program that
// wants the methods imports this package for its effect.
package architectural
