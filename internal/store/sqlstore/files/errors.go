package files

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// selectErrors reads the rows of a file that had no effect: the invalid ones, which have
// no submission, and those whose submission failed.
const selectErrors = `SELECT line, item, submission, fault FROM (
	SELECT line, item, submission, fault FROM file_rows WHERE account = ? AND file = ? AND fault <> ''
	UNION ALL
	SELECT r.line, r.item, r.submission, r.fault FROM outcomes e
	JOIN file_rows r ON r.account = e.account AND r.submission = e.number AND r.submission <> 0
	WHERE e.account = ? AND e.error_type <> '' AND e.number BETWEEN ? AND ? AND e.number <> 0 AND r.file = ?
	) AS matching `

// errorRow is a row of selectErrors.
type errorRow struct {
	store.FileRow
	submission int64
	fault      string
}

// FileErrors returns a page of the rows of a file that had no effect, in their order.
func (r Reader) FileErrors(id store.FileID, p search.Page) (search.PageInfo, iter.Seq2[store.FailedRow, error], error) {
	f, err := r.find(id)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("errors of file %s: %w", id, err)
	}
	offset := int64(p.Number-1) * int64(p.Size)
	rows, err := r.errorRows(f, "ORDER BY line LIMIT ? OFFSET ?", int64(p.Size), offset)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("errors of file %s: %w", id, err)
	}
	info := search.PageInfo{Total: f.Errors, Count: len(rows), More: offset+int64(len(rows)) < int64(f.Errors)}
	return info, func(yield func(store.FailedRow, error) bool) {
		for _, row := range rows {
			e, err := r.fileError(row)
			if !yield(e, cmp.Or(err, context.Cause(r.Snapshot.Context))) || err != nil {
				return
			}
		}
	}, nil
}

// FileError returns the row at a line of a file, if it had no effect.
func (r Reader) FileError(id store.FileID, line int) (e store.FailedRow, err error) {
	f, err := r.find(id)
	var rows []errorRow
	if err == nil {
		rows, err = r.errorRows(f, "WHERE line = ?", int64(line))
	}
	if err == nil && len(rows) == 0 {
		err = ledger.ErrNotFound
	}
	if err == nil {
		e, err = r.fileError(rows[0])
	}
	if err != nil {
		return store.FailedRow{}, fmt.Errorf("error at line %d of file %s: %w", line, id, err)
	}
	return e, nil
}

func (r Reader) errorRows(f row, clause string, args ...any) ([]errorRow, error) {
	account := r.Snapshot.Account
	args = append([]any{account, f.Number, account, f.first, f.last, f.Number}, args...)
	return column.Collect(r.Snapshot.Session, selectErrors+clause, args, func(row *errorRow) []any {
		return []any{&row.Line, &row.Item, &row.submission, &row.fault}
	})
}

func (r Reader) fileError(row errorRow) (e store.FailedRow, err error) {
	e.FileRow = row.FileRow
	if row.submission != 0 {
		e.Submission, err = submissions.Load(r.Snapshot.Session, r.Snapshot.Account, row.submission, r.Snapshot.Salt)
		return e, err
	}
	e.Cause = new(store.RowError)
	return e, json.Unmarshal([]byte(row.fault), e.Cause)
}
