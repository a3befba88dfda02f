package ledger

import (
	"cmp"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Decide returns the change that a submission makes, or a [*rejection.Rejection], which completes
// the submission without effect. Any other error means that the submission could not be
// decided, for example because a lookup failed. The result depends on the arguments alone.
func Decide(lookup Lookup, s Submission, ctx ApplyContext) (Change, error) {
	reference, err := lookup.Reference(s.Accepted)
	if err != nil {
		return Change{}, err
	}
	// A stored command can be from an older version that validated less.
	if rejections := s.Command.Validate(s.Accepted, reference.Account); len(rejections) > 0 {
		return Change{}, rejections[0]
	}
	return s.Command.decide(decision{lookup, s, ctx, reference})
}

// decision holds the arguments of [Decide] and the reference data of the submission.
type decision struct {
	lookup     Lookup
	submission Submission
	context    ApplyContext
	reference  *program.Reference
}

// amendment is a decision about an existing action. It collects the changes in after.
type amendment struct {
	decision
	eventType     program.EventType
	before, after Action
	// reason is the disposition of the updates.
	reason string
	// late is not nil if the action is locked and accepts adjustments. Then before and after
	// are effective actions.
	late *late
}

// newAmendment returns an amendment of the addressed action that changes nothing yet.
func newAmendment(d decision, addr Address) (*amendment, error) {
	a, err := addr.Find(d.lookup)
	if errors.Is(err, ErrNotFound) {
		if _, known := d.reference.EventTypes[addr.EventType]; addr.EventType != 0 && !known {
			return nil, rejection.New(rejection.CodeActionNotFound, "ActionTrackerId", "There is no event type %d.", addr.EventType)
		}
		return nil, rejection.New(rejection.CodeActionNotFound, "", "No action has this id or order id; report the conversion first.")
	}
	if err != nil {
		return nil, err
	}
	if !addr.agrees(a) {
		return nil, rejection.New(rejection.CodeIdentifierMismatch, "OrderId",
			"ActionId identifies an action with another event type or order id; send the ActionId alone, or make them agree.")
	}
	return amend(d, a)
}

func amend(d decision, a Action) (*amendment, error) {
	m := &amendment{decision: d, eventType: d.reference.EventTypes[a.ID.EventType], before: a}
	if a.locked(d.submission.Accepted) {
		if err := m.amendLocked(); err != nil {
			return nil, err
		}
	}
	m.after = m.before.clone()
	return m, nil
}

// preconditions selects the checks that apply to an amendment.
type preconditions struct {
	// expected is the newest update that the caller knows, if it was sent.
	expected ids.UpdateID
	// undo is the number of the submission to undo, or 0, undone means that it was undone
	// before, and stale that the fields to undo have changed again since.
	undo          int64
	undone, stale bool
	// allowReversed permits an action that was reversed as a whole.
	allowReversed bool
	// needsUnreversed requires an item that is not reversed.
	needsUnreversed bool
	// adjustable permits a locked action that accepts adjustments.
	adjustable bool
	// unlimited ignores the modification limit.
	unlimited bool
	// customerStatus and currency are those of the request, if they were sent.
	customerStatus *string
	currency       money.Currency
}

// check rejects the amendment if a precondition fails. The checks are in order of
// precedence (docs/rules.md, section 8).
func (m *amendment) check(p preconditions) error {
	if err := m.checkState(p); err != nil {
		return err
	}
	a := m.before
	switch limit := m.limit(); {
	case p.stale:
		return rejection.New(rejection.CodeStaleAction, "BatchId",
			"A later submission changed the same values; undo that submission first, or modify the items.")
	case a.Modifications >= limit && !p.unlimited:
		return rejection.New(rejection.CodeLimitReached, "ActionId",
			"The action has reached its limit of %d modifications; ask the operator to raise it.", limit)
	case p.customerStatus != nil && !m.knowsStatus(*p.customerStatus):
		return rejectStatus(m.eventType)
	case p.currency != "" && p.currency != a.Currency && p.currency != a.Original.Currency:
		return rejectCurrency(a)
	}
	return nil
}

// checkState makes the first checks of check, which don't depend on the values to undo.
func (m *amendment) checkState(p preconditions) error {
	a := m.before
	switch {
	case a.locked(m.submission.Accepted) && (m.late == nil || !p.adjustable):
		return m.rejectLocked()
	case a.ReversedWhole && !p.allowReversed, p.needsUnreversed && a.Reversed:
		remedy := "send Reason=RESET first to restore it"
		if m.late != nil {
			remedy = "undo that reversal first to restore it"
		}
		return rejection.New(rejection.CodeActionReversed, "ActionId", "The action is reversed; %s.", remedy)
	case p.undo != 0 && a.ReversedWhole && a.Changes[reversalGroup] != p.undo:
		return rejection.New(rejection.CodeActionReversed, "BatchId", "The action was reversed as a whole; undo that reversal first.")
	case p.undone:
		return rejection.New(rejection.CodeAlreadyUndone, "BatchId", "The submission was undone before; to take that back, undo the undo.")
	case p.expected != (ids.UpdateID{}) && (p.expected.Action != a.ID || p.expected.Number < a.Last.Number):
		return rejection.New(rejection.CodeStaleAction, "ExpectedUpdateId", "The newest update is %s; read the action again before you change it.",
			m.newest())
	}
	return nil
}

// knowsStatus reports whether the customer status is one of the event type's. By the rules
// before version 2, an event type that lists none knows none.
func (m *amendment) knowsStatus(status string) bool {
	if len(m.eventType.CustomerStatuses) == 0 && m.submission.Rules.original() {
		return false
	}
	return m.eventType.KnowsCustomerStatus(status)
}

func rejectCurrency(a Action) *rejection.Rejection {
	currencies := string(a.Currency)
	if a.Original.Currency != "" {
		currencies += " and " + string(a.Original.Currency)
	}
	return rejection.New(rejection.CodeCurrencyMismatch, "currencyCode", "The action's amounts are in %s; send amounts in that currency.", currencies)
}

func rejectStatus(e program.EventType) *rejection.Rejection {
	return rejection.New(rejection.CodeCustomerStatusUnknown, "CustomerStatus", "The event type has only the statuses %q.", e.CustomerStatuses)
}

// limit returns the action's modification limit.
func (m *amendment) limit() int {
	return max(m.before.ModificationLimit, m.reference.Account.ModificationLimit)
}

// reverseAll reverses the action as a whole. It reverses the items even if the action is
// reversed already, because an undo can have restored one of them.
func (m *amendment) reverseAll() {
	m.after.ReversedWhole = true
	for i := range m.after.Items {
		item := &m.after.Items[i]
		item.Reverse()
		item.Payout = 0
	}
}

// withPricing returns the change. An action is priced if something changed that a price
// depends on.
func (m *amendment) withPricing() (Change, error) {
	if !m.changesPrice() {
		return m.withoutPricing()
	}
	fee := m.reference.Campaigns[m.before.ID.Campaign].FeeRate
	if m.late != nil {
		fee = m.before.FeeRate
	}
	terms, groups, err := m.price(fee)
	if err != nil {
		return Change{}, rejection.TooLarge(err)
	}
	return m.change(terms, groups, PricingBasis{Terms: terms.TermsKey, FeeRate: fee, ModificationLimit: m.limit()})
}

// price prices the action by [program.Reference.TermsOfAmendment], or by the payout that its conversion fixed.
// Version 1 of the rules replaces a fixed payout.
func (m *amendment) price(fee money.Decimal) (terms program.Terms, groups []int64, err error) {
	switch a := m.before; {
	case a.PayoutFixed && !m.submission.Rules.original():
		terms = m.reference.TermsVersion(a.Terms).WithFlatPayout(0) // as the conversion's updates have them
		groups, err = m.after.priceFixed(fee)
	case m.late != nil:
		terms = m.reference.TermsVersion(m.late.Pricing)
		groups, err = m.after.price(terms, fee)
	default:
		terms = m.reference.TermsOfAmendment(a.Terms, a.ID.Campaign, a.Partner, a.ID.EventType, m.submission.Accepted)
		groups, err = m.after.price(terms, fee)
	}
	if err == nil && m.late != nil {
		err = m.after.limitPayouts(m.late.locked.Payout)
	}
	return terms, groups, err
}

// changesPrice reports whether a quantity, amount, category or the customer status changed.
// By version 1 of the rules, any change prices the action.
func (m *amendment) changesPrice() bool {
	if m.submission.Rules.original() {
		return m.changed()
	}
	for i := range m.after.Items {
		before, after := &m.before.Items[i], &m.after.Items[i]
		if before.Quantity != after.Quantity || before.Amount != after.Amount || before.Category != after.Category {
			return true
		}
	}
	return m.before.CustomerStatus != m.after.CustomerStatus
}

// withoutPricing returns the change. The items keep their payouts.
func (m *amendment) withoutPricing() (Change, error) {
	if !m.changed() {
		return m.unchanged()
	}
	if err := m.after.sum(); err != nil {
		return Change{}, rejection.TooLarge(err)
	}
	terms := m.reference.TermsVersion(m.before.Terms)
	return m.change(terms, nil, PricingBasis{FeeRate: m.after.FeeRate, ModificationLimit: m.limit()})
}

func (m *amendment) unchanged() (Change, error) {
	return m.adjust(Change{Action: m.before, Basis: PricingBasis{ModificationLimit: m.limit()}})
}

func (m *amendment) change(terms program.Terms, groups []int64, basis PricingBasis) (Change, error) {
	m.after.Delta = m.after.Totals.minus(m.before.Totals)
	m.after.Modifications++
	m.after.Updated = m.context.At
	updates := m.record(terms, groups)
	return m.adjust(Change{Updates: updates, Action: m.after, Basis: basis})
}

func (m *amendment) changed() bool {
	if !m.before.ActionState.equal(m.after.ActionState) {
		return true
	}
	for i := range m.after.Items {
		if m.after.Items[i].ItemState != m.before.Items[i].ItemState {
			return true
		}
	}
	return false
}

func (s ActionState) equal(t ActionState) bool {
	locking := s.LockingDate.Equal(t.LockingDate)
	s.LockingDate, t.LockingDate = time.Time{}, time.Time{}
	return locking && s == t
}

// record returns the updates that describe the amendment and appends them to the action's
// chain. Each changed item gets one, with the amendment's reason. If only its payout
// changed, and not by a RESET, the reason is [DispositionRecalc]. Weights belong to the action:
// an item of which nothing else changed gets no update. An amendment of the action alone is
// recorded as an update of the first item, with zero deltas.
func (m *amendment) record(terms program.Terms, groups []int64) []Update {
	chain := newChain(m.decision, &m.after, terms)
	if groups == nil { // nothing was priced
		groups = make([]int64, len(m.after.Items))
	}
	first := m.replacedItem(0)
	actionOnly := m.changesActionOnly()
	if actionOnly {
		chain.add(0, m.reason, Totals{}, groups[0], &first)
	}
	var weights []ReplacedWeight
	for i := range m.after.Items {
		before, after := m.before.Items[i].ItemState, &m.after.Items[i]
		if before == after.ItemState {
			continue
		}
		replaced := first // was recorded already
		if i > 0 {
			replaced = m.replacedItem(i)
		}
		disposition := m.reason
		switch {
		case before.Payout == after.Payout && equalExceptComputed(before, after.ItemState):
			if i > 0 || !actionOnly {
				weights = append(weights, ReplacedWeight{i, replaced.Item.State.WeightOrLine(), replaced.Item.Changes[weightGroup]})
			}
			continue
		case m.reason != ReasonReset && equalExceptComputed(before, after.ItemState):
			disposition = DispositionRecalc
		}
		after.Adjusted, after.AdjustmentReason = m.context.At, disposition
		chain.add(i, disposition, Totals{Amount: after.Amount - before.Amount, Payout: after.Payout - before.Payout}, groups[i], &replaced)
	}
	chain.updates[0].Before.Action, chain.updates[0].Before.Weights = m.replacedAction(), weights
	return chain.updates
}

// changesActionOnly reports whether no item changed, except by its weight or a recalculated
// payout.
func (m *amendment) changesActionOnly() bool {
	for i := range m.after.Items {
		before, after := m.before.Items[i].ItemState, m.after.Items[i].ItemState
		if !equalExceptComputed(before, after) || m.reason == ReasonReset && before.Payout != after.Payout {
			return false
		}
	}
	return true
}

// equalExceptPayout reports whether two states are equal in all but their payouts.
func equalExceptPayout(before, after ItemState) bool {
	before.Payout = after.Payout
	return before == after
}

// equalExceptComputed reports whether two states are equal in all but their payouts and
// weights, which submissions on other items change too.
func equalExceptComputed(before, after ItemState) bool {
	before.Weight = after.Weight
	return equalExceptPayout(before, after)
}

// chain appends updates to an action's hash chain.
type chain struct {
	action  *Action
	next    Update
	updates []Update
	// eventType names the custom dispositions.
	eventType program.EventType
}

func newChain(d decision, a *Action, terms program.Terms) chain {
	var rate money.Decimal
	if terms.Default.Rate != nil {
		rate = *terms.Default.Rate
	}
	next := Update{
		ChainPosition: ids.ChainPosition{Number: d.context.Update}, Action: a.ID, Submission: d.submission.Number,
		At: d.context.At, Terms: terms.TermsKey, Level: terms.Level, Rate: rate,
		Version: cmp.Or(d.context.UpdateVersion, UpdateVersion),
	}
	return chain{action: a, next: next, eventType: d.reference.EventTypes[a.ID.EventType]}
}

// add appends the update of the item with index i. Before is nil for a conversion.
func (c *chain) add(i int, disposition string, delta Totals, group int64, before *Before) {
	item := c.action.Items[i]
	u := c.next
	u.Item, u.SKU, u.Disposition, u.Category, u.Quantity = i, item.SKU, disposition, item.Category, item.Quantity
	u.Delta, u.Group, u.Before = delta, group, before
	u.RecordedState = c.action.recordedState(u.At, disposition, c.eventType)
	u.Follow(c.action.Last.Hash)
	c.action.Last = u.ChainPosition
	c.next.Number++
	c.updates = append(c.updates, u)
}
