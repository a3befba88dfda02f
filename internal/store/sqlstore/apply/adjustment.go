package apply

import (
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// adjusted holds the last adjustment of an action, from which a [ledger.Effective] is computed.
type adjusted struct {
	// state and last are those of the last adjustment. State is nil if there is none.
	state *ledger.AdjustedState
	last  ids.ChainPosition
	// pricing identifies the terms that gave the action its payouts, and accepted is the
	// instant at which its conversion was accepted.
	pricing  program.TermsKey
	accepted time.Time
}

// Effective implements [ledger.Lookup].
func (l *Lookup) Effective(locked ledger.Action) (e ledger.Effective, err error) {
	d, cached := l.adjusted[locked.ID.Number]
	if !cached {
		if d, err = l.loadAdjusted(locked); err != nil {
			return e, l.recordFailure(err)
		}
		l.cacheAdjusted(locked.ID.Number, d)
	}
	e = ledger.Effective{Action: locked, Pricing: d.pricing, Accepted: d.accepted}
	if d.state != nil {
		e.First = d.state.First
		e.Action, err = locked.WithAdjustments(*d.state, d.last)
	}
	return e, err
}

func (l *Lookup) loadAdjusted(locked ledger.Action) (d adjusted, err error) {
	if err = l.writeInserts(); err != nil {
		return d, err
	}
	number := locked.ID.Number
	last, err := actions.LastAdjustment(l.Session, l.account, number)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return d, err
	}
	d.state, d.last = last.State, last.ChainPosition
	if d.pricing, err = actions.Pricing(l.Session, l.account, locked); err != nil {
		return d, err
	}
	err = column.QueryRow(l.Session, "SELECT accepted FROM submissions WHERE account = ? AND number = ?",
		[]any{l.account, number}, (*column.Instant)(&d.accepted))
	return d, err
}

func (l *Lookup) cacheAdjusted(number int64, d adjusted) {
	if l.adjusted == nil {
		l.adjusted = make(map[int64]adjusted)
	}
	l.adjusted[number] = d
}

// addAdjustments adds the adjustments of a change to the cache and to the rows to write.
func (l *Lookup) addAdjustments(c ledger.Change) {
	if len(c.Adjustments) == 0 {
		return
	}
	l.rows.inserts.AddAdjustments(l.account, c.Adjustments)
	for _, d := range c.Adjustments {
		l.rows.entries = append(l.rows.entries, billing.EntryRow(l.account, d.Entry(c.Action)))
	}
	last := c.Adjustments[len(c.Adjustments)-1]
	l.cacheAdjusted(c.Action.ID.Number, adjusted{last.State, last.ChainPosition, c.Effective.Pricing, c.Effective.Accepted})
}

// checkAdjustments is checkNumbering for adjustments.
func checkAdjustments(s ledger.Submission, actx ledger.ApplyContext, c ledger.Change) error {
	for i, d := range c.Adjustments {
		if d.Number != actx.Update+int64(i) || d.Submission != s.Number || d.Action != c.Action.ID {
			return fmt.Errorf("adjustment %s of submission %d: want number %d of submission %d",
				d.ID(), d.Submission, actx.Update+int64(i), s.Number)
		}
	}
	return nil
}
