package main

import (
	"context"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// checkPage returns an error if --limit or --before of a list is out of range.
func checkPage(limit int, before int64) error {
	switch {
	case limit < 1:
		return cli.Usage("--limit %d: must be at least 1", limit)
	case before < 0:
		return cli.Usage("--before %d: must not be negative", before)
	}
	return nil
}

type auditCommand struct {
	cli.StoreFlags
	Account int64 `placeholder:"ID" help:"List the events of this account (default: those without an account)."`
	Before  int64 `placeholder:"NUMBER" help:"List only events with a smaller number."`
	Limit   int   `default:"100" help:"Maximum number of events (default: ${default})."`
}

// Run lists the audit log, newest event first.
func (c auditCommand) Run(ctx context.Context, s cli.Streams) error {
	if err := checkPage(c.Limit, c.Before); err != nil {
		return err
	}
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		events, err := st.AuditEvents(ctx, c.Account, c.Before, c.Limit)
		if err != nil {
			return err
		}
		return output.AuditEvents(s.Out, events)
	})
}
