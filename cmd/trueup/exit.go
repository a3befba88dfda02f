package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// failUsage ends the program if the command line or the configuration file is wrong. It prints the
// error, which names the nearest command or flag, and the help that has them all.
func failUsage(parser *kong.Kong, err error) {
	if file := (*settings.Error)(nil); errors.As(err, &file) {
		parser.FatalIfErrorf(cli.Usage("%w", file))
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
	parser.Exit(cli.ExitUsage)
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
	_, err := io.WriteString(ctx.Stdout, cli.ExitText)
	return err
}
