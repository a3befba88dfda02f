package refdata

import (
	"fmt"
	"maps"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type bridgeKey int64

// bridgeEntry is the JSON form of a bridge. It has a secret only in order to compare bridges.
type bridgeEntry struct {
	ID        int64            `json:"id"`
	Platform  program.Platform `json:"platform"`
	Secret    string           `json:"secret,omitempty"`
	Campaign  int64            `json:"campaign"`
	EventType int64            `json:"event_type"`
	Click     string           `json:"click"`
	PromoCode string           `json:"promo_code"`
	Partner   int64            `json:"partner,omitempty"`
	State     string           `json:"state"`
}

// withoutSecret returns the JSON form that is shown.
func withoutSecret(b program.Bridge) any {
	b.Secret = ""
	return bridgeEntry(b)
}

func (o *object) bridge() {
	b := program.Bridge{
		ID:        required(o, "id", scalar.ID),
		Platform:  required(o, "platform", scalar.OneOf(program.Platforms...)),
		Secret:    optional(o, "secret", "", scalar.Secret(program.MinSecret, maxText)),
		Campaign:  o.campaignID(),
		EventType: required(o, "event_type", scalar.ID),
		Click:     optional(o, "click", program.DefaultClickName, scalar.Text(maxText)),
		PromoCode: optional(o, "promo_code", program.DefaultPromoCodeName, scalar.Text(maxText)),
		Partner:   optional(o, "partner", 0, scalar.ID),
		State:     optional(o, "state", program.StateActive, scalar.State),
	}
	o.checkEventType("event_type", b.EventType, b.Campaign, "bridge")
	o.checkLater("partner", func(_, after *program.Reference) string {
		_, exists := after.Partners[b.Partner]
		return mustExist(exists || b.Partner == 0, program.KindPartner, b.Partner)
	})
	o.checkLater("id", func(before, after *program.Reference) string {
		recorded, exists := before.Bridges[b.ID]
		switch {
		case exists && (recorded.Platform != b.Platform || recorded.EventType != b.EventType):
			return "Is of another platform or event type: give the new bridge another id"
		case !exists && b.Secret == "":
			return "A new bridge needs the secret with which the shop signs its webhooks: add secret"
		case b.Collision(after) != 0:
			return fmt.Sprintf("Has the event type of bridge %d: each WooCommerce shop needs one of its own, because shops number their orders alike", b.Collision(after))
		case len(after.Bridges) > program.MaxBridges:
			return fmt.Sprintf("An account has at most %d bridges: change an ended one", program.MaxBridges)
		}
		return ""
	})
	o.unique("id", bridgeKey(b.ID))
	o.draft.change.Bridges[b.ID] = b
}

// keepSecrets returns the bridges with the secrets of before where they have none.
func keepSecrets(before, bridges map[int64]program.Bridge) map[int64]program.Bridge {
	bridges = maps.Clone(bridges)
	for id, b := range bridges {
		if b.Secret == "" {
			b.Secret = before[id].Secret
			bridges[id] = b
		}
	}
	return bridges
}
