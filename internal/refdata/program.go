package refdata

import (
	"fmt"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Kinds of what a file names, beside its id: keys of draft.seen.
type (
	campaignKey  int64
	eventTypeKey int64
	partnerKey   int64
	contractKey  int64
	clickKey     string
	codeKey      struct {
		campaign int64
		code     string
	}
)

func (o *object) campaign() {
	c := ledger.Campaign{
		ID:      need(o, "id", id),
		Name:    need(o, "name", text(maxText)),
		State:   may(o, "state", ledger.StateActive, state),
		Type:    may(o, "type", "", text(maxText)),
		FeeRate: may(o, "fee_rate", money.Decimal(0), decimal),
		Pricing: may(o, "pricing", ledger.PricingCurrent, oneOf(ledger.PricingCurrent, ledger.PricingTracked)),
	}
	o.once("id", campaignKey(c.ID))
	o.draft.is.Campaigns[c.ID] = c
}

func (o *object) eventType() {
	e := ledger.EventType{
		ID:               need(o, "id", id),
		Campaign:         o.campaignID(),
		Name:             need(o, "name", text(maxText)),
		Code:             may(o, "code", "", text(maxText)),
		State:            may(o, "state", ledger.StateActive, state),
		CustomerStatuses: o.texts("customer_statuses", text(maxText)),
		DuplicateDays:    may(o, "duplicate_days", ledger.DefaultDuplicateDays, number(0, maxDays)),
	}
	o.list("dispositions", func(o *object) {
		disposition := o.disposition(e.ID)
		e.Dispositions = append(e.Dispositions, disposition)
	})
	o.once("id", eventTypeKey(e.ID))
	o.check("campaign", func(was, _ *ledger.Reference) string {
		if recorded, found := was.EventTypes[e.ID]; found && recorded.Campaign != e.Campaign {
			return fmt.Sprintf("Must stay %d: actions are named by it; give the new event type an id of its own", recorded.Campaign)
		}
		return ""
	})
	if e.Code != "" {
		o.check("code", func(_, will *ledger.Reference) string {
			for _, other := range will.EventTypes {
				if other.ID != e.ID && other.Campaign == e.Campaign && other.Code == e.Code {
					return fmt.Sprintf("Event type %d of the campaign has the code too: conversions name event types by it", other.ID)
				}
			}
			return ""
		})
	}
	o.draft.is.EventTypes[e.ID] = e
}

func (o *object) disposition(eventType int64) ledger.Disposition {
	d := ledger.Disposition{
		Code:   need(o, "code", text(maxCode)),
		Effect: need(o, "effect", oneOf(ledger.EffectModify, ledger.EffectApprove, ledger.EffectReject)),
	}
	d.Name = may(o, "name", d.Code, text(maxText))
	if ledger.PredefinedReason(d.Code) {
		o.fault("code", "%s is one of the protocol's own: choose another", d.Code)
	}
	o.once("code", struct {
		eventTypeKey
		code string
	}{eventTypeKey(eventType), d.Code})
	return d
}

func (o *object) partner() {
	account := o.draft.is.Account
	p := ledger.Partner{
		ID:       need(o, "id", id),
		Name:     need(o, "name", text(maxText)),
		State:    may(o, "state", ledger.StateActive, state),
		Currency: may(o, "currency", string(account.Currency), currency),
		Zone:     may(o, "zone", account.Zone, zoneName),
		Type:     may(o, "type", "", text(maxText)),
	}
	o.once("id", partnerKey(p.ID))
	o.draft.is.Partners[p.ID] = p
}

func (o *object) promoCode() {
	p := ledger.PromoCode{
		Campaign: o.campaignID(),
		Code:     need(o, "code", text(maxText)),
		Partner:  o.partnerID(),
		End:      o.optionalInstant("end"),
	}
	o.once("code", codeKey{p.Campaign, strings.ToUpper(p.Code)})
	o.draft.is.PromoCodes[p.Key()] = p
}

func (o *object) click() {
	c := ledger.Click{
		ID:       need(o, "id", text(maxClick)),
		Campaign: o.campaignID(),
		Partner:  o.partnerID(),
		Customer: may(o, "customer", "", text(maxText)),
		At:       need(o, "at", instant(o.draft.zone)),
	}
	o.once("id", clickKey(c.ID))
	o.draft.is.Clicks = append(o.draft.is.Clicks, c)
}

// campaignID reads which campaign something belongs to.
func (o *object) campaignID() int64 {
	campaign := need(o, "campaign", id)
	if campaign > 0 {
		o.check("campaign", func(_, will *ledger.Reference) string {
			_, found := will.Campaigns[campaign]
			return missing(found, "campaign", campaign)
		})
	}
	return campaign
}

// partnerID reads whose something is.
func (o *object) partnerID() int64 {
	partner := need(o, "partner", id)
	if partner > 0 {
		o.check("partner", func(_, will *ledger.Reference) string {
			_, found := will.Partners[partner]
			return missing(found, "partner", partner)
		})
	}
	return partner
}

func missing(found bool, kind string, id int64) string {
	if found {
		return ""
	}
	return fmt.Sprintf("There is no %s %d, neither in the file nor recorded: add it or correct the id", kind, id)
}

// optionalInstant is instant for a key that may be left out.
func (o *object) optionalInstant(key string) time.Time {
	return may(o, key, time.Time{}, instant(o.draft.zone))
}
