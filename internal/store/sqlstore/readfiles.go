package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// completed is SQL for the instant at which a file was complete; it reads the
// outcome o of the file's last submission.
const completed = "CASE WHEN f.read IS NULL OR f.last_submission <> 0 AND o.completed IS NULL THEN NULL WHEN f.read < o.completed THEN o.completed ELSE f.read END"

const filesWithOutcomes = `files f LEFT JOIN outcomes o ON o.account = f.account AND o.number = f.last_submission`

// failures are the rows of files whose submissions ended with an error, by the
// failed submissions between a file's first and last: they are few.
const failures = ` FROM outcomes e JOIN file_rows r ON r.account = e.account AND r.submission = e.number AND r.submission <> 0
	WHERE e.account = f.account AND e.error_type <> '' AND e.number BETWEEN f.first_submission AND f.last_submission
	AND f.first_submission <> 0 AND r.file = f.number`

const selectFile = `SELECT f.number, f.accepted, f.name, f.kind, f.records, f.taken, f.read, ` + completed + `,
	f.first_submission, f.last_submission, f.faults + (SELECT count(*)` + failures + `) FROM ` + filesWithOutcomes + " "

// fileRow reads a row of selectFile.
type fileRow struct {
	store.File
	// first and last are numbers of submissions.
	first, last int64
}

func (r *fileRow) dest() []any {
	return []any{
		&r.Number, (*instant)(&r.Accepted), &r.Name, &r.Kind, &r.Records, &r.Taken, (*instant)(&r.Read),
		(*instant)(&r.Completed), &r.first, &r.last, &r.Errors,
	}
}

func (r *fileRow) file(salt uint32) store.File {
	f := r.File
	f.ID = store.NewFileID(salt, f.Accepted, f.Number)
	return f
}

// File implements [store.Reader].
func (r *reader) File(id store.FileID) (store.File, error) {
	f, err := r.file(id)
	if err != nil {
		return store.File{}, fmt.Errorf("file %s: %w", id, err)
	}
	return f.File, nil
}

func (r *reader) file(id store.FileID) (row fileRow, err error) {
	number, err := id.Number()
	if err != nil { // what is no id names nothing
		return fileRow{}, ledger.ErrNotFound
	}
	if err = r.row(selectFile+"WHERE f.account = ? AND f.number = ?", []any{r.account, number}, row.dest()...); err != nil {
		return fileRow{}, notFound(err)
	}
	if row.File = row.file(r.salt); row.ID != id {
		return fileRow{}, ledger.ErrNotFound
	}
	return row, nil
}

var filesByNumber = newByNumbers(selectFile, "files f", chunk)

// Files implements [store.Reader].
func (r *reader) Files(f ledger.FileFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[store.File, error], error) {
	l := r.list(filesWithOutcomes, "f")
	for column, span := range map[string]ledger.TimeRange{"f.accepted": f.Accepted, completed: f.Completed} {
		if span != (ledger.TimeRange{}) {
			l.and(column+" >= ?", microsUp(span.Start))
			l.and(column+" < ?", microsUp(span.End))
		}
	}
	found, numbers, err := r.page(l, p, -1)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list files: %w", err)
	}
	return found, stream(r, numbers, chunk, func(f store.File) int64 { return f.Number },
		func(args []any) (files []store.File, err error) {
			var row fileRow
			err = r.rows(filesByNumber.text(r.dialect), args, row.dest(), func() error {
				files = append(files, row.file(r.salt))
				return nil
			})
			return files, err
		}), nil
}

// errorLines are the lines of a file's rows that had no effect, with their items
// and submissions.
const errorLines = `SELECT line, item, submission, fault FROM (
	SELECT line, item, submission, fault FROM file_rows WHERE account = ? AND file = ? AND fault <> ''
	UNION ALL
	SELECT r.line, r.item, r.submission, r.fault FROM outcomes e
	JOIN file_rows r ON r.account = e.account AND r.submission = e.number AND r.submission <> 0
	WHERE e.account = ? AND e.error_type <> '' AND e.number BETWEEN ? AND ? AND e.number <> 0 AND r.file = ?
	) AS matching `

// FileErrors implements [store.Reader].
func (r *reader) FileErrors(id store.FileID, p ledger.Page) (ledger.PageInfo, iter.Seq2[store.FileError, error], error) {
	f, err := r.file(id)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("errors of file %s: %w", id, err)
	}
	offset := int64(p.Number-1) * int64(p.Size)
	rows, err := r.errorRows(f, "ORDER BY line LIMIT ? OFFSET ?", int64(p.Size), offset)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("errors of file %s: %w", id, err)
	}
	found := ledger.PageInfo{Total: f.Errors, Count: len(rows), More: offset+int64(len(rows)) < int64(f.Errors)}
	return found, func(yield func(store.FileError, error) bool) {
		for _, row := range rows {
			e, err := r.fileError(row)
			if !yield(e, cmp.Or(err, context.Cause(r.ctx))) || err != nil {
				return
			}
		}
	}, nil
}

// FileError implements [store.Reader].
func (r *reader) FileError(id store.FileID, line int) (e store.FileError, err error) {
	f, err := r.file(id)
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
		return store.FileError{}, fmt.Errorf("error at line %d of file %s: %w", line, id, err)
	}
	return e, nil
}

// errorRow is a row of errorLines.
type errorRow struct {
	store.FileRow
	submission int64
	fault      string
}

func (r *reader) errorRows(f fileRow, which string, args ...any) (found []errorRow, err error) {
	var row errorRow
	args = append([]any{r.account, f.Number, r.account, f.first, f.last, f.Number}, args...)
	err = r.rows(errorLines+which, args, []any{&row.Line, &row.Item, &row.submission, &row.fault}, func() error {
		found = append(found, row)
		return nil
	})
	return found, err
}

func (r *reader) fileError(row errorRow) (e store.FileError, err error) {
	e.FileRow = row.FileRow
	if row.submission != 0 {
		e.Submission, err = r.submissionNumbered(r.account, row.submission, r.salt)
		return e, err
	}
	e.Fault = new(store.RowFault)
	return e, json.Unmarshal([]byte(row.fault), e.Fault)
}
