package wire

import (
	"fmt"
	"math"

	"ebmviz/sim"
)

// pictureBytes is the size of a small picture without its cells: u32 index, u32 step, u16 nx,
// u16 ny, u8 status, 3 bytes of padding, f32 lo, hi and measure. Its cells follow, and then
// padding to 4 bytes.
const pictureBytes = 28

// PictureOf returns a small picture of a landscape, with side×side cells or as many as it has.
// Index, status and measure are left to the caller. It uses the memory of cells.
func PictureOf(p *sim.Picture, side int, cells []byte) SmallPicture {
	grid, nx, ny := p.Grid, p.NX, p.NY
	if max(nx, ny) > side {
		nx, ny = min(nx, side), min(ny, side)
		grid = resample(make([]float32, nx*ny), p.Grid, p.NX, p.NY, nx, ny)
	}
	cells = cells[:0]
	scale := 255 / max(p.Hi-p.Lo, math.SmallestNonzeroFloat32)
	for _, v := range grid {
		cells = append(cells, uint8(max(0, min((v-p.Lo)*scale+.5, 255))))
	}
	return SmallPicture{Step: uint32(p.Step), NX: uint16(nx), NY: uint16(ny), Lo: p.Lo, Hi: p.Hi, Cells: cells}
}

// pictureSize returns how many bytes a picture takes.
func pictureSize(nx, ny uint16) int { return pictureBytes + (int(nx)*int(ny)+3)&^3 }

// appendPictures writes section 11, with cells as they are or as their differences from what is
// predicted.
func appendPictures(b []byte, pictures []SmallPicture, predicted bool) []byte {
	for i := range pictures {
		p := &pictures[i]
		b = little.AppendUint32(b, p.Index)
		b = little.AppendUint32(b, p.Step)
		b = little.AppendUint16(b, p.NX)
		b = little.AppendUint16(b, p.NY)
		b = append(b, byte(p.Status), 0, 0, 0)
		for _, v := range [3]float32{p.Lo, p.Hi, p.Measure} {
			b = little.AppendUint32(b, math.Float32bits(v))
		}
		b = append(b, p.Cells...)
		if predicted {
			predictCells(b[len(b)-len(p.Cells):], int(p.NX))
		}
		for range pictureSize(p.NX, p.NY) - pictureBytes - len(p.Cells) {
			b = append(b, 0)
		}
	}
	return b
}

// predictCells replaces cells by their differences from left + upper - upper left, in zigzag order.
func predictCells(cells []byte, nx int) {
	for i := len(cells) - 1; i >= 0; i-- {
		e := int8(cells[i] - predictedCell(cells, i, nx))
		cells[i] = byte(e<<1) ^ byte(e>>7)
	}
}

// restoreCells is the inverse of predictCells.
func restoreCells(cells []byte, nx int) {
	for i, z := range cells {
		cells[i] = z>>1 ^ -(z & 1)
		cells[i] += predictedCell(cells, i, nx)
	}
}

func predictedCell(cells []byte, i, nx int) byte {
	switch {
	case i == 0:
		return 0
	case i < nx:
		return cells[i-1]
	case i%nx == 0:
		return cells[i-nx]
	}
	return cells[i-1] + cells[i-nx] - cells[i-nx-1]
}

// readPictures reads section 11. The cells are those of b, which it changes if they are predicted.
func readPictures(rows int, b []byte, predicted bool) ([]SmallPicture, error) {
	var all []SmallPicture
	for range rows {
		if len(b) < pictureBytes {
			return nil, fmt.Errorf("section %d ends within its pictures", sectionPictures)
		}
		f := func(at int) float32 { return math.Float32frombits(little.Uint32(b[at:])) }
		p := SmallPicture{
			Index: little.Uint32(b), Step: little.Uint32(b[4:]), NX: little.Uint16(b[8:]), NY: little.Uint16(b[10:]),
			Status: Status(b[12]), Lo: f(16), Hi: f(20), Measure: f(24),
		}
		size, n := pictureSize(p.NX, p.NY), int(p.NX)*int(p.NY)
		if size > len(b) {
			return nil, fmt.Errorf("section %d ends within its pictures", sectionPictures)
		}
		p.Cells = b[pictureBytes : pictureBytes+n : pictureBytes+n]
		if predicted {
			restoreCells(p.Cells, int(p.NX))
		}
		all, b = append(all, p), b[size:]
	}
	if len(b) > 0 {
		return nil, fmt.Errorf("section %d has %d bytes after its pictures", sectionPictures, len(b))
	}
	return all, nil
}

// resample writes the means of a grid over the cells of a coarser one: each cell counts by the area
// that both share.
func resample(out, grid []float32, nx, ny, toX, toY int) []float32 {
	stepX, stepY := float64(nx)/float64(toX), float64(ny)/float64(toY)
	for r := range toY {
		y0, y1 := float64(r)*stepY, float64(r+1)*stepY
		for c := range toX {
			x0, x1 := float64(c)*stepX, float64(c+1)*stepX
			sum := 0.
			for j := int(y0); j < ny && float64(j) < y1; j++ {
				h := min(y1, float64(j+1)) - max(y0, float64(j))
				for i := int(x0); i < nx && float64(i) < x1; i++ {
					w := min(x1, float64(i+1)) - max(x0, float64(i))
					sum += h * w * float64(grid[j*nx+i])
				}
			}
			out[r*toX+c] = float32(sum / (stepX * stepY))
		}
	}
	return out
}

// Scaled returns the picture with side×side cells, or as many as it has.
func (p *SmallPicture) Scaled(side int) SmallPicture {
	nx, ny := int(p.NX), int(p.NY)
	if max(nx, ny) <= side {
		return *p
	}
	out := *p
	toX, toY := min(nx, side), min(ny, side)
	out.NX, out.NY, out.Cells = uint16(toX), uint16(toY), make([]byte, toX*toY)
	grid := make([]float32, len(p.Cells))
	for i, v := range p.Cells {
		grid[i] = float32(v)
	}
	for i, v := range resample(make([]float32, toX*toY), grid, nx, ny, toX, toY) {
		out.Cells[i] = byte(v + .5)
	}
	return out
}
