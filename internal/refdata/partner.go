package refdata

import (
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type partnerKey int64

// partnerEntry is the JSON form of a partner.
type partnerEntry struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Currency string `json:"currency,omitempty"`
	Zone     string `json:"zone,omitempty"`
	Type     string `json:"type,omitempty"`
	Value1   string `json:"value_1,omitempty"`
	Value2   string `json:"value_2,omitempty"`
	Value3   string `json:"value_3,omitempty"`

	MinimumPayout *money.Decimal `json:"minimum_payout,omitempty"`
	VATRate       money.Decimal  `json:"vat_rate,omitzero"`

	Profile program.Profile `json:"profile,omitempty"`
}

func newPartnerEntry(p program.Partner) partnerEntry {
	return partnerEntry{
		ID: p.ID, Name: p.Name, State: p.State, Currency: p.Currency, Zone: p.Zone, Type: p.Type,
		Value1: p.Values[0], Value2: p.Values[1], Value3: p.Values[2],
		MinimumPayout: p.MinimumPayout, VATRate: p.VATRate,
		Profile: p.Profile,
	}
}

func (o *object) partner() {
	account := o.draft.change.Account
	p := program.Partner{
		ID:       required(o, "id", scalar.ID),
		Name:     required(o, "name", scalar.Text(maxText)),
		State:    optional(o, "state", program.StateActive, scalar.State),
		Currency: optional(o, "currency", string(account.Currency), scalar.Currency),
		Zone:     optional(o, "zone", account.Zone, scalar.ZoneName),
		Type:     optional(o, "type", "", scalar.Text(maxText)),
		Profile:  o.profile(published.Partner),

		MinimumPayout: optional(o, "minimum_payout", nil, scalar.Pointer(scalar.AmountIn(account.Currency))),
		VATRate:       optional(o, "vat_rate", 0, scalar.Percent),
	}
	for i := range p.Values {
		p.Values[i] = optional(o, fmt.Sprintf("value_%d", i+1), "", scalar.Text(program.MaxPartnerValue))
	}
	o.unique("id", partnerKey(p.ID))
	o.draft.change.Partners[p.ID] = p
}

// partnerID reads the id of the partner that an entry belongs to.
func (o *object) partnerID() int64 {
	partner := required(o, "partner", scalar.ID)
	if partner > 0 {
		o.checkPartner("partner", partner)
	}
	return partner
}

// checkPartner adds an error for the key unless the partner exists in the end.
func (o *object) checkPartner(key string, partner int64) {
	o.checkLater(key, func(_, after *program.Reference) string {
		_, exists := after.Partners[partner]
		return mustExist(exists, "partner", partner)
	})
}

type clickKey string

// click reads a click. Clicks can't be read back.
func (o *object) click() {
	c := program.Click{
		ID:       required(o, "id", scalar.Text(maxClick)),
		Campaign: o.campaignID(),
		Partner:  o.partnerID(),
		Customer: optional(o, "customer", "", scalar.Text(maxText)),
		At:       required(o, "at", scalar.Instant(o.draft.zone)),

		CustomID:  optional(o, "custom_click", "", scalar.Text(maxText)),
		UniqueURL: optional(o, "unique_url", "", scalar.Text(maxText)),
		Profile:   optional(o, "custom_profile", "", scalar.Text(maxText)),
		CallerID:  optional(o, "caller", "", scalar.Text(maxText)),
	}
	o.unique("id", clickKey(c.ID))
	o.draft.change.Clicks = append(o.draft.change.Clicks, c)
}

// optionalInstant reads an instant in the account's zone, or returns the zero Time.
func (o *object) optionalInstant(key string) time.Time {
	return optional(o, key, time.Time{}, scalar.Instant(o.draft.zone))
}
