package sqlstore

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

func clickRow(c *ledger.Click) []any {
	return []any{&c.ID, &c.Campaign, &c.Partner, &c.Customer, (*instant)(&c.At)}
}

// click answers the click with the id as recorded by an instant.
func (s *session) click(account int64, id string, by time.Time) (c ledger.Click, err error) {
	err = s.row(`SELECT id, campaign, partner, customer, instant FROM clicks
		WHERE account = ? AND id = ? AND recorded <= ? ORDER BY recorded DESC LIMIT 1`,
		[]any{account, id, micros(by)}, clickRow(&c)...)
	return c, notFound(err)
}

// clickOf answers the customer's newest click in the campaign as recorded by an instant.
func (s *session) clickOf(account, campaign int64, customer string, by time.Time) (c ledger.Click, err error) {
	err = s.row(`SELECT c.id, c.campaign, c.partner, c.customer, c.instant FROM clicks c
		WHERE c.account = ? AND c.customer = ? AND c.customer <> '' AND c.campaign = ? AND c.recorded <= ?
		AND NOT EXISTS (SELECT 1 FROM clicks d WHERE d.account = c.account AND d.id = c.id
			AND d.recorded > c.recorded AND d.recorded <= ?)
		ORDER BY c.instant DESC, c.id DESC LIMIT 1`,
		[]any{account, customer, campaign, micros(by), micros(by)}, clickRow(&c)...)
	return c, notFound(err)
}

// actionOf answers the customer's newest action in the campaign, as a click.
func (s *session) actionOf(account, campaign int64, customer string) (c ledger.Click, err error) {
	c.Campaign, c.Customer = campaign, customer
	err = s.row(`SELECT partner, event_date FROM actions
		WHERE account = ? AND customer = ? AND customer <> '' AND campaign = ?
		ORDER BY event_date DESC, number DESC LIMIT 1`,
		[]any{account, customer, campaign}, &c.Partner, (*instant)(&c.At))
	return c, notFound(err)
}

// referral answers the newer of the two, the click where they are of one instant.
func (s *session) referral(account, campaign int64, customer string, by time.Time) (ledger.Click, error) {
	click, err := s.clickOf(account, campaign, customer, by)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return ledger.Click{}, err
	}
	action, missing := s.actionOf(account, campaign, customer)
	switch {
	case errors.Is(missing, ledger.ErrNotFound):
		return click, err
	case missing != nil:
		return ledger.Click{}, missing
	case err == nil && !action.At.After(click.At):
		return click, nil
	}
	return action, nil
}
