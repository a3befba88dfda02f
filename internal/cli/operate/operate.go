// Package operate has the commands of operators that use the admin API: of a server, or of a ledger
// on this machine. Each is a struct with the flags of the command and a method Do.
package operate

import (
	"context"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/store"
)

// account is the flag of the account of a command.
type account struct {
	Account int64 `required:"" placeholder:"ID" help:"Account."`
}

// ID returns the account.
func (a account) ID() int64 { return a.Account }

// operation are the flags of changes, which have a reason in the audit log.
type operation struct {
	account
	Reason string `required:"" placeholder:"TEXT" help:"Reason for the audit log (see: trueup audit list)."`
}

// options returns the options of a write.
func (o operation) options() (admin.WriteOptions, error) {
	if problem := store.CheckReason(o.Reason); problem != "" {
		return admin.WriteOptions{}, cli.Usage("--reason: %s", problem)
	}
	return admin.WriteOptions{Reason: o.Reason}, nil
}

// Limit raises the modification limit of an action.
type Limit struct {
	operation
	Action string `arg:"" help:"Id of the action, such as 1000.4636.158133."`
	To     int    `required:"" placeholder:"N" help:"New limit; at least the present one."`
}

// Do raises the limit.
func (c Limit) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	if c.To < 1 {
		return cli.Usage("--to %d: must be at least 1", c.To)
	}
	if err := s.Admin.SetModificationLimit(ctx, s.Account, c.Action, c.To, o); err != nil {
		return err
	}
	s.Printf("Action %s accepts %d modifications.\n", c.Action, c.To)
	return nil
}

// Park completes a queued submission without applying it.
type Park struct {
	operation
	Submission string `arg:"" help:"Id of the submission."`
}

// Do parks the submission.
func (c Park) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	if err := s.Admin.ParkSubmission(ctx, s.Account, c.Submission, o); err != nil {
		return err
	}
	s.Printf("%s will not be applied.\n", c.Submission)
	return nil
}

// Retry submits a failed submission again.
type Retry struct {
	operation
	Submission string `arg:"" help:"Id of the submission."`
}

// Do prints the id of the new submission.
func (c Retry) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	again, err := s.Admin.RetrySubmission(ctx, s.Account, c.Submission, o)
	if err == nil {
		s.Printf("%s\n", again)
	}
	return err
}

// Deliveries lists the events of a notification that were not delivered.
type Deliveries struct {
	account
	listing
	Notification int64 `arg:"" help:"Id of the notification."`
	Before       int64 `placeholder:"NUMBER" help:"List only deliveries of updates with a smaller number."`
}

var deliveryColumns = render.Columns("update", "state", "attempts", "due", "status", "error")

// Do lists the deliveries, newest first.
func (c Deliveries) Do(ctx context.Context, s *cli.Session) error {
	if err := checkBefore(c.Before); err != nil {
		return err
	}
	query := cli.Parameters{}
	query.Set("before", c.Before)
	deliveries := path(s, "notifications", strconv.FormatInt(c.Notification, 10), "deliveries")
	return c.list(ctx, s, collection{path: deliveries, key: "deliveries", columns: deliveryColumns}, query)
}

// checkBefore returns an error if --before of a list is out of range.
func checkBefore(before int64) error {
	if before < 0 {
		return cli.Usage("--before %d: must not be negative", before)
	}
	return nil
}

// Resend sends events of a notification again.
type Resend struct {
	operation
	Notification int    `arg:"" help:"Id of the notification."`
	Update       string `placeholder:"ID" help:"Id of the update in the list of deliveries, such as 1000.4636.158133.95095059 or 10001-7.95095060 (default: all that were given up)."`
}

// Do schedules the deliveries. A server sends them within a second.
func (c Resend) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	n, err := s.Admin.Resend(ctx, s.Account, c.Notification, c.Update, o)
	if err == nil {
		s.Printf("%d deliveries will be resent.\n", n)
	}
	return err
}

// Secret gives a notification a new signing secret.
type Secret struct {
	operation
	Notification int           `arg:"" help:"Id of the notification."`
	Overlap      time.Duration `default:"24h" help:"How long the old secret stays valid (default: ${default})."`
}

// Do prints the secret as a variable. A server signs the next batch with it.
func (c Secret) Do(ctx context.Context, s *cli.Session) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	if c.Overlap < 0 || c.Overlap > store.MaxRotationOverlap {
		return cli.Usage("--overlap %v: must be from 0 to %v", c.Overlap, store.MaxRotationOverlap)
	}
	secret, err := s.Admin.RotateSigningSecret(ctx, s.Account, c.Notification, admin.Rotation{Overlap: &c.Overlap}, o)
	if err != nil {
		return err
	}
	s.Printf("TRUEUP_WEBHOOK_SECRET=%s\n", secret.Secret)
	return nil
}

// Audit lists the audit log.
type Audit struct {
	listing
	Account int64 `placeholder:"ID" help:"List the events of this account (default: those without an account)."`
	Before  int64 `placeholder:"NUMBER" help:"List only events with a smaller number."`
}

// ID returns the account, or 0.
func (c Audit) ID() int64 { return c.Account }

var events = collection{path: "/audit", key: "events", columns: formatted(strconv.Quote, render.Columns(
	"number", "at", "source", "actor", "operation", "subject", "reason", "detail"), "reason")}

// Do lists the events, newest first.
func (c Audit) Do(ctx context.Context, s *cli.Session) error {
	if err := checkBefore(c.Before); err != nil {
		return err
	}
	query := cli.Parameters{}
	query.Set("account", c.Account)
	query.Set("before", c.Before)
	return c.list(ctx, s, events, query)
}
