package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Read runs f on one snapshot of an account; an unknown one is trueup.ErrNotFound.
func (st *Store) Read(ctx context.Context, account int64, f func(store.Reader) error) error {
	return st.snapshot(ctx, account, func(r *reader) error { return f(r) })
}

func (st *Store) snapshot(ctx context.Context, account int64, f func(*reader) error) error {
	return st.read(ctx, func(s *session) error {
		salt, err := s.salt(account)
		if err != nil {
			return fmt.Errorf("read account %d: %w", account, err)
		}
		return f(&reader{session: s, ctx: ctx, store: st, account: account, salt: salt})
	})
}

// reader is one account in a read transaction, whose context it carries: its
// sequences run within the call that has it.
type reader struct {
	*session
	ctx     context.Context
	store   *Store
	account int64
	salt    uint32
}

var _ store.Reader = (*reader)(nil)

// Action implements [store.Reader].
func (r *reader) Action(id trueup.ActionID) (trueup.Action, error) {
	a, err := r.action(r.account, id.Number)
	if err == nil && a.ID != id {
		err = trueup.ErrNotFound
	}
	if err != nil {
		return trueup.Action{}, fmt.Errorf("action %s: %w", id, err)
	}
	return a, nil
}

// ActionAsOf implements [store.Reader]: it decides the action's submissions again.
func (r *reader) ActionAsOf(id trueup.ActionID, before time.Time) (trueup.Action, error) {
	a, err := r.Action(id)
	switch {
	case err != nil:
		return trueup.Action{}, err
	case !a.Created.Before(before):
		return trueup.Action{}, fmt.Errorf("action %s as of then: %w", id, trueup.ErrNotFound)
	case a.Updated.Before(before):
		return a, nil
	}
	if a, err = r.replayed(a, before); err != nil {
		return trueup.Action{}, fmt.Errorf("action %s as of %s: %w", id, before, err)
	}
	return a, nil
}

func (r *reader) replayed(a trueup.Action, before time.Time) (trueup.Action, error) {
	last, err := r.trackedBy(r.account, a.ID.Number)
	if err != nil {
		return trueup.Action{}, err
	}
	tracked, err := a.AsTracked(last)
	if err != nil {
		return trueup.Action{}, err
	}
	steps := r.steps(r.ctx, r.account, a.ID.Number, math.MaxInt64).Before(before)
	return store.Replay(tracked, steps, ledger{r}.Reference, trueup.Decide,
		func(store.Step, trueup.Action, trueup.Change) bool { return true })
}

var actionsByNumber = newByNumbers("SELECT "+actionColumns+" FROM actions a", "actions a", chunk)

// Actions implements [store.Reader].
func (r *reader) Actions(f trueup.ActionFilter, p trueup.Page) (trueup.Found, iter.Seq2[trueup.Action, error], error) {
	found, numbers, err := r.page(r.listActions(f), p, -1)
	if err != nil {
		return trueup.Found{}, nil, fmt.Errorf("list actions: %w", err)
	}
	return found, stream(r, numbers, chunk, func(a trueup.Action) int64 { return a.ID.Number },
		func(args []any) (actions []trueup.Action, err error) {
			var a trueup.Action
			err = r.rows(actionsByNumber.text(r.dialect), args, actionRow(&a), func() error {
				actions = append(actions, a)
				return nil
			})
			return actions, err
		}), nil
}

const selectUpdate = "SELECT " + updateColumns + ", " + actionColumns + updatesWithActions

func updateViewRow(u *store.UpdateView) []any {
	return append(updateRow(&u.Update), actionRow(&u.Of)...)
}

// Update implements [store.Reader].
func (r *reader) Update(id trueup.UpdateID) (u store.UpdateView, err error) {
	err = notFound(r.row(selectUpdate+"WHERE u.account = ? AND u.number = ?", []any{r.account, id.Number}, updateViewRow(&u)...))
	if err == nil && u.ID() != id {
		err = trueup.ErrNotFound
	}
	if err != nil {
		return store.UpdateView{}, fmt.Errorf("update %s: %w", id, err)
	}
	return u, nil
}

var updatesByNumber = newByNumbers(selectUpdate, "updates u", chunk)

// Updates implements [store.Reader].
func (r *reader) Updates(f trueup.ActionFilter, p trueup.Page) (trueup.Found, iter.Seq2[store.UpdateView, error], error) {
	l, err := r.listUpdates(f)
	if err != nil {
		return trueup.Found{}, nil, fmt.Errorf("list updates: %w", err)
	}
	found, numbers, err := r.page(l, p, -1)
	if err != nil {
		return trueup.Found{}, nil, fmt.Errorf("list updates: %w", err)
	}
	return found, stream(r, numbers, chunk, func(u store.UpdateView) int64 { return u.Number },
		func(args []any) (updates []store.UpdateView, err error) {
			var u store.UpdateView
			err = r.rows(updatesByNumber.text(r.dialect), args, updateViewRow(&u), func() error {
				updates = append(updates, u)
				return nil
			})
			return updates, err
		}), nil
}

const selectSubmission = "SELECT " + submissionColumns + submissionsWithOutcomes

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
		return store.Submission{}, trueup.ErrNotFound
	}
	s, err := r.submissionNumbered(r.account, number, r.salt)
	if err == nil && s.ID != id {
		err = trueup.ErrNotFound
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
func (r *reader) Submissions(f trueup.SubmissionFilter, p trueup.Page) (trueup.Found, iter.Seq2[store.Submission, error], error) {
	found, numbers, err := r.submissionPage(f, p)
	if err != nil {
		return trueup.Found{}, nil, fmt.Errorf("list submissions: %w", err)
	}
	return found, stream(r, numbers, wideChunk, func(s store.Submission) int64 { return s.Number },
		func(args []any) ([]store.Submission, error) {
			return r.submissions(submissionsByNumber.text(r.dialect), args)
		}), nil
}

func (r *reader) submissionPage(f trueup.SubmissionFilter, p trueup.Page) (trueup.Found, []int64, error) {
	total := -1
	if len(f.Kinds) == 0 && f.Order == "" && f.Action == (trueup.ActionID{}) && f.Accepted == (trueup.Span{}) && f.Failed == nil {
		var err error
		if total, err = r.submissionCount(f.Complete); err != nil {
			return trueup.Found{}, nil, err
		}
	}
	l, err := r.listSubmissions(f)
	if err != nil {
		return trueup.Found{}, nil, err
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
