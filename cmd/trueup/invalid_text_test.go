package main_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestInvalidTextIsRejected sends NUL and invalid UTF-8 in every text of a request.
// PostgreSQL can't store either, so they must be rejected before they reach it.
func TestInvalidTextIsRejected(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, h *harness) {
		operator := credentialsIn(t, h.run(t, "token", "create", "--admin"))
		p, c := h.serve(t)
		defer h.stop(t, p)
		admin := p.env["TRUEUP_ADMIN_URL"]
		for name, r := range invalidTexts(c, admin) {
			req, err := http.NewRequest(r.method, r.uri, strings.NewReader(r.body))
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case r.user != "":
				req.SetBasicAuth(r.user, "x")
			case strings.HasPrefix(r.uri, admin):
				req.SetBasicAuth(operator.sid, operator.secret)
			default:
				req.SetBasicAuth(c.sid, c.secret)
			}
			req.Header.Set("Accept", "application/json")
			req.Header.Set("Content-Type", r.kind)
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != r.status || !strings.Contains(string(body), r.has) {
				t.Errorf("%s: %d %s (%v), want %d with %q", name, resp.StatusCode, body, err, r.status, r.has)
			}
		}
		var listed struct {
			FTPFileSubmissions []struct{ FileName string }
		}
		if err := c.do("GET", c.root+"/FTPFileSubmissions", url.Values{}, &listed); err != nil {
			t.Fatal(err)
		}
		if files := listed.FTPFileSubmissions; len(files) != 1 || files[0].FileName != "ab\uFFFD.csv" {
			t.Errorf("the files are %q", files)
		}
	})
}

const form = "application/x-www-form-urlencoded"

// upload is a form with a file whose name has a NUL and a Latin-1 byte.
const upload = "--b\r\nContent-Disposition: form-data; name=file; filename*=UTF-8''a%00b%e9.csv\r\n\r\n" +
	"ActionId,Amount,Reason\n1000.2240.1,5,OTHER\n\r\n--b--\r\n"

// invalidText is a request with an invalid text and the expected response.
type invalidText struct {
	method, uri, user, kind, body string
	status                        int
	has                           string
}

func invalidTexts(c *caller, admin string) map[string]invalidText {
	return map[string]invalidText{
		"a user with NUL":                   {uri: c.root + "/Actions", user: "a\x00", status: 401},
		"a user in Latin-1":                 {uri: c.root + "/Actions", user: "caf\xe9", status: 401},
		"an operator with NUL":              {uri: admin + "/accounts", user: "a\x00", status: 401},
		"an SID in the path":                {uri: c.host + "/Advertisers/%00/Actions", status: 403},
		"an order filter":                   {uri: c.root + "/Actions?Oid=%00", status: 400, has: "NUL"},
		"an order in Latin-1":               {uri: c.root + "/Actions?Oid=%e9", status: 400, has: "UTF-8"},
		"the name of a parameter":           {uri: c.root + "/Actions?%00=1", status: 400},
		"an action":                         {uri: c.root + "/Actions/%00", status: 404},
		"an item":                           {uri: c.root + "/Actions/1000.2240.1/Items/%ff", status: 404},
		"an item to be changed":             {method: "PUT", uri: c.root + "/Actions/1000.2240.1/Items/%00", kind: form, body: "Quantity=1&Reason=OTHER", status: 400},
		"an update":                         {uri: c.root + "/ActionUpdates/%ff", status: 404},
		"a submission":                      {uri: c.root + "/APISubmissions/A-%00", status: 404},
		"a submission to be undone":         {method: "POST", uri: c.root + "/APISubmissions/A-%ff/Undo", kind: form, status: 400},
		"a file":                            {uri: c.root + "/FTPFileSubmissions/F-%00/ErrorDetails", status: 404},
		"an inquiry":                        {uri: c.root + "/ActionInquiries/%00", status: 404},
		"a file's name":                     {method: "POST", uri: c.root + "/FTPFileSubmissions", kind: "multipart/form-data; boundary=b", body: upload, status: 200},
		"a form":                            {method: "PUT", uri: c.root + "/Actions", kind: form, body: "Note=a%00b", status: 400, has: "NUL"},
		"JSON":                              {method: "PUT", uri: c.root + "/Actions", kind: "application/json", body: `{"Note":"a\u0000b"}`, status: 400, has: "NUL"},
		"a token to be rotated":             {method: "POST", uri: admin + "/tokens/%00/rotate", kind: "application/json", status: 404},
		"a token to be disabled":            {method: "POST", uri: admin + "/tokens/%ff/disable", kind: "application/json", status: 404},
		"an account":                        {uri: admin + "/accounts/%00", status: 404},
		"a promo code to be read":           {uri: admin + "/accounts/1/promo_codes/1000/%ff", status: 404},
		"a promo code with NUL":             {method: "PUT", uri: admin + "/accounts/1/promo_codes/1000/%00", kind: "application/json", body: `{"partner":10}`, status: 400, has: "control"},
		"a promo code in Latin-1":           {method: "PUT", uri: admin + "/accounts/1/promo_codes/1000/%e9", kind: "application/json", body: `{"partner":10}`, status: 400, has: "UTF-8"},
		"a click":                           {method: "PUT", uri: admin + "/accounts/1/clicks/%e9", kind: "application/json", body: `{"campaign":1000,"partner":10,"at":"2026-02-01"}`, status: 400, has: "UTF-8"},
		"a notification":                    {uri: admin + "/accounts/1/notifications/%00/deliveries", status: 404},
		"a submission to be parked":         {method: "POST", uri: admin + "/accounts/1/submissions/A-%00/park", kind: "application/json", body: `{"reason":"x"}`, status: 404},
		"a submission to be retried":        {method: "POST", uri: admin + "/accounts/1/submissions/%ff/retry", kind: "application/json", status: 404},
		"a name in JSON in Latin-1":         {method: "PUT", uri: admin + "/accounts/1/partners/11", kind: "application/json", body: "{\"name\":\"caf\xe9\"}", status: 400, has: "UTF-8"},
		"a token's name in JSON with NUL":   {method: "POST", uri: admin + "/tokens", kind: "application/json", body: `{"account":1,"name":"a\u0000"}`, status: 400, has: "control"},
		"a token's name in Latin-1":         {method: "POST", uri: admin + "/tokens", kind: "application/json", body: "{\"account\":1,\"name\":\"caf\xe9\"}", status: 400, has: "UTF-8"},
		"a reason in Latin-1":               {method: "POST", uri: admin + "/accounts/1/partners/10/end", kind: "application/json", body: "{\"state\":\"ACTIVE\",\"reason\":\"caf\xe9\"}", status: 400},
		"an account of the audit log":       {uri: admin + "/audit?account=%00", status: 400},
		"an order of an inquiry with NUL":   {method: "POST", uri: admin + "/accounts/1/inquiries", kind: "application/json", body: `{"OrderId":"a\u0000"}`, status: 400, has: "NUL"},
		"an order of an inquiry in Latin-1": {method: "POST", uri: admin + "/accounts/1/inquiries", kind: "application/json", body: "{\"OrderId\":\"caf\xe9\"}", status: 400},
	}
}
