package httpapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
)

func TestStatuses(t *testing.T) {
	t.Parallel()
	s := serve(t)
	big := "ActionId=1&Note=" + strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		method, path, contentType, body string
		change                          func(*http.Request)
		status                          int
		want                            string
	}{
		"a list":                                    {method: "GET", path: "/Campaigns", status: 200, want: `"Campaigns":[{"Id":1000,`},
		"no such path":                              {method: "GET", path: "/Nothing", status: 404, want: `"Status":"ERROR"`},
		"no such action":                            {method: "GET", path: "/Actions/1000.2240.999999", status: 404},
		"a path with dots":                          {method: "GET", path: "/Actions/X/...json", status: 404},
		"an empty segment":                          {method: "GET", path: "/Actions//Items", status: 404},
		"an invalid id":                             {method: "GET", path: "/Actions/abc", status: 404},
		"no such item":                              {method: "GET", path: "/Actions/1000.2240.1/Items/none", status: 404},
		"no such submission":                        {method: "GET", path: "/APISubmissions/A-00000000-0000-8000-8000-000000000001", status: 404},
		"an invalid submission id":                  {method: "GET", path: "/APISubmissions/1", status: 404},
		"another method":                            {method: "PATCH", path: "/Actions", status: 405, want: "DELETE, GET, HEAD, PUT"},
		"conversions cannot be listed":              {method: "GET", path: "/Conversions", status: 405, want: "POST"},
		"a method override":                         {method: "POST", path: "/Actions?_method=PUT", status: 400, want: `"Field":"ActionId"`},
		"an unsupported format":                     {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.Header.Set("Accept", "image/png") }, status: 406},
		"a suffix overrides the Accept header":      {method: "GET", path: "/Campaigns.json", change: func(r *http.Request) { r.Header.Set("Accept", "image/png") }, status: 200, want: `"@page":"1"`},
		"too large":                                 {method: "PUT", path: "/Actions", contentType: form, body: big, status: 413, want: "1 MiB"},
		"an unsupported content type":               {method: "PUT", path: "/Actions", contentType: "text/csv", body: "a,b", status: 415},
		"broken JSON":                               {method: "PUT", path: "/Actions", contentType: "application/json", body: "{", status: 400},
		"an unknown version":                        {method: "GET", path: "/Campaigns?IrVersion=99", status: 400, want: "IrVersion"},
		"conversions have errors in both spellings": {method: "POST", path: "/Conversions", contentType: form, body: "CampaignId=x", status: 400, want: `"errors":[{"field":"`},
		"a future event date": {
			method: "POST", path: "/Conversions", contentType: form, status: 400, want: `"Field":"EventDate"`,
			body: "CampaignId=1000&EventTypeId=2240&OrderId=F&MediaPartnerId=10001&ItemSku1=a&ItemPrice1=1&EventDate=2999-01-01T00:00:00Z",
		},
		"a body in a DELETE":                    {method: "DELETE", path: "/Actions", contentType: form, body: "ActionId=1000.2240.1", status: 400, want: `"Field":"DispositionCode"`},
		"the singular, any case":                {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "Advertisers", "aDVERTISER", 1) }, status: 200},
		"no credentials":                        {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.Header.Del("Authorization") }, status: 401},
		"a wrong secret":                        {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.SetBasicAuth(demo.SID, "wrong") }, status: 401},
		"an unknown SID":                        {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.SetBasicAuth("IRnobody", s.secret) }, status: 401},
		"empty credentials":                     {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.SetBasicAuth("", "") }, status: 401},
		"another SID's path":                    {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.URL.Path = "/Advertisers/" + demo.SIDJapan + "/Campaigns" }, status: 403},
		"the path of a SID that does not exist": {method: "GET", path: "/Campaigns", change: func(r *http.Request) { r.URL.Path = "/Advertisers/IRnobody/Campaigns" }, status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request(c.method, c.path, c.contentType, c.body)
			if c.change != nil {
				c.change(r)
			}
			w := s.do(r)
			if w.Code != c.status || !strings.Contains(w.Body.String()+w.Header().Get("Allow"), c.want) {
				t.Errorf("%d %s, Allow %q; want %d with %s", w.Code, w.Body, w.Header().Get("Allow"), c.status, c.want)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Error("401 without WWW-Authenticate")
			}
		})
	}
}

func TestUnknownParametersAreListedInAHeader(t *testing.T) {
	t.Parallel()
	s := serve(t)
	w := s.do(s.request("GET", "/Campaigns?Nonsense=1&Name=x", "", ""))
	if got := w.Header().Get("Trueup-Ignored-Parameters"); w.Code != 200 || got != "Nonsense" {
		t.Errorf("%d, ignored %q", w.Code, got)
	}
}

func TestModificationsTakeTheIdentifierFromThePath(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var found struct{ Actions []struct{ Id string } }
	w := s.do(s.request("GET", "/Actions?Oid="+demo.ExampleOrder, "", ""))
	if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || len(found.Actions) != 1 {
		t.Fatalf("%s %v", w.Body, err)
	}
	action := "/Actions/" + found.Actions[0].Id
	for path, body := range map[string]string{
		action + "/Items/12345": `{"Quantity":1,"Reason":"ORDER_UPDATE"}`,
		action:                  `{"Sku":"67890","Quantity":"3","Reason":"ORDER_UPDATE"}`,
	} {
		if w := s.do(s.request("PUT", path, "application/json", body)); w.Code != 200 {
			t.Errorf("PUT %s: %d %s", path, w.Code, w.Body)
		}
	}
	s.settle()
	w = s.do(s.request("GET", action+"/Items", "", ""))
	for _, want := range []string{`"Sku":"12345","ItemName":"Deck lantern","Category":"Camping","Quantity":"1"`, `"Quantity":"3"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("want %s in %s", want, w.Body)
		}
	}
	if w := s.do(s.request("PUT", action, form, "ActionId=1000.2240.1&Sku=67890&Quantity=1&Reason=ORDER_UPDATE")); w.Code != 400 {
		t.Errorf("another ActionId in the body: %d %s", w.Code, w.Body)
	}
}

func TestInternalErrorsAreLoggedAndNotRevealed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, test := range []struct {
		err        error
		status     int
		retryAfter string
	}{
		{storetest.Unavailable("a disk error"), 503, "1"},
		{errors.New("a wrong statement"), 500, ""},
	} {
		s.store.Fail(storetest.CallAccept, storetest.Before, test.err)
		w := s.do(s.request("DELETE", "/Actions", form, "ActionId=1000.2240.1&DispositionCode=REJECTED"))
		id := w.Header().Get("X-Request-Id")
		if w.Code != test.status || w.Header().Get("Retry-After") != test.retryAfter || !strings.Contains(w.Body.String(), id) {
			t.Errorf("%v: %d %v %s", test.err, w.Code, w.Header(), w.Body)
		}
		if !strings.Contains(s.log.String(), id) || !strings.Contains(s.log.String(), test.err.Error()) || strings.Contains(w.Body.String(), test.err.Error()) {
			t.Errorf("%v: response %s, log %s", test.err, w.Body, s.log)
		}
	}
}
