package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// QueueRows puts entries of a file into the queue.
func (st *Store) QueueRows(ctx context.Context, account int64, now time.Time, t store.RowBatch) error {
	if len(t.Entries) > store.MaxBatch {
		return fmt.Errorf("take %d entries at once: more than %d", len(t.Entries), store.MaxBatch)
	}
	var batch []store.Submission
	for _, e := range t.Entries {
		if e.Fault == nil {
			batch = append(batch, e.Submission)
		}
	}
	rows, err := encodeBatch(account, batch)
	if err != nil {
		return fmt.Errorf("take rows: %w", err)
	}
	a := accepting{account: account, now: whole(now), batch: batch, rows: rows, accepted: make([]store.Accepted, len(batch))}
	err = st.operate(ctx, account, func(s *session) error {
		at := int64(-1)
		err := notFound(s.row("SELECT taken FROM files WHERE account = ? AND number = ? AND read IS NULL", []any{account, t.File}, &at))
		if errors.Is(err, ledger.ErrNotFound) || err == nil && at != int64(t.From) {
			return store.ErrFileChanged
		}
		if err != nil {
			return err
		}
		if a.intake, err = s.intakeOf(account); err != nil {
			return err
		}
		if err := a.run(s); err != nil {
			return err
		}
		return s.keepRows(account, whole(now), t, a.accepted)
	})
	if err != nil {
		return fmt.Errorf("take rows of file %d of account %d: %w", t.File, account, err)
	}
	return nil
}

var newFileRows = inserting("file_rows", "file", "line", "item", "submission", "fault text")

// keepRows writes where the rows went and moves the file on.
func (s *session) keepRows(account int64, now time.Time, t store.RowBatch, accepted []store.Accepted) error {
	first, last := int64(0), int64(0)
	if len(accepted) > 0 {
		first, last = accepted[0].Number, accepted[len(accepted)-1].Number
	}
	faults, err := s.writeRows(account, t, accepted)
	if err != nil {
		return err
	}
	read := time.Time{}
	if t.Last {
		read = now
		if err := s.exec("DELETE FROM file_contents WHERE account = ? AND file = ?", account, t.File); err != nil {
			return err
		}
	}
	return s.exec(`UPDATE files SET taken = taken + ?, faults = faults + ?, read = ?,
		first_submission = CASE WHEN first_submission = 0 THEN ? ELSE first_submission END,
		last_submission = CASE WHEN last_submission < ? THEN ? ELSE last_submission END WHERE account = ? AND number = ?`,
		int64(len(t.Entries)), int64(faults), microsOrNull(read), first, last, last, account, t.File)
}

// fileRowsAtOnce is how many rows a statement writes: all that were reported as one
// order are taken at once, and each may have its fault in words.
const fileRowsAtOnce = 5_000

// writeRows writes where the rows went, and answers how many became no submission.
func (s *session) writeRows(account int64, t store.RowBatch, accepted []store.Accepted) (faults int, err error) {
	var rows [][]any
	for _, e := range t.Entries {
		number, fault := int64(0), ""
		if e.Fault == nil {
			number, accepted = accepted[0].Number, accepted[1:]
		} else {
			text, err := json.Marshal(e.Fault)
			if err != nil {
				return 0, err
			}
			fault, faults = string(text), faults+len(e.Rows)
		}
		for _, row := range e.Rows {
			if len(rows) == fileRowsAtOnce {
				if err := s.write(newFileRows, rows); err != nil {
					return 0, err
				}
				rows = rows[:0]
			}
			rows = append(rows, []any{account, t.File, int64(row.Line), int64(row.Item), number, fault})
		}
	}
	return faults, s.write(newFileRows, rows)
}
