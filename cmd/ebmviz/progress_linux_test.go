package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal returns a pseudoterminal, and a function that closes it and returns what was written to it.
func terminal(t *testing.T) (tty *os.File, written func() string) {
	t.Helper()
	controller, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("there are no pseudoterminals: %v", err)
	}
	t.Cleanup(func() { controller.Close() })
	if err := unix.IoctlSetPointerInt(int(controller.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(controller.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	text := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(controller) // ends with an error when the terminal is closed
		text <- string(b)
	}()
	return tty, func() string {
		tty.Close()
		return <-text
	}
}

// TestProgressBar trains with standard error on a terminal, which shows a progress bar and clears
// it at the end, and in a pipe, which stays empty.
func TestProgressBar(t *testing.T) {
	dir := t.TempDir()
	train := func(stderr io.Writer, args ...string) int {
		m := &Main{Stdout: io.Discard, Stderr: stderr}
		return m.Run(t.Context(), append([]string{"train", "--checkpoint", filepath.Join(dir, "c.json")}, args...))
	}
	small := []string{"--model", "kmeans", "-k", "k=2", "--steps", "200"}
	diverging := []string{"--model", "cd", "-k", "optimiser=momentum", "-k", "lr=0.1", "-k", "r=0", "--steps", "2000"}

	// last returns what the last line of a terminal shows after all carriage returns.
	last := func(text string) string {
		text = strings.TrimSuffix(text, "\r\n")
		return text[strings.LastIndexAny(text, "\r\n")+1:]
	}
	tty, written := terminal(t)
	if status := train(tty, small...); status != 0 {
		t.Errorf("status %d", status)
	}
	if text := written(); !strings.Contains(text, "100%") || !strings.Contains(text, "(200/200") || last(text) != "" {
		t.Errorf("the terminal got %q", text)
	}
	tty, written = terminal(t)
	if status := train(tty, diverging...); status != 1 {
		t.Errorf("status %d", status)
	}
	if text := written(); !strings.Contains(text, "%") || !strings.HasPrefix(last(text), "ebmviz: ") {
		t.Errorf("of a run that diverges, the terminal got %q", text)
	}

	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if status := train(w, small...); status != 0 {
		t.Errorf("status %d", status)
	}
	w.Close()
	if text, err := io.ReadAll(r); err != nil || len(text) > 0 {
		t.Errorf("the pipe got %q, %v", text, err)
	}
}
