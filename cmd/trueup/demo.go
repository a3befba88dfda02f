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
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type demoCommand struct {
	dataFlag
	emulateFlags
	Listen      string `default:"127.0.0.1:8080" env:"TRUEUP_LISTEN" placeholder:"ADDR" help:"Address to listen on; port 0 takes a free one (default: ${default})."`
	AdminListen string `default:"127.0.0.1:0" env:"TRUEUP_ADMIN_LISTEN" placeholder:"ADDR" help:"Address of the admin API; off for none, that of --listen for both on one (default: ${default}, a free port)."`
	Fresh       bool   `help:"Forget what was done to the demo and begin again."`
	Env         bool   `help:"Print only TRUEUP_URL, TRUEUP_SID and TRUEUP_TOKEN, a line each, once it is ready."`
}

// Run seeds the demo's accounts, unless that was done before, gives their tokens
// new secrets and serves until it is interrupted.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	emulation, err := c.emulation(s)
	if err != nil {
		return err
	}
	if c.Fresh && c.Store != "" {
		return errors.New("--fresh removes a folder's database; with --store, give an empty database")
	}
	return c.hold(ctx, demoFolder, func(dir string) error {
		if c.Fresh {
			if err := forget(dir); err != nil {
				return err
			}
		}
		return c.use(ctx, demoFolder, func(st *sqlstore.Store) error { return c.serve(ctx, st, emulation, s) })
	})
}

// forget removes the database from a folder that is held, and nothing else.
func forget(dir string) error {
	for _, file := range sqlstore.Files() {
		if err := os.Remove(filepath.Join(dir, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("beginning again: %w", err)
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
	example, err := demoExample(ctx, st)
	if err != nil {
		return err
	}
	return server.Run(ctx, server.Config{
		Store: st, Listen: c.Listen, AdminListen: adminListen(c.AdminListen), Log: s.logger(), Emulation: emulation,
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

// demoText tells how to try things out; its lines can be pasted as they are.
const demoText = `
Trueup's demo is ready at %[1]s

  AccountSID %[2]s   AuthToken %[3]s   (USD)
  AccountSID %[4]s   AuthToken %[5]s   (JPY)

An order of the demo and its items:

curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'
curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s/Items' -u '%[2]s:%[3]s' -H 'Accept: application/json'

The customer returns one of two; then look at the item and at the trace:

curl '%[1]s/Advertisers/%[2]s/Actions' -X PUT -u '%[2]s:%[3]s' -H 'Accept: application/json' -H 'Content-Type: application/x-www-form-urlencoded' -d 'ActionId=%[6]s' -d 'Sku=12345' -d 'Quantity=1' -d 'Reason=ORDER_UPDATE'
curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s/Items/12345' -u '%[2]s:%[3]s' -H 'Accept: application/json'
curl '%[1]s/Advertisers/%[2]s/ActionUpdates?ActionId=%[6]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'
`

// demoAdminText shows the operator's side.
const demoAdminText = `
The admin API: the account as a file has it, and who did what:

curl '%[1]s/accounts/%[4]d' -u '%[2]s:%[3]s'
curl '%[1]s/deeds?account=%[4]d' -u '%[2]s:%[3]s'
`

const demoEnd = `
Ctrl-C stops it; what was done is kept until: trueup demo --fresh
`

// demoExample answers the action of the first worked example.
func demoExample(ctx context.Context, st store.Store) (id ledger.ActionID, err error) {
	err = st.Read(ctx, demo.Account, func(r store.Reader) error {
		_, actions, err := r.Actions(ledger.ActionFilter{Order: demo.ExampleOrder}, ledger.Page{Size: 1, Number: 1})
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
