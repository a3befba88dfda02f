package oracle

import (
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// attribute returns the partner who earns the commission and the type of the
// referral, or the code of the rejection.
func (o *Oracle) attribute(ref *program.Reference, c ledger.Conversion) (id int64, referral string, code ledger.Code) {
	id, referral = o.referrer(ref, c)
	partner, known := ref.Partners[id]
	switch {
	case !known:
		return 0, "", ledger.CodeReferralNotFound
	case partner.State != "ACTIVE":
		return 0, "", ledger.CodePartnerNotActive
	}
	return id, referral, ""
}

// referrer returns the partner that the first given key names, and the type of the
// referral.
func (o *Oracle) referrer(ref *program.Reference, c ledger.Conversion) (id int64, referral string) {
	switch {
	case c.Partner != 0:
		id, referral = c.Partner, "REPORTED_PARTNER_ID"
		if c.Inquiry != 0 {
			referral = "ACTION_INQUIRY"
		}
	case c.PromoCode != "":
		id, referral = promoCodeOwner(ref, c), "PROMOCODE"
	case c.Click != "":
		id, referral = o.clickOwner(c), "CLICK_COOKIE"
	case c.Customer != "":
		id, referral = o.newestReferral(c)
	}
	return id, referral
}

// promoCodeOwner returns the owner of the conversion's promo code at its EventDate.
func promoCodeOwner(ref *program.Reference, c ledger.Conversion) (partner int64) {
	for _, p := range ref.PromoCodes {
		ended := !p.End.IsZero() && !c.EventDate.Before(p.End)
		if p.Campaign == c.Campaign && strings.EqualFold(p.Code, c.PromoCode) && !ended {
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

// newestReferral returns the partner of the customer's newest click or action.
func (o *Oracle) newestReferral(c ledger.Conversion) (partner int64, referral string) {
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
