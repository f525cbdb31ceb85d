package sim

import (
	"errors"
	"fmt"
)

// Code names a kind of error for programs.
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
)

// Error is an error that reaches a person: a code for programs and one sentence.
type Error struct {
	Code    Code
	Message string
}

func (e *Error) Error() string { return e.Message }

// Errorf returns an [*Error] with a formatted sentence.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}

// Diverged is the error of a run whose parameters or energies are not finite, or whose energies
// exceed 1e6 in size. The run is at the last good step when the error is returned.
type Diverged struct {
	Step     uint64 // the first bad step
	Quantity string // "energy" or the name of a tensor
	Knob     string // the knob that was set last before, if any
	Back     uint64 // a step before that knob was set, from which training can go on
	Message  string
}

func (d *Diverged) Error() string { return d.Message }

// CodeOf returns the code of an [*Error] or a [*Diverged], "" for any other error.
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
