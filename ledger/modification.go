package ledger

import "github.com/trueup-ledger/trueup/money"

func (m Modification) decide(w Lookup, s Submission, t ApplyContext) (Change, error) {
	if faults := m.Faults(); len(faults) > 0 {
		return Change{}, faults[0]
	}
	r, err := newAmendment(w, s, t, m.Address)
	if err != nil {
		return Change{}, err
	}
	r.reason = m.Reason
	effect, custom := r.eventType.effect(m.Reason)
	if !m.reasonFits(effect, custom) {
		return Change{}, reject(CodeReasonNotAllowed, "Reason", "%q is no reason for this modification of an action of event type %d.",
			m.Reason, r.eventType.ID)
	}
	if err := r.check(m.preconditions(r.before, effect)); err != nil {
		return Change{}, err
	}
	switch {
	case m.Reason == ReasonReset:
		r.after = r.before.reset()
		return r.finishUnpriced()
	case effect == EffectReject:
		r.reverseByCode(m.Reason)
		return r.finishUnpriced()
	case len(m.Items) > 0:
		err = r.modifyItems(m.Items)
	case m.Amount != nil:
		err = r.setAmount(r.after.Currency.Round(*m.Amount))
	}
	if err != nil {
		return Change{}, err
	}
	r.mark(m, effect)
	if r.after.ReversedWhole { // nothing is left to price
		return r.finishUnpriced()
	}
	return r.finish()
}

// reasonFits reports whether the reason is one for items, or one of the
// protocol's or the event type's for the action.
func (m Modification) reasonFits(effect Effect, custom bool) bool {
	switch {
	case len(m.Items) > 0:
		return m.Reason == ReasonOrderUpdate
	case effect == EffectReject:
		return m.Amount == nil && m.CustomerStatus == nil
	default:
		return custom || ModificationReason(m.Reason)
	}
}

func (m Modification) preconditions(a Action, effect Effect) preconditions {
	amount := money.Amount(0)
	if m.Amount != nil {
		amount = a.Currency.Round(*m.Amount)
	}
	zero := m.Amount != nil && amount == 0
	// A reversal of the whole action, and nothing else, can be sent again and again.
	again := m.Reason == ReasonReset || effect == EffectReject || zero && effect == "" && m.CustomerStatus == nil
	return preconditions{
		expected:       m.Expected,
		passesReversed: again,
		wantsStanding:  amount > 0,
		uncapped:       again || zero && a.Amount != 0,
		customerStatus: m.CustomerStatus,
		currency:       m.Currency,
	}
}

// modifyItems changes all items or, with an error, none that anybody sees.
func (r *amendment) modifyItems(changes []ItemChange) error {
	index := make(map[string]int, len(r.after.Items))
	for i, item := range r.after.Items {
		index[item.SKU] = i
	}
	for _, c := range changes {
		i, found := index[c.SKU]
		if !found {
			return reject(CodeItemNotFound, field("Sku", c.Number), "The action has no item %q.", c.SKU)
		}
		state, err := r.after.Items[i].changed(c, r.after.Currency)
		if err != nil {
			return err
		}
		r.after.Items[i].ItemState = state
	}
	return nil
}

// setAmount gives the action a new total; 0 reverses it, unless it is 0 already.
func (r *amendment) setAmount(total money.Amount) error {
	if total == 0 {
		if r.before.Amount != 0 {
			r.reverseWhole()
		}
		return nil
	}
	if err := r.after.Currency.Check(total); err != nil {
		return tooLarge(err)
	}
	return tooLarge(r.after.split(total, func(item *Item, share money.Amount) {
		if item.Quantity > 0 {
			item.report(share, item.Quantity)
		}
	}))
}

// mark takes what a modification says of the action itself.
func (r *amendment) mark(m Modification, effect Effect) {
	if m.CustomerStatus != nil {
		r.after.CustomerStatus = *m.CustomerStatus
	}
	if effect != "" {
		r.after.Disposition = m.Reason
	}
	if effect == EffectApprove {
		r.after.Locking, r.after.OpenEnded = r.submission.Accepted, false
	}
}

// reverseByCode reverses by a custom code; done already, it stays as it was.
func (r *amendment) reverseByCode(code string) {
	r.reverseWhole()
	if r.changed() {
		r.after.Disposition = code
	}
}
