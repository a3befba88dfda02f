package main

import (
	"context"
	"os"
	"os/user"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// userEvent returns an audit event whose actor is the user of the operating system.
func userEvent(operation store.Operation, reason string) store.AuditEvent {
	actor := store.Actor{Source: store.SourceCommand, ID: "uid " + strconv.Itoa(os.Getuid())}
	if u, err := user.Current(); err == nil && u.Username != "" { // in a container the user may have no name
		actor.ID, actor.Name = u.Username, u.Name
	}
	return store.AuditEvent{Actor: actor, Operation: operation, Reason: reason, At: time.Now().UTC()}
}

// checkPage returns an error if --limit or --before of a list is out of range.
func checkPage(limit int, before int64) error {
	switch {
	case limit < 1:
		return usageError("--limit %d: must be at least 1", limit)
	case before < 0:
		return usageError("--before %d: must not be negative", before)
	}
	return nil
}

type auditCommand struct {
	storeFlags
	Account int64 `placeholder:"ID" help:"List the events of this account (default: those without an account)."`
	Before  int64 `placeholder:"NUMBER" help:"List only events with a smaller number."`
	Limit   int   `default:"100" help:"Maximum number of events (default: ${default})."`
}

// Run lists the audit log, newest event first.
func (c auditCommand) Run(ctx context.Context, s streams) error {
	if err := checkPage(c.Limit, c.Before); err != nil {
		return err
	}
	return c.useAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		events, err := st.AuditEvents(ctx, c.Account, c.Before, c.Limit)
		if err != nil {
			return err
		}
		return output.AuditEvents(s.out, events)
	})
}
