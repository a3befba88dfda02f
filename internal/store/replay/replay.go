// Package replay decides the submissions of an action again.
package replay

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Step is a submission that changed an action, with the context and the pricing basis
// of its application.
type Step struct {
	ledger.Submission
	Context ledger.ApplyContext
	Basis   ledger.PricingBasis
}

// Steps are the submissions that changed one action, other than its conversion, in the
// order of application. The sequence can be ranged over repeatedly.
type Steps iter.Seq2[Step, error]

// ErrNotReplayable reports that a submission that changed its action was rejected when it
// was decided again.
var ErrNotReplayable = errors.New("submission can't be replayed")

// Action decides the steps of an action again and returns the resulting action. It begins
// with tracked, the action after its conversion ([ledger.Action.AsTracked]), which was accepted
// at an instant. The function
// reference returns the reference data as of a time. After each step, Action calls visit
// with the action before the step and the change. If visit returns false, Action ends.
//
// If decide returns an error, the error of Action wraps [ErrNotReplayable] but not that
// error. Any other error is that of steps or reference. The memory that Action needs grows
// only with the number of steps that are undone.
func Action(
	tracked ledger.Action, accepted time.Time, steps Steps, reference func(at time.Time) (*program.Reference, error),
	decide func(ledger.Lookup, ledger.Submission, ledger.ApplyContext) (ledger.Change, error),
	visit func(s Step, before ledger.Action, change ledger.Change) bool,
) (ledger.Action, error) {
	l, err := newReplayLookup(tracked, steps, reference)
	if err != nil {
		return ledger.Action{}, err
	}
	l.accepted = accepted
	for step, err := range steps {
		if err != nil {
			return ledger.Action{}, err
		}
		before := l.action
		l.action.ModificationLimit = step.Basis.ModificationLimit // an operator may have changed it later
		change, err := decide(l, step.Submission, step.Context)
		if l.err != nil {
			return ledger.Action{}, l.err
		}
		if err != nil {
			// If it were wrapped, callers would take it for a rejection of their own submission.
			return ledger.Action{}, fmt.Errorf("submission %d: %w: %v", step.Number, ErrNotReplayable, err) //nolint:errorlint // see above
		}
		if change.Changed() {
			l.action = change.Action
		}
		l.pricing = change.PricedBy(l.pricing, step.Submission)
		if n := len(change.Adjustments); n > 0 {
			l.adjustment = change.Adjustments[n-1]
		}
		l.action.ModificationLimit = before.ModificationLimit
		if undone, found := l.undone[step.Number]; found {
			*undone = replayedChange{before: before, after: l.action, updates: change.Updates, adjustments: change.Adjustments, known: true}
		}
		if undone, found := l.undone[change.Undone]; found && undone.undo == 0 {
			undone.undo = step.Number
		}
		if !visit(step, before, change) {
			break
		}
	}
	return l.action, nil
}

// replayedChange is the change of a submission, once it was replayed.
type replayedChange struct {
	before, after ledger.Action
	updates       []ledger.Update
	adjustments   []ledger.Adjustment
	// undo is the number of the first step that undid the change, or 0.
	undo  int64
	known bool
}

// replayLookup is the [ledger.Lookup] of a replay. It holds one action as it was between
// two of its submissions.
type replayLookup struct {
	action ledger.Action
	// adjustment is the last adjustment, if there is one. Pricing identifies the terms that gave
	// the action its payouts, and accepted is the acceptance of the conversion.
	adjustment ledger.Adjustment
	pricing    program.TermsKey
	accepted   time.Time
	reference  func(at time.Time) (*program.Reference, error)
	// undone holds the changes that later steps undo, by the number of the submission.
	undone map[int64]*replayedChange
	// err is an error of reference other than not found. It ends the replay.
	err error
}

func newReplayLookup(tracked ledger.Action, steps Steps, reference func(at time.Time) (*program.Reference, error)) (*replayLookup, error) {
	l := &replayLookup{action: tracked, pricing: tracked.Terms, reference: reference, undone: make(map[int64]*replayedChange)}
	for step, err := range steps {
		if err != nil {
			return nil, err
		}
		if undo, ok := step.Command.(ledger.Undo); ok {
			l.undone[undo.Submission] = &replayedChange{}
		}
	}
	return l, nil
}

func (l *replayLookup) Reference(at time.Time) (*program.Reference, error) {
	reference, err := l.reference(at)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		l.err = err
	}
	return reference, err
}

func (l *replayLookup) Action(number int64) (ledger.Action, error) {
	if number != l.action.ID.Number {
		return ledger.Action{}, ledger.ErrNotFound
	}
	return l.action, nil
}

// ActionOfOrder returns the action: it was the newest one of its order at the time.
func (l *replayLookup) ActionOfOrder(eventType int64, order string) (ledger.Action, error) {
	if eventType != l.action.ID.EventType || order != l.action.Order {
		return ledger.Action{}, ledger.ErrNotFound
	}
	return l.action, nil
}

func (l *replayLookup) Change(submission int64) (before, after ledger.Action, err error) {
	undone, err := l.changeOf(submission)
	return undone.before, undone.after, err
}

func (l *replayLookup) Amendment(submission int64) (action, undo int64, err error) {
	undone, err := l.changeOf(submission)
	return l.action.ID.Number, undone.undo, err
}

func (l *replayLookup) Replaced(submission int64, visit func(item int, b ledger.Before) bool) error {
	undone, err := l.changeOf(submission)
	ledger.VisitReplaced(undone.updates, undone.adjustments, visit)
	return err
}

func (l *replayLookup) Effective(locked ledger.Action) (e ledger.Effective, err error) {
	e = ledger.Effective{Action: locked, Pricing: l.pricing, Accepted: l.accepted}
	if state := l.adjustment.State; state != nil {
		e.First = state.First
		e.Action, err = locked.WithAdjustments(*state, l.adjustment.ChainPosition)
	}
	return e, err
}

// changeOf returns the change of an earlier step that a later one undoes.
func (l *replayLookup) changeOf(submission int64) (replayedChange, error) {
	undone, found := l.undone[submission]
	if !found || !undone.known {
		return replayedChange{}, ledger.ErrNotFound
	}
	return *undone, nil
}

// The methods below are called only for conversions, which are not replayed.

func (l *replayLookup) OrderBetween(int64, string, time.Time, time.Time) (bool, error) {
	return false, ledger.ErrNotFound
}

func (l *replayLookup) Click(string) (program.Click, error) {
	return program.Click{}, ledger.ErrNotFound
}

func (l *replayLookup) ClickBy(int64, program.ClickKey, string) (program.Click, error) {
	return program.Click{}, ledger.ErrNotFound
}

func (l *replayLookup) Referral(int64, string) (program.Click, error) {
	return program.Click{}, ledger.ErrNotFound
}

func (l *replayLookup) RateTables(program.Date, program.Date, func(program.RateTable) bool) error {
	return ledger.ErrNotFound
}
