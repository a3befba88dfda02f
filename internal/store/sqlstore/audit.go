package sqlstore

import (
	"context"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Scan runs f on the whole of an account in one snapshot.
func (st *Store) Scan(ctx context.Context, account int64, f func(store.Contents) error) error {
	return st.snapshot(ctx, account, func(r *reader) error { return f(auditReader{r}) })
}

// auditReader implements [store.Contents].
type auditReader struct{ *reader }

// scroll answers all that more does, which is given the last object before, nil
// at first, and answers none at the end.
func scroll[T any](ctx context.Context, more func(last *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var last *T
		for {
			part, err := more(last)
			if ctx.Err() != nil {
				err = context.Cause(ctx)
			}
			if err != nil {
				yield(none, err)
				return
			}
			for _, object := range part {
				if !yield(object, nil) {
					return
				}
			}
			if len(part) == 0 {
				return
			}
			last = &part[len(part)-1]
		}
	}
}

// Counters implements [store.Contents].
func (l auditReader) Counters() (c store.Counters, err error) {
	err = l.row(`SELECT i.number, a.number, a.last_update FROM intake i JOIN applier a ON a.account = i.account
		WHERE i.account = ?`, []any{l.account}, &c.Accepted, &c.Applied, &c.LastUpdate)
	return c, err
}

// Reference implements [store.Contents].
func (l auditReader) Reference(at time.Time) (*ledger.Reference, error) {
	e, err := l.store.era(l.session, l.account, at)
	return e.reference, err
}

// Actions implements [store.Contents].
func (l auditReader) Actions() iter.Seq2[ledger.Action, error] {
	return scroll(l.ctx, func(last *ledger.Action) (actions []ledger.Action, err error) {
		after := int64(0)
		if last != nil {
			after = last.ID.Number
		}
		var a ledger.Action
		err = l.rows("SELECT "+actionColumns+" FROM actions a WHERE a.account = ? AND a.number > ? ORDER BY a.number LIMIT ?",
			[]any{l.account, after, int64(chunk)}, actionRow(&a), func() error {
				actions = append(actions, a)
				return nil
			})
		for i := 0; err == nil && i < len(actions); i++ {
			actions[i].Items, err = l.items(l.account, actions[i].ID.Number)
		}
		return actions, err
	})
}

// everyUpdate finds updates without an action too.
var everyUpdate = "SELECT " + strings.NewReplacer("a.campaign", "coalesce(a.campaign, 0)", "a.event_type", "coalesce(a.event_type, 0)").
	Replace(updateColumns) + ` FROM updates u LEFT JOIN actions a ON a.account = u.account AND a.number = u.action
	WHERE u.account = ? AND (u.action, u.number) > (?, ?) ORDER BY u.action, u.number LIMIT ?`

// Updates implements [store.Contents].
func (l auditReader) Updates() iter.Seq2[ledger.Update, error] {
	return scroll(l.ctx, func(last *ledger.Update) (updates []ledger.Update, err error) {
		var u ledger.Update
		action, number := int64(0), int64(0)
		if last != nil {
			action, number = last.Action.Number, last.Number
		}
		err = l.rows(everyUpdate, []any{l.account, action, number, int64(chunk)}, updateRow(&u), func() error {
			updates = append(updates, u)
			return nil
		})
		return updates, err
	})
}

const scrollSubmissions = selectSubmission + "WHERE s.account = ? AND s.number > ? ORDER BY s.number LIMIT ?"

// Submissions implements [store.Contents].
func (l auditReader) Submissions() iter.Seq2[store.Submission, error] {
	return scroll(l.ctx, func(last *store.Submission) ([]store.Submission, error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		return l.submissions(scrollSubmissions, []any{l.account, after, int64(wideChunk)})
	})
}

// Steps implements [store.Contents].
func (l auditReader) Steps(action int64) store.Steps {
	return l.steps(l.ctx, l.account, action, math.MaxInt64)
}

const selectSteps = "SELECT " + commandColumns + `, o.completed, o.first_update,
	o.terms_contract, o.terms_event_type, o.terms_version, o.fee_rate, o.cap
	FROM updates u JOIN outcomes o ON o.account = u.account AND o.number = u.submission
	AND o.action = u.action AND o.first_update = u.number
	JOIN submissions s ON s.account = o.account AND s.number = o.number
	WHERE u.account = ? AND u.action = ? AND u.submission <> u.action
	AND u.number > ? AND u.submission <= ? ORDER BY u.number LIMIT ?`

// steps answers the submissions up to one that changed an action, but for its conversion.
func (s *session) steps(ctx context.Context, account, action, upTo int64) store.Steps {
	return store.Steps(scroll(ctx, func(last *store.Step) (steps []store.Step, err error) {
		after := int64(0)
		if last != nil {
			after = last.Turn.Update
		}
		var row commandRow
		var step store.Step
		terms := &step.Judged.Terms
		dest := append(row.dest(), (*instant)(&step.Turn.At), &step.Turn.Update,
			&terms.Contract, &terms.EventType, &terms.Version, &step.Judged.FeeRate, &step.Judged.ModificationLimit)
		err = s.rows(selectSteps, []any{account, action, after, upTo, int64(wideChunk)}, dest, func() (err error) {
			row.decode()
			step.Submission, err = row.submission(), row.unreadable
			steps = append(steps, step)
			return err
		})
		return steps, err
	}))
}

// trackedBy answers the last update that an action's conversion wrote.
func (s *session) trackedBy(account, action int64) (last ledger.ChainPosition, err error) {
	err = s.row(`SELECT number, hash FROM (SELECT number, hash, submission FROM updates
		WHERE account = ? AND action = ? ORDER BY number LIMIT ?) AS first WHERE submission = ?
		ORDER BY number DESC LIMIT 1`, []any{account, action, int64(ledger.MaxItems), action}, &last.Number, (*digest)(&last.Hash))
	return last, notFound(err)
}
