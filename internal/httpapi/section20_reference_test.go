package httpapi_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
)

func TestSection20ReferenceData(t *testing.T) {
	t.Parallel()
	s := serve(t)
	rows := map[string]exchange{
		"a client's first call":            {path: "/CompanyInformation", has: []string{`{"CompanyName":"Trueup Demo","Currency":"USD","Timezone":"America/Los_Angeles","Uri":"/Advertisers/` + demo.SID + `/CompanyInformation"}`}},
		"campaigns by Name":                {path: "/Campaigns?Name=harbor%20supply%20co.", has: []string{`"@total":"1"`}},
		"campaigns by State":               {path: "/Campaigns?State=PAUSED", has: []string{`"@total":"0"`}},
		"a campaign":                       {path: "/Campaigns/1000", has: []string{`{"Id":"1000","Name":"Harbor Supply Co.","State":"ACTIVE","Type":"ONLINE","Uri":`}},
		"an unknown campaign":              {path: "/Campaigns/7", status: 404},
		"partners by Id":                   {path: "/MediaPartners?Id=10003", has: []string{`"@total":"1"`, "Trailhead"}},
		"partners by CampaignId":           {path: "/MediaPartners?CampaignId=7", has: []string{`"@total":"0"`}},
		"partners by State":                {path: "/MediaPartners?State=PAUSED", has: []string{`"@total":"1"`, "Old Town"}},
		"a partner":                        {path: "/MediaPartners/10005", has: []string{`{"Id":"10005","Name":"Kitchen Stories","State":"ACTIVE","Currency":"EUR","Timezone":"Europe/Berlin","PartnerType":"CONTENT","PartnerValues":{"Value1":"","Value2":"","Value3":""},"Uri":`}},
		"an unknown partner":               {path: "/MediaPartners/7", status: 404},
		"contracts by PartnerId":           {path: "/Campaigns/1000/Contracts?PartnerId=10001", has: []string{`"@total":"1"`, `"Id":"S-3240326"`}},
		"contracts by Status":              {path: "/Campaigns/1000/Contracts?Status=EXPIRED&PartnerId=10001", has: []string{`"@total":"0"`}},
		"an unknown Status":                {path: "/Campaigns/1000/Contracts?Status=NEW", status: 400, has: []string{`"Field":"Status"`}},
		"contracts by dates":               {path: "/Campaigns/1000/Contracts?StartDate=2019-01-01&EndDate=2019-06-01", has: []string{`"@total":"0"`}},
		"a contract and its terms":         {path: "/Contracts/S-3240326", has: []string{`"TemplateTerms":{"Currency":"USD","EventPayouts":[{"EventTypeId":"2240","EventTypeName":"Online Sale",`, `"DefaultPayoutRate":"4","PayoutLevel":"ITEM","PayoutGroups":[]`, `"DefaultPayout":"5.00","PayoutLevel":"ORDER"`, `"ScheduledTerms":[]`}},
		"groups with their rules":          {path: "/Contracts/S-3240327", has: []string{`"PayoutGroups":[{"Id":"1","Rank":"1","Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Payout":"0.00","Limits":[],"Tiers":[]}`}},
		"a contract id without the prefix": {path: "/Contracts/3240326", status: 404},
		"an unknown path":                  {path: "/Affiliates", status: 404},
	}
	for path := range maps.Keys(encode.EmptyCollections) {
		rows["an empty collection: "+path] = exchange{
			path: "/" + strings.Replace(path, "{Id}", "1000", 1) + "?PageSize=1", has: []string{`"@total":"0"`, `"` + encode.EmptyCollections[path].Key + `":[]}`},
		}
	}
	s.exchangeAll(t, rows)
}
