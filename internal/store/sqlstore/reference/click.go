package reference

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func clickDest(c *program.Click) []any {
	return []any{&c.ID, &c.Campaign, &c.Partner, &c.Customer, (*column.Instant)(&c.At)}
}

// Click returns the click with the id, as it was recorded at an instant.
func Click(s *sqldb.Session, account int64, id string, at time.Time) (c program.Click, err error) {
	err = column.QueryRow(s, `SELECT id, campaign, partner, customer, instant FROM clicks
		WHERE account = ? AND id = ? AND recorded <= ? ORDER BY recorded DESC LIMIT 1`,
		[]any{account, id, column.Micros(at)}, clickDest(&c)...)
	return c, err
}

// CurrentClick returns the click with the id, as it was recorded last.
func CurrentClick(s *sqldb.Session, account int64, id string) (program.Click, error) {
	return Click(s, account, id, newest)
}

// InsertClick records a click.
func InsertClick(s *sqldb.Session, account int64, c program.Click, at time.Time) error {
	return s.Exec("INSERT INTO clicks (account, id, recorded, campaign, partner, customer, instant) VALUES (?, ?, ?, ?, ?, ?, ?)",
		account, c.ID, column.Micros(at), c.Campaign, c.Partner, c.Customer, column.Micros(c.At))
}

// newestClick returns the customer's newest click in the campaign, as it was recorded at an
// instant.
func newestClick(s *sqldb.Session, account, campaign int64, customer string, at time.Time) (c program.Click, err error) {
	err = column.QueryRow(s, `SELECT c.id, c.campaign, c.partner, c.customer, c.instant FROM clicks c
		WHERE c.account = ? AND c.customer = ? AND c.customer <> '' AND c.campaign = ? AND c.recorded <= ?
		AND NOT EXISTS (SELECT 1 FROM clicks d WHERE d.account = c.account AND d.id = c.id
			AND d.recorded > c.recorded AND d.recorded <= ?)
		ORDER BY c.instant DESC, c.id DESC LIMIT 1`,
		[]any{account, customer, campaign, column.Micros(at), column.Micros(at)}, clickDest(&c)...)
	return c, err
}

// Referral returns the customer's newest click or action in the campaign. Of a click and
// an action at the same instant it returns the click. An action is returned as a click
// without an id. Clicks count as they were recorded at an instant.
func Referral(s *sqldb.Session, account, campaign int64, customer string, at time.Time) (program.Click, error) {
	click, err := newestClick(s, account, campaign, customer, at)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return program.Click{}, err
	}
	action, missing := actions.NewestOfCustomer(s, account, campaign, customer)
	switch {
	case errors.Is(missing, ledger.ErrNotFound):
		return click, err
	case missing != nil:
		return program.Click{}, missing
	case err == nil && !action.At.After(click.At):
		return click, nil
	}
	return action, nil
}
