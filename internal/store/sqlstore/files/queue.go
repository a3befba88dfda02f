package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// QueueRows implements [store.Files].
func (in *Inbox) QueueRows(ctx context.Context, accountID int64, now time.Time, b store.RowBatch) error {
	if len(b.Entries) > store.MaxBatch {
		return fmt.Errorf("%d entries are more than %d", len(b.Entries), store.MaxBatch)
	}
	var batch []store.Submission
	for _, e := range b.Entries {
		if e.Error == nil {
			batch = append(batch, e.Submission)
		}
	}
	err := account.Exclusive(ctx, in.DB, accountID, func(s *sqldb.Session) error {
		if err := checkPosition(s, accountID, b); err != nil {
			return err
		}
		accepted, err := submissions.AcceptBatch(s, accountID, now, batch)
		if err != nil {
			return err
		}
		return advance(s, accountID, column.Truncate(now), b, accepted)
	})
	if err != nil {
		return fmt.Errorf("queue rows of file %d of account %d: %w", b.File, accountID, err)
	}
	return nil
}

// checkPosition returns [store.ErrFileChanged] unless the batch follows the entries that
// are queued already.
func checkPosition(s *sqldb.Session, account int64, b store.RowBatch) error {
	var queued int64
	err := column.QueryRow(s, "SELECT taken FROM files WHERE account = ? AND number = ? AND read IS NULL", []any{account, b.File}, &queued)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && queued != int64(b.From) {
		return store.ErrFileChanged
	}
	return err
}

// advance stores the rows of a batch and moves the file's position behind them. With the
// last batch it deletes the file's content.
func advance(s *sqldb.Session, account int64, now time.Time, b store.RowBatch, accepted []store.Accepted) error {
	first, last := int64(0), int64(0)
	if len(accepted) > 0 {
		first, last = accepted[0].Number, accepted[len(accepted)-1].Number
	}
	faults, err := insertRows(s, account, b, accepted)
	if err != nil {
		return err
	}
	read := time.Time{}
	if b.Last {
		read = now
		if err := s.Exec("DELETE FROM file_contents WHERE account = ? AND file = ?", account, b.File); err != nil {
			return err
		}
	}
	return s.Exec(`UPDATE files SET taken = taken + ?, faults = faults + ?, read = ?,
		first_submission = CASE WHEN first_submission = 0 THEN ? ELSE first_submission END,
		last_submission = CASE WHEN last_submission < ? THEN ? ELSE last_submission END WHERE account = ? AND number = ?`,
		int64(len(b.Entries)), int64(faults), column.NullMicros(read), first, last, last, account, b.File)
}

var insertFileRow = sqldb.BulkInsert("file_rows", "file", "line", "item", "submission", "fault text")

// rowsPerStatement is the largest number of rows in one statement. An entry can have any
// number of rows, and each can have an error with a long message.
const rowsPerStatement = 5_000

// insertRows stores each row with its submission or its error, and returns the number of
// rows with an error.
func insertRows(s *sqldb.Session, account int64, b store.RowBatch, accepted []store.Accepted) (faults int, err error) {
	var rows [][]any
	for _, e := range b.Entries {
		number, fault := int64(0), ""
		if e.Error == nil {
			number, accepted = accepted[0].Number, accepted[1:]
		} else {
			text, err := json.Marshal(e.Error)
			if err != nil {
				return 0, err
			}
			fault, faults = string(text), faults+len(e.Rows)
		}
		for _, row := range e.Rows {
			if len(rows) == rowsPerStatement {
				if err := s.WriteRows(insertFileRow, rows); err != nil {
					return 0, err
				}
				rows = rows[:0]
			}
			rows = append(rows, []any{account, b.File, int64(row.Line), int64(row.Item), number, fault})
		}
	}
	return faults, s.WriteRows(insertFileRow, rows)
}
