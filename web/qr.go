package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/yeqown/go-qrcode/v2"

	"ebmviz/sim"
)

// maxQRText is the length limit of a QR code's text, in bytes. A longer text makes modules too
// small for a camera in a lecture hall.
const maxQRText = 1200

// getQR answers with the QR code of a text, such as the link of a page, as an SVG in which each
// module is a unit square.
func (s *Server) getQR(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("text")
	if text == "" || len(text) > maxQRText {
		fail(w, &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("the text of a QR code must have from 1 to %d characters; got %d", maxQRText, len(text))})
		return
	}
	var svg svgWriter
	if err := encodeQR(text, &svg); err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Write([]byte(svg.text.String()))
}

// QRText returns the QR code of a text as lines of block characters, for a terminal. Two modules stand
// above each other in one character. It is black on white whatever the colours of the terminal are.
func QRText(text string) (string, error) {
	var blocks blockWriter
	err := encodeQR(text, &blocks)
	return blocks.text.String(), err
}

func encodeQR(text string, w qrcode.Writer) error {
	code, err := qrcode.NewWith(text, qrcode.WithErrorCorrectionLevel(qrcode.ErrorCorrectionLow))
	if err == nil {
		err = code.Save(w)
	}
	if err != nil {
		return &sim.Error{Code: sim.BadValue, Message: "this text cannot be encoded as a QR code: " + err.Error()}
	}
	return nil
}

// blockWriter is a [qrcode.Writer] of lines of block characters, with a quiet zone of two modules.
type blockWriter struct{ text strings.Builder }

func (w *blockWriter) Write(m qrcode.Matrix) error {
	const quiet = 2
	rows := m.Bitmap()
	dark := func(x, y int) bool {
		x, y = x-quiet, y-quiet
		return x >= 0 && y >= 0 && y < len(rows) && x < len(rows[y]) && rows[y][x]
	}
	for y := 0; y < m.Height()+2*quiet; y += 2 {
		w.text.WriteString("\x1b[30;107m") // black on bright white
		for x := range m.Width() + 2*quiet {
			block := map[[2]bool]string{{false, false}: " ", {true, false}: "▀", {false, true}: "▄", {true, true}: "█"}[[2]bool{dark(x, y), dark(x, y+1)}]
			w.text.WriteString(block)
		}
		w.text.WriteString("\x1b[0m\n")
	}
	return nil
}

func (w *blockWriter) Close() error { return nil }

// svgWriter is a [qrcode.Writer] of an SVG: a path of unit squares on white, with a quiet zone of
// four modules.
type svgWriter struct{ text strings.Builder }

func (w *svgWriter) Write(m qrcode.Matrix) error {
	const quiet = 4
	width, height := m.Width()+2*quiet, m.Height()+2*quiet
	fmt.Fprintf(&w.text, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`,
		width, height, width, height)
	for y, row := range m.Bitmap() {
		for x, set := range row {
			if set {
				fmt.Fprintf(&w.text, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	w.text.WriteString(`"/></svg>`)
	return nil
}

func (w *svgWriter) Close() error { return nil }
