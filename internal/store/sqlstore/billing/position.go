// Package billing stores what an account owes its partners: the entries of locked actions and
// the invoices.
package billing

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
)

// Biller implements [store.Biller] and [store.Accounting].
type Biller struct {
	DB       *sqldb.DB
	Versions *reference.Versions
	// Lock runs f in a write transaction that locks the acceptance and the application of submissions of an account.
	Lock func(ctx context.Context, account int64, f func(*sqldb.Session) error) error
}

const selectPosition = "SELECT since, gathered, gathered_number, late, period, partner, fenced, recorded FROM billing WHERE account = ?"

// Position returns the billing position of an account.
func Position(s *sqldb.Session, account int64) (store.BillingPosition, error) {
	return position(s, account, "")
}

func position(s *sqldb.Session, account int64, lock string) (p store.BillingPosition, err error) {
	err = column.QueryRow(s, selectPosition+lock, []any{account}, (*column.Instant)(&p.Since), (*column.Instant)(&p.Gathered),
		&p.GatheredNumber, &p.Late, (*column.Instant)(&p.Period), &p.Partner, (*column.Instant)(&p.Fenced), &p.Recorded)
	return p, err
}

func savePosition(s *sqldb.Session, account int64, p store.BillingPosition) error {
	return s.Exec("UPDATE billing SET gathered = ?, gathered_number = ?, late = ?, period = ?, partner = ?, fenced = ?, recorded = ? WHERE account = ?",
		column.Micros(p.Gathered), p.GatheredNumber, p.Late, column.Micros(p.Period), p.Partner, column.Micros(p.Fenced), p.Recorded, account)
}

// queue is the state of an account's queue.
type queue struct {
	// accepted is the instant before which no more submissions are accepted.
	accepted time.Time
	// applied is the number of the last completed submission.
	applied int64
	// complete is the instant before which every accepted submission is complete.
	complete time.Time
}

func readQueue(s *sqldb.Session, account int64) (q queue, err error) {
	var next sql.NullInt64
	err = column.QueryRow(s, `SELECT i.instant, a.number, (SELECT s.accepted FROM submissions s WHERE s.account = ?1 AND s.number = a.number + 1)
		FROM intake i JOIN applier a ON a.account = ?1 WHERE i.account = ?1`, []any{account}, (*column.Instant)(&q.accepted), &q.applied, &next)
	q.complete = q.accepted
	if next.Valid {
		q.complete = time.UnixMicro(next.Int64).UTC()
	}
	return q, err
}

// errMoved means that another process billed the account meanwhile.
var errMoved = errors.New("another process billed the account")

// nextNumbers assigns count numbers of the account's sequence of updates, adjustments, invoices
// and payments, and returns the first. The account's applier must be locked.
func nextNumbers(s *sqldb.Session, account int64, count int) (first int64, err error) {
	var last int64
	if err := s.Row("SELECT last_update FROM applier WHERE account = ?", []any{account}, &last); err != nil {
		return 0, err
	}
	return last + 1, s.Exec("UPDATE applier SET last_update = ? WHERE account = ?", last+int64(count), account)
}
