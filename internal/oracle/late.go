package oracle

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Adjustment is one adjustment of a locked action.
type Adjustment struct {
	Item                      int
	SKU, Reason               string
	FromQuantity, FromAmount  int64
	ToQuantity, ToAmount      int64
	DeltaPayout, Effective    int64
	Terms                     program.TermsKey
	Group, Number, Submission int64
	Recorded                  int64
}

// madeAdjustment is an adjustment with its locked action.
type madeAdjustment struct {
	Adjustment

	action Action
}

// adjusted is a locked action with adjustments, and the submission that made the first one.
type adjusted struct {
	effective Action
	first     int64
}

// lateness holds a locked action that accepts adjustments (section 11), and its limits.
type lateness struct {
	locked       Action
	until, entry time.Time
	pricing      program.TermsKey
	first        int64
}

// effective returns the action that a submission changes: the effective one if the action is
// locked and the terms that tracked it accept late returns.
func (o *Oracle) effective(s ledger.Submission, a Action) Action {
	ref := o.history.At(s.Accepted)
	tracked := trackedTerms(ref, a)
	if nanos(s.Accepted) < a.State.Locking || tracked.LateReturns == 0 {
		return a
	}
	zone := ref.Zone()
	year, month, day := time.Unix(0, a.State.Locking).In(zone).Date()
	l := &lateness{locked: a.clone(), pricing: o.pricedBy[a.ID.Number]}
	l.until = startOfDay(year, month, day+tracked.LateReturns+1, zone)
	l.entry = o.entryDate(ref, a)
	if d, found := o.adjusted[a.ID.Number]; found {
		limit := a.ModificationLimit
		a, l.first = d.effective.clone(), d.first
		a.ModificationLimit = limit
	}
	a.late = l
	return a
}

// trackedTerms returns the terms that tracked the action.
func trackedTerms(ref *program.Reference, a Action) (tracked program.Terms) {
	for _, t := range ref.Terms[a.Terms.TermsOf] {
		if t.Version == a.Terms.Version {
			tracked = t
		}
	}
	return tracked
}

// entryDate returns the date of the action's entry (section 12).
func (o *Oracle) entryDate(ref *program.Reference, a Action) time.Time {
	clears := clearingDate(trackedTerms(ref, a).Clearing, time.Unix(0, a.State.Locking).In(ref.Zone()))
	if accepted := o.accepted[a.ID.Number]; accepted.After(clears) {
		return accepted
	}
	return clears
}

// clearingDate returns the instant at which an action clears (section 7).
func clearingDate(c program.Clearing, locking time.Time) time.Time {
	year, month, day := locking.Date()
	var clears time.Time
	switch {
	case c.Days != nil && *c.Days == 0:
		return locking
	case c.Days != nil:
		clears = startOfDay(year, month, day+*c.Days, locking.Location())
	default:
		if c.Day == 0 {
			c.Day, c.Months = 20, 1
		}
		for day = c.Day; time.Date(year, month+time.Month(c.Months), day, 12, 0, 0, 0, time.UTC).Day() != day; {
			day--
		}
		clears = startOfDay(year, month+time.Month(c.Months), day, locking.Location())
	}
	if clears.Before(locking) {
		return locking
	}
	return clears
}

// made reports whether a submission that changed the action made adjustments.
func (l *lateness) made(submission int64) bool {
	return l != nil && l.first > 0 && submission >= l.first
}

// adjusts reports whether the modification can become adjustments, or is a RESET.
func adjusts(m ledger.Modification, effect program.Effect) bool {
	if m.Reason == "RESET" {
		return true
	}
	other := m.CustomerStatus != nil || effect == program.EffectApprove
	for _, c := range m.Items {
		other = other || c.Category != nil || c.Name != nil || c.Rebate != nil
	}
	return !other && (len(m.Items) > 0 || m.Amount != nil || effect == program.EffectReject)
}

// accepts reports whether a locked action accepts the modification as adjustments.
func (l *lateness) accepts(m ledger.Modification, effect program.Effect) bool {
	return l != nil && adjusts(m, effect)
}

// finish turns a change of the effective action into adjustments, if there is one.
func (l *lateness) finish(s ledger.Submission, reset bool, v Verdict) Verdict {
	switch {
	case l == nil || len(v.Codes) > 0:
		return v
	case !s.Accepted.Before(l.until):
		return rejected(rejection.CodeAdjustmentTooLate)
	case reset:
		return rejected(rejection.CodeResetNotAdjustable)
	}
	for i, item := range v.Action.Items {
		locked := l.locked.Items[i].Now
		if item.Now.Quantity > locked.Quantity || item.Now.Amount > locked.Amount {
			return rejected(rejection.CodeAdjustmentTooHigh)
		}
	}
	effective := s.Accepted
	if l.entry.After(effective) {
		effective = l.entry
	}
	adjusted := Verdict{Action: l.locked, Effective: v.Action, Terms: v.Terms}
	for _, u := range v.Updates {
		now := v.Action.Items[u.Item].Now
		adjusted.Adjustments = append(adjusted.Adjustments, Adjustment{
			Item: u.Item, SKU: u.SKU, Reason: u.Disposition, ToQuantity: now.Quantity, ToAmount: now.Amount,
			FromAmount: now.Amount - u.DeltaAmount, DeltaPayout: u.DeltaPayout, Effective: nanos(effective), Terms: u.Terms, Group: u.Group,
		})
	}
	return adjusted
}

// adjust numbers the adjustments and keeps the effective action.
func (o *Oracle) adjust(s ledger.Submission, v *Verdict, t ledger.ApplyContext) {
	number := v.Action.ID.Number
	before, found := o.adjusted[number]
	if !found {
		before = adjusted{v.Action, s.Number}
	}
	for i := range v.Adjustments {
		d := &v.Adjustments[i]
		d.Number, d.Submission, d.Recorded = t.Update+int64(i), s.Number, nanos(t.At)
		d.FromQuantity = before.effective.Items[d.Item].Now.Quantity
		v.Effective.Last = d.Number
		o.adjustments = append(o.adjustments, madeAdjustment{*d, v.Action})
	}
	v.Effective.late = nil
	o.effects[s.Number] = effect{before.effective, v.Effective}
	o.adjusted[number] = adjusted{v.Effective, before.first}
}

// priceLate prices an effective action by the terms that gave the locked one its payouts. It is
// not paid more than the locked one.
func (a *Action) priceLate(ref *program.Reference) (terms program.Terms, groups []int64, ok bool) {
	fee := a.State.FeeRate
	if a.Fixed {
		terms, groups, ok = a.priceFixed(fee)
	} else {
		for _, t := range ref.Terms[a.late.pricing.TermsOf] {
			if t.Version == a.late.pricing.Version {
				terms = t
			}
		}
		groups, ok = a.price(terms, fee)
	}
	if !ok || a.Payout <= a.late.locked.Payout {
		return terms, groups, ok
	}
	var payouts []int64
	for _, item := range a.Items {
		payouts = append(payouts, item.Now.Payout)
	}
	for i, share := range split(a.late.locked.Payout, payouts) {
		a.Items[i].Now.Payout = share
	}
	return terms, groups, a.sum()
}

// notePricing keeps the terms that gave an action its payouts.
func (o *Oracle) notePricing(s ledger.Submission, v Verdict) {
	if len(v.Updates) == 0 {
		return
	}
	if m, ok := s.Command.(ledger.Modification); ok && m.Reason == "RESET" {
		o.pricedBy[v.Action.ID.Number] = v.Action.Terms
	} else if v.Terms != (program.TermsKey{}) {
		o.pricedBy[v.Action.ID.Number] = v.Terms
	}
}
