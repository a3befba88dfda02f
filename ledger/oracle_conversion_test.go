package ledger_test

import (
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func (o *oracle) conversion(s ledger.Submission, c ledger.Conversion, t ledger.ApplyContext) verdict {
	ref := o.history.at(s.Accepted)
	currency := c.Currency
	if currency == "" {
		currency = ref.Account.Currency
	}
	items, faults := requested(s, c, currency)
	if len(faults) > 0 {
		return refused(faults...)
	}
	eventType, code := o.eventTypeOf(ref, c)
	if code != "" {
		return refused(code)
	}
	if o.duplicate(eventType, c) {
		return refused(ledger.CodeConversionDuplicate)
	}
	partner, code := o.credit(ref, c)
	if code != "" {
		return refused(code)
	}
	terms, code := termsOfConversion(ref, c.Campaign, eventType.ID, partner, c.EventDate)
	switch {
	case code != "":
		return refused(code)
	case currency != ref.Account.Currency:
		return refused(ledger.CodeRateNotFound)
	}
	a := oracleAction{Items: items, oracleOrder: orderOf(c, t)}
	a.ID = ledger.ActionID{Campaign: c.Campaign, EventType: eventType.ID, Number: s.Number}
	a.Partner, a.Currency, a.Terms = partner, currency, terms.TermsKey
	a.Head.Locking = stamp(lockingOf(terms.Locking, c.EventDate, o.zone))
	a.Head.OpenEnded = terms.Locking.OpenEnded
	return a.track(c, *terms, ref.Campaigns[c.Campaign].FeeRate)
}

// orderOf is what the conversion itself says.
func orderOf(c ledger.Conversion, t ledger.ApplyContext) oracleOrder {
	return oracleOrder{
		Order: c.Order, Promo: c.PromoCode, EventDate: stamp(c.EventDate), Created: stamp(t.At), Updated: stamp(t.At),
		Customer: ledger.Customer{
			ID: c.Customer, PostCode: c.PostCode, City: c.City, Region: c.Region, Country: c.Country, IPHash: c.IPHash,
		},
		Head: oracleHead{CustomerStatus: c.CustomerStatus, Disposition: c.Disposition},
	}
}

// requested answers the items and what the request and the clock show to be wrong.
func requested(s ledger.Submission, c ledger.Conversion, currency money.Currency) ([]oracleItem, []ledger.Code) {
	items, faults := itemsOf(c, currency)
	if c.Order == "" {
		faults = append(faults, ledger.CodeOrderMissing)
	}
	if c.EventDate.After(s.Accepted.Add(5 * time.Minute)) {
		faults = append(faults, ledger.CodeMalformed)
	}
	if c.Payout != nil && *c.Payout < 0 {
		faults = append(faults, ledger.CodeMalformed)
	}
	if c.Partner == 0 && c.PromoCode == "" && c.Click == "" && c.Customer == "" && !c.OtherKey {
		faults = append(faults, ledger.CodeMalformed)
	}
	return items, faults
}

// track prices a new action and writes its first updates.
func (a oracleAction) track(c ledger.Conversion, terms ledger.Terms, fee money.Decimal) verdict {
	a.sum()
	if !fits(a.Amount, a.Currency) {
		return refused(ledger.CodeAmountTooLarge)
	}
	a.IntendedAmount = a.Amount
	groups, ok := a.priceTracked(c, terms, fee)
	if !ok {
		return refused(ledger.CodeAmountTooLarge)
	}
	a.IntendedPayout, a.DeltaAmount, a.DeltaPayout = a.Payout, a.Amount, a.Payout
	a.Tracked = a.Head
	reason := "IR_BLANK"
	if c.Disposition != "" {
		reason = c.Disposition
	}
	v := verdict{Terms: terms.TermsKey}
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

func (o *oracle) eventTypeOf(ref *ledger.Reference, c ledger.Conversion) (ledger.EventType, ledger.Code) {
	if _, known := ref.Campaigns[c.Campaign]; !known {
		return ledger.EventType{}, ledger.CodeCampaignNotFound
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
		return eventType, ledger.CodeEventTypeNotFound
	case eventType.State != "ACTIVE":
		return eventType, ledger.CodeEventTypeNotActive
	case eventType.Campaign != c.Campaign:
		return eventType, ledger.CodeEventTypeCampaignMismatch
	}
	return eventType, ""
}

func (o *oracle) duplicate(e ledger.EventType, c ledger.Conversion) bool {
	return slices.ContainsFunc(o.actions, func(a oracleAction) bool {
		apart := time.Duration(stamp(c.EventDate) - a.EventDate).Abs()
		return a.ID.EventType == e.ID && a.Order == c.Order && apart < time.Duration(e.DuplicateDays)*24*time.Hour
	})
}

// credit finds the partner by the first key that is given.
func (o *oracle) credit(ref *ledger.Reference, c ledger.Conversion) (int64, ledger.Code) {
	var id int64
	switch {
	case c.Partner != 0:
		id = c.Partner
	case c.PromoCode != "":
		for _, p := range ref.PromoCodes {
			if p.Campaign == c.Campaign && strings.EqualFold(p.Code, c.PromoCode) && (p.End.IsZero() || c.EventDate.Before(p.End)) {
				id = p.Partner
			}
		}
	case c.Click != "":
		for _, click := range o.clicks {
			if click.ID == c.Click && click.Campaign == c.Campaign {
				id = click.Partner
			}
		}
	case c.Customer != "":
		id = o.newestReferral(c)
	}
	partner, known := ref.Partners[id]
	switch {
	case !known:
		return 0, ledger.CodeReferralNotFound
	case partner.State != "ACTIVE":
		return 0, ledger.CodePartnerNotActive
	}
	return id, ""
}

func (o *oracle) newestReferral(c ledger.Conversion) (partner int64) {
	var newest int64
	for _, click := range o.clicks {
		if click.Campaign == c.Campaign && click.Customer == c.Customer && stamp(click.At) > newest {
			partner, newest = click.Partner, stamp(click.At)
		}
	}
	for _, a := range o.actions {
		if a.ID.Campaign == c.Campaign && a.Customer.ID == c.Customer && a.EventDate > newest {
			partner, newest = a.Partner, a.EventDate
		}
	}
	return partner
}

// itemOfOrder is the one item of a conversion without lines.
func itemOfOrder(c ledger.Conversion, currency money.Currency) ([]oracleItem, []ledger.Code) {
	given, discounted := c.Amount, false
	if given == nil {
		given = c.PostDiscount
	}
	if given == nil {
		given, discounted = c.SubTotal, true
	}
	if given == nil {
		return nil, []ledger.Code{ledger.CodeNoItem}
	}
	first, _ := rounded(*given, currency)
	exact := count(first)
	if discounted && c.DiscountRate != nil {
		exact = product(exact, remaining(*c.DiscountRate))
	}
	amount, ok := whole(exact, currency)
	if discounted && c.Discount != nil {
		off, _ := rounded(*c.Discount, currency)
		amount -= off
	}
	if !ok || *given < 0 || amount < 0 {
		return nil, []ledger.Code{ledger.CodeMalformed}
	}
	now := oracleState{Quantity: 1, Amount: amount, LineAmount: amount, LineQuantity: 1}
	return []oracleItem{{SKU: "ORDER", Now: now}}, nil
}
