package httpapi_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestSection05Responses(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	accept := func(value string) map[string]string { return map[string]string{"Accept": value} }
	asJSON, asXML := []string{`{"@page"`}, []string{`<ImpactRadiusResponse><Campaigns page="1"`}
	s.exchangeAll(t, map[string]exchange{
		"XML is the default":             {path: "/Campaigns", header: accept(""), has: asXML, wantHeader: map[string]string{"Content-Type": "application/xml; charset=utf-8"}},
		"the Accept header selects JSON": {path: "/Campaigns", header: accept("application/json"), has: asJSON, wantHeader: map[string]string{"Content-Type": "application/json; charset=utf-8"}},
		"a suffix selects JSON":          {path: "/Campaigns.json", header: accept(""), has: asJSON},
		"a suffix overrides the header":  {path: "/Campaigns.xml", header: accept("application/json"), has: asXML},
		"q-values are respected":         {path: "/Campaigns", header: accept("application/json;q=0.4, application/xml;q=0.5"), has: asXML},
		"anything is XML":                {path: "/Campaigns", header: accept("*/*"), has: asXML},
		"a browser gets XML":             {path: "/Campaigns", header: accept("text/html,application/xml;q=0.9,*/*;q=0.8"), has: asXML},
		"neither is a 406":               {path: "/Campaigns", header: accept("text/csv"), status: 406},
		"excluded JSON is XML":           {path: "/Campaigns", header: accept("application/json;q=0, */*"), has: asXML},
		"an object is bare in JSON":      {path: "/Actions/" + action, has: []string{`{"Id":"` + action + `"`}},
		"an object is wrapped in XML":    {path: "/Actions/" + action + ".xml", has: []string{"<ImpactRadiusResponse><Action><Id>", "</Action></ImpactRadiusResponse>"}},
		"Uri is a path":                  {path: "/Actions/" + action, has: []string{`"Uri":"/Advertisers/` + demo.SID + `/Actions/` + action + `"`}},
		"an item's Uri":                  {path: "/Actions/" + action + "/Items/12345", has: []string{`"Uri":"/Advertisers/` + demo.SID + `/Actions/` + action + `/Items/12345"`}},
		"a company's Uri":                {path: "/CompanyInformation", has: []string{`"Uri":"/Advertisers/` + demo.SID + `/CompanyInformation"`}},
		"a HEAD has no body":             {method: http.MethodHead, path: "/Campaigns"},
	})
}

func TestSection05Writes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	const uuid = "A-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
	inJSON := regexp.MustCompile(`^{"Status":"QUEUED","QueuedUri":"/Advertisers/` + demo.SID + `/APISubmissions/` + uuid + `"}$`)
	inXML := regexp.MustCompile(`<ImpactRadiusResponse><Status>QUEUED</Status><QueuedUri>/Advertisers/` + demo.SID + `/APISubmissions/` + uuid + `</QueuedUri></ImpactRadiusResponse>$`)
	for name, e := range map[string]exchange{
		"a conversion":   {method: "POST", path: "/Conversions", body: "CampaignId=1000&ActionTrackerId=2240&EventDate=NOW&MediaPartnerId=10001&Amount=1&OrderId=W"},
		"a modification": {method: "PUT", path: "/Actions", body: "ActionId=" + action + "&Sku=12345&Quantity=1&Reason=ORDER_UPDATE"},
		"a reversal":     {method: "DELETE", path: "/Actions", body: "ActionId=" + action + "&DispositionCode=REJECTED"},
	} {
		e.contentType = form
		t.Run(name+" is QUEUED with 200", func(t *testing.T) {
			if body := s.exchange(t, e); !inJSON.MatchString(body) {
				t.Errorf("JSON is %s", body)
			}
			e.path += ".xml"
			if body := s.exchange(t, e); !inXML.MatchString(body) {
				t.Errorf("XML is %s", body)
			}
		})
	}
}
