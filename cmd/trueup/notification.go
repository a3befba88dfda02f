package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

type notificationCommands struct {
	Deliveries notificationDeliveries `cmd:"" help:"List the pending and failed deliveries of a notification, newest first."`
	Resend     notificationResend     `cmd:"" help:"Resend the deliveries that were given up, or that of one update."`
}

type notificationDeliveries struct {
	cli.StoreFlags
	ID      int64 `arg:"" help:"Id of the notification."`
	Account int64 `required:"" placeholder:"ID" help:"Account."`
	Before  int64 `placeholder:"NUMBER" help:"List only deliveries of updates with a smaller number."`
	Limit   int   `default:"100" help:"Maximum number of deliveries (default: ${default})."`
}

// Run lists the deliveries.
func (c notificationDeliveries) Run(ctx context.Context, s cli.Streams) error {
	if err := checkPage(c.Limit, c.Before); err != nil {
		return err
	}
	return c.UseAccount(ctx, c.Account, func(st *sqlstore.Store) error {
		deliveries, err := st.Deliveries(ctx, c.Account, c.ID, c.Before, c.Limit)
		if errors.Is(err, ledger.ErrNotFound) {
			return cli.NotFound("account %d has no notification %d", c.Account, c.ID)
		}
		if err != nil {
			return err
		}
		return output.Deliveries(s.Out, deliveries)
	})
}

type notificationResend struct {
	accountOperation
	ID     int64  `arg:"" help:"Id of the notification."`
	Update string `placeholder:"ID" help:"Id of the update in the list of deliveries, such as 1000.4636.158133.95095059 or 10001-7.95095060 (default: all that were given up)."`
}

// Run schedules the deliveries. A running server resends them within a second.
func (c notificationResend) Run(ctx context.Context, s cli.Streams) error {
	var update store.EventID
	subject := fmt.Sprintf("notification %d", c.ID)
	if c.Update != "" {
		var err error
		if update, err = store.ParseEventID(c.Update); err != nil {
			return cli.Usage("--update: %w", err)
		}
		subject = fmt.Sprintf("delivery of update %s by notification %d", c.Update, c.ID)
	}
	return c.run(ctx, store.OperationResend, subject, func(st *sqlstore.Store, event store.AuditEvent) error {
		n, err := st.Resend(ctx, c.Account, c.ID, event.At, update, event)
		if err != nil {
			return err
		}
		s.Printf("%d deliveries will be resent.\n", n)
		return nil
	})
}
