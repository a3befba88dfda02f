package ledger_test

import (
	"math/big"
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
)

// The predefined reasons of wire.md, sections 13 and 14.
var (
	reasonsOfPut = []string{
		"ORDER_UPDATE", "ITEM_RETURNED", "CONS_FRAUD", "CONS_ERROR", "ORDER_ERROR", "PUB_ACT_DISPUTE",
		"ADV_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "ITEM_OUT_OF_STOCK", "TEST_ACTION", "PARTNER_NOT_ACTIVE",
		"CREDITED_DIFFERENT_MP", "OTHER",
	}
	reasonsOfDelete = []string{
		"REJECTED", "CONS_INFO_INVALID", "CONS_ERROR", "CONS_FRAUD", "ITEM_RETURNED", "ITEM_OUT_OF_STOCK", "ORDER_ERROR",
		"PUB_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "MP_RETURNED", "OTHER", "CREDITED_DIFFERENT_MP", "ADV_ACT_DISPUTE",
		"TEST_ACTION",
	}
)

func effectOf(ref *ledger.Reference, a oracleAction, reason string) ledger.Effect {
	for _, d := range ref.EventTypes[a.ID.EventType].Dispositions {
		if d.Code == reason {
			return d.Effect
		}
	}
	return ""
}

func (o *oracle) modification(s ledger.Submission, m ledger.Modification, t ledger.ApplyContext) verdict {
	if malformed(m) {
		return refused(ledger.CodeMalformed)
	}
	was, code := o.find(m.Address)
	if code != "" {
		return refused(code)
	}
	ref := o.history.at(s.Accepted)
	effect, reset := effectOf(ref, was, m.Reason), m.Reason == "RESET"
	if !allowedReason(m, effect) {
		return refused(ledger.CodeReasonNotAllowed)
	}
	if code := admit(ref, s, was, m, effect); code != "" {
		return refused(code)
	}
	is := was.clone()
	if reset {
		return settleReset(was, is, t)
	}
	if effect == ledger.EffectReject || toNothing(was, m) {
		return reject(s, m, was, effect, t)
	}
	if code := is.apply(m); code != "" {
		return refused(code)
	}
	if effect != "" {
		is.Head.Disposition = m.Reason
	}
	if effect == ledger.EffectApprove {
		is.Head.Locking, is.Head.OpenEnded = stamp(s.Accepted), false
	}
	return settlePriced(ref, s, t, was, is, m.Reason)
}

// malformed reports what is a 400 by sections 4 and 5 of the rules and section 12
// of the wire: it shows from the request alone.
func malformed(m ledger.Modification) bool {
	bad := m.Amount != nil && *m.Amount < 0
	if len(m.Items) == 0 {
		alone := m.Amount == nil && m.CustomerStatus == nil
		custom := !slices.Contains(reasonsOfPut, m.Reason) && !slices.Contains(reasonsOfDelete, m.Reason)
		return bad || m.Reason == "RESET" && !alone || alone && m.Reason != "RESET" && !custom
	}
	bad = bad || m.Amount != nil || m.Reason != "ORDER_UPDATE"
	named := make(map[string]bool)
	for _, c := range m.Items {
		q, qd, a, ad := c.Quantity != nil, c.QuantityDelta != nil, c.Amount != nil, c.AmountDelta != nil
		none := q && *c.Quantity == 0
		bad = bad || named[c.SKU] || a && ad || q && qd || qd && (a || ad) || none && (ad || a && *c.Amount > 0) ||
			q && *c.Quantity < 0 || a && *c.Amount < 0 || c.Rebate != nil && *c.Rebate < 0 ||
			!q && !qd && !a && !ad && c.Category == nil && c.Name == nil && c.Rebate == nil
		named[c.SKU] = true
	}
	return bad
}

func allowedReason(m ledger.Modification, effect ledger.Effect) bool {
	if effect == ledger.EffectReject {
		return m.Amount == nil && m.CustomerStatus == nil
	}
	return effect != "" || m.Reason == "RESET" || slices.Contains(reasonsOfPut, m.Reason)
}

// zero reports whether an Amount of the whole action was given that is nothing.
func zero(a oracleAction, m ledger.Modification) bool {
	if m.Amount == nil || len(m.Items) > 0 {
		return false
	}
	n, _ := rounded(*m.Amount, a.Currency)
	return n == 0
}

// toNothing reports whether the Amount given reverses the action.
func toNothing(a oracleAction, m ledger.Modification) bool { return zero(a, m) && a.Amount != 0 }

// admit answers the first code of section 8 that applies before the items'.
func admit(ref *ledger.Reference, s ledger.Submission, a oracleAction, m ledger.Modification, effect ledger.Effect) ledger.Code {
	wholly := effect == ledger.EffectReject || zero(a, m) && m.CustomerStatus == nil && effect == ""
	exempt := wholly || m.Reason == "RESET"
	uncapped := exempt || toNothing(a, m)
	raises := m.Amount != nil && len(m.Items) == 0 && !zero(a, m)
	switch {
	case stamp(s.Accepted) >= a.Head.Locking:
		return ledger.CodeActionLocked
	case a.Head.ReversedWhole && !exempt, raises && a.everyItemReversed():
		return ledger.CodeActionReversed
	case stale(a, m.Expected):
		return ledger.CodeStaleAction
	case a.full(ref) && !uncapped:
		return ledger.CodeLimitReached
	case m.CustomerStatus != nil && !slices.Contains(ref.EventTypes[a.ID.EventType].CustomerStatuses, *m.CustomerStatus):
		return ledger.CodeCustomerStatusUnknown
	case m.Currency != "" && m.Currency != a.Currency:
		return ledger.CodeCurrencyMismatch
	}
	return ""
}

// reject reverses by a PUT; a customer status or code that comes along counts.
func reject(s ledger.Submission, m ledger.Modification, was oracleAction, effect ledger.Effect, t ledger.ApplyContext) verdict {
	is := was.clone()
	if was.Head.ReversedWhole && was.everyItemReversed() {
		return verdict{Action: was}
	}
	is.reverseWhole()
	if effect != "" {
		is.Head.Disposition = m.Reason
	}
	if m.CustomerStatus != nil {
		is.Head.CustomerStatus = *m.CustomerStatus
	}
	if effect == ledger.EffectApprove {
		is.Head.Locking, is.Head.OpenEnded = stamp(s.Accepted), false
	}
	return settleReversed(was, is, m.Reason, t)
}

func (a *oracleAction) reverseWhole() {
	for i := range a.Items {
		now := &a.Items[i].Now
		now.Quantity, now.Amount, now.Payout = 0, 0, 0
	}
	a.Head.ReversedWhole = true
}

func (o *oracle) reversal(s ledger.Submission, r ledger.Reversal, t ledger.ApplyContext) verdict {
	was, code := o.find(r.Address)
	if code != "" {
		return refused(code)
	}
	effect := effectOf(o.history.at(s.Accepted), was, r.Reason)
	switch {
	case effect != ledger.EffectReject && !slices.Contains(reasonsOfDelete, r.Reason):
		return refused(ledger.CodeReasonNotAllowed)
	case stamp(s.Accepted) >= was.Head.Locking:
		return refused(ledger.CodeActionLocked)
	case stale(was, r.Expected):
		return refused(ledger.CodeStaleAction)
	case was.Head.ReversedWhole && was.everyItemReversed():
		return verdict{Action: was}
	}
	is := was.clone()
	is.reverseWhole()
	if effect == ledger.EffectReject {
		is.Head.Disposition = r.Reason
	}
	return settleReversed(was, is, r.Reason, t)
}

// apply makes the changes of a modification that is neither RESET nor a reversal.
func (a *oracleAction) apply(m ledger.Modification) ledger.Code {
	for _, change := range m.Items {
		at := slices.IndexFunc(a.Items, func(item oracleItem) bool { return item.SKU == change.SKU })
		if at < 0 {
			return ledger.CodeItemNotFound
		}
		if code := a.change(&a.Items[at].Now, change); code != "" {
			return code
		}
	}
	if m.Amount != nil && !zero(*a, m) {
		total, ok := rounded(*m.Amount, a.Currency)
		if !ok {
			return ledger.CodeAmountTooLarge
		}
		for i, share := range split(total, a.weights()) {
			if now := &a.Items[i].Now; now.Quantity > 0 {
				now.Amount, now.LineAmount, now.LineQuantity = share, share, now.Quantity
			}
		}
	}
	if m.CustomerStatus != nil {
		a.Head.CustomerStatus = *m.CustomerStatus
	}
	return ""
}

// change is the table of section 4.
func (a *oracleAction) change(now *oracleState, c ledger.ItemChange) ledger.Code {
	if c.Category != nil {
		now.Category = *c.Category
	}
	if c.Name != nil {
		now.Name = *c.Name
	}
	rebateFits := true
	if c.Rebate != nil {
		now.Rebate, rebateFits = rounded(*c.Rebate, a.Currency)
	}
	code := a.changeRevenue(now, c)
	if code == "" && (!rebateFits || !fits(now.Amount, a.Currency)) {
		return ledger.CodeAmountTooLarge
	}
	return code
}

func (a *oracleAction) changeRevenue(now *oracleState, c ledger.ItemChange) ledger.Code {
	quantity := now.Quantity
	if c.Quantity != nil {
		quantity = *c.Quantity
	}
	if c.QuantityDelta != nil {
		quantity += *c.QuantityDelta
	}
	switch {
	case quantity < 0:
		return ledger.CodeQuantityNegative
	case quantity > 999_999_999:
		return ledger.CodeAmountTooLarge
	case c.Amount != nil:
		return a.changeAmount(now, c, quantity)
	case c.AmountDelta != nil:
		return a.changeBy(now, c, quantity)
	case c.Quantity == nil && c.QuantityDelta == nil:
		return ""
	case quantity == 0:
		now.Quantity, now.Amount = 0, 0
		return ""
	}
	amount, ok := whole(big.NewRat(1, 1).Mul(count(now.LineAmount), big.NewRat(quantity, now.LineQuantity)), a.Currency)
	if !ok {
		return ledger.CodeAmountTooLarge
	}
	now.Quantity, now.Amount = quantity, amount
	return ""
}

func (a *oracleAction) changeAmount(now *oracleState, c ledger.ItemChange, quantity int64) ledger.Code {
	amount, ok := rounded(*c.Amount, a.Currency)
	switch {
	case c.Quantity != nil && quantity == 0:
		now.Quantity, now.Amount = 0, 0
	case c.Quantity == nil && amount == 0:
		if now.Amount != 0 {
			now.Quantity, now.Amount = 0, 0
		}
	case quantity == 0:
		return ledger.CodeItemReversed
	case !ok:
		return ledger.CodeAmountTooLarge
	default:
		now.Quantity, now.Amount, now.LineAmount, now.LineQuantity = quantity, amount, amount, quantity
	}
	return ""
}

func (a *oracleAction) changeBy(now *oracleState, c ledger.ItemChange, quantity int64) ledger.Code {
	delta, ok := rounded(*c.AmountDelta, a.Currency)
	amount := now.Amount + delta
	switch {
	case quantity == 0:
		return ledger.CodeItemReversed
	case amount < 0:
		return ledger.CodeAmountNegative
	case amount == 0 && now.Amount != 0:
		now.Quantity, now.Amount = 0, 0
	case !ok && !fits(amount, a.Currency):
		return ledger.CodeAmountTooLarge
	default:
		now.Quantity, now.Amount, now.LineAmount, now.LineQuantity = quantity, amount, amount, quantity
	}
	return ""
}
