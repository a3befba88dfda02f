package check_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

const root = "/Advertisers/IRx"

// company is an answer that the document describes.
const company = `{"CompanyName":"Shop","Currency":"USD","Timezone":"UTC","Uri":"/Advertisers/IRx/CompanyInformation"}`

func TestWhatTheDocumentDoesNotDescribeIsFound(t *testing.T) {
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	const asJSON, asXML, form = "application/json; charset=utf-8", "application/xml; charset=utf-8", "application/x-www-form-urlencoded"
	const queued = `{"Status":"QUEUED","QueuedUri":"/Advertisers/IRx/APISubmissions/A-1"}`
	for says, c := range map[string]struct {
		method, path, body  string
		status              int
		contentType, answer string
		// found is a part of what is said of the exchange; "" if it is as described.
		found string
	}{
		"an object":                            {"GET", "/CompanyInformation", "", 200, asJSON, company, ""},
		"an object under a suffix":             {"GET", "/CompanyInformation.json", "", 200, asJSON, company, ""},
		"an object in XML":                     {"GET", "/CompanyInformation", "", 200, asXML, `<?xml version="1.0"?><ImpactRadiusResponse><CompanyInformation><CompanyName>Shop</CompanyName><Currency>USD</Currency><Timezone>UTC</Timezone><Uri>/x</Uri></CompanyInformation></ImpactRadiusResponse>`, ""},
		"a field that is missing":              {"GET", "/CompanyInformation", "", 200, asJSON, `{"CompanyName":"Shop"}`, "missing"},
		"a field that is not described":        {"GET", "/CompanyInformation", "", 200, asJSON, strings.Replace(company, "{", `{"Secret":"x",`, 1), "Secret"},
		"a field of another type":              {"GET", "/CompanyInformation", "", 200, asJSON, strings.Replace(company, `"USD"`, "7", 1), "got number"},
		"a field in XML that is not described": {"GET", "/CompanyInformation", "", 200, asXML, `<ImpactRadiusResponse><CompanyInformation><CompanyName>Shop</CompanyName><Currency>USD</Currency><Timezone>UTC</Timezone><Uri>/x</Uri><Secret>x</Secret></CompanyInformation></ImpactRadiusResponse>`, "Secret"},
		"a field in XML that is missing":       {"GET", "/CompanyInformation", "", 200, asXML, `<ImpactRadiusResponse><CompanyInformation><CompanyName>Shop</CompanyName></CompanyInformation></ImpactRadiusResponse>`, "missing"},
		"a status that is not described":       {"GET", "/CompanyInformation", "", 418, asJSON, `{"Status":"ERROR","Message":"x"}`, "418"},
		"a content type that is not described": {"GET", "/CompanyInformation", "", 200, "text/html", "<p>", "text/html"},
		"an error without a message":           {"GET", "/CompanyInformation", "", 403, asJSON, `{"Status":"ERROR"}`, "missing"},
		"a list without its metadata":          {"GET", "/Campaigns", "", 200, asJSON, `{"Campaigns":[]}`, "missing"},
		"a path that is served undescribed":    {"GET", "/Secrets", "", 200, asJSON, `{}`, "not described"},
		"a path that is refused":               {"GET", "/Secrets", "", 404, asJSON, `{"Status":"ERROR","Message":"x"}`, ""},
		"a method that is served undescribed":  {"DELETE", "/Campaigns", "", 200, asJSON, `{}`, "not described"},
		"a write":                              {"PUT", "/Actions", "ActionId=1.2.3&Sku=a&Quantity=1&Reason=ORDER_UPDATE", 200, asJSON, queued, ""},
		"a write in other letters":             {"PUT", "/Actions", "actionid=1.2.3&SKU=a&quantity=1&REASON=ORDER_UPDATE", 200, asJSON, queued, ""},
		"a write by another method":            {"POST", "/Actions", "_method=PUT&ActionId=1.2.3&Sku=a&Quantity=1&Reason=ORDER_UPDATE", 200, asJSON, queued, ""},
		"a write served without its reason":    {"PUT", "/Actions", "ActionId=1.2.3&Sku=a&Quantity=1", 200, asJSON, queued, "missing"},
		"a write refused without its reason":   {"PUT", "/Actions", "ActionId=1.2.3&Sku=a&Quantity=1", 400, asJSON, `{"Status":"ERROR","Message":"x"}`, ""},
		"a query that is no number, served":    {"GET", "/Actions?CampaignId=x", "", 200, asJSON, company, "CampaignId"},
	} {
		t.Run(says, func(t *testing.T) {
			r := httptest.NewRequest(c.method, root+c.path, strings.NewReader(c.body))
			if c.body != "" {
				r.Header.Set("Content-Type", form)
			}
			var broken []string
			handler := checker.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "x")
				w.Header().Set("Content-Type", c.contentType)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.answer))
			}), func(err error) { broken = append(broken, err.Error()) })
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if all := strings.Join(broken, "\n"); (c.found == "") != (all == "") || !strings.Contains(all, c.found) {
				t.Errorf("found %q, want %q", all, c.found)
			}
			if w.Code != c.status || w.Body.String() != c.answer {
				t.Errorf("the caller got %d %s", w.Code, w.Body)
			}
		})
	}
}
