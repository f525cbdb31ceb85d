package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := &Main{Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(m.Run(ctx, os.Args[1:]))
}

// Main is the program: what main runs, and what the tests run in its place.
type Main struct {
	Stdout, Stderr io.Writer
}

// commands is what may stand on the command line.
type commands struct {
	Serve   serve   `cmd:"" default:"withargs" help:"Show models as they learn on a page of this machine (the default)."`
	Train   train   `cmd:"" help:"Train a model and write a checkpoint."`
	Eval    eval    `cmd:"" help:"Print energy and gradient of a checkpoint at given points, as CSV with 17 digits."`
	Measure measure `cmd:"" help:"Judge the landscape of a checkpoint, as JSON."`
	Models  models  `cmd:"" help:"List the models and datasets with their knobs."`
}

// usage marks an error that the caller can mend: exit status 2.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

// exit carries kong's wish to end the program (after --help) up to Run.
type exit int

// Run runs the program with these arguments until it is done or ctx ends, and returns
// its exit status.
func (m *Main) Run(ctx context.Context, args []string) (status int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exit:
			status = int(r)
		default:
			panic(r)
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("ebmviz"),
		kong.Description("See energy-based models learn: a landscape over the plane, pushed down at the data and up elsewhere."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(m.Stdout, m.Stderr), kong.Exit(func(code int) { panic(exit(code)) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(m))
	if err != nil {
		return m.fail(err)
	}
	call, err := parser.Parse(args)
	if err != nil {
		return m.fail(usage{err})
	}
	if err := call.Run(); err != nil {
		return m.fail(err)
	}
	return 0
}

// fail prints the one sentence and returns the exit status that goes with it.
func (m *Main) fail(err error) int {
	fmt.Fprintf(m.Stderr, "ebmviz: %s\n", strings.TrimSpace(err.Error()))
	if errors.As(err, new(usage)) {
		return 2
	}
	return 1
}

// create makes a file for fill to write, and leaves none behind if that fails. A path that
// cannot be written is found out before fill is called, which may take long.
func create(path string, fill func(io.Writer) error) error {
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		return usage{fmt.Errorf("%s cannot be written: it is a folder", path)}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".ebmviz-*")
	if err != nil {
		return usage{fmt.Errorf("%s cannot be written: %w", path, err)}
	}
	defer os.Remove(f.Name())
	if err := fill(f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Close(), os.Rename(f.Name(), path)); err != nil {
		return fmt.Errorf("%s could not be written: %w", path, err)
	}
	return nil
}
