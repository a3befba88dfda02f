package main

import (
	"cmp"
	"context"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/settings"
)

// serveName is the name of the command that declares the settings.
const serveName = "serve"

type configCommands struct {
	Check configCheckCommand `cmd:"" help:"Print the settings of serve with their sources, and check them."`
}

type configCheckCommand struct {
	File    string `arg:"" optional:"" type:"path" help:"Configuration file (default: that of --config)."`
	Connect bool   `help:"Also open the store, for reading."`
}

// Run prints each setting and reports values with which serve would not start.
func (c configCheckCommand) Run(ctx context.Context, all *commands, s cli.Streams) error {
	var checked commands
	args := []string{serveName}
	if file := cmp.Or(c.File, all.Config); file != "" {
		args = append(args, "--config", file)
	}
	resolver := settings.New(serveName)
	parsed, err := newParser(&checked, resolver).Parse(args)
	if err != nil {
		return cli.Usage("%s", err) // without the usage of serve
	}
	list, err := resolver.Effective(parsed)
	if err != nil {
		return err
	}
	if err := settings.Print(s.Out, list); err != nil {
		return err
	}
	serve := checked.Serve
	s.Log = serve.Logger(s.Err)
	if _, _, err := serve.prepare(s); err != nil {
		return err
	}
	if !c.Connect {
		return nil
	}
	st, err := serve.OpenReadOnly(ctx, cli.LedgerFolder)
	if err != nil {
		return err
	}
	return st.Close()
}
