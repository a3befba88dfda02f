package ledger

import (
	"errors"
	"time"
)

// MaxAhead is how far in the future an EventDate may be.
const MaxAhead = 5 * time.Minute

// Check refuses a conversion for what the request and the clock alone show
// (docs/rules.md, section 2): such a conversion is never queued. The account
// says the currency of amounts that name none.
func (c Conversion) Check(at time.Time, account Account) error {
	switch {
	case c.Order == "":
		return reject(CodeOrderMissing, "OrderId", "Send the id of the order.")
	case c.EventDate.After(at.Add(MaxAhead)):
		return reject(CodeMalformed, "EventDate", "Must not be in the future.")
	case c.Partner == 0 && c.PromoCode == "" && c.Click == "" && c.Customer == "" && !c.OtherKey:
		return reject(CodeMalformed, "ClickId", "Send who referred the order: MediaPartnerId, PromoCode, ClickId or CustomerId.")
	}
	if value(c.Payout) < 0 {
		return reject(CodeMalformed, "FinalPayout", "Must not be negative.")
	}
	_, err := c.items(c.currency(account))
	return err
}

func (c Conversion) decide(w Lookup, s Submission, t ApplyContext) (Change, error) {
	reference, err := w.Reference(s.Accepted)
	if err != nil {
		return Change{}, err
	}
	if err := c.Check(s.Accepted, reference.Account); err != nil {
		return Change{}, err
	}
	eventType, err := c.eventType(reference)
	if err != nil {
		return Change{}, err
	}
	if err := c.checkDuplicate(w, eventType); err != nil {
		return Change{}, err
	}
	partner, referral, err := c.attribute(w, reference)
	if err != nil {
		return Change{}, err
	}
	terms, err := reference.termsToTrack(partner, eventType, c.EventDate)
	if err != nil {
		return Change{}, err
	}
	if c.currency(reference.Account) != reference.Account.Currency {
		return Change{}, reject(CodeRateNotFound, "CurrencyCode", "Only %s is accepted: the account has no exchange rates.",
			reference.Account.Currency)
	}
	a := c.action(reference.Account)
	a.ID = ActionID{Campaign: c.Campaign, EventType: eventType.ID, Number: s.Number}
	a.Partner, a.Referral = partner.ID, referral
	a.Created, a.Updated = t.At, t.At
	a.Locking = terms.Locking.lockingDate(c.EventDate, reference.Zone())
	a.OpenEnded = terms.Locking.OpenEnded
	return c.track(a, reference, terms, s, t)
}

// track prices the new action and begins its trace.
func (c Conversion) track(a Action, reference *Reference, terms Terms, s Submission, t ApplyContext) (Change, error) {
	var err error
	if a.Items, err = c.items(a.Currency); err != nil {
		return Change{}, err
	}
	if err := a.sum(); err != nil {
		return Change{}, tooLarge(err)
	}
	a.Intended = a.Totals
	fee := reference.Campaigns[c.Campaign].FeeRate
	if c.Payout != nil {
		terms = terms.paying(*c.Payout)
	}
	groups, err := a.price(terms, fee)
	if err != nil {
		return Change{}, tooLarge(err)
	}
	a.Intended, a.Delta = a.Totals, a.Totals
	a.Terms, a.Tracked = terms.TermsKey, a.ActionState
	disposition := c.Disposition
	if disposition == "" {
		disposition = DispositionTracked
	}
	chain := newChain(s, t, &a, terms)
	for i := range a.Items {
		item := &a.Items[i]
		item.Tracked = item.ItemState
		chain.add(i, disposition, Totals{Amount: item.Amount, Payout: item.Payout}, groups[i])
	}
	judged := PricingBasis{Terms: terms.TermsKey, FeeRate: fee, ModificationLimit: reference.Account.ModificationLimit}
	return Change{Updates: chain.updates, Action: a, Basis: judged}, nil
}

// action answers what the conversion itself says of its action.
func (c Conversion) action(account Account) Action {
	return Action{
		Order: c.Order, Currency: account.Currency, EventDate: c.EventDate,
		Customer: Customer{
			ID: c.Customer, PostCode: c.PostCode, City: c.City, Region: c.Region, Country: c.Country, IPHash: c.IPHash,
		},
		SharedID: c.SharedID, Note: c.Note, Extras: c.Extras,
		ActionState: ActionState{CustomerStatus: c.CustomerStatus, Disposition: c.Disposition},
	}
}

// eventType finds what the conversion is an event of, or refuses.
func (c Conversion) eventType(reference *Reference) (EventType, error) {
	if _, found := reference.Campaigns[c.Campaign]; !found {
		return EventType{}, reject(CodeCampaignNotFound, "CampaignId", "There is no campaign %d.", c.Campaign)
	}
	e, found := reference.EventTypes[c.EventType]
	name := "EventTypeId"
	if c.EventType == 0 {
		e, found = reference.eventTypeByCode(c.Campaign, c.EventTypeCode)
		name = "EventTypeCode"
	}
	switch {
	case !found:
		return EventType{}, reject(CodeEventTypeNotFound, name, "There is no such event type.")
	case e.State != StateActive:
		return EventType{}, reject(CodeEventTypeNotActive, name, "Event type %d is not active.", e.ID)
	case e.Campaign != c.Campaign:
		return EventType{}, reject(CodeEventTypeCampaignMismatch, name, "Event type %d belongs to campaign %d.", e.ID, e.Campaign)
	}
	return e, nil
}

// eventTypeByCode prefers the campaign's own; codes are few and looked up seldom.
func (r *Reference) eventTypeByCode(campaign int64, code string) (found EventType, ok bool) {
	for _, e := range r.EventTypes {
		better := !ok || (e.Campaign == campaign) && (found.Campaign != campaign) ||
			(e.Campaign == campaign) == (found.Campaign == campaign) && e.ID < found.ID
		if e.Code == code && better {
			found, ok = e, true
		}
	}
	return found, ok
}

// checkDuplicate refuses an order that was reported before, in either direction of time.
func (c Conversion) checkDuplicate(w Lookup, e EventType) error {
	window := time.Duration(e.DuplicateDays) * 24 * time.Hour
	if window <= 0 {
		return nil
	}
	known, err := w.OrderBetween(e.ID, c.Order, c.EventDate.Add(-window), c.EventDate.Add(window))
	if err != nil {
		return err
	}
	if known {
		return reject(CodeConversionDuplicate, "OrderId",
			"This OrderId is a duplicate: the order was reported before; modify its action instead.")
	}
	return nil
}

// attribute answers who earns the payout. The first attribution key that is given
// decides alone.
func (c Conversion) attribute(w Lookup, reference *Reference) (Partner, Referral, error) {
	referral := Referral{PromoCode: c.PromoCode, CallerID: c.CallerID}
	id, err := c.Partner, error(nil)
	switch {
	case c.Partner != 0 && c.Inquiry != 0:
		referral.Type = inquiryReferral
	case c.Partner != 0:
		referral.Type = "REPORTED_PARTNER_ID"
	case c.PromoCode != "":
		referral.Type = "PROMOCODE"
		promo := reference.PromoCodes[PromoCode{Campaign: c.Campaign, Code: c.PromoCode}.Key()]
		if promo.InForce(c.EventDate) {
			id = promo.Partner
		}
	case c.Click != "" || c.Customer != "":
		var click Click
		if click, err = c.click(w); err == nil && click.Campaign == c.Campaign {
			id, referral.Date, referral.Type = click.Partner, click.At, "CLICK_COOKIE"
			if click.ID == "" {
				referral.Type = "ACTION"
			}
		}
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Partner{}, Referral{}, err
	}
	partner, found := reference.Partners[id]
	switch {
	case !found:
		return Partner{}, Referral{}, reject(CodeReferralNotFound, "",
			"Nobody is credited by what was sent; check MediaPartnerId, PromoCode, ClickId or CustomerId.")
	case partner.State != StateActive:
		return Partner{}, Referral{}, reject(CodePartnerNotActive, "", "Partner %d is not active.", id)
	}
	return partner, referral, nil
}

func (c Conversion) click(w Lookup) (Click, error) {
	if c.Click != "" {
		return w.Click(c.Click)
	}
	return w.Referral(c.Campaign, c.Customer)
}
