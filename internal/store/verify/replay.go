package verify

import (
	"errors"
	"iter"
	"reflect"
	"slices"

	"github.com/trueup-ledger/trueup/internal/store/compare"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// verifyReplay checks the third law: the submissions of an action, beginning with its
// conversion and decided again, give its stored state. Comparing the last chain position
// compares all updates, since each hash includes the one before it. An action's own limit of
// modifications is no result of its submissions: an operator sets it.
func (v *verifier) verifyReplay(a ledger.Action, t trail, conversion *replay.Step, subject string) error {
	if conversion == nil {
		return v.check(3, false, subject, "no conversion created it")
	}
	tracked, violated, err := v.track(*conversion, subject)
	if err != nil || violated {
		return err
	}
	tracked.ModificationLimit = a.ModificationLimit
	checker := replayChecker{verifier: v, subject: subject}
	var failure error
	steps := v.contents.Steps(a.ID.Number)
	if t.adjustments.hash != nil {
		steps = concat(steps, v.contents.LateSteps(a.ID.Number))
	}
	replayed, err := replay.Action(tracked, conversion.Accepted, steps, v.contents.Reference, v.decide,
		func(s replay.Step, _ ledger.Action, change ledger.Change) bool {
			failure = checker.step(s, change)
			return failure == nil
		})
	switch {
	case failure != nil:
		return failure
	case errors.Is(err, replay.ErrNotReplayable):
		return v.check(3, false, subject, "its submissions can't be applied again: %v", err)
	case err != nil:
		return err
	}
	replayed.Items = slices.Clone(replayed.Items)
	compare.Normalize(&replayed)
	return errors.Join(
		v.check(3, reflect.DeepEqual(replayed, a), subject, "its submissions, applied again, give another state: %s", compare.Difference(a, replayed)),
		v.check(3, t.adjustments.equal(&checker.adjustments), subject, "its late submissions, applied again, give other adjustments"),
		v.check(3, t.before.equal(&checker.before), subject, "its submissions, applied again, replace other values than its updates say"),
	)
}

// track decides the conversion of an action again, with lookups as of its acceptance, and
// returns the action that it creates.
func (v *verifier) track(conversion replay.Step, subject string) (tracked ledger.Action, violated bool, err error) {
	change, err := v.decide(v.contents.LookupAsOf(conversion.Submission), conversion.Submission, conversion.Context)
	var rejection *rejection.Rejection
	switch {
	case errors.As(err, &rejection), errors.Is(err, ledger.ErrNotFound):
		return ledger.Action{}, true, v.check(3, false, subject, "its conversion, applied again, is rejected: %v", err)
	case err != nil:
		return ledger.Action{}, false, err
	}
	return change.Action, false, v.check(3, len(change.Updates) > 0 && change.Basis == conversion.Basis, subject,
		"its conversion, applied again, has another pricing basis")
}

// conversionFeed reads conversions in step with the actions.
type conversionFeed struct {
	next    func() (replay.Step, error, bool)
	stop    func()
	current replay.Step
	err     error
	more    bool
}

func newConversionFeed(conversions iter.Seq2[replay.Step, error]) *conversionFeed {
	f := &conversionFeed{}
	f.next, f.stop = iter.Pull2(conversions)
	f.current, f.err, f.more = f.next()
	return f
}

// of returns the conversion of an action, or nil. The numbers of actions must increase.
func (f *conversionFeed) of(action int64) (*replay.Step, error) {
	for f.more && f.err == nil && f.current.Number < action {
		f.current, f.err, f.more = f.next()
	}
	if f.err != nil || !f.more || f.current.Number != action {
		return nil, f.err
	}
	return &f.current, nil
}
