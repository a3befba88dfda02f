package oracle

import (
	"math/big"
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// The predefined reasons of docs/protocol.md for modifications and reversals.
var (
	modificationReasons = []string{
		"ORDER_UPDATE", "ITEM_RETURNED", "CONS_FRAUD", "CONS_ERROR", "ORDER_ERROR", "PUB_ACT_DISPUTE",
		"ADV_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "ITEM_OUT_OF_STOCK", "TEST_ACTION", "PARTNER_NOT_ACTIVE",
		"CREDITED_DIFFERENT_MP", "OTHER",
	}
	reversalReasons = []string{
		"REJECTED", "CONS_INFO_INVALID", "CONS_ERROR", "CONS_FRAUD", "ITEM_RETURNED", "ITEM_OUT_OF_STOCK", "ORDER_ERROR",
		"PUB_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "MP_RETURNED", "OTHER", "CREDITED_DIFFERENT_MP", "ADV_ACT_DISPUTE",
		"TEST_ACTION",
	}
)

func effectOf(ref *program.Reference, a Action, reason string) program.Effect {
	for _, d := range ref.EventTypes[a.ID.EventType].Dispositions {
		if d.Code == reason {
			return d.Effect
		}
	}
	return ""
}

func (o *Oracle) modification(s ledger.Submission, m ledger.Modification, t ledger.ApplyContext) Verdict {
	if malformed(m) {
		return rejected(rejection.CodeMalformed)
	}
	before, code := o.find(m.Address)
	if code != "" {
		return rejected(code)
	}
	ref := o.history.At(s.Accepted)
	effect := effectOf(ref, before, m.Reason)
	if !allowedReason(before, m, effect) {
		return rejected(rejection.CodeReasonNotAllowed)
	}
	before = o.effective(s, before)
	if code := checkAction(ref, s, before, m, effect); code != "" {
		return rejected(code)
	}
	return before.late.finish(s, m.Reason == "RESET", o.modify(ref, s, m, before, effect, t))
}

// modify changes an action that can be changed.
func (o *Oracle) modify(ref *program.Reference, s ledger.Submission, m ledger.Modification, before Action, effect program.Effect, t ledger.ApplyContext) Verdict {
	after := before.clone()
	if m.Reason == "RESET" {
		return finishReset(before, after, t)
	}
	if effect == program.EffectReject || reversesByAmount(before, m) {
		return reverseByModification(s, m, before, effect, t)
	}
	if code := after.apply(m); code != "" {
		return rejected(code)
	}
	if effect != "" && before.late == nil {
		after.State.Disposition = m.Reason
	}
	if effect == program.EffectApprove {
		after.State.Locking, after.State.OpenEnded = nanos(s.Accepted), false
	}
	return finishPriced(ref, s, t, before, after, m.Reason)
}

// malformed reports whether the request alone shows that it is wrong (sections 4
// and 5, and docs/protocol.md).
func malformed(m ledger.Modification) bool {
	if m.Amount != nil && *m.Amount < 0 {
		return true
	}
	if len(m.Items) == 0 {
		return malformedAlone(m)
	}
	bad := m.Amount != nil || m.Reason != "ORDER_UPDATE"
	named := make(map[string]bool)
	for _, c := range m.Items {
		bad = bad || named[c.SKU] || contradictory(c) || outOfBounds(c) || empty(c)
		named[c.SKU] = true
	}
	return bad
}

// malformedAlone is malformed for a modification without items.
func malformedAlone(m ledger.Modification) bool {
	nothing := m.Amount == nil && m.CustomerStatus == nil
	custom := !slices.Contains(modificationReasons, m.Reason) && !slices.Contains(reversalReasons, m.Reason)
	return m.Reason == "" || m.Reason == "RESET" && !nothing || nothing && m.Reason != "RESET" && !custom
}

func contradictory(c ledger.ItemChange) bool {
	q, qd, a, ad := c.Quantity != nil, c.QuantityDelta != nil, c.Amount != nil, c.AmountDelta != nil
	zero := q && *c.Quantity == 0
	return a && ad || q && qd || qd && (a || ad) || zero && (ad || a && *c.Amount > 0)
}

func outOfBounds(c ledger.ItemChange) bool {
	return c.Quantity != nil && (*c.Quantity < 0 || *c.Quantity > 999_999_999) ||
		c.QuantityDelta != nil && (*c.QuantityDelta > 999_999_999 || *c.QuantityDelta < -999_999_999) ||
		c.Amount != nil && *c.Amount < 0 || c.Rebate != nil && *c.Rebate < 0
}

func empty(c ledger.ItemChange) bool {
	return c.Quantity == nil && c.QuantityDelta == nil && c.Amount == nil && c.AmountDelta == nil &&
		c.Category == nil && c.Name == nil && c.Rebate == nil
}

func allowedReason(a Action, m ledger.Modification, effect program.Effect) bool {
	if effect == program.EffectReject {
		return m.CustomerStatus == nil && (m.Amount == nil || zeroAmount(a, m))
	}
	return effect != "" || m.Reason == "RESET" || slices.Contains(modificationReasons, m.Reason)
}

// zeroAmount reports whether the modification gives the whole action an Amount
// that rounds to 0.
func zeroAmount(a Action, m ledger.Modification) bool {
	if m.Amount == nil || len(m.Items) > 0 {
		return false
	}
	a.asked = m.Currency
	n, _ := toMinor(*m.Amount, a.givenCurrency())
	return n == 0
}

// reversesByAmount reports whether the modification's Amount reverses the action.
func reversesByAmount(a Action, m ledger.Modification) bool {
	a.asked = m.Currency
	return zeroAmount(a, m) && a.inGiven(a.Amount, a.OriginalAmount) != 0
}

// repeatable reports whether the modification only reverses or resets the whole action,
// which is allowed again and again.
func repeatable(a Action, m ledger.Modification, effect program.Effect) bool {
	return m.Reason == "RESET" || effect == program.EffectReject || zeroAmount(a, m) && m.CustomerStatus == nil && effect == ""
}

// checkAction returns the first code of section 8 that applies, up to the codes of
// items, or "".
func checkAction(ref *program.Reference, s ledger.Submission, a Action, m ledger.Modification, effect program.Effect) rejection.Code {
	exempt := repeatable(a, m, effect)
	unlimited := exempt || reversesByAmount(a, m)
	raises := m.Amount != nil && len(m.Items) == 0 && !zeroAmount(a, m)
	known := m.CustomerStatus == nil || knowsStatus(ref.EventTypes[a.ID.EventType], *m.CustomerStatus)
	switch {
	case nanos(s.Accepted) >= a.State.Locking && !a.late.accepts(m, effect):
		return rejection.CodeActionLocked
	case a.State.ReversedWhole && !exempt, raises && a.everyItemReversed():
		return rejection.CodeActionReversed
	case a.stale(m.Expected):
		return rejection.CodeStaleAction
	case a.limitReached(ref) && !unlimited:
		return rejection.CodeLimitReached
	case !known:
		return rejection.CodeCustomerStatusUnknown
	case !a.hasCurrency(m.Currency):
		return rejection.CodeCurrencyMismatch
	}
	return ""
}

// hasCurrency reports whether a modification can name the currency, or none.
func (a Action) hasCurrency(c money.Currency) bool {
	return c == "" || c == a.Currency || c == a.OriginalCurrency
}

// apply changes the action by a modification that neither resets nor reverses it.
func (a *Action) apply(m ledger.Modification) rejection.Code {
	a.asked = m.Currency
	defer func() { a.asked = "" }()
	for _, change := range m.Items {
		at := slices.IndexFunc(a.Items, func(item Item) bool { return item.SKU == change.SKU })
		if at < 0 {
			return rejection.CodeItemNotFound
		}
		if code := a.changeItem(&a.Items[at].Now, change); code != "" {
			return code
		}
	}
	if a.reported {
		a.reweigh()
	}
	if m.Amount != nil && !zeroAmount(*a, m) {
		if code := a.splitAmount(*m.Amount); code != "" {
			return code
		}
	}
	if m.CustomerStatus != nil {
		a.State.CustomerStatus = *m.CustomerStatus
	}
	return ""
}

// splitAmount splits a new amount of the whole action by what each item was last reported at
// by itself (section 5).
func (a *Action) splitAmount(amount money.Decimal) rejection.Code {
	total, ok := toMinor(amount, a.givenCurrency())
	switch {
	case total == a.inGiven(a.Amount, a.OriginalAmount):
		return ""
	case !ok:
		return rejection.CodeAmountTooLarge
	}
	weights, allZero := make([]int64, len(a.Items)), true
	for i, item := range a.Items {
		if weights[i], ok = a.weighed(item); !ok {
			return rejection.CodeAmountTooLarge
		}
		allZero = allZero && weights[i] == 0
	}
	for i, item := range a.Items {
		if allZero {
			weights[i] = item.Now.Quantity
		}
	}
	for i, share := range split(total, weights) {
		now := &a.Items[i].Now
		if now.Quantity == 0 {
			continue
		}
		p, ok := a.pairOf(share)
		if !ok {
			return rejection.CodeAmountTooLarge
		}
		now.Amount, now.LineAmount, now.LineQuantity = p.account, p.account, now.Quantity
		now.Original, now.LineOriginal, now.Converted = p.original, p.original, p.converted
	}
	return ""
}

// weighed returns the last amount that was reported for the item alone, scaled to its present
// quantity.
func (a *Action) weighed(item Item) (int64, bool) {
	amount := a.inGiven(item.Now.WeightAmount, item.Now.WeightOriginal)
	return roundMinor(product(integer(amount), big.NewRat(item.Now.Quantity, item.Now.WeightQuantity)), a.givenCurrency())
}

// reweigh makes the amounts of the items that are left their weights, where they differ.
func (a *Action) reweigh() {
	for i, item := range a.Items {
		now := &a.Items[i].Now
		part := big.NewRat(now.Quantity, now.WeightQuantity)
		amount := roundHalfAway(product(integer(item.Now.WeightAmount), part))
		original := roundHalfAway(product(integer(item.Now.WeightOriginal), part))
		if now.Quantity > 0 && (amount.Cmp(big.NewInt(now.Amount)) != 0 || original.Cmp(big.NewInt(now.Original)) != 0) {
			now.WeightAmount, now.WeightQuantity, now.WeightOriginal = now.Amount, now.Quantity, now.Original
		}
	}
}
