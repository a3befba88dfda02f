package files

import (
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// completed is an SQL expression for the instant at which file f was complete: when its
// last row was queued, or when its last submission s, with outcome o, completed if that
// was later.
const completed = "CASE WHEN f.read IS NULL OR f.last_submission <> 0 AND o.number IS NULL THEN NULL WHEN f.read < " +
	submissions.Completed + " THEN " + submissions.Completed + " ELSE f.read END"

const fromFiles = `files f LEFT JOIN outcomes o ON o.account = f.account AND o.number = f.last_submission
	LEFT JOIN submissions s ON s.account = o.account AND s.number = o.number`

// appliedRows is an SQL expression for the number of rows of file f that were applied or rejected, in
// the account ?1.
const appliedRows = "CASE WHEN (" + completed + ") IS NOT NULL THEN f.records ELSE f.faults + (SELECT count(*) FROM file_rows r" +
	" WHERE r.account = ?1 AND r.file = f.number AND r.submission BETWEEN 1 AND (SELECT a.number FROM applier a WHERE a.account = ?1)) END"

// failedRows selects the rows of file f whose submissions failed, in the account ?1. It begins
// with the few failed submissions between the file's first and last.
const failedRows = ` FROM outcomes e JOIN file_rows r ON r.account = ?1 AND r.submission = e.number AND r.submission <> 0
	WHERE e.account = ?1 AND e.error_type <> '' AND e.number BETWEEN f.first_submission AND f.last_submission
	AND f.first_submission <> 0 AND r.file = f.number`

const selectFile = `SELECT f.number, f.accepted, f.name, f.kind, f.records, ` + appliedRows + `, f.taken, f.read, ` + completed + `,
	f.first_submission, f.last_submission, f.faults + (SELECT count(*)` + failedRows + `) FROM ` + fromFiles + " "

// row is a row of selectFile.
type row struct {
	store.File
	// first and last are the numbers of the file's first and last submission.
	first, last int64
}

func (r *row) dest() []any {
	return []any{
		&r.Number, (*column.Instant)(&r.Accepted), &r.Name, &r.Kind, &r.Records, &r.Applied, &r.Processed, (*column.Instant)(&r.Read),
		(*column.Instant)(&r.Completed), &r.first, &r.last, &r.Errors,
	}
}

func (r *row) file(salt uint32) store.File {
	f := r.File
	f.ID = store.NewFileID(salt, f.Accepted, f.Number)
	return f
}

// Reader reads the files of a snapshot. It implements the methods of [store.Reader]
// with the same names.
type Reader struct{ Snapshot *account.Snapshot }

// File returns the file with the id.
func (r Reader) File(id store.FileID) (store.File, error) {
	f, err := r.find(id)
	if err != nil {
		return store.File{}, fmt.Errorf("file %s: %w", id, err)
	}
	return f.File, nil
}

func (r Reader) find(id store.FileID) (f row, err error) {
	number, err := id.Number()
	if err != nil { // no file has a malformed id
		return row{}, ledger.ErrNotFound
	}
	err = column.QueryRow(r.Snapshot.Session, selectFile+"WHERE f.account = ?1 AND f.number = ?2", []any{r.Snapshot.Account, number}, f.dest()...)
	if err != nil {
		return row{}, err
	}
	if f.File = f.file(r.Snapshot.Salt); f.ID != id {
		return row{}, ledger.ErrNotFound
	}
	return f, nil
}

var loader = listing.NewLoader(selectFile, "files f", listing.Chunk, func(r *row) int64 { return r.Number }, (*row).dest)

// Files returns a page of the files that match f, newest first.
func (r Reader) Files(f search.FileFilter, p search.Page) (search.PageInfo, iter.Seq2[store.File, error], error) {
	l := listing.New(r.Snapshot, fromFiles, "f")
	andWithin(l, "f.accepted", f.Accepted)
	andWithin(l, completed, f.Completed)
	info, numbers, err := l.Page(p, listing.UnknownTotal)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list files: %w", err)
	}
	return info, listing.Stream(r.Snapshot, loader, numbers, func(f *row) (store.File, error) {
		return f.file(r.Snapshot.Salt), nil
	}), nil
}

// andWithin adds the bounds of span on an expression without an index.
func andWithin(l *listing.Listing, expression string, span search.TimeRange) {
	if !span.Start.IsZero() {
		l.And(expression+" >= ?", column.MicrosUp(span.Start))
	}
	if !span.End.IsZero() {
		l.And(expression+" < ?", column.MicrosUp(span.End))
	}
}
