package main

import (
	"context"
	"errors"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// accountOperation holds the flags of operations on an account.
type accountOperation struct {
	cli.StoreFlags
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	Reason  string `required:"" placeholder:"TEXT" help:"Reason for the audit log (see: trueup audit list)."`
}

// run calls f with the store and an audit event. subject names the object of the operation
// in error messages.
func (o accountOperation) run(ctx context.Context, operation store.Operation, subject string, f func(*sqlstore.Store, store.AuditEvent) error) error {
	if problem := store.CheckReason(o.Reason); problem != "" {
		return cli.Usage("--reason: %s", problem)
	}
	return o.WriteAccount(ctx, o.Account, func(st *sqlstore.Store) error {
		err := f(st, cli.UserEvent(operation, o.Reason))
		if errors.Is(err, ledger.ErrNotFound) {
			return cli.NotFound("account %d has no %s", o.Account, subject)
		}
		return err
	})
}
