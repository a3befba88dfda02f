package check_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const root = "/Advertisers/IRx"

// companyIn returns a valid response in a format.
func companyIn(format wire.Format) string {
	r := program.NewReference()
	r.Account = program.Account{Name: "Shop", Currency: "USD", Zone: "UTC"}
	e := encode.Encoder{Format: format, Version: wire.CurrentVersion, SID: "IRx", Reference: r}
	return string(e.AppendTail(e.AppendCompany(e.AppendHead(nil))))
}

func TestWrapReportsInvalidExchanges(t *testing.T) {
	company, companyXML := companyIn(wire.JSON), companyIn(wire.XML)
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	const asJSON, asXML, form = "application/json; charset=utf-8", "application/xml; charset=utf-8", "application/x-www-form-urlencoded"
	const queued = `{"Status":"QUEUED","QueuedUri":"/Advertisers/IRx/APISubmissions/A-1"}`
	for name, c := range map[string]struct {
		method, path, body    string
		status                int
		contentType, response string
		// want is a part of the error; "" if the exchange is valid.
		want string
	}{
		"an object":                                   {"GET", "/CompanyInformation", "", 200, asJSON, company, ""},
		"an object under a suffix":                    {"GET", "/CompanyInformation.json", "", 200, asJSON, company, ""},
		"an object in XML":                            {"GET", "/CompanyInformation", "", 200, asXML, companyXML, ""},
		"a missing field":                             {"GET", "/CompanyInformation", "", 200, asJSON, `{"CompanyName":"Shop"}`, "missing"},
		"an unknown field":                            {"GET", "/CompanyInformation", "", 200, asJSON, strings.Replace(company, "{", `{"Secret":"x",`, 1), "Secret"},
		"a field of another type":                     {"GET", "/CompanyInformation", "", 200, asJSON, strings.Replace(company, `"USD"`, "7", 1), "got number"},
		"an unknown field in XML":                     {"GET", "/CompanyInformation", "", 200, asXML, strings.Replace(companyXML, "</CompanyInformation>", "<Secret>x</Secret></CompanyInformation>", 1), "Secret"},
		"a missing field in XML":                      {"GET", "/CompanyInformation", "", 200, asXML, `<ImpactRadiusResponse><CompanyInformation><CompanyName>Shop</CompanyName></CompanyInformation></ImpactRadiusResponse>`, "missing"},
		"an unknown status":                           {"GET", "/CompanyInformation", "", 418, asJSON, `{"Status":"ERROR","Message":"x"}`, "418"},
		"an unknown content type":                     {"GET", "/CompanyInformation", "", 200, "text/html", "<p>", "text/html"},
		"an error without a message":                  {"GET", "/CompanyInformation", "", 403, asJSON, `{"Status":"ERROR"}`, "missing"},
		"a list without its metadata":                 {"GET", "/Campaigns", "", 200, asJSON, `{"Campaigns":[]}`, "missing"},
		"a success of an unknown path":                {"GET", "/Secrets", "", 200, asJSON, `{}`, "not described"},
		"a rejection of an unknown path":              {"GET", "/Secrets", "", 404, asJSON, `{"Status":"ERROR","Message":"x"}`, ""},
		"a success of an unknown method":              {"DELETE", "/Campaigns", "", 200, asJSON, `{}`, "not described"},
		"a write":                                     {"PUT", "/Actions", "ActionId=1.2.3&Sku=a&Quantity=1&Reason=ORDER_UPDATE", 200, asJSON, queued, ""},
		"a write with other letter cases":             {"PUT", "/Actions", "actionid=1.2.3&SKU=a&quantity=1&REASON=ORDER_UPDATE", 200, asJSON, queued, ""},
		"a write with a method override":              {"POST", "/Actions", "_method=PUT&ActionId=1.2.3&Sku=a&Quantity=1&Reason=ORDER_UPDATE", 200, asJSON, queued, ""},
		"a success of a write without a reason":       {"PUT", "/Actions", "ActionId=1.2.3&Sku=a&Quantity=1", 200, asJSON, queued, "missing"},
		"a rejection of a write without a reason":     {"PUT", "/Actions", "ActionId=1.2.3&Sku=a&Quantity=1", 400, asJSON, `{"Status":"ERROR","Message":"x"}`, ""},
		"a success of a query with an invalid number": {"GET", "/Actions?CampaignId=x", "", 200, asJSON, company, "CampaignId"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, root+c.path, strings.NewReader(c.body))
			if c.body != "" {
				r.Header.Set("Content-Type", form)
			}
			var reported []string
			handler := checker.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "x")
				w.Header().Set("Content-Type", c.contentType)
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.response))
			}), func(err error) { reported = append(reported, err.Error()) })
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if all := strings.Join(reported, "\n"); (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("reported %q, want %q", all, c.want)
			}
			if w.Code != c.status || w.Body.String() != c.response {
				t.Errorf("the caller got %d %s", w.Code, w.Body)
			}
		})
	}
}
