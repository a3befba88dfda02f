package httpapi_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
)

func TestSection20ReferenceData(t *testing.T) {
	t.Parallel()
	s := serve(t)
	rows := map[string]exchange{
		"a client's first call":             {path: "/CompanyInformation", has: []string{`{"CompanyName":"Trueup Demo","Industry":{"IndustryId":"","IndustryName":""},"Website":"https://harbor-supply.example/"`, `"Timezone":"America/Los_Angeles","Currency":"USD"`, `"CorporateAddress":{"AddressLine1":"","AddressLine2":"","City":"Oakland"`, `"Uri":"/Advertisers/` + demo.SID + `/CompanyInformation"}`}},
		"the account in XML":                {path: "/CompanyInformation.xml", has: []string{`<CompanyInformation><CompanyName>Trueup Demo</CompanyName><Industry><IndustryId></IndustryId>`, `<City>Oakland</City>`}},
		"campaigns by Name":                 {path: "/Campaigns?Name=harbor%20supply%20co.", has: []string{`"@total":"1"`}},
		"campaigns by State":                {path: "/Campaigns?State=PAUSED", has: []string{`"@total":"0"`}},
		"a campaign":                        {path: "/Campaigns/1000", has: []string{`{"Id":1000,"Name":"Harbor Supply Co.","State":"ACTIVE","Type":"Performance","Categories":{"PrimaryCategory":"Home & Garden","PrimarySubCategories":["Kitchen","Outdoor"]`, `"DirectTrackingSettings":{"UnidentifiedName":"","SessionWindowLength":0}`}},
		"a campaign in XML":                 {path: "/Campaigns/1000.xml", has: []string{`<ShippingRegions><ShippingRegion>US</ShippingRegion><ShippingRegion>CA</ShippingRegion>`, `<AdditionalRelatedLinks></AdditionalRelatedLinks>`, `<Rating></Rating>`, `<PromoCodeTracking>true</PromoCodeTracking>`}},
		"an unknown campaign":               {path: "/Campaigns/7", status: 404},
		"partners by Id":                    {path: "/MediaPartners?Id=10003", has: []string{`"@total":"1"`, "Trailhead"}},
		"partners by several ids":           {path: "/MediaPartners?Id=10003,10005", has: []string{`"@total":"2"`, "Trailhead", "Kitchen", "Id=10003%2C10005"}},
		"partners by CampaignId":            {path: "/MediaPartners?CampaignId=7", has: []string{`"@total":"0"`}},
		"partners by Country":               {path: "/MediaPartners?Country=DE", has: []string{`"@total":"1"`, "Kitchen"}},
		"partners by State":                 {path: "/MediaPartners?State=PAUSED", has: []string{`"@total":"1"`, "Old Town"}},
		"partners by RelationshipState":     {path: "/MediaPartners?RelationshipState=EXPIRED", has: []string{`"@total":"1"`, "Old Town"}},
		"partners by dates":                 {path: "/MediaPartners?startDate=2019-01-01&endDate=2019-12-31", has: []string{`"@total":"1"`, "Brightside"}},
		"partners under both keys":          {path: "/MediaPartners?Id=7", has: []string{`"Partners":[],"MediaPartners":[]`}},
		"partners under one key in XML":     {path: "/MediaPartners.xml?Id=10003", has: []string{`<Partners page="1"`}, hasNot: []string{"<MediaPartners"}},
		"a partner":                         {path: "/MediaPartners/10005", has: []string{`{"Id":"10005","Name":"Kitchen Stories","Description":"","Website":"","State":"ACTIVE","Address":{"Country":"DE"`, `"Currency":"EUR","Timezone":"Europe/Berlin"`, `"PartnerType":"DIRECT"`, `"Programs":[{"Id":"1000","Name":"Harbor Supply Co.","ContractId":"S-3240330"`}},
		"an unknown partner":                {path: "/MediaPartners/7", status: 404},
		"contracts by PartnerId":            {path: "/Campaigns/1000/Contracts?PartnerId=10001", has: []string{`"@total":"1"`, `"Id":"S-3240326"`}},
		"contracts are active by default":   {path: "/Campaigns/1000/Contracts", has: []string{`"@total":"5"`}},
		"contracts by Status":               {path: "/Campaigns/1000/Contracts?Status=EXPIRED", has: []string{`"@total":"1"`, `"Status":"EXPIRED"`}},
		"a Status that no contract has":     {path: "/Campaigns/1000/Contracts?Status=PENDING", has: []string{`"@total":"0"`}},
		"an unknown Status":                 {path: "/Campaigns/1000/Contracts?Status=NEW", status: 400, has: []string{`"Field":"Status"`, "ACTIVE, DECLINED, EXPIRED, PENDING, UPCOMING"}},
		"contracts by dates":                {path: "/Campaigns/1000/Contracts?StartDate=2019-01-01&EndDate=2019-06-01", has: []string{`"@total":"0"`}},
		"contracts by Signatory":            {path: "/Campaigns/1000/Contracts?Signatory=bo%20bright", has: []string{`"@total":"1"`}},
		"contracts by TemplateId":           {path: "/Campaigns/1000/Contracts?TemplateId=4711&DateLastUpdatedAfter=2020-01-01&StartDateBefore=2021-01-01&EndDateAfter=2030-01-01", has: []string{`"@total":"1"`}},
		"a contract and its terms":          {path: "/Contracts/S-3240326", has: []string{`"TemplateTerms":{"TemplateId":4711,"VersionId":1,"Name":"Public Terms","Labels":[],"Currency":"USD","EventPayouts":[{"EventTypeId":2240,"EventTypeName":"Online Sale",`, `"DefaultPayout":0,"DefaultPayoutRate":4,"PayoutLevel":"ITEM","PayoutGroups":[]`, `"DefaultPayout":5.00,"DefaultPayoutRate":0,"PayoutLevel":"ORDER"`, `"ScheduledTerms":[]`, `"Uri":"/Advertisers/` + demo.SID + `/Campaigns/1000/Contracts/S-3240326"`}},
		"a contract by its Uri":             {path: "/Campaigns/1000/Contracts/S-3240326", has: []string{`{"Id":"S-3240326","PartnerId":10001,`}},
		"a contract of another campaign":    {path: "/Campaigns/1001/Contracts/S-3240326", status: 404},
		"an unknown contract of a campaign": {path: "/Campaigns/1000/Contracts/S-7", status: 404},
		"a contract of no campaign":         {path: "/Campaigns/x/Contracts/S-7", status: 404},
		"groups with their rules":           {path: "/Contracts/S-3240327", has: []string{`"PayoutGroups":[{"Id":"1","Rank":1,"Rules":[{"Variable":"ITEM_CATEGORY","Operator":"IS","Values":["Gift Cards"]}],"Payout":0.00,"PayoutRate":0,"Limits":[],"Tiers":[]}`}},
		"groups in XML":                     {path: "/Contracts/S-3240327.xml", has: []string{`<PayoutGroup><Id>1</Id><Rank>1</Rank><Rules><Rule><Variable>ITEM_CATEGORY</Variable><Operator>IS</Operator><Values><Value>Gift Cards</Value></Values></Rule></Rules><Payout>0.00</Payout><PayoutRate></PayoutRate>`}},
		"a contract id without the prefix":  {path: "/Contracts/3240326", status: 404},
		"an unknown path":                   {path: "/Affiliates", status: 404},
		"filters of an empty collection":    {path: "/Jobs?CreatedAfter=2026-01-01&CreatedBefore=2026-02-01", has: []string{`"Jobs":[]`}, wantHeader: map[string]string{"Trueup-Ignored-Parameters": ""}},
		"metadata without an at sign":       {path: "/Campaigns/1000/UnsubscribedContacts", has: []string{`"Page":1,"NumPages":0,"PageSize":1000,"Total":0,"Start":0,"End":0,"Uri":"/Advertisers/`, `"Results":[]`}},
		"metadata without numbers":          {path: "/Campaigns/1000/UnsubscribedContacts?IrVersion=13", has: []string{`"Page":"1","NumPages":"0","PageSize":"1000"`}},
		"an empty collection in XML":        {path: "/Programs/1000/Tasks.xml?Type=GENERAL", has: []string{`<Tasks page="1"`, `</Tasks>`}},
	}
	for _, c := range encode.EmptyCollections {
		rows["an empty collection: "+c.Path] = exchange{
			path: "/" + strings.Replace(c.Path, "{Id}", "1000", 1) + "?PageSize=1", has: []string{`"@total":"0"`, `"` + c.Key + `":[]}`},
		}
	}
	s.exchangeAll(t, rows)
}
