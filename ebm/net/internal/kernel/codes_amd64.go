package kernel

func (v simd) shrink(c *Codes[float32], low, cut, momentum float32) {
	step := shrinkAVX2
	if v.wide {
		step = shrinkAVX512
	}
	step(&c.Z[0], &c.Q[0], &c.Pull[0], &c.Y[0], &c.W1[0], &c.W2[0], len(c.W1), c.Rate, momentum, low, cut)
}

func (v simd) simplex(c *Codes[float32], momentum float32) {
	step := simplexAVX2
	if v.wide {
		step = simplexAVX512
	}
	step(&c.Z[0], &c.Q[0], &c.Pull[0], &c.Y[0], &c.Threshold[0], &c.W1[0], &c.W2[0], &c.B[0], len(c.W1), c.Rate, momentum)
}
