package refdata

import (
	"fmt"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
)

type partnerGroupKey int64

// partnerGroupEntry is the JSON form of a partner group.
type partnerGroupEntry struct {
	ID       int64   `json:"id"`
	Campaign int64   `json:"campaign"`
	Name     string  `json:"name"`
	Partners []int64 `json:"partners,omitempty"`
	State    string  `json:"state"`
}

func (o *object) partnerGroup() {
	g := program.PartnerGroup{
		ID:       required(o, "id", scalar.ID),
		Campaign: o.campaignID(),
		Name:     required(o, "name", scalar.Text(maxText)),
		State:    optional(o, "state", program.StateActive, scalar.State),
	}
	o.groupPartners(&g)
	o.unique("id", partnerGroupKey(g.ID))
	o.checkLater("campaign", func(before, _ *program.Reference) string {
		recorded, exists := before.PartnerGroups[g.ID]
		if exists && recorded.Campaign != g.Campaign {
			return fmt.Sprintf("Must stay %d: give the new group another id", recorded.Campaign)
		}
		return ""
	})
	o.limitPartnerGroups(g)
	o.draft.change.PartnerGroups[g.ID] = g
}

// groupPartners reads the partners of a group.
func (o *object) groupPartners(g *program.PartnerGroup) {
	texts := o.texts("partners", func(s string) (string, error) {
		_, err := scalar.ID(s)
		return s, err
	})
	if len(texts) > program.MaxGroupPartners {
		o.errorf("partners", "At most %d: divide them among several groups", program.MaxGroupPartners)
		return
	}
	for _, text := range texts {
		partner, _ := scalar.ID(text) // validated above
		g.Partners = append(g.Partners, partner)
	}
	o.checkLater("partners", func(_, after *program.Reference) string {
		for _, partner := range g.Partners {
			if _, exists := after.Partners[partner]; !exists {
				return mustExist(false, program.KindPartner, partner)
			}
		}
		return ""
	})
}

// limitPartnerGroups bounds the active groups of a campaign, because all of them are kept in
// memory.
func (o *object) limitPartnerGroups(g program.PartnerGroup) {
	o.checkLater("id", func(_, after *program.Reference) string {
		active := 0
		for _, other := range after.PartnerGroups {
			if other.Campaign == g.Campaign && other.State == program.StateActive {
				active++
			}
		}
		if active > program.MaxPartnerGroups && g.State == program.StateActive {
			return fmt.Sprintf("At most %d of a campaign can be ACTIVE: end others first", program.MaxPartnerGroups)
		}
		return ""
	})
}
