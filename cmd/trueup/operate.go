package main

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// accountOperation holds the flags of operations on an account.
type accountOperation struct {
	cli.StoreFlags
	Account int64  `required:"" placeholder:"ID" help:"Account."`
	Reason  string `required:"" placeholder:"TEXT" help:"Reason for the audit log (see: trueup audit)."`
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

type actionLimitCommand struct {
	accountOperation
	Action string `arg:"" help:"Id of the action, such as 1000.4636.158133."`
	To     int    `required:"" placeholder:"N" help:"New limit; at least the present one."`
}

// Run raises the modification limit. A server may be running.
func (c actionLimitCommand) Run(ctx context.Context, s cli.Streams) error {
	id, err := ids.ParseActionID(c.Action)
	if err != nil {
		return cli.Usage("<action>: %w", err)
	}
	return c.run(ctx, store.OperationSetLimit, "action "+c.Action, func(st *sqlstore.Store, event store.AuditEvent) error {
		if err := st.SetModificationLimit(ctx, c.Account, event.At, id, c.To, event); err != nil {
			return err
		}
		s.Printf("Action %s accepts %d modifications.\n", id, c.To)
		return nil
	})
}

type submissionParkCommand struct {
	accountOperation
	ID string `arg:"" help:"BatchId of the submission."`
}

// Run parks the submission. A server may be running.
func (c submissionParkCommand) Run(ctx context.Context, s cli.Streams) error {
	return c.run(ctx, store.OperationPark, "submission "+c.ID, func(st *sqlstore.Store, event store.AuditEvent) error {
		if err := st.Park(ctx, c.Account, event.At, store.SubmissionID(c.ID), event); err != nil {
			return err
		}
		s.Printf("%s will not be applied.\n", c.ID)
		return nil
	})
}

type submissionRetryCommand struct {
	accountOperation
	ID string `arg:"" help:"BatchId of the submission."`
}

// Run submits the submission again and applies the queue. A running server would notice the
// submission only at its next poll.
func (c submissionRetryCommand) Run(ctx context.Context, s cli.Streams) error {
	return c.run(ctx, store.OperationRetry, "submission "+c.ID, func(st *sqlstore.Store, event store.AuditEvent) error {
		again, err := st.Retry(ctx, c.Account, event.At, store.SubmissionID(c.ID), event)
		if err != nil {
			return err
		}
		s.Printf("%s\n", again.ID)
		return applier.Drain(ctx, st, c.Account, time.Now)
	})
}
