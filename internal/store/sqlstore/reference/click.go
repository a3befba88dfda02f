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

// clickColumns are the columns of a click that [clickDest] scans.
const clickColumns = "c.id, c.campaign, c.partner, c.customer, c.instant, c.custom_click, c.unique_url, c.profile, c.caller"

func clickDest(c *program.Click) []any {
	dest := []any{&c.ID, &c.Campaign, &c.Partner, &c.Customer, (*column.Instant)(&c.At)}
	for _, key := range program.ClickKeys() {
		dest = append(dest, key.Field(c))
	}
	return dest
}

// keyColumns are the columns of the keys by which clicks are found.
var keyColumns = map[program.ClickKey]string{
	program.ClickByCustomID: "custom_click",
	program.ClickByURL:      "unique_url",
	program.ClickByProfile:  "profile",
	program.ClickByCaller:   "caller",
}

// Click returns the click with the id, as it was recorded at an instant.
func Click(s *sqldb.Session, account int64, id string, at time.Time) (c program.Click, err error) {
	err = column.QueryRow(s, `SELECT `+clickColumns+` FROM clicks c
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
	return s.Exec(`INSERT INTO clicks (account, id, recorded, campaign, partner, customer, instant, custom_click, unique_url, profile, caller)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		account, c.ID, column.Micros(at), c.Campaign, c.Partner, c.Customer, column.Micros(c.At), c.CustomID, c.UniqueURL, c.Profile, c.CallerID)
}

// newestBy returns the newest click in the campaign with the value in the key's column, as it
// was recorded at an instant.
func newestBy(s *sqldb.Session, account, campaign int64, key, value string, at time.Time) (c program.Click, err error) {
	err = column.QueryRow(s, `SELECT `+clickColumns+` FROM clicks c
		WHERE c.account = ? AND c.`+key+` = ? AND c.`+key+` <> '' AND c.campaign = ? AND c.recorded <= ?
		AND NOT EXISTS (SELECT 1 FROM clicks d WHERE d.account = c.account AND d.id = c.id
			AND d.recorded > c.recorded AND d.recorded <= ?)
		ORDER BY c.instant DESC, c.id DESC LIMIT 1`,
		[]any{account, value, campaign, column.Micros(at), column.Micros(at)}, clickDest(&c)...)
	return c, err
}

// ClickBy returns the newest click in the campaign with the value of the key, as it was
// recorded at an instant.
func ClickBy(s *sqldb.Session, account, campaign int64, key program.ClickKey, value string, at time.Time) (program.Click, error) {
	return newestBy(s, account, campaign, keyColumns[key], value, at)
}

// Referral returns the customer's newest click or action in the campaign. Of a click and
// an action at the same instant it returns the click. An action is returned as a click
// without an id. Clicks count as they were recorded when a conversion was accepted, and
// actions if they have a smaller number.
func Referral(s *sqldb.Session, account, campaign int64, customer string, conversion ledger.Submission) (program.Click, error) {
	click, err := newestBy(s, account, campaign, "customer", customer, conversion.Accepted)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return program.Click{}, err
	}
	action, missing := actions.NewestOfCustomer(s, account, campaign, customer, conversion.Number)
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

// ClicksOf returns all recordings of the clicks of a customer: those with the customer's id, and
// others of the same clicks.
func ClicksOf(s *sqldb.Session, account int64, customer string) ([]program.Click, error) {
	return column.Collect(s, "SELECT "+clickColumns+` FROM clicks c WHERE c.account = ? AND c.id IN
		(SELECT d.id FROM clicks d WHERE d.account = ? AND d.customer = ? AND d.customer <> '')`,
		[]any{account, account, customer}, clickDest)
}

// ClickKey identifies the recording of a click.
type ClickKey struct {
	id       string
	recorded int64
	customer string
}

// ClicksToErase returns the keys of up to limit recordings of clicks of a customer. Those with the
// customer's id are last, so that the others are still found.
func ClicksToErase(s *sqldb.Session, account int64, customer string, limit int) ([]ClickKey, error) {
	return column.Collect(s, `SELECT c.id, c.recorded, c.customer FROM clicks c WHERE c.account = ? AND c.id IN
		(SELECT d.id FROM clicks d WHERE d.account = ? AND d.customer = ? AND d.customer <> '')
		ORDER BY CASE WHEN c.customer = ? THEN 1 ELSE 0 END, c.id, c.recorded LIMIT ?`,
		[]any{account, account, customer, customer, int64(limit)}, func(k *ClickKey) []any { return []any{&k.id, &k.recorded, &k.customer} })
}

// Erase overwrites the click's id and all its keys.
func (k ClickKey) Erase(s *sqldb.Session, account int64, id string) error {
	return s.Exec(`UPDATE clicks SET id = ?, customer = '', custom_click = '', unique_url = '', profile = '', caller = ''
		WHERE account = ? AND id = ? AND recorded = ?`, id, account, k.id, k.recorded)
}
