package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Read runs f on one snapshot of an account; an unknown one is ledger.ErrNotFound.
func (st *Store) Read(ctx context.Context, account int64, f func(store.Reader) error) error {
	return st.snapshot(ctx, account, func(r *reader) error { return f(r) })
}

func (st *Store) snapshot(ctx context.Context, account int64, f func(*reader) error) error {
	return st.read(ctx, account, func(s *session) error {
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
func (r *reader) Action(id ledger.ActionID) (ledger.Action, error) {
	a, err := r.action(r.account, id.Number)
	if err == nil && a.ID != id {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return ledger.Action{}, fmt.Errorf("action %s: %w", id, err)
	}
	return a, nil
}

// ActionAsOf implements [store.Reader]: it decides the action's submissions again.
func (r *reader) ActionAsOf(id ledger.ActionID, before time.Time) (ledger.Action, error) {
	a, err := r.Action(id)
	switch {
	case err != nil:
		return ledger.Action{}, err
	case !a.Created.Before(before):
		return ledger.Action{}, fmt.Errorf("action %s as of then: %w", id, ledger.ErrNotFound)
	case a.Updated.Before(before):
		return a, nil
	}
	if a, err = r.replayed(a, before); err != nil {
		return ledger.Action{}, fmt.Errorf("action %s as of %s: %w", id, before, err)
	}
	return a, nil
}

func (r *reader) replayed(a ledger.Action, before time.Time) (ledger.Action, error) {
	last, err := r.trackedBy(r.account, a.ID.Number)
	if err != nil {
		return ledger.Action{}, err
	}
	tracked, err := a.AsTracked(last)
	if err != nil {
		return ledger.Action{}, err
	}
	steps := r.steps(r.ctx, r.account, a.ID.Number, math.MaxInt64).Before(before)
	return store.Replay(tracked, steps, auditReader{r}.Reference, ledger.Decide,
		func(store.Step, ledger.Action, ledger.Change) bool { return true })
}

var actionsByNumber = newByNumbers("SELECT "+actionColumns+" FROM actions a", "actions a", chunk)

// Actions implements [store.Reader].
func (r *reader) Actions(f ledger.ActionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[ledger.Action, error], error) {
	found, numbers, err := r.page(r.listActions(f), p, -1)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list actions: %w", err)
	}
	return found, stream(r, numbers, chunk, func(a ledger.Action) int64 { return a.ID.Number },
		func(args []any) (actions []ledger.Action, err error) {
			var a ledger.Action
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
func (r *reader) Update(id ledger.UpdateID) (u store.UpdateView, err error) {
	err = notFound(r.row(selectUpdate+"WHERE u.account = ? AND u.number = ?", []any{r.account, id.Number}, updateViewRow(&u)...))
	if err == nil && u.ID() != id {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return store.UpdateView{}, fmt.Errorf("update %s: %w", id, err)
	}
	return u, nil
}

var updatesByNumber = newByNumbers(selectUpdate, "updates u", chunk)

// Updates implements [store.Reader].
func (r *reader) Updates(f ledger.ActionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[store.UpdateView, error], error) {
	l, err := r.listUpdates(f)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list updates: %w", err)
	}
	found, numbers, err := r.page(l, p, -1)
	if err != nil {
		return ledger.PageInfo{}, nil, fmt.Errorf("list updates: %w", err)
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
