package table

import (
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
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
	own, peer := time.Duration(0), time.Duration(0)
	for b.Loop() {
		start := time.Now()
		t, err := Read(bytes.NewReader(text), Options{})
		if err != nil || len(t.Points) != 20_000 || t.LeftOut.Count > 0 {
			b.Fatal(t, err)
		}
		own += time.Since(start)
		b.StopTimer()
		start = time.Now()
		readCSV(b, text)
		peer += time.Since(start)
		b.StartTimer()
	}
	b.ReportMetric(float64(own)/float64(peer), "peer")
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
