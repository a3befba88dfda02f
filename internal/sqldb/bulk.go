package sqldb

import "github.com/trueup-ledger/trueup/internal/sqldb/bulk"

// Bulk is a statement that writes many rows of a table.
type Bulk = bulk.Statement

// BulkInsert returns the statement that [bulk.Insert] does.
func BulkInsert(table string, columns ...string) Bulk { return bulk.Insert(table, columns...) }

// BulkUpdate returns the statement that [bulk.Update] does.
func BulkUpdate(table string, keys int, columns ...string) Bulk {
	return bulk.Update(table, keys, columns...)
}

// WriteRows writes rows. The first value of each row is the account, followed by the
// values of the statement's columns.
func (s *Session) WriteRows(b Bulk, rows [][]any) error {
	if s.seals != nil {
		b, rows = s.seals.RewriteRows(b, rows)
	}
	return s.writeRows(b, rows, s.Exec)
}

// WriteSealed is [Session.WriteRows] for rows that have their seals, such as those of a copy. It
// changes no digest.
func (s *Session) WriteSealed(b Bulk, rows [][]any) error {
	return s.writeRows(b, rows, func(text string, args ...any) error { return s.RowsDeferred(text, args, nil, nil) })
}

func (s *Session) writeRows(b Bulk, rows [][]any, exec func(text string, args ...any) error) error {
	for text, args := range b.Calls(bulk.Form{Arrays: s.dialect.Arrays, Distributed: s.dialect.Distributed}, rows) {
		if err := exec(text, args...); err != nil {
			return err
		}
	}
	return nil
}
