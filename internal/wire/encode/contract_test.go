package encode_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

func TestSection20AContractIsEncoded(t *testing.T) {
	e := encoder(t, 14)
	asJSON, asXML := encodeOne(e, func(e *encode.Encoder, dst []byte) []byte {
		return e.AppendContract(dst, e.Reference.Contracts[3240326])
	})
	checkResponse(t, "a contract", asJSON, `{"Id":"S-3240326","Status":"ACTIVE","CampaignId":"1000","CampaignName":"Shop",`+
		`"PartnerId":"9","PartnerName":"Blog <9>","StartDate":"2025-10-08T05:00:00-07:00","EndDate":"",`+
		`"TemplateTerms":{"Currency":"USD","EventPayouts":[{"EventTypeId":"2240","EventTypeName":"Sale","EventCategory":"",`+
		`"DefaultPayoutRate":"4","PayoutLevel":"ITEM","PayoutGroups":[{"Id":"5","Rank":"1","Rules":[{"Variable":"ITEM_CATEGORY",`+
		`"Operator":"IS","Values":["Shoes","R&B"]}],"Payout":"0.25","Limits":[],"Tiers":[]}]}],`+
		`"ScheduledTerms":[{"StartDate":"2026-11-08T04:00:00-08:00","EventTypeId":"2240","EventTypeName":"Sale","EventCategory":"",`+
		`"DefaultPayoutRate":"10","PayoutLevel":"ITEM","PayoutGroups":[]}]},`+
		`"Uri":"/Advertisers/`+sid+`/Contracts/S-3240326"}`)
	_, paths := wiretest.ReadXML(t, asXML)
	deepest := "ImpactRadiusResponse/Contract/TemplateTerms/EventPayouts/EventPayout/PayoutGroups/PayoutGroup/Rules/Rule/Values/Value"
	if !strings.Contains(strings.Join(paths, "\n"), deepest) {
		t.Errorf("XML has no %s", deepest)
	}
	for text, want := range map[string]int64{"S-3240326": 3240326, "3240326": 0, "S-": 0, "S-x": 0} {
		if id, err := wire.ParseContractID(text); id != want || (err == nil) != (want != 0) {
			t.Errorf("ParseContractID(%q) = %d, %v, want %d", text, id, err, want)
		}
	}
}
