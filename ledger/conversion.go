package ledger

import (
	"cmp"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/order"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// Conversion reports an order with its items.
type Conversion struct {
	Campaign int64
	// EventType is the id of the event type. EventTypeCode is its code, used if the id is 0.
	EventType     int64  `json:",omitzero"`
	EventTypeCode string `json:",omitzero"`
	EventDate     time.Time
	Order         string
	// Currency is the currency of the amounts. Empty means the account's.
	Currency money.Currency `json:",omitzero"`

	// The attribution keys. PromoCode can have several codes, separated by commas or
	// blanks. OtherKey means that a key was sent that the ledger doesn't support.
	Partner   int64  `json:",omitzero"`
	PromoCode string `json:",omitzero"`
	Click     string `json:",omitzero"`
	Customer  string `json:",omitzero"`
	OtherKey  bool   `json:",omitzero"`
	CallerID  string `json:",omitzero"`
	// Inquiry is the number of the inquiry that credits Partner, or 0.
	Inquiry int64 `json:",omitzero"`

	CustomerStatus string `json:",omitzero"`
	PostCode       string `json:",omitzero"`
	City           string `json:",omitzero"`
	Region         string `json:",omitzero"`
	Country        string `json:",omitzero"`
	IPHash         string `json:",omitzero"`

	Prices
	// Payout is the payout for the whole order, in the account's currency. Nil means that
	// the terms determine it.
	Payout *money.Decimal `json:",omitzero"`

	Disposition string            `json:",omitzero"`
	SharedID    string            `json:",omitzero"`
	Note        string            `json:",omitzero"`
	Extras      map[string]string `json:",omitzero"`

	// More attribution keys, which version 1 of the rules had as OtherKey. They identify a
	// click by its own id at the shop, by its URL or by the customer's profile.
	CustomClick string `json:",omitzero"`
	UniqueURL   string `json:",omitzero"`
	Profile     string `json:",omitzero"`

	// Erased is nil unless the personal fields were erased.
	Erased *program.Erased `json:",omitzero"`
}

// Prices are the lines of a reported order and what it costs.
type Prices = order.Prices

// ConversionLine is one line of a reported order.
type ConversionLine = order.Line

// Kind returns [KindConversion].
func (Conversion) Kind() Kind { return KindConversion }

// MaxClockSkew is the most that an EventDate can be in the future.
const MaxClockSkew = 5 * time.Minute

// Validate returns a rejection if the conversion is incomplete, contradicts itself or has
// an EventDate more than [MaxClockSkew] after the given time (docs/rules.md, section 2).
func (c Conversion) Validate(at time.Time, account program.Account) []*rejection.Rejection {
	switch {
	case c.Order == "":
		return []*rejection.Rejection{rejection.New(rejection.CodeOrderMissing, "OrderId", "Send the id of the order.")}
	case c.EventDate.After(at.Add(MaxClockSkew)):
		return []*rejection.Rejection{rejection.New(rejection.CodeMalformed, "EventDate", "Must not be in the future.")}
	case !c.hasAttributionKey():
		return []*rejection.Rejection{rejection.New(rejection.CodeMalformed, "ClickId", "Send MediaPartnerId, PromoCode, ClickId or CustomerId to credit a partner.")}
	case deref(c.Payout) < 0:
		return []*rejection.Rejection{rejection.New(rejection.CodeMalformed, "FinalPayout", "Must not be negative.")}
	}
	var r *rejection.Rejection
	if _, err := c.Items(c.currency(account)); errors.As(err, &r) {
		return []*rejection.Rejection{r}
	}
	return nil
}

func (c Conversion) decide(d decision) (Change, error) {
	eventType, err := c.FindEventType(d.reference)
	if err != nil {
		return Change{}, err
	}
	if err := c.checkDuplicate(d.lookup, eventType); err != nil {
		return Change{}, err
	}
	partner, referral, err := c.attribute(d)
	if err != nil {
		return Change{}, err
	}
	terms, err := trackingTerms(d.reference, partner, eventType, c.EventDate)
	if err != nil {
		return Change{}, err
	}
	if c.CustomerStatus != "" && !eventType.KnowsCustomerStatus(c.CustomerStatus) && !d.submission.Rules.original() {
		return Change{}, rejectStatus(eventType)
	}
	account := d.reference.Account
	a := c.action(account)
	if a.Original, err = c.findOriginal(d); err != nil {
		return Change{}, err
	}
	a.ID = ids.ActionID{Campaign: c.Campaign, EventType: eventType.ID, Number: d.submission.Number}
	a.Partner, a.Referral = partner.ID, referral
	a.Created, a.Updated = d.context.At, d.context.At
	a.LockingDate = terms.Locking.Date(c.EventDate, d.reference.Zone())
	a.OpenEnded = terms.Locking.OpenEnded
	return c.track(a, terms, d)
}

// track prices the new action and starts its chain.
func (c Conversion) track(a Action, terms program.Terms, d decision) (Change, error) {
	var err error
	if a.Items, err = c.items(c.currency(d.reference.Account)); err != nil {
		return Change{}, err
	}
	if err = a.convert(); err == nil {
		err = a.sum()
	}
	if err != nil {
		return Change{}, rejection.TooLarge(err)
	}
	a.Intended = a.Totals // price reads the tracked amount
	fee := d.reference.Campaigns[c.Campaign].FeeRate
	if c.Payout != nil {
		terms = terms.WithFlatPayout(*c.Payout)
	}
	groups, err := a.price(terms, fee)
	if err != nil {
		return Change{}, rejection.TooLarge(err)
	}
	a.Intended, a.Delta = a.Totals, a.Totals
	a.Terms, a.Tracked, a.PayoutFixed = terms.TermsKey, a.ActionState, c.Payout != nil
	chain := newChain(d, &a, terms)
	for i := range a.Items {
		item := &a.Items[i]
		item.Tracked = item.ItemState
		chain.add(i, cmp.Or(c.Disposition, DispositionTracked), Totals{Amount: item.Amount, Payout: item.Payout}, groups[i], nil)
	}
	basis := PricingBasis{Terms: terms.TermsKey, FeeRate: fee, ModificationLimit: d.reference.Account.ModificationLimit}
	return Change{Updates: chain.updates, Action: a, Basis: basis}, nil
}

// currency returns the currency of the conversion's amounts.
func (c Conversion) currency(account program.Account) money.Currency {
	return cmp.Or(c.Currency, account.Currency)
}

// items returns the items of the action.
func (c Conversion) items(currency money.Currency) ([]Item, error) {
	ordered, err := c.Items(currency)
	items := make([]Item, len(ordered))
	for i, o := range ordered {
		items[i] = Item{
			SKU: o.SKU, SubCategory: o.SubCategory, MPN: o.MPN, Brand: o.Brand, Promo: o.Promo,
			ItemState: ItemState{
				Name: o.Name, Category: o.Category, Quantity: o.Quantity, Amount: o.Amount, Rebate: o.Rebate, Line: Line{Amount: o.Amount, Quantity: o.Quantity},
			},
		}
	}
	return items, err
}

// action returns an action with the fields that are copied from the conversion.
func (c Conversion) action(account program.Account) Action {
	return Action{
		Order: c.Order, Currency: account.Currency, EventDate: c.EventDate,
		Customer: Customer{
			ID: c.Customer, PostCode: c.PostCode, City: c.City, Region: c.Region, Country: c.Country, IPHash: c.IPHash,
		},
		SharedID: c.SharedID, Note: c.Note, Extras: c.Extras, Erased: c.Erased,
		ActionState: ActionState{CustomerStatus: c.CustomerStatus, Disposition: c.Disposition},
	}
}

// FindEventType returns the conversion's event type. If the campaign or the event type is
// unknown, or if the event type is not active or of another campaign, FindEventType returns
// a [*rejection.Rejection].
func (c Conversion) FindEventType(reference *program.Reference) (program.EventType, error) {
	if _, found := reference.Campaigns[c.Campaign]; !found {
		return program.EventType{}, rejection.New(rejection.CodeCampaignNotFound, "CampaignId", "There is no campaign %d.", c.Campaign)
	}
	e, found := reference.EventTypes[c.EventType]
	name := "EventTypeId"
	if c.EventType == 0 {
		e, found = reference.EventTypeByCode(c.Campaign, c.EventTypeCode)
		name = "EventTypeCode"
	}
	switch {
	case !found && c.EventType == 0:
		return program.EventType{}, rejection.New(rejection.CodeEventTypeNotFound, name, "Campaign %d has no event type with the code %q.", c.Campaign, c.EventTypeCode)
	case !found:
		return program.EventType{}, rejection.New(rejection.CodeEventTypeNotFound, name, "There is no event type %d.", c.EventType)
	case e.State != program.StateActive:
		return program.EventType{}, rejection.New(rejection.CodeEventTypeNotActive, name, "Event type %d is not active.", e.ID)
	case e.Campaign != c.Campaign:
		return program.EventType{}, rejection.New(rejection.CodeEventTypeCampaignMismatch, name, "Event type %d belongs to campaign %d.", e.ID, e.Campaign)
	}
	return e, nil
}

// checkDuplicate rejects the conversion if an action with its order id has an EventDate
// within the duplicate window, before or after its own.
func (c Conversion) checkDuplicate(lookup Lookup, e program.EventType) error {
	after, before := c.DuplicateWindow(e)
	if !after.Before(before) {
		return nil
	}
	duplicate, err := lookup.OrderBetween(e.ID, c.Order, after, before)
	if err != nil {
		return err
	}
	if duplicate {
		return rejection.New(rejection.CodeConversionDuplicate, "OrderId",
			"This OrderId is a duplicate: its order was reported before; modify its action instead.")
	}
	return nil
}

// DuplicateWindow returns the instants between which, both exclusive, an action of the same
// order and the event type makes the conversion a duplicate. If they are equal, none does.
func (c Conversion) DuplicateWindow(e program.EventType) (after, before time.Time) {
	window := max(time.Duration(e.DuplicateDays)*24*time.Hour, 0)
	return c.EventDate.Add(-window), c.EventDate.Add(window)
}

// hasAttributionKey reports whether the conversion has a key that can identify a partner.
func (c Conversion) hasAttributionKey() bool {
	return c.Partner != 0 || c.OtherKey || c.Erased != nil ||
		c.PromoCode+c.Click+c.CustomClick+c.UniqueURL+c.Customer+c.Profile+c.CallerID != ""
}

// attribute returns the partner that the conversion credits and the referral that it is
// credited for.
func (c Conversion) attribute(d decision) (program.Partner, Referral, error) {
	keys := program.AttributionKeys{
		Campaign: c.Campaign, At: c.EventDate, Partner: c.Partner, Inquiry: c.Inquiry != 0, PromoCode: c.PromoCode,
		Click: c.Click, CustomClick: c.CustomClick, UniqueURL: c.UniqueURL, Customer: c.Customer, Profile: c.Profile, CallerID: c.CallerID,
	}
	attribute := keys.Attribute
	switch {
	case c.Erased != nil:
		attribute = c.Erased.Attribute
	case d.submission.Rules.original():
		attribute = keys.AttributeByFirst
	}
	found, err := attribute(d.lookup, d.reference)
	if err != nil {
		return program.Partner{}, Referral{}, err
	}
	partner, known := d.reference.Partners[found.Partner]
	switch {
	case !known:
		return program.Partner{}, Referral{}, rejection.New(rejection.CodeReferralNotFound, "",
			"No key of the request finds a partner; check its MediaPartnerId, PromoCode, ClickId, CustomerId and the like, or set the campaign's fallback_partner.")
	case partner.State != program.StateActive:
		return program.Partner{}, Referral{}, rejection.New(rejection.CodePartnerNotActive, "", "Partner %d is not active.", found.Partner)
	}
	return partner, Referral{Type: found.Type, Date: found.Date, PromoCode: found.PromoCode, CallerID: c.CallerID}, nil
}
