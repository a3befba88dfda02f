package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/accounting/command"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

type serveCommand struct {
	storeFlags
	emulateFlags
	Listen      string `default:"127.0.0.1:8080" env:"TRUEUP_LISTEN" placeholder:"ADDR" help:"Address to listen on; port 0 picks a free port (default: ${default})."`
	AcceptClock bool   `help:"Trust the clock although it is far ahead of the newest record in the store, and record that in the audit log."`
	InvoiceFont string `type:"existingfile" env:"TRUEUP_INVOICE_FONT" placeholder:"FILE" help:"TrueType font for the characters of invoices that are not Latin, Greek or Cyrillic."`
	AdminListen string `default:"127.0.0.1:8081" env:"TRUEUP_ADMIN_LISTEN" placeholder:"ADDR" help:"Address of the admin API; \"off\" to disable it, or the address of --listen to share it (default: ${default})."`
}

// Run serves until ctx is done.
func (c serveCommand) Run(ctx context.Context, s streams) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	if c.AcceptClock && config.clock != nil {
		return usageError("--accept-clock is for the system's clock, and not for a test clock")
	}
	font, err := command.ReadFont(c.InvoiceFont)
	if err != nil {
		return usageError("--%w", err)
	}
	return c.withLock(ctx, ledgerFolder, func(dir string) error {
		return c.useOrCreate(ctx, ledgerFolder, s.logCreated, func(st *sqlstore.Store) error {
			emulation, err := config.start(ctx, st, s)
			if err != nil {
				return err
			}
			clock, err := c.clock(ctx, st, config.clock, s)
			if err != nil {
				return err
			}
			return server.Run(ctx, server.Config{
				Clock: clock, Spool: dir, InvoiceFont: font,
				Wrap:  wrapHandler,
				Store: st.Roles(), Listen: c.Listen, AdminListen: adminListen(c.AdminListen), Log: s.logger(), Emulation: emulation,
				Ready: func(url, admin string) {
					if admin != "" {
						s.printf("TRUEUP_ADMIN_URL=%s\n", admin)
					}
					s.printf("TRUEUP_URL=%s\n", url)
				},
			})
		})
	})
}

// adminListen returns the address that the flag selects, "" for "off".
func adminListen(flag string) string {
	if flag == "off" {
		return ""
	}
	return flag
}
