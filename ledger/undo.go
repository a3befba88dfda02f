package ledger

import "errors"

func (u Undo) decide(w Lookup, s Submission, t ApplyContext) (Change, error) {
	was, is, err := w.Change(u.Submission)
	if errors.Is(err, ErrNotFound) {
		return Change{}, reject(CodeActionNotFound, "", "The submission changed no action: it failed, or it made one; reverse that instead.")
	}
	if err != nil {
		return Change{}, err
	}
	r, err := newAmendment(w, s, t, Address{Action: is.ID})
	if err != nil {
		return Change{}, err
	}
	r.reason = DispositionUndo
	stale := r.restore(was, is)
	if err := r.check(preconditions{expected: u.Expected, passesReversed: true, stale: stale}); err != nil {
		return Change{}, err
	}
	return r.finish()
}

// restore gives back what the undone submission changed, and reports whether
// any of it has changed again since. Payouts are no part of it.
func (r *amendment) restore(was, is Action) (stale bool) {
	for i := range is.Items {
		before, after := was.Items[i].ItemState, is.Items[i].ItemState
		if onlyPayout(before, after) {
			continue
		}
		now := r.after.Items[i].ItemState
		stale = stale || !onlyPayout(now, after)
		before.Payout = now.Payout // beside the other items' until all are priced
		r.after.Items[i].ItemState = before
	}
	if was.CustomerStatus != is.CustomerStatus {
		stale = stale || r.after.CustomerStatus != is.CustomerStatus
		r.after.CustomerStatus = was.CustomerStatus
	}
	if was.ReversedWhole != is.ReversedWhole {
		stale = stale || r.after.ReversedWhole != is.ReversedWhole
		r.after.ReversedWhole = was.ReversedWhole
	}
	return stale
}
