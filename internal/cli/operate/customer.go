package operate

import (
	"context"
	"strings"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Erase erases the personal data of a customer.
type Erase struct {
	operation
	Customer string `required:"" placeholder:"ID" help:"Id of the customer, as conversions and clicks have it (CustomerId)."`
	DryRun   bool   `help:"Print what would be erased, and change nothing."`
}

// Do prints the number of erased records. If the command is interrupted, repeat it.
func (c Erase) Do(ctx context.Context, s *cli.Session) error {
	if c.Customer == "" || strings.Contains(c.Reason, c.Customer) {
		return cli.Usage("--customer: must not be empty, and --reason must not contain the id of the customer")
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	erasure, err := s.Admin.Erase(ctx, s.Account, admin.EraseCustomer{Customer: c.Customer, DryRun: c.DryRun}, o)
	if err != nil {
		return interrupted(ctx, err)
	}
	e := erasure.Erased
	s.Printf("%s %s.\n", map[bool]string{false: "Erased", true: "Would erase"}[c.DryRun], store.Erasure{
		Actions: int64(e.Actions), Submissions: int64(e.Submissions), Clicks: int64(e.Clicks), Inquiries: int64(e.Inquiries),
		FileRows: int64(e.FileRows), Deliveries: int64(e.Deliveries), Events: int64(e.AuditEvents), Keys: int64(e.Keys), Archives: int64(e.Archives),
	})
	return nil
}

// Retain archives and removes old records.
type Retain struct {
	operation
	DryRun bool `help:"Print what would be removed, and change nothing."`
}

// Do prints the number of removed records. A server removes them in several requests. If the command
// is interrupted, repeat it.
func (c Retain) Do(ctx context.Context, s *cli.Session) error {
	if s.Local && !s.Archived && !c.DryRun {
		return cli.Usage("--archive: name the folder for the removed records, or use --dry-run")
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	var sum store.Retained
	for more := true; more; {
		r, err := s.Admin.Retain(ctx, s.Account, admin.Retain{DryRun: c.DryRun}, o)
		if err != nil {
			return interrupted(ctx, err)
		}
		if r.Unlimited {
			s.Printf("The account retains everything: set retain_actions_days or retain_submissions_days.\n")
			return nil
		}
		for _, name := range r.Files {
			s.Printf("Wrote %s.\n", name)
		}
		sum.Add(store.Retained{
			Actions: int64(r.Removed.Actions), Submissions: int64(r.Removed.Submissions), Updates: int64(r.Removed.Updates),
			Adjustments: int64(r.Removed.Adjustments), Oldest: r.Removed.Oldest, Newest: r.Removed.Newest,
			BridgeOrders: int64(r.Removed.BridgeOrders),
		})
		sum.Queued, more = r.Queued, r.More
	}
	if sum.Queued {
		s.Printf("Submissions are queued: repeat the command once they are applied.\n")
	}
	s.Printf("%s %s.\n", map[bool]string{false: "Removed", true: "Would remove"}[c.DryRun], sum)
	return nil
}

// interrupted returns the error of an operation of several commits, which a signal may have ended
// after some of them.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return cli.Failed("interrupted: a part may be done; repeat the command")
	}
	return err
}
