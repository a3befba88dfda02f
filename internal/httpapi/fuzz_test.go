package httpapi_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

// FuzzHandler checks that no request causes a 500 and that every response is well-formed.
func FuzzHandler(f *testing.F) {
	s := serve(f)
	s.Handler = s.api // without validation against the document
	for _, seed := range [][4]string{
		{"PUT", "/Actions", form, "ActionId=1000.2240.3283&Sku=12345&Quantity=1&Reason=ORDER_UPDATE"},
		{"PUT", "/Actions.json", "application/json", `{"ActionTrackerId":2240,"OrderId":"EXAMPLE-A","Amount":10.5,"Reason":"OTHER"}`},
		{"DELETE", "/Actions", form, "ActionId=1000.2240.3283&DispositionCode=REJECTED"},
		{"POST", "/Conversions", form, "CampaignId=1000&EventTypeId=2240&OrderId=F&MediaPartnerId=10001&ItemSku1=a&ItemPrice1=1&EventDate=NOW"},
		{"GET", "/Actions?CampaignId=1000&StartDate=2026-10-01T00:00:00+0000&EndDate=2026-10-02&PageSize=3&Page=2", "", ""},
		{"GET", "/ActionUpdates.xml?State=PENDING&Sku=a%2Fb", "", ""},
		{"GET", "/APISubmissions?Status=Complete&HasError=true", "", ""},
		{"GET", "/Actions/1000.2240.3283/Items/%2e%2e", "", ""},
		{"PUT", "/Actions.xml?DryRun=1", form, "ActionTrackerId=2240&OrderId=EXAMPLE-A&Sku=12345&QuantityDelta=-1&Reason=ORDER_UPDATE"},
		{"POST", "/APISubmissions/A-01a20fb9-0613-8028-bc35-000000000cd8/Undo?DryRun=true", form, "Note=x"},
		{"GET", "/Actions/1000.2240.3283/Items?AsOf=2026-10-01T00:00:00+0000&PageSize=1", "", ""},
		{"GET", "/Actions/1000.2240.3283/Updates?Page=2&PageSize=1", "", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, method, path, contentType, body string) {
		r, err := http.NewRequest(method, "http://trueup/Advertisers/"+demo.SID+path, strings.NewReader(body))
		if err != nil {
			return // not a valid request
		}
		r.SetBasicAuth(demo.SID, s.secret)
		r.Header.Set("Content-Type", contentType)
		w := s.do(r)
		if w.Code >= 500 {
			t.Fatalf("%d %s\n%s", w.Code, w.Body, s.log)
		}
		if method == http.MethodHead || w.Body.Len() == 0 {
			return
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			if !json.Valid(w.Body.Bytes()) {
				t.Fatalf("not JSON: %s", w.Body)
			}
			return
		}
		for d := xml.NewDecoder(w.Body); ; {
			if _, err := d.Token(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatalf("not XML: %v", err)
			}
		}
	})
}
