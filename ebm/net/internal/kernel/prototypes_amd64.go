package kernel

import "gonum.org/v1/gonum/spatial/r2"

func (v simd) nearest(dst []float64, at []r2.Vec, x, y []float64) {
	var room [MaxPrototypes][2]float32
	for k := range x {
		room[k] = [2]float32{float32(x[k]), float32(y[k])}
	}
	var l lanes
	for len(at) > 0 {
		n := min(Block, len(at))
		split32(l.x[:], l.y[:], at[:n])
		if v.wide {
			nearestAVX512(&l.out[0], &l.x[0], &l.y[0], &room[0][0], len(x))
		} else {
			nearestAVX2(&l.out[0], &l.x[0], &l.y[0], &room[0][0], len(x))
		}
		widen32(dst[:n], l.out[:])
		at, dst = at[n:], dst[n:]
	}
}

func (v simd) softMin(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64) {
	var room wells[float32]
	all := room.gather(x, y, shapes)
	var l lanes
	for len(at) > 0 {
		n := min(Block, len(at))
		split32(l.x[:], l.y[:], at[:n])
		if v.wide {
			softMinAVX512(&l.out[0], &l.x[0], &l.y[0], &all[0].x, len(all), float32(beta))
		} else {
			softMinAVX2(&l.out[0], &l.x[0], &l.y[0], &all[0].x, len(all), float32(beta))
		}
		widen32(dst[:n], l.out[:])
		at, dst = at[n:], dst[n:]
	}
}
