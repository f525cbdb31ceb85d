package kernel

func (v simd) logSumExp(b, x, y []float32, s, t float32) (m, sum float32) {
	var out [2]float32
	if v.wide {
		logSumExpAVX512(&out[0], &b[0], &x[0], &y[0], len(b), s, t)
	} else {
		logSumExpAVX2(&out[0], &b[0], &x[0], &y[0], len(b), s, t)
	}
	return out[0], out[1]
}
