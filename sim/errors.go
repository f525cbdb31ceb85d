package sim

import (
	"errors"
	"fmt"
)

// Code names a kind of error to a program.
type Code string

const (
	UnknownModel   Code = "unknown-model"
	UnknownDataset Code = "unknown-dataset"
	UnknownKnob    Code = "unknown-knob"
	BadValue       Code = "bad-value"
	BadStep        Code = "bad-step"
	BadCheckpoint  Code = "bad-checkpoint"
	Limit          Code = "limit"
	DivergedCode   Code = "diverged"
	Panicked       Code = "panic"
	Stuck          Code = "stuck"
	Closed         Code = "closed"
)

// Error is an error that reaches a person: a code for the program, a sentence for them.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return e.Message }

// complain returns an Error.
func complain(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}

// Diverged is the error of a landscape that blew up: an energy or a parameter that is not
// finite, or an energy beyond ±1e6. The run is back at the last good step.
type Diverged struct {
	Step     uint64 // the first bad step
	Quantity string // what went wrong: "energy" or the name of a tensor
	Knob     string // the knob that was moved last before, if any
	Back     uint64 // a step before that knob was moved, where learning can go on
	Message  string
}

func (d *Diverged) Error() string { return d.Message }

// CodeOf returns the code of an error of this package, "" of another.
func CodeOf(err error) Code {
	var e *Error
	var d *Diverged
	switch {
	case errors.As(err, &e):
		return e.Code
	case errors.As(err, &d):
		return DivergedCode
	}
	return ""
}
