package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/yeqown/go-qrcode/v2"

	"ebmviz/sim"
)

// maxQR is how many letters a code may hold: more are too fine for a camera in a lecture hall.
const maxQR = 1200

// getQR draws a text, the link of a page, as a QR code: an SVG of one unit a module.
func (s *Server) getQR(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("text")
	if text == "" || len(text) > maxQR {
		fail(w, &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("a QR code holds from 1 to %d letters; got %d", maxQR, len(text))})
		return
	}
	var svg svgCode
	code, err := qrcode.NewWith(text, qrcode.WithErrorCorrectionLevel(qrcode.ErrorCorrectionLow))
	if err == nil {
		err = code.Save(&svg)
	}
	if err != nil {
		fail(w, &sim.Error{Code: sim.BadValue, Message: "this text cannot be drawn as a QR code: " + err.Error()})
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Write([]byte(svg.text.String()))
}

// svgCode is a code as it is written: a path of unit squares, with the quiet rim of four.
type svgCode struct{ text strings.Builder }

func (c *svgCode) Write(m qrcode.Matrix) error {
	const rim = 4
	fmt.Fprintf(&c.text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`,
		m.Width()+2*rim, m.Height()+2*rim, m.Width()+2*rim, m.Height()+2*rim)
	for y, row := range m.Bitmap() {
		for x, set := range row {
			if set {
				fmt.Fprintf(&c.text, "M%d %dh1v1h-1z", x+rim, y+rim)
			}
		}
	}
	c.text.WriteString(`"/></svg>`)
	return nil
}

func (c *svgCode) Close() error { return nil }
