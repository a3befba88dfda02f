package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestSection01Transport(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	s.exchangeAll(t, map[string]exchange{
		"the root is /Advertisers and the SID":   {path: "/Campaigns", has: []string{`"Uri":"/Advertisers/` + demo.SID + `/Campaigns/1000"`}},
		"a collection with the suffix .json":     {path: "/Actions.json?Oid=EXAMPLE-A", header: map[string]string{"Accept": ""}, has: []string{`{"@page":"1"`}},
		"a collection with the suffix .xml":      {path: "/Actions.xml?Oid=EXAMPLE-A", has: []string{`<Actions page="1"`}},
		"an object with the suffix .json":        {path: "/Actions/" + action + ".json", header: map[string]string{"Accept": ""}, has: []string{`{"Id":"` + action + `"`}},
		"an object with the suffix .xml":         {path: "/Actions/" + action + ".xml", has: []string{"<Action><Id>" + action + "</Id>"}},
		"the dots of an ActionId are no suffix":  {path: "/Actions/" + action, has: []string{`{"Id":"` + action + `"`}},
		"a suffix in another case":               {path: "/Campaigns.JSON", header: map[string]string{"Accept": ""}, has: []string{`{"@page"`}},
		"an unknown suffix":                      {path: "/Campaigns.csv", status: http.StatusNotFound},
		"a POST with _method=PUT in the query":   {method: "POST", path: "/Actions?_method=PUT", status: 400, has: []string{`"Field":"Reason"`}},
		"a POST with _method=DELETE in the body": {method: "POST", path: "/Actions", contentType: form, body: "_method=DELETE", status: 400, has: []string{`"Field":"DispositionCode"`}},
		"a POST with _method in JSON":            {method: "POST", path: "/Actions", contentType: "application/json", body: `{"_method":"delete"}`, status: 400, has: []string{`"Field":"DispositionCode"`}},
		"an unknown _method":                     {method: "POST", path: "/Actions?_method=PATCH", status: 400, has: []string{`"Field":"_method"`}},
		"_method is ignored in a GET":            {path: "/Campaigns?_method=DELETE", has: []string{`"Campaigns":[`}},
		"a POST without _method is not allowed":  {method: "POST", path: "/Actions", status: 405, wantHeader: map[string]string{"Allow": "DELETE, GET, HEAD, PUT"}},
	})
	for _, spelling := range []string{"Advertiser", "advertisers", "ADVERTISERS", "aDvErTiSeR"} {
		t.Run("the first segment may be "+spelling, func(t *testing.T) {
			r := s.request("GET", "/Campaigns", "", "")
			r.URL.Path = strings.Replace(r.URL.Path, "Advertisers", spelling, 1)
			if w := s.do(r); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Harbor") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}
