package store

import (
	"context"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Scanner is a store whose accounts can be read whole, as [Verify] does. Live
// stores and copies opened for reading alone are.
type Scanner interface {
	// Accounts answers the ids of all accounts, in order.
	Accounts(ctx context.Context) ([]int64, error)
	// Scan runs f on the whole of an account in one consistent snapshot.
	Scan(ctx context.Context, account int64, f func(Contents) error) error
}

// Contents is the whole of one account, oldest first. Its sequences read as they
// go, can be read side by side, and end with the Audit they belong to.
type Contents interface {
	// Counters answers the numbers that were given last.
	Counters() (Counters, error)
	// Reference answers the reference data as they stood at an instant.
	Reference(at time.Time) (*ledger.Reference, error)
	// Submissions answers every submission by number.
	Submissions() iter.Seq2[Submission, error]
	// Actions answers every action by number, with its items.
	Actions() iter.Seq2[ledger.Action, error]
	// Updates answers every update by the number of its action and its own. One
	// whose action is not there has an ActionID with the number only.
	Updates() iter.Seq2[ledger.Update, error]
	// Steps answers the submissions that changed an action.
	Steps(action int64) Steps
	// Inquiries answers every inquiry by number.
	Inquiries() iter.Seq2[ledger.Inquiry, error]
}

// Counters are the numbers that an account gave last.
type Counters struct {
	// Accepted is of a submission, Applied of one that is complete.
	Accepted, Applied int64
	// LastUpdate is of an update.
	LastUpdate int64
}
