package actions

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// LockedAction is an action, without items, and the acceptance of its conversion.
type LockedAction struct {
	ledger.Action
	Accepted time.Time
}

var selectLocked = "SELECT " + actionTable.List("a") + ", s.accepted FROM actions a JOIN submissions s ON s.account = ?1 AND s.number = a.number WHERE a.account = ?1 "

func collectLocked(s *sqldb.Session, condition string, args ...any) (found []LockedAction, err error) {
	var a LockedAction
	err = s.Rows(selectLocked+condition, args, append(actionTable.Dest(&a.Action), (*column.Instant)(&a.Accepted)), func() error {
		found = append(found, a)
		return nil
	})
	return found, err
}

// LockedActions returns up to limit actions that lock before an instant, in the order of their
// locking dates and numbers, after the given ones. Many lock at the same midnight: the comparison
// of rows lets SQLite find the first one in the index, whose rows end with the number.
func LockedActions(s *sqldb.Session, account int64, locking time.Time, number int64, until time.Time, limit int) ([]LockedAction, error) {
	return collectLocked(s, "AND (a.locking, a.number) > (?2, ?3) AND a.locking < ?4 ORDER BY a.locking, a.number LIMIT ?5",
		account, column.Micros(locking), number, column.Micros(until), int64(limit))
}

// LateActions returns up to limit actions that were locked when they were tracked, or when
// their conversion was applied, in the order of their numbers: above after, up to last.
func LateActions(s *sqldb.Session, account, after, last int64, limit int) ([]LockedAction, error) {
	return collectLocked(s, "AND a.number > ?2 AND a.number <= ?3 AND a.tracked_locking <= a.created ORDER BY a.number LIMIT ?4",
		account, after, last, int64(limit))
}
