package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/settings"
)

// Exit codes besides 0 and 1. Code 3 is reserved.
const (
	exitUsage    = 2
	exitNotFound = 4
)

// exitText describes the exit codes at the end of trueup --help.
const exitText = `
Exit codes:
  0  success
  1  the command failed, rows failed, or verify found violations
  2  wrong usage: an unknown command, a missing or invalid flag
  4  not found: there is no such ledger, account or object
`

// exitError is an error with an exit code of its own.
type exitError struct {
	error
	code int
}

// ExitCode returns the exit code. Kong calls it.
func (e exitError) ExitCode() int { return e.code }

func (e exitError) Unwrap() error { return e.error }

// notFound returns an error for a ledger, an account or an object that doesn't exist.
func notFound(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitNotFound}
}

// usageError returns an error for an invalid flag or argument.
func usageError(format string, args ...any) error {
	return exitError{fmt.Errorf(format, args...), exitUsage}
}

// noAccount returns the error for an account that doesn't exist.
func noAccount(account int64) error {
	return notFound("--account %d: no such account; record it with: trueup apply -f FILE", account)
}

// failUsage ends the program if the command line or the configuration file is wrong. It prints the
// error, which names the nearest command or flag, and the help that has them all.
func failUsage(parser *kong.Kong, err error) {
	if file := (*settings.Error)(nil); errors.As(err, &file) {
		parser.FatalIfErrorf(usageError("%w", file))
	}
	parse := (*kong.ParseError)(nil)
	if !errors.As(err, &parse) {
		parser.FatalIfErrorf(err)
		return
	}
	command := parser.Model.Name
	if selected := parse.Context.Selected(); selected != nil {
		command = selected.FullPath()
	}
	parser.Errorf("%s", err)
	fmt.Fprintf(parser.Stderr, "See: %s --help\n", command)
	parser.Exit(exitUsage)
}

// printHelp prints the help of a command, and that of the program, which lists its commands with
// a line each, with the exit codes.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	program := ctx.Selected() == nil && !options.Compact
	if program {
		options.Compact, options.NoExpandSubcommands = true, true
	}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil || !program {
		return err
	}
	_, err := io.WriteString(ctx.Stdout, exitText)
	return err
}
