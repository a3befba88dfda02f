// Package whatif estimates what the past orders of an account would have paid under other
// terms. It reads one snapshot and changes nothing.
package whatif

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/ledger/whatif"
	"github.com/trueup-ledger/trueup/money"
)

// Scanner is the part of a store that an estimate reads.
type Scanner interface {
	Scan(ctx context.Context, account int64, f func(store.Contents) error) error
}

// Estimate returns what the actions of an account whose EventDate is in the span would have
// paid under the terms to try. The submissions of each action are decided again, from the state
// in which its conversion left it. The memory that it needs doesn't grow with the number of
// actions. It returns [ledger.ErrNotFound] for an unknown account, and [ErrNotRecorded] if the
// account has none of the terms.
func Estimate(ctx context.Context, s Scanner, account int64, span search.TimeRange, terms whatif.Terms) (result Result, err error) {
	e := estimate{terms: terms, tried: make(map[*program.Reference]*program.Reference)}
	err = s.Scan(ctx, account, func(c store.Contents) error { return e.run(c, span) })
	if err == nil {
		result, err = newResult(&e.report, terms, e.current, span)
	}
	if err != nil {
		err = fmt.Errorf("estimate payouts of account %d: %w", account, err)
	}
	return result, err
}

// estimate is one estimate.
type estimate struct {
	terms    whatif.Terms
	contents store.Contents
	report   whatif.Report
	// current is the reference data that were recorded last.
	current *program.Reference
	// tried caches reference data with the terms to try, by the recorded ones.
	tried map[*program.Reference]*program.Reference
}

// maxTried is the number of versions of reference data that an estimate caches.
const maxTried = 16

func (e *estimate) run(c store.Contents, span search.TimeRange) error {
	positions, err := c.Positions()
	if err != nil {
		return err
	}
	if e.current, err = c.Reference(positions.Accepted); err != nil {
		return err
	}
	if n := len(e.terms); n > 0 && len(notRecorded(e.terms, e.current)) == n {
		return ErrNotRecorded
	}
	e.contents = c
	for a, err := range c.Actions(span) {
		if err != nil {
			return err
		}
		if err := e.add(a); err != nil {
			return err
		}
	}
	return nil
}

// add adds an action to the report. An action that can't be priced is counted.
func (e *estimate) add(a ledger.Action) error {
	payout, err := e.payout(a)
	var rejected *rejection.Rejection
	if errors.As(err, &rejected) || errors.Is(err, replay.ErrNotReplayable) {
		e.report.Fail(a, err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	return e.report.Add(a, payout)
}

// payout returns the payout of an action under the terms to try.
func (e *estimate) payout(a ledger.Action) (money.Amount, error) {
	if !e.terms.Covers(e.current, a.ID.Campaign, a.Partner, a.ID.EventType) {
		return a.Payout, nil
	}
	tracked, err := a.AsTracked(ids.ChainPosition{})
	if err != nil {
		return 0, rejection.TooLarge(err)
	}
	if _, covered := e.terms[a.Terms.TermsOf]; covered {
		if tracked, err = tracked.Repriced(e.terms.Try(e.current.TermsVersion(a.Terms))); err != nil {
			return 0, rejection.TooLarge(err)
		}
	}
	if a.Modifications == 0 {
		return tracked.Payout, nil
	}
	steps := e.contents.Steps(a.ID.Number)
	if a.Modifications <= maxSteps {
		if steps, err = collect(steps); err != nil {
			return 0, err
		}
	}
	replayed, err := replay.Action(tracked, a.Created, steps, e.reference, decide,
		func(replay.Step, ledger.Action, ledger.Change) bool { return true })
	return replayed.Payout, err
}

// maxSteps is the number of steps of an action up to which they are read once. A replay reads
// them twice.
const maxSteps = 16

// collect reads the steps and returns them again.
func collect(steps replay.Steps) (replay.Steps, error) {
	var list []replay.Step
	for step, err := range steps {
		if err != nil {
			return nil, err
		}
		list = append(list, step)
	}
	return func(yield func(replay.Step, error) bool) {
		for _, step := range list {
			if !yield(step, nil) {
				return
			}
		}
	}, nil
}

// reference returns the reference data as of a time, with the terms to try.
func (e *estimate) reference(at time.Time) (*program.Reference, error) {
	recorded, err := e.contents.Reference(at)
	if err != nil {
		return nil, err
	}
	tried, cached := e.tried[recorded]
	if !cached {
		if len(e.tried) == maxTried {
			clear(e.tried)
		}
		tried = e.terms.Reference(recorded)
		e.tried[recorded] = tried
	}
	return tried, nil
}

// decide is [ledger.Decide] for actions whose payouts are not those that their callers saw:
// they can have other updates, with which no caller's expected update agrees.
func decide(l ledger.Lookup, s ledger.Submission, ctx ledger.ApplyContext) (ledger.Change, error) {
	return ledger.Decide(withoutUpdates{l}, s, ctx)
}

// withoutUpdates is a Lookup of actions without updates, which are never stale.
type withoutUpdates struct{ ledger.Lookup }

func (l withoutUpdates) Action(number int64) (ledger.Action, error) {
	a, err := l.Lookup.Action(number)
	a.Last = ids.ChainPosition{}
	return a, err
}

func (l withoutUpdates) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	a, err := l.Lookup.ActionOfOrder(eventType, order)
	a.Last = ids.ChainPosition{}
	return a, err
}
