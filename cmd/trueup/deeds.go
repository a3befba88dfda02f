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

// byUser answers a deed of the operating system's user, now.
func byUser(verb, reason string) store.AuditEvent {
	by := store.Actor{Source: store.SourceCommand, ID: "uid " + strconv.Itoa(os.Getuid())}
	if u, err := user.Current(); err == nil && u.Username != "" { // a container may have no name for its user
		by.ID, by.Name = u.Username, u.Name
	}
	return store.AuditEvent{Actor: by, Operation: verb, Reason: reason, At: time.Now().UTC()}
}

type deedsCommand struct {
	dataFlag
	Account int64 `placeholder:"ID" help:"The account's; 0 for those that concern none (default: 0)."`
	Before  int64 `placeholder:"NUMBER" help:"Only those with a smaller number."`
	Limit   int   `default:"100" help:"At most so many (default: ${default})."`
}

// Run lists what operators did, newest first.
func (c deedsCommand) Run(ctx context.Context, s streams) error {
	if c.Limit < 1 || c.Before < 0 {
		return fmt.Errorf("--limit and --before: must be positive")
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		deeds, err := st.AuditEvents(ctx, c.Account, c.Before, c.Limit)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NUMBER\tAT\tVIA\tBY\tVERB\tSUBJECT\tREASON\tDETAIL")
		for _, d := range deeds {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%q\t%s\n",
				d.Number, d.At.Format(time.RFC3339), d.Actor.Source, d.Actor.ID, d.Operation, d.Subject, d.Reason, d.Detail)
		}
		return table.Flush()
	})
}
