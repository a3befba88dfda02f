package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger"
)

// ofAccount are the flags of what is done to something of an account.
type ofAccount struct {
	dataFlag
	Account int64  `required:"" placeholder:"ID" help:"The account."`
	Reason  string `required:"" help:"Why; kept with who and when (see: trueup deeds)."`
}

// operate does something to the account and names what it was done to in errors.
func (o ofAccount) operate(ctx context.Context, verb, subject string, f func(*sqlstore.Store, store.AuditEvent) error) error {
	if fault := store.CheckReason(o.Reason); fault != "" {
		return fmt.Errorf("--reason: %s", fault)
	}
	return o.use(ctx, ledgerFolder, func(st *sqlstore.Store) error {
		err := f(st, byUser(verb, o.Reason))
		if errors.Is(err, ledger.ErrNotFound) {
			return fmt.Errorf("account %d has no %s", o.Account, subject)
		}
		return err
	})
}

type actionCommands struct {
	Cap actionCap `cmd:"" help:"Raise the cap of an action: how many submissions may change it."`
}

type actionCap struct {
	ofAccount
	Action string `arg:"" help:"Id of the action, as 1000.4636.158133."`
	To     int    `required:"" help:"The cap; at least the account's."`
}

// Run sets the cap, also while a server runs.
func (c actionCap) Run(ctx context.Context, s streams) error {
	id, err := ledger.ParseActionID(c.Action)
	if err != nil {
		return err
	}
	return c.operate(ctx, store.OperationSetLimit, "action "+c.Action, func(st *sqlstore.Store, d store.AuditEvent) error {
		if err := st.SetModificationLimit(ctx, c.Account, d.At, id, c.To, d); err != nil {
			return err
		}
		s.printf("Action %s takes %d submissions.\n", id, c.To)
		return nil
	})
}

type submissionCommands struct {
	Park  submissionPark  `cmd:"" help:"Have a queued submission complete as PARKED when its turn comes, instead of being applied."`
	Retry submissionRetry `cmd:"" help:"Submit a failed submission again, with a number and a date of its own."`
}

type submissionPark struct {
	ofAccount
	ID string `arg:"" help:"BatchId of the submission."`
}

// Run parks the submission, also while a server runs.
func (c submissionPark) Run(ctx context.Context, s streams) error {
	return c.operate(ctx, store.OperationPark, "submission "+c.ID, func(st *sqlstore.Store, d store.AuditEvent) error {
		if err := st.Park(ctx, c.Account, d.At, store.SubmissionID(c.ID), d); err != nil {
			return err
		}
		s.printf("%s will not be applied.\n", c.ID)
		return nil
	})
}

type submissionRetry struct {
	ofAccount
	ID string `arg:"" help:"BatchId of the submission."`
}

// Run submits the submission again and applies what is queued: a server that runs
// beside it is not told.
func (c submissionRetry) Run(ctx context.Context, s streams) error {
	return c.operate(ctx, store.OperationRetry, "submission "+c.ID, func(st *sqlstore.Store, d store.AuditEvent) error {
		again, err := st.Retry(ctx, c.Account, d.At, store.SubmissionID(c.ID), d)
		if err != nil {
			return err
		}
		s.printf("%s\n", again.ID)
		return applier.Drain(ctx, st, c.Account, time.Now)
	})
}
