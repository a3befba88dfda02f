package main

import (
	"context"
	"strings"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type eraseCommand struct {
	accountOperation
	archiveFlag
	Customer string `required:"" placeholder:"ID" help:"Id of the customer, as conversions and clicks have it (CustomerId)."`
	DryRun   bool   `help:"Print what would be erased, and change nothing."`
}

// Run erases the personal data of a customer. A server may be running. If the command is
// interrupted, repeat it.
func (c eraseCommand) Run(ctx context.Context, s cli.Streams) error {
	if c.Customer == "" || strings.Contains(c.Reason, c.Customer) {
		return cli.Usage("--customer: must not be empty, and --reason must not contain the id of the customer")
	}
	return c.run(ctx, store.OperationErase, "customers", func(st *sqlstore.Store, event store.AuditEvent) error {
		erased, err := st.Erase(ctx, c.Account, event.At, c.Customer, c.DryRun, c.folder(), ledger.Decide, event)
		if err == nil {
			s.Printf("%s %s.\n", map[bool]string{false: "Erased", true: "Would erase"}[c.DryRun], erased)
		}
		return err
	})
}
