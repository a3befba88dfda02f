package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type demoCommand struct {
	storeFlags
	emulateFlags
	Listen      string `default:"127.0.0.1:8080" env:"TRUEUP_LISTEN" placeholder:"ADDR" help:"Address to listen on; port 0 picks a free port (default: ${default})."`
	AdminListen string `default:"127.0.0.1:0" env:"TRUEUP_ADMIN_LISTEN" placeholder:"ADDR" help:"Address of the admin API; \"off\" to disable it, or the address of --listen to share it (default: ${default}, a free port)."`
	Fresh       bool   `help:"Delete the demo's data and start over."`
	Env         bool   `help:"Print only TRUEUP_URL, TRUEUP_SID and TRUEUP_TOKEN, one per line."`
}

// Run seeds the demo's accounts unless they exist, creates new secrets for their tokens
// and serves until ctx is done.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	emulation, err := c.emulation(s)
	if err != nil {
		return err
	}
	if c.Fresh && c.Store != "" {
		return errors.New("--fresh needs a folder; with --store, use an empty database")
	}
	return c.withLock(ctx, demoFolder, func(dir string) error {
		if c.Fresh {
			if err := removeDatabase(dir); err != nil {
				return err
			}
		}
		return c.use(ctx, demoFolder, func(st *sqlstore.Store) error { return c.serve(ctx, st, emulation, s) })
	})
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

func (c demoCommand) serve(ctx context.Context, st *sqlstore.Store, emulation *server.Emulation, s streams) error {
	if err := demo.Seed(ctx, st, time.Now()); err != nil {
		return err
	}
	secret, err := demo.NewToken(ctx, st, demo.SID, time.Now())
	if err != nil {
		return err
	}
	secretJapan, err := demo.NewToken(ctx, st, demo.SIDJapan, time.Now())
	if err != nil {
		return err
	}
	secretAdmin, err := demo.NewAdminToken(ctx, st, time.Now())
	if err != nil {
		return err
	}
	example, err := exampleAction(ctx, st)
	if err != nil {
		return err
	}
	return server.Run(ctx, server.Config{
		Store: st.Roles(), Listen: c.Listen, AdminListen: adminListen(c.AdminListen), Log: s.logger(), Emulation: emulation,
		Ready: func(url, admin string) {
			if c.Env {
				s.printf("TRUEUP_URL=%s\nTRUEUP_SID=%s\nTRUEUP_TOKEN=%s\n", url, demo.SID, secret)
				return
			}
			s.printf(demoText, url, demo.SID, secret, demo.SIDJapan, secretJapan, example)
			if admin != "" {
				s.printf(demoAdminText, admin, demo.SIDAdmin, secretAdmin, demo.Account)
			}
			s.printf(demoEnd)
		},
	})
}

// demoText introduces the demo. Its commands can be pasted into a shell.
const demoText = `
The demo is ready at %[1]s

  AccountSID %[2]s   AuthToken %[3]s   (USD)
  AccountSID %[4]s   AuthToken %[5]s   (JPY)

An order and its items:

curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'
curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s/Items' -u '%[2]s:%[3]s' -H 'Accept: application/json'

The customer returns one of two units. Then the item and the updates of the action:

curl '%[1]s/Advertisers/%[2]s/Actions' -X PUT -u '%[2]s:%[3]s' -H 'Accept: application/json' -H 'Content-Type: application/x-www-form-urlencoded' -d 'ActionId=%[6]s' -d 'Sku=12345' -d 'Quantity=1' -d 'Reason=ORDER_UPDATE'
curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s/Items/12345' -u '%[2]s:%[3]s' -H 'Accept: application/json'
curl '%[1]s/Advertisers/%[2]s/ActionUpdates?ActionId=%[6]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'
`

// demoAdminText introduces the admin API.
const demoAdminText = `
The admin API: the account's reference data and its audit log:

curl '%[1]s/accounts/%[4]d' -u '%[2]s:%[3]s'
curl '%[1]s/audit?account=%[4]d' -u '%[2]s:%[3]s'
`

const demoEnd = `
Press Ctrl-C to stop. The data are kept; trueup demo --fresh deletes them.
`

// exampleAction returns the action of the first worked example.
func exampleAction(ctx context.Context, st store.Snapshots) (id ledger.ActionID, err error) {
	err = st.Read(ctx, demo.Account, func(r store.Reader) error {
		_, actions, err := r.Actions(search.ActionFilter{Order: demo.ExampleOrder}, search.Page{Size: 1, Number: 1})
		if err != nil {
			return err
		}
		for a, err := range actions {
			id = a.ID
			return err
		}
		return fmt.Errorf("order %s: %w", demo.ExampleOrder, ledger.ErrNotFound)
	})
	return id, err
}
