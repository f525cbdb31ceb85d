package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	m := &Main{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(m.Run(ctx, os.Args[1:]))
}

// Main is the program. Tests run it as main does.
type Main struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// commands is the command line.
type commands struct {
	Version kong.VersionFlag `help:"Print the version."`

	Serve   serve   `cmd:"" default:"withargs" help:"Serve a page that shows models while they train (the default)."`
	Train   train   `cmd:"" help:"Train a model and write a checkpoint."`
	Eval    eval    `cmd:"" help:"Print energy and gradient of a checkpoint at given points, as CSV with 17 digits."`
	Points  points  `cmd:"" help:"Print the points of a table in any common format, as CSV."`
	Measure measure `cmd:"" help:"Print the evaluation metrics of a checkpoint, as JSON."`
	Lesson  lesson  `cmd:"" help:"Check lessons."`
	Models  models  `cmd:"" help:"List the models and datasets with their knobs."`
}

// usage is an error of the caller: exit status 2.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

// exit is the panic value by which kong ends the program, after --help for example.
type exit int

// Run runs the program with these arguments until it is done or ctx is done, and returns
// the exit status.
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
		kong.Description("Watch energy-based models train: an energy landscape over the plane, pushed down at the data and up elsewhere."),
		kong.Vars{"version": "ebmviz " + version()},
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

// version returns the version of the program's module from the build information.
func version() string {
	if build, ok := debug.ReadBuildInfo(); ok && build.Main.Version != "" {
		return build.Main.Version
	}
	return "unknown"
}

// fail prints the error as one line and returns its exit status.
func (m *Main) fail(err error) int {
	fmt.Fprintf(m.Stderr, "ebmviz: %s\n", strings.TrimSpace(err.Error()))
	if errors.As(err, new(usage)) {
		return 2
	}
	return 1
}

// writeFile creates the file that write fills, and leaves none behind if that fails. A path that
// cannot be written is reported before write is called, which may take long.
func writeFile(path string, write func(io.Writer) error) error {
	if at, err := os.Stat(path); err == nil && at.IsDir() {
		return usage{fmt.Errorf("%s cannot be written: it is a folder", path)}
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".ebmviz-*")
	if err != nil {
		return usage{fmt.Errorf("%s cannot be written: %w", path, err)}
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := write(f); err != nil {
		return err
	}
	err = f.Chmod(0o644)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return nil
}
