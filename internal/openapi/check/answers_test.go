package check_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/openapi/check"
)

// TestWhatAnswersLackOrHaveTooMuchIsFound is about what stands around objects, and
// about answers to what no path describes.
func TestWhatAnswersLackOrHaveTooMuchIsFound(t *testing.T) {
	checker, err := check.ForProgram()
	if err != nil {
		t.Fatal(err)
	}
	const asJSON, asXML = "application/json; charset=utf-8", "application/xml; charset=utf-8"
	const refused = `{"Status":"ERROR","Message":"x"}`
	const page = `page="1" numpages="0" pagesize="1000" total="0" start="0" end="0" uri="" firstpageuri="" previouspageuri="" nextpageuri="" lastpageuri=""`
	const jsonPage = `{"@page":"1","@numpages":"0","@pagesize":"1000","@total":"0","@start":"0","@end":"0","@uri":"","@firstpageuri":"","@previouspageuri":"","@nextpageuri":"","@lastpageuri":"","Campaigns":[]}`
	wrapped := func(s string) string { return "<ImpactRadiusResponse>" + s + "</ImpactRadiusResponse>" }
	list := func(attributes, objects string) string {
		return wrapped("<Campaigns " + attributes + ">" + objects + "</Campaigns>")
	}
	for says, c := range map[string]struct {
		method, path        string
		status              int
		contentType, answer string
		// name and value are a header that is sent beside.
		name, value string
		// found is a part of what is said of the answer; "" if it is as described.
		found string
	}{
		"an empty list in XML":                 {"GET", "/Campaigns", 200, asXML, list(page, ""), "", "", ""},
		"an attribute that is not described":   {"GET", "/Campaigns", 200, asXML, list(page+` secret="x"`, ""), "", "", "secret"},
		"an attribute that is missing":         {"GET", "/Campaigns", 200, asXML, list(strings.Replace(page, ` total="0"`, "", 1), ""), "", "", "total"},
		"an element that is not of the list":   {"GET", "/Campaigns", 200, asXML, list(page, "<Secret/>"), "", "", "Secret"},
		"an attribute of an object":            {"GET", "/CompanyInformation", 200, asXML, wrapped(`<CompanyInformation secret="x"/>`), "", "", "secret"},
		"a member that is not of the list":     {"GET", "/Campaigns", 200, asJSON, strings.Replace(jsonPage, "{", `{"Secret":1,`, 1), "", "", "Secret"},
		"an empty list in JSON":                {"GET", "/Campaigns", 200, asJSON, jsonPage, "", "", ""},
		"something behind the root":            {"GET", "/Campaigns", 200, asXML, list(page, "") + "<Secret/>", "", "", "behind"},
		"another root":                         {"GET", "/CompanyInformation", 200, asXML, "<Response/>", "", "", "CompanyInformation"},
		"faults in XML":                        {"GET", "/Campaigns", 400, asXML, wrapped("<Status>ERROR</Status><Message>x</Message><Errors><Error><Field>a</Field><Message>x</Message></Error></Errors>"), "", "", ""},
		"a fault that is none":                 {"GET", "/Campaigns", 400, asXML, wrapped("<Status>ERROR</Status><Message>x</Message><Errors><Fault>x</Fault></Errors>"), "", "", "Errors"},
		"a header that is not described":       {"GET", "/Campaigns", 404, asJSON, refused, "X-Debug", "1", "X-Debug"},
		"a header that is missing":             {"GET", "/Campaigns", 404, asJSON, refused, "X-Request-Id", "", "X-Request-Id"},
		"401 that asks for credentials":        {"GET", "/Campaigns", 401, asJSON, refused, "WWW-Authenticate", "Basic", ""},
		"401 that asks for none":               {"GET", "/Campaigns", 401, asJSON, refused, "", "", "WWW-Authenticate"},
		"503 that says when to come back":      {"GET", "/Campaigns", 503, asJSON, refused, "Retry-After", "1", ""},
		"503 that does not":                    {"GET", "/Campaigns", 503, asJSON, refused, "", "", "Retry-After"},
		"404 with another body":                {"GET", "/Campaigns/1", 404, asJSON, `{"error":"x"}`, "", "", "missing"},
		"404 of no path with another body":     {"GET", "/Secrets", 404, asJSON, `{"error":"x"}`, "", "", "missing"},
		"405 of no operation with its methods": {"PATCH", "/Campaigns", 405, asJSON, refused, "Allow", "GET, HEAD", ""},
		"405 of no operation without":          {"PATCH", "/Campaigns", 405, asJSON, refused, "", "", "Allow"},
		"413 with another body":                {"PUT", "/Actions", 413, asJSON, `{"error":"x"}`, "", "", "missing"},
		"a redirect of no path":                {"GET", "/Secrets", 301, "text/html", "x", "", "", "not described"},
		"HEAD":                                 {"HEAD", "/Campaigns", 200, asJSON, "", "", "", ""},
		"HEAD of another status":               {"HEAD", "/Campaigns", 418, asJSON, "", "", "", "418"},
		"HEAD with another header":             {"HEAD", "/Campaigns", 200, asJSON, "", "X-Debug", "1", "X-Debug"},
	} {
		t.Run(says, func(t *testing.T) {
			broken := ""
			checker.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Request-Id", "x")
				w.Header().Set("Content-Type", c.contentType)
				if w.Header().Del(c.name); c.value != "" {
					w.Header().Set(c.name, c.value)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.answer))
			}), func(err error) { broken += err.Error() }).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(c.method, root+c.path, nil))
			if (c.found == "") != (broken == "") || !strings.Contains(broken, c.found) {
				t.Errorf("found %q, want %q", broken, c.found)
			}
		})
	}
}
