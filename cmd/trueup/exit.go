package main

import (
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/help"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// failUsage ends the program if the command line or the configuration file is wrong. It prints the
// error, which names the nearest command or flag, and the help that has them all.
func failUsage(parser *kong.Kong, err error) {
	if file := (*settings.Error)(nil); errors.As(err, &file) {
		parser.FatalIfErrorf(cli.Usage("%w", file))
	}
	if parse := (*kong.ParseError)(nil); !errors.As(err, &parse) {
		parser.FatalIfErrorf(err)
		return
	}
	message, command := help.UsageError(parser.Model, err)
	parser.Errorf("%s", message)
	fmt.Fprintf(parser.Stderr, "See: %s --help\n", command)
	parser.Exit(cli.ExitUsage)
}
