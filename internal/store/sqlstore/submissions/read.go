package submissions

import (
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
)

// Load returns the submission with the number. Salt is the account's.
func Load(s *sqldb.Session, account, number int64, salt uint32) (store.Submission, error) {
	var r row
	if err := column.QueryRow(s, selectSubmission+"WHERE s.account = ? AND s.number = ?", []any{account, number}, rowDest(&r)...); err != nil {
		return store.Submission{}, err
	}
	return r.submission(salt)
}

// OfAction returns the submissions that completed on an action, by number.
func OfAction(s *sqldb.Session, account, action int64, salt uint32) (found []store.Submission, err error) {
	var r row
	err = s.Rows(selectSubmission+"WHERE o.account = ? AND o.action = ? AND o.action <> 0 ORDER BY o.number", []any{account, action}, rowDest(&r), func() error {
		submission, err := r.submission(salt)
		found = append(found, submission)
		return err
	})
	return found, err
}

// WithoutEffect returns up to limit submissions with numbers above after and up to last that
// completed before an instant and changed nothing, by number. It leaves out those that the results
// of batch files show.
func WithoutEffect(s *sqldb.Session, account, after, last int64, before time.Time, limit int, salt uint32) (found []store.Submission, err error) {
	var r row
	err = s.Rows(selectSubmission+`WHERE s.account = ?1 AND s.number > ?2 AND s.number <= ?3 AND o.first_update = 0 AND `+Completed+` < ?4
		AND (coalesce(o.error_type, '') = '' OR NOT EXISTS (SELECT 1 FROM file_rows f WHERE f.account = ?1 AND f.submission = s.number AND f.submission <> 0))
		ORDER BY s.number LIMIT ?5`, []any{account, after, last, column.Micros(before), int64(limit)}, rowDest(&r), func() error {
		submission, err := r.submission(salt)
		found = append(found, submission)
		return err
	})
	return found, err
}

// Find returns the submission with the id.
func Find(r *account.Snapshot, id store.SubmissionID) (store.Submission, error) {
	number, err := id.Number()
	if err != nil { // no submission has a malformed id
		return store.Submission{}, ledger.ErrNotFound
	}
	s, err := Load(r.Session, r.Account, number, r.Salt)
	if err == nil && s.ID != id {
		err = ledger.ErrNotFound
	}
	return s, err
}

// Reader reads the submissions of a snapshot. It implements the methods of
// [store.Reader] with the same names.
type Reader struct{ Snapshot *account.Snapshot }

// Submission returns the submission with the id.
func (r Reader) Submission(id store.SubmissionID) (store.Submission, error) {
	s, err := Find(r.Snapshot, id)
	if err != nil {
		return store.Submission{}, fmt.Errorf("submission %s: %w", id, err)
	}
	return s, nil
}

var loader = listing.NewLoader(selectSubmission, "submissions s", listing.WideChunk,
	func(r *row) int64 { return r.Number }, rowDest)

// Submissions returns a page of the submissions that match f, newest first.
func (r Reader) Submissions(f search.SubmissionFilter, p search.Page) (search.PageInfo, iter.Seq2[store.Submission, error], error) {
	info, numbers, err := page(r.Snapshot, f, p)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list submissions: %w", err)
	}
	return info, listing.Stream(r.Snapshot, loader, numbers, func(row *row) (store.Submission, error) {
		return row.submission(r.Snapshot.Salt)
	}), nil
}

// SelectAfter is the query that scrolls through the submissions of an account, with
// parameters for the account, the last number and the length of a chunk.
var SelectAfter = selectSubmission + "WHERE s.account = ? AND s.number > ? ORDER BY s.number LIMIT ?"

// Scroll returns all submissions of a snapshot by number.
func Scroll(r *account.Snapshot) iter.Seq2[store.Submission, error] {
	return listing.Scroll(r.Context, func(last *store.Submission) (submissions []store.Submission, err error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		var row row
		err = r.Rows(SelectAfter, []any{r.Account, after, int64(listing.WideChunk)}, rowDest(&row), func() error {
			s, err := row.submission(r.Salt)
			submissions = append(submissions, s)
			return err
		})
		return submissions, err
	})
}
