package table

import (
	"fmt"
	"slices"
	"strconv"
)

// extremes are the three largest distinct values of a column, largest first, with their counts.
type extremes struct {
	value [3]float64
	count [3]int
}

func (e *extremes) add(v float64) {
	for i := range e.value {
		switch {
		case e.count[i] == 0:
			e.value[i], e.count[i] = v, 1
			return
		case v == e.value[i]:
			e.count[i]++
			return
		case v > e.value[i]:
			copy(e.value[i+1:], e.value[i:])
			copy(e.count[i+1:], e.count[i:])
			e.value[i], e.count[i] = v, 1
			return
		}
	}
}

// codes are numbers that tables use for missing values.
var codes = []float64{-1, -9, -99, -200, -999, -9999, -99999, -999.9, -99.9, -32768, -1e30, -1e20, 99, 999, 9999, 99999, 999999, 999.9, 99.9, 32767, 65535, 1e20, 1e30}

// suspect finds values that may mean "missing": an extreme value far from all others that is a code
// or repeats.
func (r *reader) suspect() {
	for c := range r.l.columns {
		k := &r.l.columns[c]
		if k.Kind != "number" || len(k.sorted) < 4 {
			continue
		}
		k.suspects(&k.high, 1, func(v float64, n int) { r.report(c, v, n) })
		k.suspects(&k.low, -1, func(v float64, n int) { r.report(c, v, n) })
	}
}

func (r *reader) report(c int, v float64, n int) {
	value := strconv.FormatFloat(v, 'g', -1, 64)
	r.t.Suspects = append(r.t.Suspects, Suspect{c, value, n})
	times := ""
	if n > 1 {
		times = fmt.Sprintf(" %d times", n)
	}
	r.t.Warnings = append(r.t.Warnings, fmt.Sprintf("Column %q has the value %s%s, far from all others; it may mean \"missing\".", r.l.columns[c].Name, value, times))
}

// suspects goes through the two extremes on one side, from the outside in. The others are the numbers of
// the sample that lie further in.
func (k *column) suspects(e *extremes, sign float64, report func(v float64, n int)) {
	last := 0 // so many of them are suspects
	for i := range 2 {
		if e.count[i+1] == 0 {
			break
		}
		var others []float64
		for _, v := range k.sorted {
			if sign*v < e.value[i] {
				others = append(others, v)
			}
		}
		if len(others) < 3 || others[0] == others[len(others)-1] {
			break
		}
		q1, q3 := quartiles(others)
		spread, width := q3-q1, others[len(others)-1]-others[0]
		gap := e.value[i] - e.value[i+1]
		repeats := e.count[i] > 1
		suspect := repeats && i == 0 && gap > 3*width
		if slices.Contains(codes, sign*e.value[i]) {
			alone := e.value[i] > 10 && e.value[i+1] <= 0 // the only value of its sign, as -200 among concentrations
			far := 3 * max(spread, width/10)
			if e.value[i] < 10 { // -1 and -9 are also numbers like others
				far = max(far, width)
			}
			suspect = suspect || gap > far || repeats && alone && gap > spread/2
		}
		if !suspect {
			break
		}
		last = i + 1
	}
	for i := range last {
		report(sign*e.value[i], e.count[i])
	}
}
