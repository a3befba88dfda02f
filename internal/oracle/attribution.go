package oracle

import (
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// attribute returns the partner who earns the commission, the type of the referral and
// the promo code that the action keeps, or the code of the rejection.
func (o *Oracle) attribute(ref *program.Reference, c ledger.Conversion) (id int64, referral, promo string, code rejection.Code) {
	id, referral, promo = o.referrer(ref, c)
	partner, known := ref.Partners[id]
	switch {
	case !known:
		return 0, "", "", rejection.CodeReferralNotFound
	case partner.State != "ACTIVE":
		return 0, "", "", rejection.CodePartnerNotActive
	}
	return id, referral, promo, ""
}

// referrer returns the partner whom the first key finds that finds one, the type of the
// referral, and the promo code that found the partner, or all that was sent.
func (o *Oracle) referrer(ref *program.Reference, c ledger.Conversion) (id int64, referral, promo string) {
	switch {
	case c.Erased != nil:
		return c.Erased.Partner, c.Erased.Type, c.Erased.PromoCode
	case c.Partner != 0 && c.Inquiry != 0:
		return c.Partner, "ACTION_INQUIRY", c.PromoCode
	case c.Partner != 0:
		return c.Partner, "REPORTED_PARTNER_ID", c.PromoCode
	}
	known := func(id int64) bool { return ref.Partners[id].ID != 0 }
	for _, code := range codesOf(c) {
		if id := promoCodeOwner(ref, c, code); known(id) {
			return id, "PROMOCODE", code
		}
	}
	customer, customerType := o.newestReferral(c)
	for _, found := range []struct {
		partner int64
		by      string
	}{
		{o.clickOwner(c), "CLICK_COOKIE"},
		{o.newestClick(c, c.CustomClick, program.ClickByCustomID), "CLICK_COOKIE"},
		{o.newestClick(c, c.UniqueURL, program.ClickByURL), "CLICK_COOKIE"},
		{customer, customerType},
		{o.newestClick(c, c.Profile, program.ClickByProfile), "CLICK_COOKIE"},
		{o.newestClick(c, c.CallerID, program.ClickByCaller), "CALL"},
	} {
		if known(found.partner) {
			return found.partner, found.by, c.PromoCode
		}
	}
	return ref.Campaigns[c.Campaign].FallbackPartner, "REPORTED_PARTNER_ID", c.PromoCode
}

// codesOf returns the promo codes of the conversion: all of its text, then its parts.
func codesOf(c ledger.Conversion) []string {
	return append([]string{c.PromoCode}, strings.Fields(strings.ReplaceAll(c.PromoCode, ",", " "))...)
}

// promoCodeOwner returns the owner of the promo code at the conversion's EventDate.
func promoCodeOwner(ref *program.Reference, c ledger.Conversion, code string) (partner int64) {
	for _, p := range ref.PromoCodes {
		early := c.EventDate.Before(p.Start)
		ended := !p.End.IsZero() && !c.EventDate.Before(p.End)
		if p.Campaign == c.Campaign && strings.EqualFold(p.Code, code) && !early && !ended {
			partner = p.Partner
		}
	}
	return partner
}

// clickOwner returns the partner of the conversion's click.
func (o *Oracle) clickOwner(c ledger.Conversion) (partner int64) {
	for _, click := range o.clicks {
		if click.ID == c.Click && click.Campaign == c.Campaign {
			partner = click.Partner
		}
	}
	return partner
}

// newestClick returns the partner of the newest click with the value of the key.
func (o *Oracle) newestClick(c ledger.Conversion, value string, key program.ClickKey) (partner int64) {
	var newest int64
	for _, click := range o.clicks {
		if value != "" && click.Campaign == c.Campaign && *key.Field(&click) == value && nanos(click.At) > newest {
			partner, newest = click.Partner, nanos(click.At)
		}
	}
	return partner
}

// newestReferral returns the partner of the customer's newest click or action.
func (o *Oracle) newestReferral(c ledger.Conversion) (partner int64, referral string) {
	if c.Customer == "" {
		return 0, ""
	}
	var newest int64
	for _, click := range o.clicks {
		if click.Campaign == c.Campaign && click.Customer == c.Customer && nanos(click.At) > newest {
			partner, newest, referral = click.Partner, nanos(click.At), "CLICK_COOKIE"
		}
	}
	for _, a := range o.Actions {
		if a.ID.Campaign == c.Campaign && a.Customer.ID == c.Customer && a.EventDate > newest {
			partner, newest, referral = a.Partner, a.EventDate, "ACTION"
		}
	}
	return partner, referral
}
