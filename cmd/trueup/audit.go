package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// userEvent returns an audit event of the operating system's user.
func userEvent(operation store.Operation, reason string) store.AuditEvent {
	actor := store.Actor{Source: store.SourceCommand, ID: "uid " + strconv.Itoa(os.Getuid())}
	if u, err := user.Current(); err == nil && u.Username != "" { // in a container the user may have no name
		actor.ID, actor.Name = u.Username, u.Name
	}
	return store.AuditEvent{Actor: actor, Operation: operation, Reason: reason, At: time.Now().UTC()}
}

type auditCommand struct {
	storeFlags
	Account int64 `placeholder:"ID" help:"Account; 0 for events without an account (default: 0)."`
	Before  int64 `placeholder:"NUMBER" help:"List only events with a smaller number."`
	Limit   int   `default:"100" help:"Maximum number of events (default: ${default})."`
}

// Run lists the audit log, newest event first.
func (c auditCommand) Run(ctx context.Context, s streams) error {
	if c.Limit < 1 || c.Before < 0 {
		return fmt.Errorf("--limit and --before: must be positive")
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		events, err := st.AuditEvents(ctx, c.Account, c.Before, c.Limit)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NUMBER\tAT\tSOURCE\tACTOR\tOPERATION\tSUBJECT\tREASON\tDETAIL")
		for _, e := range events {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%q\t%s\n",
				e.Number, e.At.Format(time.RFC3339), e.Actor.Source, e.Actor.ID, e.Operation, e.Subject, e.Reason, e.Detail)
		}
		return table.Flush()
	})
}
