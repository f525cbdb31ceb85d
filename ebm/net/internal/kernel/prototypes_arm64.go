package kernel

import "gonum.org/v1/gonum/spatial/r2"

func (neon) nearest(dst []float64, at []r2.Vec, x, y []float64) {
	var room [MaxPrototypes][2]float32
	for k := range x {
		room[k] = [2]float32{float32(x[k]), float32(y[k])}
	}
	var l lanes
	for ; len(at) > 0; at, dst = at[min(Block, len(at)):], dst[min(Block, len(dst)):] {
		l.load(at)
		nearestNEON(&l.out[0], &l.x[0], &l.y[0], &room[0][0], len(x))
		l.store(dst)
	}
}

func (neon) softMin(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64) {
	var room bowls[float32]
	all := room.gather(x, y, shapes)
	var l lanes
	for ; len(at) > 0; at, dst = at[min(Block, len(at)):], dst[min(Block, len(dst)):] {
		l.load(at)
		softMinNEON(&l.out[0], &l.x[0], &l.y[0], &all[0].x, len(all), float32(beta))
		l.store(dst)
	}
}
