package ledger

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
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

// ItemChange changes one item. docs/rules.md, section 4, says which fields can be
// combined.
type ItemChange struct {
	// Number is the suffix of the parameters' names, such as 2 in "Sku2".
	Number int `json:",omitzero"`
	SKU    string
	// Quantity is absolute. QuantityDelta is relative and signed.
	Quantity      *int64 `json:",omitzero"`
	QuantityDelta *int64 `json:",omitzero"`
	// Amount is the new amount of the line. AmountDelta is its signed change.
	Amount      *money.Decimal `json:",omitzero"`
	AmountDelta *money.Decimal `json:",omitzero"`
	Category    *string        `json:",omitzero"`
	Name        *string        `json:",omitzero"`
	Rebate      *money.Decimal `json:",omitzero"`
}

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
		change.validateBounds(r)
		change.validateCombination(r)
	}
}

func (c ItemChange) validateBounds(r *rejection.List) {
	if c == (ItemChange{Number: c.Number, SKU: c.SKU}) {
		r.Add(rejection.Field("Sku", c.Number), "Send the changes of the item: Quantity, QuantityDelta, Amount, ItemSubTotalDelta, Category, ItemName or Rebate.")
	}
	if c.Quantity != nil && (*c.Quantity < 0 || *c.Quantity > MaxQuantity) {
		r.Add(rejection.Field("Quantity", c.Number), "Must be from 0 to %d.", MaxQuantity)
	}
	if c.QuantityDelta != nil && max(*c.QuantityDelta, -*c.QuantityDelta) > MaxQuantity {
		r.Add(rejection.Field("QuantityDelta", c.Number), "Must have at most 9 digits.")
	}
	r.AddIfNegative(rejection.Field("Amount", c.Number), c.Amount)
	r.AddIfNegative(rejection.Field("Rebate", c.Number), c.Rebate)
}

func (c ItemChange) validateCombination(r *rejection.List) {
	quantity, amount := c.Quantity != nil, c.Amount != nil
	if amount && c.AmountDelta != nil {
		r.Add(rejection.Field("ItemSubTotalDelta", c.Number), "Cannot be sent with Amount.")
	}
	if c.QuantityDelta != nil && (quantity || amount || c.AmountDelta != nil) {
		r.Add(rejection.Field("QuantityDelta", c.Number), "Cannot be sent with Quantity, Amount or ItemSubTotalDelta.")
	}
	if !quantity || *c.Quantity != 0 {
		return
	}
	if amount && *c.Amount > 0 {
		r.Add(rejection.Field("Amount", c.Number), "Must be 0 or omitted if Quantity is 0.")
	}
	if c.AmountDelta != nil {
		r.Add(rejection.Field("ItemSubTotalDelta", c.Number), "Must be omitted if Quantity is 0.")
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
		zero := c.Amount != nil && m.before.denomination(c.Currency).given().Round(*c.Amount) == 0 && !m.submission.Rules.original()
		return (c.Amount == nil || zero) && c.CustomerStatus == nil
	default:
		return custom || slices.Contains(program.ModificationReasons, c.Reason)
	}
}

func (c Modification) preconditions(a Action, effect program.Effect) preconditions {
	amount, in := money.Amount(0), a.denomination(c.Currency)
	if c.Amount != nil {
		amount = in.given().Round(*c.Amount)
	}
	zero := c.Amount != nil && amount == 0
	// A RESET and a reversal of the whole action can be repeated, because callers retry.
	repeatable := c.Reason == ReasonReset || effect == program.EffectReject || zero && effect == "" && c.CustomerStatus == nil
	return preconditions{
		expected:        c.Expected,
		adjustable:      c.adjusts(effect),
		allowReversed:   repeatable,
		needsUnreversed: amount > 0,
		unlimited:       repeatable || zero && in.total(a) != 0,
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
		state, err := m.after.Items[i].apply(c, in)
		if err != nil {
			return err
		}
		m.after.Items[i].ItemState = state
		reported = reported || c.setsLine(state, in.given())
	}
	if reported { // by version 1 of the rules, weights follow the lines
		m.after.weighByAmounts()
	}
	return nil
}

// setsLine reports whether the change sets the line of the item that it leaves in the state s.
func (c ItemChange) setsLine(s ItemState, currency money.Currency) bool {
	amount := c.Amount != nil && (c.Quantity != nil || currency.Round(*c.Amount) > 0)
	return s.Quantity > 0 && (amount || c.AmountDelta != nil)
}

// setAmount sets the action's total and splits it among the items. A total of 0
// reverses the action, unless its total is 0 already. The present total changes nothing,
// except by version 1 of the rules.
func (m *amendment) setAmount(amount money.Decimal, in denomination) error {
	original, total, present := m.submission.Rules.original(), in.given().Round(amount), in.total(m.before)
	switch {
	case total == 0:
		if present != 0 {
			m.reverseAll()
		}
		return nil
	case total == present && !original:
		return nil
	}
	if err := in.given().Check(total); err != nil {
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

// reverse reverses the item. It keeps the line, from which setQuantity can restore it.
func (s *ItemState) reverse() { s.Quantity, s.Amount, s.Original = 0, 0, 0 }

// apply returns the state after the change (see the table in docs/rules.md, section 4).
func (s ItemState) apply(c ItemChange, in denomination) (ItemState, error) {
	if c.Category != nil {
		s.Category = *c.Category
	}
	if c.Name != nil {
		s.Name = *c.Name
	}
	var err error
	switch {
	case c.Amount != nil:
		err = s.setAmount(in.given().Round(*c.Amount), c, in)
	case c.AmountDelta != nil:
		err = s.addAmount(in.given().Round(*c.AmountDelta), c, in)
	case c.Quantity != nil:
		err = s.setQuantity(*c.Quantity, in)
	case c.QuantityDelta != nil:
		err = s.addQuantity(*c.QuantityDelta, c, in)
	}
	if err == nil && c.Rebate != nil {
		s.Rebate, err = in.account(in.given().Round(*c.Rebate))
	}
	if err != nil {
		return ItemState{}, rejection.TooLarge(err)
	}
	return s, in.check(s)
}

func (s *ItemState) setAmount(a money.Amount, c ItemChange, in denomination) error {
	switch {
	case c.Quantity == nil && a == 0: // an item that cost nothing stays as it is
		if in.amount(*s) != 0 {
			s.reverse()
		}
	case c.Quantity == nil && s.Quantity == 0:
		return c.itemReversed("Amount")
	case c.Quantity == nil:
		return s.setLine(a, s.Quantity, in)
	case *c.Quantity == 0:
		s.reverse()
	default:
		return s.setLine(a, *c.Quantity, in)
	}
	return nil
}

func (s *ItemState) addAmount(delta money.Amount, c ItemChange, in denomination) error {
	quantity := s.Quantity
	if c.Quantity != nil {
		quantity = *c.Quantity
	}
	present := in.amount(*s)
	amount := present + delta
	switch {
	case quantity == 0:
		return c.itemReversed("ItemSubTotalDelta")
	case amount < 0:
		return rejection.New(rejection.CodeAmountNegative, rejection.Field("ItemSubTotalDelta", c.Number), "The item's amount would fall below zero; deduct less.")
	case amount == 0 && present != 0:
		s.reverse()
	default:
		return s.setLine(amount, quantity, in)
	}
	return nil
}

func (s *ItemState) addQuantity(delta int64, c ItemChange, in denomination) error {
	quantity := s.Quantity + delta
	if quantity < 0 {
		return rejection.New(rejection.CodeQuantityNegative, rejection.Field("QuantityDelta", c.Number), "The item's quantity is only %d.", s.Quantity)
	}
	if quantity > MaxQuantity {
		return rejection.New(rejection.CodeAmountTooLarge, rejection.Field("QuantityDelta", c.Number), "A quantity has at most 9 digits.")
	}
	return s.setQuantity(quantity, in)
}

// setQuantity sets the quantity and derives the amount from the line, so that a
// quantity that returns to its old value restores the exact amount.
func (s *ItemState) setQuantity(quantity int64, in denomination) error {
	if quantity == 0 {
		s.reverse()
		return nil
	}
	amount, original, err := in.scale(*s, quantity)
	if err != nil {
		return rejection.TooLarge(err)
	}
	s.Quantity, s.Amount, s.Original = quantity, amount, original
	return nil
}

// setLine sets an amount and quantity that were reported. They are also the item's weight.
func (s *ItemState) setLine(given money.Amount, quantity int64, in denomination) error {
	amount, original, err := in.amounts(given)
	s.Quantity, s.Amount, s.Original, s.Weight = quantity, amount, original, Line{}
	s.Line, s.Converted = Line{amount, quantity, original}, in.original
	return rejection.TooLarge(err)
}

// itemReversed returns a rejection of a change that a reversed item doesn't allow.
func (c ItemChange) itemReversed(name string) error {
	return rejection.New(rejection.CodeItemReversed, rejection.Field(name, c.Number), "The item is reversed; send a Quantity as well to restore it.")
}
