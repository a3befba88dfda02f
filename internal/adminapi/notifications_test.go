package adminapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestDeliveriesAreListedAndResent(t *testing.T) {
	h := open(t)
	const path = "/accounts/1/notifications/5"
	if code, text := h.do("PUT", path, `{"campaign":1000,"method":"GET","url":"https://example.com/?secret=hush"}`); code != 200 {
		t.Fatal(code, text)
	}
	h.track()
	at := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	action := ids.ActionID{Campaign: 1000, EventType: 2240, Number: 1}
	lost := store.Delivery{Event: store.EventID{Action: action, Number: 1}, Submission: 1, Attempts: 16, Last: at, Status: 500, Error: "response status 500"}
	waiting := lost
	waiting.Event.Number, waiting.Due, waiting.Status, waiting.Error = 2, at.Add(time.Hour), 0, "connection refused"
	if err := h.store.SaveDeliveries(t.Context(), 1, 5, at, store.DeliveryBatch{To: 2, Deliveries: []store.Delivery{lost, waiting}}); err != nil {
		t.Fatal(err)
	}
	const first = `{"update":"1000.2240.1.1","action":"1000.2240.1","state":"GIVEN UP","attempts":16,"last":"2026-11-02T10:00:00Z","status":500,"error":"response status 500"}`
	const second = `{"update":"1000.2240.1.2","action":"1000.2240.1","state":"WAITING","attempts":16,"due":"2026-11-02T11:00:00Z","last":"2026-11-02T10:00:00Z","error":"connection refused"}`
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", path + "/deliveries", "", 200, `{"deliveries":[` + second + `,` + first + `]}`},
		{"GET", path + "/deliveries?limit=1", "", 200, `{"deliveries":[` + second + `],"next":"/admin/v1` + path + `/deliveries?before=2\u0026limit=1"}`},
		{"GET", path + "/deliveries?before=2&limit=2", "", 200, `{"deliveries":[` + first + `]}`},
		{"GET", path + "/deliveries?limit=1001", "", 400, `"Field":"limit"`},
		{"GET", path + "/deliveries?page=1", "", 400, `"Field":"page"`},
		{"GET", "/accounts/1/notifications/6/deliveries", "", 404, ""},
		{"GET", "/accounts/1/notifications/x/deliveries", "", 404, ""},
		{"GET", "/accounts/2/notifications/5/deliveries", "", 404, ""},
		{"POST", "/accounts/2/notifications/5/resend", "", 404, ""},
		{"POST", path + "/resend", `{"update":"5"}`, 400, `"Field":"update"`},
		{"POST", path + "/resend", `{"update":"1000.2240.1.9"}`, 404, ""},
		{"POST", path + "/resend", `{"updates":"1000.2240.1.2"}`, 400, `"Field":"updates"`},
		{"POST", path + "/resend", `{"update":"1000.2240.1.2","reason":"it is back"}`, 200, `{"resent":1}`},
		{"POST", path + "/resend", ``, 200, `{"resent":1}`},
		{"POST", path + "/resend", ``, 200, `{"resent":0}`},
		{"POST", path + "/end", ``, 200, `{"recorded":1}`},
		{"POST", path + "/resend", ``, 409, "not ACTIVE"},
	} {
		code, text := h.do(c.method, c.path, c.body)
		if code != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, code, text, c.status, c.want)
		}
	}
	events := h.auditEvents(1)
	if e := events[2]; e.Operation != store.OperationResend || e.Subject != "notification 5" || e.Reason != "it is back" || e.Detail != "update 1000.2240.1.2" {
		t.Errorf("audit event %+v", e)
	}
	for _, e := range events {
		if strings.Contains(e.Subject+e.Detail, "hush") {
			t.Errorf("the audit log has a secret: %+v", e)
		}
	}
}
