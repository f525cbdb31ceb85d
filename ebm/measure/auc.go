package measure

import "slices"

// AUC returns the probability that a point of the data has less energy than a uniform
// one, ties counting ½: 1 if the valleys lie on the data and nowhere else, ½ for a constant
// energy. It is the area under the ROC curve of "low energy means data".
// O(n log n); NaN if either is empty.
func AUC(data, uniform []float64) float64 {
	a, b := slices.Clone(data), slices.Clone(uniform)
	slices.Sort(a)
	slices.Sort(b)
	return sortedAUC(a, b)
}

// sortedAUC counts, for each of a, those of b above it, and half of those equal to it.
func sortedAUC(a, b []float64) float64 {
	wins := 0.0
	below, upTo := 0, 0 // how many of b are < v, and ≤ v
	for _, v := range a {
		for below < len(b) && b[below] < v {
			below++
		}
		for upTo < len(b) && b[upTo] <= v {
			upTo++
		}
		wins += float64(len(b)-upTo) + float64(upTo-below)/2
	}
	return wins / (float64(len(a)) * float64(len(b)))
}
