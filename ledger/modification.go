package ledger

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/item"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Modification changes items of an action or the action itself.
type Modification struct {
	Address
	// Reason is [ReasonOrderUpdate] for items. For the action it is a predefined reason
	// or a custom code of the event type.
	Reason string
	// Items are the changes of items. Either all of them take effect or none does.
	Items []ItemChange `json:",omitzero"`
	// Amount is the action's new total. It is not allowed with Items.
	Amount         *money.Decimal `json:",omitzero"`
	CustomerStatus *string        `json:",omitzero"`
	// Currency is the currency of the amounts. Empty means the account's.
	Currency money.Currency `json:",omitzero"`
	// Expected is the last update that the caller knows. A newer one causes a rejection
	// with [rejection.CodeStaleAction].
	Expected ids.UpdateID `json:",omitzero"`
	Note     string       `json:",omitzero"`
}

// ItemChange changes one item.
type ItemChange = item.Change

// Kind returns [KindModification].
func (Modification) Kind() Kind { return KindModification }

// Validate returns a rejection with [rejection.CodeMalformed] for each field that is missing, out
// of bounds or contradicts another (docs/rules.md, sections 4 and 5).
func (c Modification) Validate(time.Time, program.Account) []*rejection.Rejection {
	var r rejection.List
	if len(c.Items) > MaxItems {
		r.Add("Sku", "At most %d items can be changed at once.", MaxItems)
	}
	if len(c.Items) > 0 {
		c.validateItems(&r)
	} else {
		c.validateAction(&r)
	}
	return r
}

func (c Modification) validateItems(r *rejection.List) {
	if c.Reason != ReasonOrderUpdate {
		r.Add("Reason", "Send Reason=%s to modify or reverse items.", ReasonOrderUpdate)
	}
	if c.Amount != nil {
		r.Add("Amount", "Cannot be sent with items; to change the amount of an item, number it like the item's Sku.")
	}
	seen := make(map[string]bool, len(c.Items))
	for _, change := range c.Items {
		if seen[change.SKU] {
			r.Add(rejection.Field("Sku", change.Number), "Named twice in one request; send all changes of the item under one number.")
		}
		seen[change.SKU] = true
		change.Validate(r)
	}
}

func (c Modification) validateAction(r *rejection.List) {
	reset := c.Reason == ReasonReset
	switch given := c.Amount != nil || c.CustomerStatus != nil; {
	case c.Reason == "":
		r.Add("Reason", "Required.")
	case reset && given:
		r.Add("Reason", "RESET cannot be sent with another change.")
	case !reset && !given && IsPredefinedReason(c.Reason):
		r.Add("Amount", "Send Amount or CustomerStatus, or the Sku of an item to modify; use DELETE to reverse the action.")
	}
	r.AddIfNegative("Amount", c.Amount)
}

func (c Modification) decide(d decision) (Change, error) {
	m, err := newAmendment(d, c.Address)
	if err != nil {
		return Change{}, err
	}
	m.reason = c.Reason
	effect, custom := m.eventType.EffectOf(c.Reason)
	if !c.allowsReason(m, effect, custom) {
		alone := deref(c.Amount) == 0 && c.CustomerStatus == nil
		return Change{}, rejectReason("Reason", c.Reason, program.ModificationReasons, m.eventType,
			func(e program.Effect) bool { return alone || e != program.EffectReject })
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
		err = m.changeItems(c.Items, c.Currency)
	case c.Amount != nil:
		err = m.setAmount(*c.Amount, m.after.denomination(c.Currency))
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
// but a code with [program.EffectReject] not with another change. An Amount of 0 is none; only
// version 1 of the rules takes it for one.
func (c Modification) allowsReason(m *amendment, effect program.Effect, custom bool) bool {
	switch {
	case len(c.Items) > 0:
		return c.Reason == ReasonOrderUpdate
	case effect == program.EffectReject:
		zero := c.Amount != nil && m.before.denomination(c.Currency).Given().Round(*c.Amount) == 0 && !m.submission.Rules.original()
		return (c.Amount == nil || zero) && c.CustomerStatus == nil
	default:
		return custom || slices.Contains(program.ModificationReasons, c.Reason)
	}
}

func (c Modification) preconditions(a Action, effect program.Effect) preconditions {
	amount, in := money.Amount(0), a.denomination(c.Currency)
	if c.Amount != nil {
		amount = in.Given().Round(*c.Amount)
	}
	zero := c.Amount != nil && amount == 0
	// A RESET and a reversal of the whole action can be repeated, because callers retry.
	repeatable := c.Reason == ReasonReset || effect == program.EffectReject || zero && effect == "" && c.CustomerStatus == nil
	return preconditions{
		expected:        c.Expected,
		adjustable:      c.adjusts(effect),
		allowReversed:   repeatable,
		needsUnreversed: amount > 0,
		unlimited:       repeatable || zero && a.totalIn(in) != 0,
		customerStatus:  c.CustomerStatus,
		currency:        c.Currency,
	}
}

// changeItems applies the changes, with amounts in the currency, to the items. If it returns
// an error, some changes may have been applied and the amendment must be discarded.
func (m *amendment) changeItems(changes []ItemChange, currency money.Currency) error {
	in := m.after.denomination(currency)
	index := make(map[string]int, len(m.after.Items))
	for i, item := range m.after.Items {
		index[item.SKU] = i
	}
	reported := false
	for _, c := range changes {
		i, found := index[c.SKU]
		if !found {
			return rejection.New(rejection.CodeItemNotFound, rejection.Field("Sku", c.Number), "The action has no item %q.", c.SKU)
		}
		state, err := m.after.Items[i].Apply(c, in)
		if err != nil {
			return err
		}
		m.after.Items[i].ItemState = state
		reported = reported || c.SetsLine(state, in.Given())
	}
	if reported { // by version 1 of the rules, weights follow the lines
		m.after.weighByAmounts()
	}
	return nil
}

// setAmount sets the action's total and splits it among the items. A total of 0
// reverses the action, unless its total is 0 already. The present total changes nothing,
// except by version 1 of the rules.
func (m *amendment) setAmount(amount money.Decimal, in item.Denomination) error {
	original, total, present := m.submission.Rules.original(), in.Given().Round(amount), m.before.totalIn(in)
	switch {
	case total == 0:
		if present != 0 {
			m.reverseAll()
		}
		return nil
	case total == present && !original:
		return nil
	}
	if err := in.Given().Check(total); err != nil {
		return rejection.TooLarge(err)
	}
	if original {
		return rejection.TooLarge(m.after.splitByAmounts(total, in))
	}
	return rejection.TooLarge(m.after.splitByWeights(total, in))
}

// changeAction applies the changes to the action itself.
func (m *amendment) changeAction(c Modification, effect program.Effect) {
	if c.CustomerStatus != nil {
		m.after.CustomerStatus = *c.CustomerStatus
	}
	if effect != "" && m.late == nil {
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
	if m.changed() && m.late == nil {
		m.after.Disposition = code
	}
}
