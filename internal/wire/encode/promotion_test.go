package encode_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection20APromoCodeHasItsValues(t *testing.T) {
	checkValues(t, values(t, 14, objects["PromoCode"]), map[string]string{
		"Id": "3", "Code": "FALL", "CampaignName": "Shop", "AssignedPartnerId": "9", "AssignedPartnerName": "Blog <9>",
		"CreatedDate": "2026-10-08T05:00:00-07:00", "State": "INACTIVE", "DealId": "4", "DiscountAmount": "0", "SynchAdsPromoCodes": "false",
		"Uri": "/Advertisers/" + sid + "/PromoCodes/3",
	})
	checkValues(t, values(t, 13, objects["PromoCode"]), map[string]string{"Id": "3", "DiscountAmount": "", "SynchAdsPromoCodes": "false"})
	for name, c := range map[string]struct {
		code program.PromoCode
		want string
	}{
		"always valid":       {program.PromoCode{}, "ACTIVE"},
		"valid from now on":  {program.PromoCode{Start: now}, "ACTIVE"},
		"not valid yet":      {program.PromoCode{Start: now.Add(1)}, "INACTIVE"},
		"valid until now":    {program.PromoCode{End: now}, "INACTIVE"},
		"valid for a moment": {program.PromoCode{End: now.Add(1)}, "ACTIVE"},
	} {
		t.Run(name, func(t *testing.T) {
			checkValues(t, values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendPromoCode(dst, c.code) }), map[string]string{"State": c.want})
		})
	}
}

func TestSection20AClickAndAGroupHaveTheirValues(t *testing.T) {
	checkValues(t, values(t, 14, objects["Click"]), map[string]string{
		"Id": "c/1.json", "CampaignId": "1000", "MediaName": "Blog <9>", "ProfileId": "p-1", "EventDate": "2026-10-08T05:00:00-07:00", "AdId": "0",
		"Uri": "/Advertisers/" + sid + "/Campaigns/1000/Clicks/c%2F1%2Ejson",
	})
	checkValues(t, values(t, 11, objects["Click"]), map[string]string{"CampaignId": "1000", "AdId": "", "UniqueClick": "false"})
	checkValues(t, values(t, 14, objects["Group"]), map[string]string{
		"Id": "7", "Name": "Blogs & more", "PartnerId": "9", "PartnerName": "Blog <9>", "PartnerUri": "/Advertisers/" + sid + "/MediaPartners/9",
		"Uri": "/Advertisers/" + sid + "/Campaigns/1000/MediaPartnerGroups/7",
	})
}
