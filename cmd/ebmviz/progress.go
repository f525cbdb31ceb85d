package main

import (
	"io"
	"math"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress returns a progress bar of so many steps. It is drawn on standard error if that is a
// terminal, and not drawn otherwise.
func (m *Main) progress(steps uint64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(int64(min(steps, math.MaxInt64)),
		progressbar.OptionSetWriter(m.Stderr), progressbar.OptionSetVisibility(isTerminal(m.Stderr)),
		progressbar.OptionSetWidth(20), progressbar.OptionShowCount(), progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("steps"), progressbar.OptionThrottle(100*time.Millisecond))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
