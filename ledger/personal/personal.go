// Package personal declares which fields of commands and actions are personal data, and erases
// them (docs/rules.md, section 13).
package personal

import (
	"net/url"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// fieldsOf returns the personal fields of a conversion, without its extras.
func fieldsOf(c *ledger.Conversion) []*string {
	return []*string{
		&c.Customer, &c.Profile, &c.Click, &c.CustomClick, &c.UniqueURL, &c.CallerID,
		&c.PostCode, &c.City, &c.Region, &c.Country, &c.IPHash, &c.SharedID, &c.Note,
	}
}

// kept are the parameters that are not personal data, in lower case and without the numbers of
// items. All others are erased, so that a new parameter is personal unless it is added here.
var kept = func() map[string]bool {
	names := make(map[string]bool)
	for name := range strings.FieldsSeq(`
		ActionId ActionTrackerId BatchId CampaignId DispositionCode EventCode EventDate EventTypeCode EventTypeId ExpectedUpdateId
		Id MediaId MediaPartnerId Oid OrderId PropertyId Reason ResolutionStatus State TransactionDate
		Amount Currency CurrencyCode CustomerStatus FinalPayout GiftPurchase OrderDiscount OrderDiscountRate OrderMargin
		OrderPromoCode OrderRebate OrderShipping OrderSubTotal OrderSubTotalPostDiscount OrderTax PaymentType PromoCode
		Rebate TransactionAmount
		Category ItemBrand ItemCategory ItemDeliveryType ItemDiscount ItemDiscountRate ItemMpn ItemName ItemPrice
		ItemPromoCode ItemQty ItemQuantity ItemSku ItemSubCategory ItemSubTotal ItemSubTotalDelta ItemTotalDiscount
		ItemTotalRebate Quantity QuantityDelta Sku`) {
		names[strings.ToLower(name)] = true
	}
	return names
}()

// isKept reports whether the parameter with the name, which the number of an item can follow,
// is not personal data.
func isKept(name string) bool { return kept[strings.TrimRight(strings.ToLower(name), "0123456789")] }

// Payload returns the query string of a request without its personal parameters.
func Payload(query string) string {
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		escaped, _, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(escaped); err == nil && isKept(name) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "&")
}

// Command returns the command without its personal fields. A conversion becomes one with the
// given results of its comparisons; other commands have only notes.
func Command(command ledger.Command, e *program.Erased) ledger.Command {
	switch c := command.(type) {
	case ledger.Conversion:
		for _, field := range fieldsOf(&c) {
			*field = ""
		}
		c.Extras, c.Erased = extras(c.Extras), e
		return c
	case ledger.Modification:
		c.Note = ""
		return c
	case ledger.Reversal:
		c.Note = ""
		return c
	case ledger.Undo:
		c.Note = ""
		return c
	}
	return command
}

// Action returns the action as its erased conversion creates it and its erased submissions
// change it.
func Action(a ledger.Action, e *program.Erased) ledger.Action {
	a.Customer, a.Referral.CallerID, a.SharedID, a.Note = ledger.Customer{}, "", "", ""
	a.Extras, a.Erased = extras(a.Extras), e
	return a
}

func extras(all map[string]string) map[string]string {
	left := make(map[string]string)
	for name, value := range all {
		if isKept(name) {
			left[name] = value
		}
	}
	if len(left) == 0 {
		return nil
	}
	return left
}

// ResultsOf returns what the rules still need of the customer of an action once it is erased.
// Reference is the present reference data.
func ResultsOf(a ledger.Action, reference *program.Reference) *program.Erased {
	found := program.Attribution{Partner: a.Partner, Type: a.Referral.Type, Date: a.Referral.Date, PromoCode: a.Referral.PromoCode}
	return reference.Erase(found, a.ID.Campaign, a.ID.EventType, a.Customer.Value)
}
