package table

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// manyPoints writes lines of two numbers with 6 digits, of about n bytes together.
func manyPoints(n int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	text := []byte("x,y\n")
	for len(text) < n {
		text = strconv.AppendFloat(text, rng.NormFloat64(), 'f', 6, 64)
		text = append(text, ',')
		text = strconv.AppendFloat(text, rng.NormFloat64(), 'f', 6, 64)
		text = append(text, '\n')
	}
	return text
}

// BenchmarkRead reads 16 MB of points. Beside it, in the same run, encoding/csv and strconv.ParseFloat read
// the same bytes and do nothing with them; "peer" is how much longer Read takes than they do.
func BenchmarkRead(b *testing.B) {
	text := manyPoints(16 << 20)
	b.SetBytes(int64(len(text)))
	peer := time.Duration(math.MaxInt64)
	for range 3 {
		start := time.Now()
		readCSV(b, text)
		peer = min(peer, time.Since(start))
	}
	runtime.GC()
	b.ResetTimer()
	for b.Loop() {
		t, err := Read(bytes.NewReader(text), Options{})
		if err != nil || len(t.Points) != 20_000 || t.LeftOut.Count > 0 {
			b.Fatal(t, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(peer), "peer")
}

func readCSV(b *testing.B, text []byte) {
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	sum := 0.0
	for line := 0; ; line++ {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		for _, cell := range cells {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil && line > 0 {
				b.Fatal(err)
			}
			sum += v
		}
	}
	if sum == 0 {
		b.Fatal("no numbers")
	}
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(7, 8)) }
