package check_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

// TestWrapReportsInvalidResponses covers lists, headers and errors, and responses to
// requests without an operation.
func TestWrapReportsInvalidResponses(t *testing.T) {
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	const asJSON, asXML = "application/json; charset=utf-8", "application/xml; charset=utf-8"
	const rejected = `{"Status":"ERROR","Message":"x"}`
	const page = `page="1" numpages="0" pagesize="1000" total="0" start="0" end="0" uri="" firstpageuri="" previouspageuri="" nextpageuri="" lastpageuri=""`
	const jsonPage = `{"@page":"1","@numpages":"0","@pagesize":"1000","@total":"0","@start":"0","@end":"0","@uri":"","@firstpageuri":"","@previouspageuri":"","@nextpageuri":"","@lastpageuri":"","Campaigns":[]}`
	wrapped := func(s string) string { return "<ImpactRadiusResponse>" + s + "</ImpactRadiusResponse>" }
	list := func(attributes, objects string) string {
		return wrapped("<Campaigns " + attributes + ">" + objects + "</Campaigns>")
	}
	for name, c := range map[string]struct {
		method, path      string
		status            int
		contentType, body string
		// header and value are an additional header.
		header, value string
		// want is a part of the error; "" if the response is valid.
		want string
	}{
		"an empty list in XML":                      {"GET", "/Campaigns", 200, asXML, list(page, ""), "", "", ""},
		"an unknown attribute":                      {"GET", "/Campaigns", 200, asXML, list(page+` secret="x"`, ""), "", "", "secret"},
		"a missing attribute":                       {"GET", "/Campaigns", 200, asXML, list(strings.Replace(page, ` total="0"`, "", 1), ""), "", "", "total"},
		"an unknown element in a list":              {"GET", "/Campaigns", 200, asXML, list(page, "<Secret/>"), "", "", "Secret"},
		"an unknown attribute of an object":         {"GET", "/CompanyInformation", 200, asXML, wrapped(`<CompanyInformation secret="x"/>`), "", "", "secret"},
		"an unknown member of a list":               {"GET", "/Campaigns", 200, asJSON, strings.Replace(jsonPage, "{", `{"Secret":1,`, 1), "", "", "Secret"},
		"an empty list in JSON":                     {"GET", "/Campaigns", 200, asJSON, jsonPage, "", "", ""},
		"content after the root":                    {"GET", "/Campaigns", 200, asXML, list(page, "") + "<Secret/>", "", "", "after the root"},
		"another root":                              {"GET", "/CompanyInformation", 200, asXML, "<Response/>", "", "", "CompanyInformation"},
		"errors in XML":                             {"GET", "/Campaigns", 400, asXML, wrapped("<Status>ERROR</Status><Message>x</Message><Errors><Error><Field>a</Field><Message>x</Message></Error></Errors>"), "", "", ""},
		"an unknown error":                          {"GET", "/Campaigns", 400, asXML, wrapped("<Status>ERROR</Status><Message>x</Message><Errors><Fault>x</Fault></Errors>"), "", "", "Errors"},
		"an unknown header":                         {"GET", "/Campaigns", 404, asJSON, rejected, "X-Debug", "1", "X-Debug"},
		"a missing header":                          {"GET", "/Campaigns", 404, asJSON, rejected, "X-Request-Id", "", "X-Request-Id"},
		"401 with WWW-Authenticate":                 {"GET", "/Campaigns", 401, asJSON, rejected, "WWW-Authenticate", "Basic", ""},
		"401 without WWW-Authenticate":              {"GET", "/Campaigns", 401, asJSON, rejected, "", "", "WWW-Authenticate"},
		"503 with Retry-After":                      {"GET", "/Campaigns", 503, asJSON, rejected, "Retry-After", "1", ""},
		"503 without Retry-After":                   {"GET", "/Campaigns", 503, asJSON, rejected, "", "", "Retry-After"},
		"404 with another body":                     {"GET", "/Campaigns/1", 404, asJSON, `{"error":"x"}`, "", "", "missing"},
		"404 of an unknown path with another body":  {"GET", "/Secrets", 404, asJSON, `{"error":"x"}`, "", "", "missing"},
		"405 of an unknown operation with Allow":    {"PATCH", "/Campaigns", 405, asJSON, rejected, "Allow", "GET, HEAD", ""},
		"405 of an unknown operation without Allow": {"PATCH", "/Campaigns", 405, asJSON, rejected, "", "", "Allow"},
		"413 with another body":                     {"PUT", "/Actions", 413, asJSON, `{"error":"x"}`, "", "", "missing"},
		"a redirect of an unknown path":             {"GET", "/Secrets", 301, "text/html", "x", "", "", "not described"},
		"a success of a deprecated path":            {"GET", "/Secrets", 200, asJSON, `{}`, "Deprecation", "@1", ""},
		"HEAD":                                      {"HEAD", "/Campaigns", 200, asJSON, "", "", "", ""},
		"HEAD of another status":                    {"HEAD", "/Campaigns", 418, asJSON, "", "", "", "418"},
		"HEAD with another header":                  {"HEAD", "/Campaigns", 200, asJSON, "", "X-Debug", "1", "X-Debug"},
	} {
		t.Run(name, func(t *testing.T) {
			reported := ""
			checker.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "x")
				w.Header().Set("Content-Type", c.contentType)
				if w.Header().Del(c.header); c.value != "" {
					w.Header().Set(c.header, c.value)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}), func(err error) { reported += err.Error() }).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(c.method, root+c.path, nil))
			if (c.want == "") != (reported == "") || !strings.Contains(reported, c.want) {
				t.Errorf("reported %q, want %q", reported, c.want)
			}
		})
	}
}
