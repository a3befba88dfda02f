package actions

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/sqldb"
)

// CheckLatest calls report unless the table latest, which some databases have, holds the
// last update of each action and nothing else.
func CheckLatest(s *sqldb.Session, account int64, report func(subject, problem string) error) error {
	if !hasLatest(s.Dialect()) {
		return nil
	}
	var rows, missing int64
	if err := s.Row(`SELECT (SELECT count(*) FROM latest WHERE account = ?) - count(*), count(*) - count(l.action)
		FROM actions a LEFT JOIN latest l ON l.account = a.account AND l.updated = a.updated AND l.action = a.number
		WHERE a.account = ?`, []any{account, account}, &rows, &missing); err != nil {
		return err
	}
	if rows == 0 && missing == 0 {
		return nil
	}
	return report("table latest", fmt.Sprintf("has %d rows too many, and lacks the last update of %d actions", rows+missing, missing))
}
