package sqlstore

import (
	"fmt"
	"iter"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Submission implements [store.Reader].
func (r *reader) Submission(id store.SubmissionID) (store.Submission, error) {
	s, err := r.submission(id)
	if err != nil {
		return store.Submission{}, fmt.Errorf("submission %s: %w", id, err)
	}
	return s, nil
}

func (r *reader) submission(id store.SubmissionID) (store.Submission, error) {
	number, err := id.Number()
	if err != nil { // what is no id names nothing
		return store.Submission{}, ledger.ErrNotFound
	}
	s, err := r.submissionNumbered(r.account, number, r.salt)
	if err == nil && s.ID != id {
		err = ledger.ErrNotFound
	}
	return s, err
}

// submissionNumbered answers the submission with the number.
func (s *session) submissionNumbered(account, number int64, salt uint32) (store.Submission, error) {
	var row submissionRow
	if err := s.row(selectSubmission+"WHERE s.account = ? AND s.number = ?", []any{account, number}, row.dest()...); err != nil {
		return store.Submission{}, notFound(err)
	}
	return row.submission(salt)
}

var submissionsByNumber = newByNumbers(selectSubmission, "submissions s", wideChunk)

// Submissions implements [store.Reader].
func (r *reader) Submissions(f ledger.SubmissionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[store.Submission, error], error) {
	found, numbers, err := r.submissionPage(f, p)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list submissions: %w", err)
	}
	return found, stream(r, numbers, wideChunk, func(s store.Submission) int64 { return s.Number },
		func(args []any) ([]store.Submission, error) {
			return r.submissions(submissionsByNumber.text(r.dialect), args)
		}), nil
}

func (r *reader) submissionPage(f ledger.SubmissionFilter, p ledger.Page) (ledger.PageInfo, []int64, error) {
	total := -1
	if len(f.Kinds) == 0 && f.Order == "" && f.Action == (ledger.ActionID{}) && f.Accepted == (ledger.TimeRange{}) && f.Failed == nil {
		var err error
		if total, err = r.submissionCount(f.Complete); err != nil {
			return ledger.PageInfo{}, nil, err
		}
	}
	l, err := r.listSubmissions(f)
	if err != nil {
		return ledger.PageInfo{}, nil, err
	}
	return r.page(l, p, total)
}

// submissionCount answers how many submissions there are, of those that are complete or
// not if that is asked: they have the numbers from 1, and take effect in that order.
func (r *reader) submissionCount(complete *bool) (int, error) {
	var accepted, applied int
	err := r.row("SELECT i.number, a.number FROM intake i JOIN applier a ON a.account = i.account WHERE i.account = ?",
		[]any{r.account}, &accepted, &applied)
	switch {
	case complete == nil:
		return accepted, err
	case *complete:
		return applied, err
	}
	return accepted - applied, err
}

// submissions reads rows of selectSubmission.
func (r *reader) submissions(text string, args []any) (submissions []store.Submission, err error) {
	var row submissionRow
	err = r.rows(text, args, row.dest(), func() error {
		s, err := row.submission(r.salt)
		submissions = append(submissions, s)
		return err
	})
	return submissions, err
}

// listSubmissions answers the submissions that match.
func (r *reader) listSubmissions(f ledger.SubmissionFilter) (*listing, error) {
	var last, applied int64
	err := r.row(`SELECT i.number, a.number FROM intake i JOIN applier a ON a.account = i.account WHERE i.account = ?`,
		[]any{r.account}, &last, &applied)
	if err != nil {
		return nil, err
	}
	l := r.list("submissions s", "s")
	if f.Order != "" {
		l.by(`s.number IN (SELECT number FROM submissions WHERE account = ? AND order_id = ? AND order_id <> ''
			UNION SELECT o.number FROM actions a JOIN outcomes o ON o.account = a.account AND o.action = a.number
			AND o.action <> 0 AND o.first_update = 0 WHERE a.account = ? AND a.order_id = ?
			UNION SELECT u.submission FROM actions a JOIN updates u ON u.account = a.account AND u.action = a.number
			WHERE a.account = ? AND a.order_id = ?)`, r.account, f.Order, r.account, f.Order, r.account, f.Order)
	}
	if f.Action != (ledger.ActionID{}) {
		l.by(`s.number IN (SELECT number FROM outcomes WHERE account = ? AND action = ? AND action <> 0 AND first_update = 0
			UNION SELECT submission FROM updates WHERE account = ? AND action = ?
			UNION SELECT number FROM submissions WHERE account = ? AND number > ? AND action = ?)`,
			r.account, f.Action.Number, r.account, f.Action.Number, r.account, applied, f.Action.Number)
		l.and("EXISTS (SELECT 1 FROM actions a WHERE a.account = ? AND a.number = ? AND a.campaign = ? AND a.event_type = ?)",
			r.account, f.Action.Number, f.Action.Campaign, f.Action.EventType)
	}
	if len(f.Kinds) > 0 {
		kinds := make([]any, len(f.Kinds))
		for i, kind := range f.Kinds {
			kinds[i] = string(kind)
		}
		l.and("s.kind IN ("+marks(len(kinds))+")", kinds...)
	}
	if f.Complete != nil && *f.Complete {
		l.and(l.key()+" <= ?", applied)
	} else if f.Complete != nil {
		l.and(l.key()+" > ?", applied)
	}
	l.failed(r.account, f.Failed)
	if f.Accepted == (ledger.TimeRange{}) {
		return l, nil
	}
	return l, r.numbered(l, "SELECT number, accepted FROM submissions", last, f.Accepted)
}

// failed adds whether submissions ended with an error; queued ones did not.
func (l *listing) failed(account int64, failed *bool) {
	if failed == nil {
		return
	}
	condition := "EXISTS (SELECT 1 FROM outcomes o WHERE o.account = ? AND o.number = s.number AND o.error_type <> '')"
	if !*failed {
		condition = "NOT " + condition
	}
	l.and(condition, account)
}
