package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/server/flags"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

type demoCommand struct {
	cli.StoreFlags
	emulateFlags
	Listen      string `env:"TRUEUP_LISTEN" placeholder:"ADDR" help:"Address to listen on; port 0 picks a free port (default: 127.0.0.1:8080, or a free port if that is in use)."`
	AdminListen string `default:"127.0.0.1:0" env:"TRUEUP_ADMIN_LISTEN" placeholder:"ADDR" help:"Address of the admin API; \"off\" to disable it, or the address of --listen to share it (default: ${default}, a free port)."`
	flags.Log
	metricsFlags
	Fresh bool `help:"Delete the demo's data and start over."`
	Env   bool `help:"Print only TRUEUP_URL, TRUEUP_SID and TRUEUP_TOKEN, one per line."`
}

// Run seeds the demo's accounts unless they exist, creates new secrets for their tokens
// and serves until ctx is done.
func (c demoCommand) Run(ctx context.Context, s cli.Streams) error {
	s.Log = c.Logger(s.Err)
	config, err := c.config()
	if err != nil {
		return err
	}
	if c.Fresh && c.Store != "" {
		return cli.Usage("--fresh needs a folder; with --store, use an empty database")
	}
	return c.lock(ctx, s, func(name, dir string) error {
		if c.Fresh {
			if err := removeDatabase(dir); err != nil {
				return err
			}
		}
		return c.UseOrCreate(ctx, name, s.LogCreated, func(st *sqlstore.Store) error { return c.serve(ctx, st, config, s) })
	})
}

// maxDemos is the number of demos that can run at the same time in default folders.
const maxDemos = 9

// lock locks a folder and calls do with its default name and its path. While other demos
// run, it uses the folders demo-2, demo-3 and so on, unless a folder is given.
func (c demoCommand) lock(ctx context.Context, s cli.Streams, do func(name, dir string) error) error {
	for n := 1; ; n++ {
		name, locked := cli.DemoFolder, false
		if n > 1 {
			name = fmt.Sprintf("%s-%d", cli.DemoFolder, n)
		}
		err := c.WithLock(ctx, name, func(dir string) error {
			if locked = true; n > 1 {
				s.Logger().Info("another demo is running: using another folder", "folder", dir)
			}
			return do(name, dir)
		})
		if locked || !errors.Is(err, sqldb.ErrInUse) || c.Data != "" || n == maxDemos {
			return err
		}
	}
}

// removeDatabase removes the database files from a locked folder.
func removeDatabase(dir string) error {
	for _, file := range sqldb.SQLiteFiles() {
		if err := os.Remove(filepath.Join(dir, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete the demo's data: %w", err)
		}
	}
	return nil
}

func (c demoCommand) serve(ctx context.Context, st *sqlstore.Store, config emulationConfig, s cli.Streams) error {
	emulation, err := config.start(ctx, st, s)
	if err != nil {
		return err
	}
	clock := clockguard.New(time.Time{}, s.Logger()) // without the check at a start: the demo writes at once
	if config.clock != nil {
		clock = config.clock.Guard(s.Logger())
	}
	if err := demo.Seed(ctx, st, clock.Now()); err != nil {
		return err
	}
	secret, err := demo.NewToken(ctx, st, demo.SID, clock.Now())
	if err != nil {
		return err
	}
	secretJapan, err := demo.NewToken(ctx, st, demo.SIDJapan, clock.Now())
	if err != nil {
		return err
	}
	secretAdmin, err := demo.NewAdminToken(ctx, st, clock.Now())
	if err != nil {
		return err
	}
	signIn, err := demo.NewSignIn(ctx, st, clock.Now())
	if err != nil {
		return err
	}
	example, err := demo.ExampleAction(ctx, st)
	if err != nil {
		return err
	}
	return c.listen(s, func(address string) error {
		return runServer(ctx, server.Config{
			Console: true, Clock: clock, Wrap: wrapHandler, Webhooks: webhook.Options{Allowed: webhook.Loopback()},
			Store: st.Roles(), Listen: address, AdminListen: adminListen(c.AdminListen), MetricsListen: c.MetricsListen, Log: s.Logger(), AccessLog: c.AccessLog, Emulation: emulation,
			Ready: func(url, admin string) {
				d := output.Demo{URL: url, Admin: admin, Secret: secret, SecretJapan: secretJapan, SecretAdmin: secretAdmin, SignIn: signIn, Example: example}
				if c.Env {
					d.PrintEnvironment(s.Out)
				} else {
					d.Print(s.Out)
				}
			},
		})
	})
}

// Addresses of a demo without --listen.
const (
	demoListen     = "127.0.0.1:8080"
	demoListenFree = "127.0.0.1:0"
)

// listen calls run with the address to listen on. Without --listen, it calls run again with
// a free port if the default port is in use.
func (c demoCommand) listen(s cli.Streams, run func(address string) error) error {
	if c.Listen != "" {
		return run(c.Listen)
	}
	err := run(demoListen)
	if errors.Is(err, syscall.EADDRINUSE) {
		s.Logger().Info("the address is in use: listening on a free port", "address", demoListen)
		err = run(demoListenFree)
	}
	return err
}
