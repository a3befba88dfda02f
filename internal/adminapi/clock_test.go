package adminapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

func TestAnOperatorAcceptsTheClock(t *testing.T) {
	h := open(t)
	wantStatus := func(method, path, body string, status int, has string) {
		t.Helper()
		if got, text := h.do(method, path, body); got != status || !strings.Contains(text, has) {
			t.Errorf("%s %s: %d %s, want %d with %s", method, path, got, text, status, has)
		}
	}
	wantStatus("POST", "/clock/accept", "{}", http.StatusOK, `"accepted":false`)
	h.clock.ahead = time.Hour
	const token = `{"account": 1}`
	wantStatus("POST", "/tokens", token, http.StatusServiceUnavailable, "clock")
	wantStatus("GET", "/tokens", "", http.StatusOK, "ada")
	wantStatus("POST", "/clock/accept", `{"reason": "we moved"}`, http.StatusOK, `"accepted":true`)
	wantStatus("POST", "/tokens", token, http.StatusCreated, "secret")
	event := h.auditEvents(store.Operator)[0]
	if event.Operation != store.OperationAcceptClock || event.Subject != "clock" || event.Reason != "we moved" || !strings.Contains(event.Detail, "jumped ahead") ||
		time.Until(event.At) < 50*time.Minute {
		t.Errorf("the audit event is %+v", event)
	}
}
