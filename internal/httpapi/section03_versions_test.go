package httpapi_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestSection03Versions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	version := func(name, value string) map[string]string { return map[string]string{name: value} }
	numbers, texts := []string{`"CampaignId":1000,`, `"Payout":0.88,`}, []string{`"CampaignId":"1000",`, `"Payout":"0.88",`}
	since12 := []string{`"ClientCost":"0.90"`, `"EventCode":"SALE"`}
	s.exchangeAll(t, map[string]exchange{
		"the token's version is the default":        {path: "/Actions/" + action, has: numbers},
		"14 has numbers":                            {path: "/Actions/" + action + "?IrVersion=14", has: numbers},
		"13 has strings":                            {path: "/Actions/" + action + "?IrVersion=13", has: append(texts, since12...)},
		"12 has ClientCost and EventCode":           {path: "/Actions/" + action + "?IrVersion=12", has: append(texts, since12...)},
		"11 has neither":                            {path: "/Actions/" + action + "?IrVersion=11", has: texts, hasNot: []string{"ClientCost", "EventCode"}},
		"updates of 12 have the event type":         {path: "/ActionUpdates?IrVersion=12&ActionId=" + action, has: []string{`"EventTypeId":"2240"`, `"EventTypeName":"Online Sale"`, `"EventCode":"SALE"`}},
		"updates of 11 don't":                       {path: "/ActionUpdates?IrVersion=11&ActionId=" + action, hasNot: []string{"EventTypeId", "EventTypeName", "EventCode"}},
		"submissions of 12 have the event type":     {path: "/APISubmissions?IrVersion=12&PageSize=1", has: []string{`"ActionTrackerId":"2243"`, `"EventCode":"SAMPLE"`}},
		"submissions of 11 don't":                   {path: "/APISubmissions?IrVersion=11&PageSize=1", hasNot: []string{"ActionTrackerId\":", "EventCode"}},
		"campaigns of 14 have a type":               {path: "/Campaigns/1000?IrVersion=14", has: []string{`"Type":"Performance"`}},
		"campaigns of 13 have none":                 {path: "/Campaigns/1000?IrVersion=13", hasNot: []string{`"Type"`}},
		"booleans of 14 are booleans":               {path: "/Campaigns/1000?IrVersion=14", has: []string{`"PromoCodeTracking":true`, `"TrademarkBidding":false`, `"Rating":0`}},
		"booleans of 13 are strings":                {path: "/Campaigns/1000?IrVersion=13", has: []string{`"PromoCodeTracking":"true"`, `"TrademarkBidding":""`, `"Rating":""`}},
		"partners of 13 have a second name":         {path: "/MediaPartners?IrVersion=13", has: []string{`"Partners":[`, `"MediaPartners":[`}},
		"partners of 14 have it too":                {path: "/MediaPartners?IrVersion=14", has: []string{`"Partners":[`, `"MediaPartners":[`}},
		"XML has strings in every version":          {path: "/Actions/" + action + ".xml?IrVersion=14", has: []string{"<CampaignId>1000</CampaignId>", "<Payout>0.88</Payout>"}},
		"a header selects the version":              {path: "/Actions/" + action, header: version("IR-Version", "13"), has: texts},
		"a header in any case":                      {path: "/Actions/" + action, header: version("ir-version", "13"), has: texts},
		"a header without the hyphen":               {path: "/Actions/" + action, header: version("IrVersion", "13"), has: texts},
		"a parameter in any case, with a hyphen":    {path: "/Actions/" + action + "?ir-VERSION=13", has: texts},
		"the parameter overrides the header":        {path: "/Actions/" + action + "?IrVersion=14", header: version("IR-Version", "13"), has: numbers},
		"an unknown version is a 400":               {path: "/Campaigns?IrVersion=15", status: 400, has: []string{`"Field":"IrVersion"`, "11, 12, 13 or 14"}},
		"a version before the first is a 400":       {path: "/Campaigns?IrVersion=10", status: 400, has: []string{`"Field":"IrVersion"`}},
		"a version that is not a number is a 400":   {path: "/Campaigns", header: version("IR-Version", "new"), status: 400, has: []string{`"Field":"IR-Version"`}},
		"a write selects the version in its body":   {method: "PUT", path: "/Actions", contentType: form, body: "IrVersion=99", status: 400, has: []string{`"Field":"IrVersion"`}},
		"the version is not listed as ignored":      {path: "/Campaigns?IrVersion=12", wantHeader: map[string]string{"Trueup-Ignored-Parameters": ""}},
		"a missing number is 0 in 14":               {path: "/Actions/" + action + "?IrVersion=14", has: []string{`"AdId":0,`}},
		"a missing number is an empty string in 13": {path: "/Actions/" + action + "?IrVersion=13", has: []string{`"AdId":"",`}},
	})
}
