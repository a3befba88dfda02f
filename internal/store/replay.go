package store

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Step is a submission that changed an action, with the turn that it had and
// what it was judged by.
type Step struct {
	ledger.Submission
	Turn   ledger.ApplyContext
	Judged ledger.PricingBasis
}

// Steps are the submissions that changed one action, its conversion excepted, in
// order. They can be ranged over again.
type Steps iter.Seq2[Step, error]

// Before answers the steps that were applied before an instant.
func (s Steps) Before(at time.Time) Steps {
	return func(yield func(Step, error) bool) {
		for step, err := range s {
			if err == nil && !step.Turn.At.Before(at) || !yield(step, err) {
				return
			}
		}
	}
}

// ErrNotRepeated says that a submission which changed its action cannot be
// decided again.
var ErrNotRepeated = errors.New("not repeated")

// Replay decides an action's steps again, from the state in which its conversion
// left it: [ledger.Action.AsTracked]. Reference answers the reference data as of an instant. After
// each step visit is given the action before it and the change; with false it ends
// the replay. Replay answers the action as it is then, or [ErrNotRepeated]; any other
// error is of the steps or the reference. Memory does not grow with the steps, but
// for those that are undone.
func Replay(
	tracked ledger.Action, steps Steps, reference func(at time.Time) (*ledger.Reference, error), decide Decide,
	visit func(s Step, was ledger.Action, is ledger.Change) bool,
) (ledger.Action, error) {
	w := past{action: tracked, reference: reference, undone: make(map[int64]*revised)}
	for step, err := range steps {
		if err != nil {
			return ledger.Action{}, err
		}
		if undo, is := step.Command.(ledger.Undo); is {
			w.undone[undo.Submission] = &revised{}
		}
	}
	for step, err := range steps {
		if err != nil {
			return ledger.Action{}, err
		}
		was := w.action
		w.action.ModificationLimit = step.Judged.ModificationLimit // an operator may have moved it since
		change, err := decide(&w, step.Submission, step.Turn)
		if w.failure != nil {
			return ledger.Action{}, w.failure
		}
		if err != nil {
			// Not wrapped: a refusal of then would pass for the answer to what is decided now.
			return ledger.Action{}, fmt.Errorf("submission %d: %w: %v", step.Number, ErrNotRepeated, err) //nolint:errorlint // see above
		}
		if len(change.Updates) > 0 {
			w.action = change.Action
		}
		w.action.ModificationLimit = was.ModificationLimit
		if undone, found := w.undone[step.Number]; found {
			*undone = revised{was: was, is: w.action, known: true}
		}
		if !visit(step, was, change) {
			break
		}
	}
	return w.action, nil
}

// revised is what one submission made of the action.
type revised struct {
	was, is ledger.Action
	known   bool
}

// past is the world of one action as it was between two of its submissions.
type past struct {
	action    ledger.Action
	reference func(at time.Time) (*ledger.Reference, error)
	undone    map[int64]*revised
	// failure is of the reference, not of the submission.
	failure error
}

func (p *past) Reference(at time.Time) (*ledger.Reference, error) {
	reference, err := p.reference(at)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		p.failure = err
	}
	return reference, err
}

func (p *past) Action(number int64) (ledger.Action, error) {
	if number != p.action.ID.Number {
		return ledger.Action{}, ledger.ErrNotFound
	}
	return p.action, nil
}

// ActionOfOrder answers the action: it was the newest of the order then.
func (p *past) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	if eventType != p.action.ID.EventType || order != p.action.Order {
		return ledger.Action{}, ledger.ErrNotFound
	}
	return p.action, nil
}

func (p *past) Change(submission int64) (was, is ledger.Action, err error) {
	undone, found := p.undone[submission]
	if !found || !undone.known {
		return ledger.Action{}, ledger.Action{}, ledger.ErrNotFound
	}
	return undone.was, undone.is, nil
}

// The rest is asked for conversions only, and those are not decided again.

func (p *past) OrderBetween(int64, string, time.Time, time.Time) (bool, error) {
	return false, ledger.ErrNotFound
}

func (p *past) Click(string) (ledger.Click, error) { return ledger.Click{}, ledger.ErrNotFound }

func (p *past) Referral(int64, string) (ledger.Click, error) {
	return ledger.Click{}, ledger.ErrNotFound
}
