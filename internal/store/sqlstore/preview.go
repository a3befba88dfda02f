package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Preview asks decide on a snapshot of the readers: it holds up no writer.
func (st *Store) Preview(
	ctx context.Context, account int64, now time.Time, command ledger.Command, decide store.Decide,
) (p store.Preview, err error) {
	err = st.snapshot(ctx, account, func(r *reader) error {
		b := batch{
			world: newWorld(r.session, st, account, decide),
			now:   whole(now),
		}
		p, err = b.preview(command)
		return err
	})
	if err != nil {
		return store.Preview{}, fmt.Errorf("preview in account %d: %w", account, err)
	}
	return p, nil
}

// preview decides the command as the next submission, and keeps nothing.
func (b *batch) preview(command ledger.Command) (p store.Preview, err error) {
	if err := b.load(); err != nil {
		return p, err
	}
	p.Applied = b.number
	var last time.Time
	if err := b.row("SELECT number, instant FROM intake WHERE account = ?", []any{b.account}, &p.Accepted, (*instant)(&last)); err != nil {
		return p, notFound(err)
	}
	b.accepted = later(b.now, last)
	s := ledger.Submission{Number: p.Accepted + 1, Accepted: b.accepted, Command: command}
	p.At = later(b.accepted, b.instant)
	change, err := b.ask(s, ledger.ApplyContext{At: p.At, Update: b.lastUpdate + 1})
	switch {
	case b.failure != nil:
		return p, b.failure
	case errors.As(err, &p.Rejection):
		p.Before, err = b.namedBy(command)
		p.After = p.Before
		return p, err
	case err != nil:
		return p, err
	}
	p.After = change.Action
	if h, found := b.actions[change.Action.ID.Number]; found {
		p.Before = h.stored
	}
	return p, nil
}
