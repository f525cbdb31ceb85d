package poly

var (
	// Expm1 is (e^r - 1)/r on |r| <= ln 2 / 2, relative error 1.2e-8.
	Expm1 = []float64{1.0, 0.5000000013, 0.1666650526, 0.04166646501, 0.008369148491, 0.001393364103}

	// Log1p is log(1+u)/u on [0, 1], relative error 3.4e-8.
	Log1p = []float64{0.9999999659, -0.4999944498, 0.3331812171, -0.2483539899, 0.1907688074,
		-0.1360224762, 0.07751608674, -0.02907406468, 0.005126102141}

	// Sin is sin(πr)/r as a polynomial in r², |r| <= 1/2, relative error 7e-9.
	Sin = []float64{3.14159264, -5.167710077, 2.550077387, -0.5982904113, 0.07765591228}

	// Cos is cos(πr) as a polynomial in r², |r| <= 1/2, absolute error 5e-10.
	Cos = []float64{0.9999999998, -4.934802137, 4.058709155, -1.335211949, 0.2349370686, -0.0243959321}

	// TanhTop/TanhBottom is tanh(x)/x as polynomials in x², |x| <= MaxTanh, relative error
	// 1.3e-7; beyond, tanh is as good as 1.
	TanhTop    = []float64{0.9999998692, 0.1293442123, 0.002960477235, 1.153187907e-05}
	TanhBottom = []float64{1, 0.4626764794, 0.02385409925, 0.0002400125958, 2.492560056e-07}
)

const (
	// Magic is 1.5·2²³: added to a float32 below 2²² in size it leaves the nearest whole
	// number in the low bits of the sum.
	Magic = 12582912.0

	// MagicExp is Magic plus the 127 that is added to the exponent of a float32: moved up
	// by 23 bits, the sum of it and a whole number n is 2ⁿ.
	MagicExp = Magic + 127

	// MaxExp bounds the argument of the exponential: e^±87 and its reciprocal are normal
	// float32 numbers.
	MaxExp = 87.0

	// MaxTanh bounds the argument of the rational function for tanh.
	MaxTanh = 7.9

	// Faint is the exponent from which on 1 - e^-x is 1 in float32, and e^-x far from too
	// small for a normal number.
	Faint = 30.0

	// Hash1 and Hash2 are the factors of a hash of 32 bits; Stride1 and Stride2, odd numbers,
	// lead from what is hashed to the next.
	Hash1   = 0x7feb352d
	Hash2   = 0x846ca68b
	Stride1 = 0x9e3779b9
	Stride2 = 0xbb67ae85

	// Beta1, Beta2 and Epsilon are the constants of Adam.
	Beta1   = 0.9
	Beta2   = 0.999
	Epsilon = 1e-8

	Log2E = 1.44269504088896340736

	Ln2 = 0.69314718055994530942

	// Ln2Hi + Ln2Lo = ln 2. Ln2Hi has few bits, so that its product with an exponent is
	// exact even where there is no fused multiplication.
	Ln2Hi = 0.693359375
	Ln2Lo = -2.12194440054690583e-4
)
