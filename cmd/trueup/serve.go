package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/maintenance"
	"github.com/trueup-ledger/trueup/internal/metrics"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/server/flags"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type serveCommand struct {
	cli.StoreFlags
	emulateFlags
	maintenance.BackupFlags
	archiveFlag
	Listen      string   `default:"127.0.0.1:8080" env:"TRUEUP_LISTEN" placeholder:"ADDR" help:"Address to listen on; port 0 picks a free port (default: ${default})."`
	AcceptClock bool     `help:"Trust the clock although it is far ahead of the newest record in the store, and record that in the audit log."`
	InvoiceFont string   `type:"existingfile" env:"TRUEUP_INVOICE_FONT" placeholder:"FILE" help:"TrueType font for the characters of invoices that are not Latin, Greek or Cyrillic."`
	AdminListen string   `default:"127.0.0.1:8081" env:"TRUEUP_ADMIN_LISTEN" placeholder:"ADDR" help:"Address of the admin API; \"off\" to disable it, or the address of --listen to share it (default: ${default})."`
	Console     bool     `env:"TRUEUP_CONSOLE" help:"Serve the web console at /console/ (docs/console.md)."`
	Bridge      []string `enum:"shopify,woocommerce,stripe" env:"TRUEUP_BRIDGE" placeholder:"PLATFORM,…" help:"Platforms of shops whose webhooks are accepted: shopify, woocommerce and stripe (default: none)."`
	flags.Listener
	flags.Files
	flags.Webhooks
	flags.Log
	metricsFlags
}

// Validate reports conflicting flags. Kong calls it.
func (c serveCommand) Validate() error {
	return c.BackupFlags.Check(c.Store)
}

// Run serves until ctx is done.
func (c serveCommand) Run(ctx context.Context, s cli.Streams) error {
	s.Log = c.Logger(s.Err)
	slog.SetDefault(s.Log)
	emulation, config, err := c.prepare(s)
	if err != nil {
		return err
	}
	if err := flags.Manage(ctx, &config); err != nil {
		return err
	}
	return c.WithLock(ctx, cli.LedgerFolder, func(dir string) error {
		return c.UseOrCreate(ctx, cli.LedgerFolder, s.LogCreated, func(st *sqlstore.Store) (err error) {
			if config.Emulation, err = emulation.start(ctx, st, s); err != nil {
				return err
			}
			if config.Clock, err = c.clock(ctx, st, emulation.clock, s); err != nil {
				return err
			}
			config.Spool, config.Store = dir, st.Roles()
			backups, unlock, err := c.Start(ctx, st, dir, s.Logger())
			if err != nil {
				return err
			}
			config.Background = observed(backups)
			return errors.Join(runServer(ctx, config), unlock())
		})
	})
}

// observed returns the function that takes scheduled backups and reports them to the metrics of the
// server, or nil without a schedule.
func observed(s *maintenance.Schedule) func(context.Context, *metrics.Metrics) error {
	if s == nil {
		return nil
	}
	return func(ctx context.Context, m *metrics.Metrics) error {
		s.Begin = func(newest maintenance.Saved) { m.BackupsScheduled(newest.Made, newest.Size) }
		s.Observe = func(a maintenance.Attempt) { m.BackedUp(a.Made, a.Took, a.Size, a.Err) }
		return s.Run(ctx)
	}
}

// prepare reads the files that the flags name, and returns the configuration of a server that
// still needs a store and a clock.
func (c serveCommand) prepare(s cli.Streams) (emulation emulationConfig, config server.Config, err error) {
	if emulation, err = c.config(); err != nil {
		return emulation, config, err
	}
	if c.AcceptClock && emulation.clock != nil {
		return emulation, config, cli.Usage("--accept-clock is for the system's clock, and not for a test clock")
	}
	config = server.Config{
		Wrap: wrapHandler, Listen: c.Listen, AdminListen: adminListen(c.AdminListen), MetricsListen: c.MetricsListen, Log: s.Logger(), AccessLog: c.AccessLog, Archive: c.folder(), Console: c.Console,
		Ready: func(url, admin string) {
			if admin != "" {
				s.Printf("TRUEUP_ADMIN_URL=%s\n", admin)
			}
			s.Printf("TRUEUP_URL=%s\n", url)
		},
	}
	if config.InvoiceFont, err = invoicefile.ReadFont(c.InvoiceFont); err != nil {
		return emulation, config, cli.Usage("--invoice-font: %w", err)
	}
	for _, platform := range c.Bridge {
		config.Bridges = append(config.Bridges, program.Platform(platform))
	}
	if config.Webhooks, err = c.Options(); err != nil {
		return emulation, config, cli.Usage("%w", err)
	}
	if err := errors.Join(c.Listener.Apply(&config), c.Files.Apply(&config)); err != nil {
		return emulation, config, cli.Usage("%w", err)
	}
	return emulation, config, nil
}

// adminListen returns the address that the flag selects, "" for "off".
func adminListen(flag string) string {
	if flag == "off" {
		return ""
	}
	return flag
}
