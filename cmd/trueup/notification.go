package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type notificationCommands struct {
	Deliveries notificationDeliveries `cmd:"" help:"List what an event notification has not delivered, newest first."`
	Resend     notificationResend     `cmd:"" help:"Send again what was given up, or the delivery of one update."`
}

type notificationDeliveries struct {
	dataFlag
	ID      int64 `arg:"" help:"Id of the notification."`
	Account int64 `required:"" placeholder:"ID" help:"The account."`
	Before  int64 `placeholder:"NUMBER" help:"Only those of updates with a smaller number."`
	Limit   int   `default:"100" help:"At most so many (default: ${default})."`
}

// Run lists the deliveries.
func (c notificationDeliveries) Run(ctx context.Context, s streams) error {
	if c.Limit < 1 || c.Before < 0 {
		return fmt.Errorf("--limit and --before: must be positive")
	}
	return c.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		deliveries, err := st.Deliveries(ctx, c.Account, c.ID, c.Before, c.Limit)
		if errors.Is(err, ledger.ErrNotFound) {
			return fmt.Errorf("account %d has no notification %d", c.Account, c.ID)
		}
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "UPDATE\tSTATE\tATTEMPTS\tDUE\tSTATUS\tERROR")
		for _, d := range deliveries {
			due := ""
			if !d.Due.IsZero() {
				due = d.Due.Format(time.RFC3339)
			}
			fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d\t%s\n", d.Update, d.State(), d.Attempts, due, d.Status, d.Error)
		}
		return table.Flush()
	})
}

type notificationResend struct {
	ofAccount
	ID     int64  `arg:"" help:"Id of the notification."`
	Update string `placeholder:"ID" help:"Id of the update, as 1000.4636.158133.95095059 (default: all that were given up)."`
}

// Run has the running server send again, within a second, or the next one.
func (c notificationResend) Run(ctx context.Context, s streams) error {
	var update ledger.UpdateID
	subject := fmt.Sprintf("notification %d", c.ID)
	if c.Update != "" {
		var err error
		if update, err = ledger.ParseUpdateID(c.Update); err != nil {
			return fmt.Errorf("--update: %w", err)
		}
		subject = fmt.Sprintf("delivery of update %s by notification %d", c.Update, c.ID)
	}
	return c.operate(ctx, store.OperationResend, subject, func(st *sqlstore.Store, d store.AuditEvent) error {
		n, err := st.Resend(ctx, c.Account, c.ID, d.At, update, d)
		if err != nil {
			return err
		}
		s.printf("%d to be sent again.\n", n)
		return nil
	})
}
