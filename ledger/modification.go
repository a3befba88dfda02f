package ledger

import (
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

func (c Modification) decide(d decision) (Change, error) {
	m, err := newAmendment(d, c.Address)
	if err != nil {
		return Change{}, err
	}
	m.reason = c.Reason
	effect, custom := m.eventType.EffectOf(c.Reason)
	if !c.allowsReason(effect, custom) {
		return Change{}, reject(CodeReasonNotAllowed, "Reason", "%q is not a reason for this modification of an action of event type %d.",
			c.Reason, m.eventType.ID)
	}
	if err := m.check(c.preconditions(m.before, effect)); err != nil {
		return Change{}, err
	}
	switch {
	case c.Reason == ReasonReset:
		m.after = m.before.reset()
		return m.withoutPricing()
	case effect == program.EffectReject:
		m.reverseByCode(c.Reason)
		return m.withoutPricing()
	case len(c.Items) > 0:
		err = m.changeItems(c.Items)
	case c.Amount != nil:
		err = m.setAmount(m.after.Currency.Round(*c.Amount))
	}
	if err != nil {
		return Change{}, err
	}
	m.changeAction(c, effect)
	if m.after.ReversedWhole { // no item is left to price
		return m.withoutPricing()
	}
	return m.withPricing()
}

// allowsReason reports whether the modification can have its reason. Items require
// [ReasonOrderUpdate]. For the action, the protocol's reasons and custom codes are allowed,
// but a code with [program.EffectReject] not with another change.
func (c Modification) allowsReason(effect program.Effect, custom bool) bool {
	switch {
	case len(c.Items) > 0:
		return c.Reason == ReasonOrderUpdate
	case effect == program.EffectReject:
		return c.Amount == nil && c.CustomerStatus == nil
	default:
		return custom || isModificationReason(c.Reason)
	}
}

func (c Modification) preconditions(a Action, effect program.Effect) preconditions {
	amount := money.Amount(0)
	if c.Amount != nil {
		amount = a.Currency.Round(*c.Amount)
	}
	zero := c.Amount != nil && amount == 0
	// A RESET and a reversal of the whole action can be repeated, because callers retry.
	repeatable := c.Reason == ReasonReset || effect == program.EffectReject || zero && effect == "" && c.CustomerStatus == nil
	return preconditions{
		expected:        c.Expected,
		allowReversed:   repeatable,
		needsUnreversed: amount > 0,
		unlimited:       repeatable || zero && a.Amount != 0,
		customerStatus:  c.CustomerStatus,
		currency:        c.Currency,
	}
}

// changeItems applies the changes to the items. If it returns an error, some changes may
// have been applied and the amendment must be discarded.
func (m *amendment) changeItems(changes []ItemChange) error {
	index := make(map[string]int, len(m.after.Items))
	for i, item := range m.after.Items {
		index[item.SKU] = i
	}
	for _, c := range changes {
		i, found := index[c.SKU]
		if !found {
			return reject(CodeItemNotFound, field("Sku", c.Number), "The action has no item %q.", c.SKU)
		}
		state, err := m.after.Items[i].apply(c, m.after.Currency)
		if err != nil {
			return err
		}
		m.after.Items[i].ItemState = state
	}
	return nil
}

// setAmount sets the action's total and splits it among the items. A total of 0
// reverses the action, unless its total is 0 already.
func (m *amendment) setAmount(total money.Amount) error {
	if total == 0 {
		if m.before.Amount != 0 {
			m.reverseAll()
		}
		return nil
	}
	if err := m.after.Currency.Check(total); err != nil {
		return rejectTooLarge(err)
	}
	return rejectTooLarge(m.after.split(total, func(item *Item, share money.Amount) {
		if item.Quantity > 0 {
			item.setLine(share, item.Quantity)
		}
	}))
}

// changeAction applies the changes to the action itself.
func (m *amendment) changeAction(c Modification, effect program.Effect) {
	if c.CustomerStatus != nil {
		m.after.CustomerStatus = *c.CustomerStatus
	}
	if effect != "" {
		m.after.Disposition = c.Reason
	}
	if effect == program.EffectApprove {
		m.after.LockingDate, m.after.OpenEnded = m.submission.Accepted, false
	}
}

// reverseByCode reverses the action by a custom code. If the action is reversed already,
// it keeps its disposition.
func (m *amendment) reverseByCode(code string) {
	m.reverseAll()
	if m.changed() {
		m.after.Disposition = code
	}
}
