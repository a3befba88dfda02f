package adminapi_test

import (
	"strings"
	"testing"
)

func TestACustomerIsErased(t *testing.T) {
	h := open(t)
	h.track()
	for _, test := range []struct {
		body, has string
		status    int
	}{
		{`{"customer":"c-4711"}`, "reason", 400},
		{`{"reason":"a request"}`, "customer", 400},
		{`{"customer":"c-4711","reason":"c-4711 asked"}`, "Must not contain", 400},
		{`{"customer":"c-4711","reason":"a request","dry_run":true}`, `"dry_run":true`, 200},
		{`{"customer":"c-4711","reason":"a request"}`, `"actions":0`, 200},
	} {
		if code, text := h.do("POST", "/accounts/1/erase", test.body); code != test.status || !strings.Contains(text, test.has) {
			t.Errorf("%s: %d %s", test.body, code, text)
		}
	}
	if code, _ := h.do("POST", "/accounts/9/erase", `{"customer":"c","reason":"a request"}`); code != 404 {
		t.Errorf("an unknown account: %d", code)
	}
	if e := h.auditEvents(1)[0]; e.Operation != "erase customer" || strings.Contains(e.Subject+e.Detail+e.Reason, "4711") {
		t.Errorf("the audit event is %+v", e)
	}
}
