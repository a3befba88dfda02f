package oracle

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

func (o *Oracle) conversion(s ledger.Submission, c ledger.Conversion, t ledger.ApplyContext) Verdict {
	ref := o.history.At(s.Accepted)
	currency := c.Currency
	if currency == "" {
		currency = ref.Account.Currency
	}
	items, codes := checkRequest(s, c, currency)
	if len(codes) > 0 {
		return rejected(codes...)
	}
	eventType, code := eventTypeOf(ref, c)
	if code != "" {
		return rejected(code)
	}
	if o.duplicate(eventType, c) {
		return rejected(rejection.CodeConversionDuplicate)
	}
	partner, referral, promo, code := o.attribute(ref, c)
	if code != "" {
		return rejected(code)
	}
	terms, code := TermsOfConversion(ref, c.Campaign, eventType.ID, partner, c.EventDate)
	switch {
	case code != "":
		return rejected(code)
	case c.CustomerStatus != "" && !knowsStatus(eventType, c.CustomerStatus):
		return rejected(rejection.CodeCustomerStatusUnknown)
	}
	a := Action{Items: items, ActionFields: fieldsOf(c, t)}
	if currency != ref.Account.Currency {
		rate, found := rateOf(o.history.version(s.Accepted).Rates, currency, ref.Account.Currency, c.EventDate.In(ref.Zone()))
		if !found {
			return rejected(rejection.CodeRateNotFound)
		}
		a.OriginalCurrency, a.Rate = currency, rate
	}
	a.ID = ids.ActionID{Campaign: c.Campaign, EventType: eventType.ID, Number: s.Number}
	a.Partner, a.ReferralType, a.Promo, a.Fixed = partner, referral, promo, c.Payout != nil
	a.Currency, a.Terms = ref.Account.Currency, terms.TermsKey
	a.State.Locking = nanos(lockingDate(terms.Locking, c.EventDate, ref.Zone()))
	a.State.OpenEnded = terms.Locking.OpenEnded
	if !a.convertItems() {
		return rejected(rejection.CodeAmountTooLarge)
	}
	return a.track(c, *terms, ref.Campaigns[c.Campaign].FeeRate)
}

// fieldsOf returns the fields of the action that the conversion alone determines.
func fieldsOf(c ledger.Conversion, t ledger.ApplyContext) ActionFields {
	return ActionFields{
		Order: c.Order, EventDate: nanos(c.EventDate), Created: nanos(t.At), Updated: nanos(t.At),
		Customer: ledger.Customer{
			ID: c.Customer, PostCode: c.PostCode, City: c.City, Region: c.Region, Country: c.Country, IPHash: c.IPHash,
		},
		State:  ActionState{CustomerStatus: c.CustomerStatus, Disposition: c.Disposition},
		Erased: c.Erased,
	}
}

// checkRequest returns the items, and the codes of everything that the request and
// the clock alone show to be wrong.
func checkRequest(s ledger.Submission, c ledger.Conversion, currency money.Currency) ([]Item, []rejection.Code) {
	items, codes := itemsOf(c, currency)
	if c.Order == "" {
		codes = append(codes, rejection.CodeOrderMissing)
	}
	if c.EventDate.After(s.Accepted.Add(5 * time.Minute)) {
		codes = append(codes, rejection.CodeMalformed)
	}
	if c.Payout != nil && *c.Payout < 0 {
		codes = append(codes, rejection.CodeMalformed)
	}
	keys := c.PromoCode + c.Click + c.CustomClick + c.UniqueURL + c.Customer + c.Profile + c.CallerID
	if c.Partner == 0 && keys == "" && !c.OtherKey && c.Erased == nil {
		codes = append(codes, rejection.CodeMalformed)
	}
	return items, codes
}

// track prices a new action and writes its first updates.
func (a Action) track(c ledger.Conversion, terms program.Terms, fee money.Decimal) Verdict {
	a.sum()
	if !fits(a.Amount, a.Currency) || !a.originalFits() {
		return rejected(rejection.CodeAmountTooLarge)
	}
	a.IntendedAmount = a.Amount
	groups, ok := a.priceTracked(c, terms, fee)
	if !ok {
		return rejected(rejection.CodeAmountTooLarge)
	}
	a.IntendedPayout, a.DeltaAmount, a.DeltaPayout = a.Payout, a.Amount, a.Payout
	a.Tracked = a.State
	reason := "IR_BLANK"
	if c.Disposition != "" {
		reason = c.Disposition
	}
	v := Verdict{Terms: terms.TermsKey}
	for i := range a.Items {
		a.Items[i].Tracked = a.Items[i].Now
		u := updateOf(a, i, reason)
		u.DeltaAmount, u.DeltaPayout = a.Items[i].Now.Amount, a.Items[i].Now.Payout
		u.Group = groups[i]
		v.Updates = append(v.Updates, u)
	}
	v.Action = a
	return v
}

func eventTypeOf(ref *program.Reference, c ledger.Conversion) (program.EventType, rejection.Code) {
	if _, known := ref.Campaigns[c.Campaign]; !known {
		return program.EventType{}, rejection.CodeCampaignNotFound
	}
	eventType, known := ref.EventTypes[c.EventType]
	if c.EventType == 0 {
		for _, e := range ref.EventTypes {
			if e.Code == c.EventTypeCode && (!known || e.Campaign == c.Campaign) {
				eventType, known = e, true
			}
		}
	}
	switch {
	case !known:
		return eventType, rejection.CodeEventTypeNotFound
	case eventType.State != "ACTIVE":
		return eventType, rejection.CodeEventTypeNotActive
	case eventType.Campaign != c.Campaign:
		return eventType, rejection.CodeEventTypeCampaignMismatch
	}
	return eventType, ""
}

// duplicate reports whether the event type has an action of the order within its
// window.
func (o *Oracle) duplicate(e program.EventType, c ledger.Conversion) bool {
	return slices.ContainsFunc(o.Actions, func(a Action) bool {
		distance := time.Duration(nanos(c.EventDate) - a.EventDate).Abs()
		return a.ID.EventType == e.ID && a.Order == c.Order && distance < time.Duration(e.DuplicateDays)*24*time.Hour
	})
}

// knowsStatus reports whether the event type has the customer status, or lists none.
func knowsStatus(e program.EventType, status string) bool {
	for _, known := range e.CustomerStatuses {
		if known == status {
			return true
		}
	}
	return len(e.CustomerStatuses) == 0
}
