package sqlstore

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// lookupAsOf implements [ledger.Lookup] for a conversion that is decided again. It finds
// what the conversion found: reference data and clicks as of its acceptance, and actions
// with smaller numbers. Their orders, customers and event dates never change.
type lookupAsOf struct {
	contents
	submission ledger.Submission
}

func (l lookupAsOf) OrderBetween(eventType int64, order string, after, before time.Time) (bool, error) {
	_, err := actions.NewestBetween(l.Session, l.Account, actions.Order{EventType: eventType, ID: order}, l.submission.Number, after, before)
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (l lookupAsOf) Click(id string) (program.Click, error) {
	return reference.Click(l.Session, l.Account, id, l.submission.Accepted)
}

func (l lookupAsOf) ClickBy(campaign int64, key program.ClickKey, value string) (program.Click, error) {
	return reference.ClickBy(l.Session, l.Account, campaign, key, value, l.submission.Accepted)
}

func (l lookupAsOf) Referral(campaign int64, customer string) (program.Click, error) {
	return reference.Referral(l.Session, l.Account, campaign, customer, l.submission)
}

func (l lookupAsOf) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	return reference.RateTables(l.Session, l.Account, first, last, l.submission.Accepted, visit)
}

// The methods below are not called for conversions.

func (lookupAsOf) Action(int64) (ledger.Action, error) { return ledger.Action{}, ledger.ErrNotFound }

func (lookupAsOf) ActionOfOrder(int64, string) (ledger.Action, error) {
	return ledger.Action{}, ledger.ErrNotFound
}

func (lookupAsOf) Change(int64) (before, after ledger.Action, err error) {
	return ledger.Action{}, ledger.Action{}, ledger.ErrNotFound
}

func (lookupAsOf) Amendment(int64) (action, undo int64, err error) {
	return 0, 0, ledger.ErrNotFound
}

func (lookupAsOf) Effective(ledger.Action) (ledger.Effective, error) {
	return ledger.Effective{}, ledger.ErrNotFound
}

func (lookupAsOf) Replaced(int64, func(int, ledger.Before) bool) error { return ledger.ErrNotFound }
