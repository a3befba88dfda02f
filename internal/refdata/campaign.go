package refdata

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/wire/published"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type campaignKey int64

// campaignEntry is the JSON form of a campaign.
type campaignEntry struct {
	ID      int64           `json:"id"`
	Name    string          `json:"name"`
	State   string          `json:"state"`
	Type    string          `json:"type,omitempty"`
	FeeRate money.Decimal   `json:"fee_rate"`
	Pricing program.Pricing `json:"pricing,omitempty"`

	FallbackPartner int64           `json:"fallback_partner,omitempty"`
	Profile         program.Profile `json:"profile,omitempty"`
}

func (o *object) campaign() {
	c := program.Campaign{
		ID:      required(o, "id", scalar.ID),
		Name:    required(o, "name", scalar.Text(maxText)),
		State:   optional(o, "state", program.StateActive, scalar.State),
		Type:    optional(o, "type", "", scalar.Text(maxText)),
		FeeRate: optional(o, "fee_rate", money.Decimal(0), scalar.Decimal),
		Pricing: optional(o, "pricing", program.PricingCurrent, scalar.OneOf(program.Pricings...)),

		FallbackPartner: o.fallbackPartner(),
		Profile:         o.profile(published.Campaign),
	}
	o.unique("id", campaignKey(c.ID))
	o.draft.change.Campaigns[c.ID] = c
}

// fallbackPartner reads the id of the partner that is credited if nobody else is, or returns 0.
func (o *object) fallbackPartner() int64 {
	partner := optional(o, "fallback_partner", 0, scalar.ID)
	if partner > 0 {
		o.checkPartner("fallback_partner", partner)
	}
	return partner
}

// campaignID reads the id of the campaign that an entry belongs to.
func (o *object) campaignID() int64 {
	campaign := required(o, "campaign", scalar.ID)
	if campaign > 0 {
		o.checkLater("campaign", func(_, after *program.Reference) string {
			_, exists := after.Campaigns[campaign]
			return mustExist(exists, "campaign", campaign)
		})
	}
	return campaign
}

// mustExist returns a message if a referenced entry does not exist.
func mustExist(exists bool, kind string, id int64) string {
	if exists {
		return ""
	}
	return fmt.Sprintf("There is no %s %d: add it or correct the id", kind, id)
}
