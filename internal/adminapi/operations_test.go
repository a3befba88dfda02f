package adminapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

func TestOperationsAreAuditedWithTheirReasons(t *testing.T) {
	h := open(t)
	failed := string(h.track())
	if code, text := h.do("POST", "/accounts/1/actions/1000.2240.1/cap", `{"cap":2000,"reason":"a loop"}`); code != 200 {
		t.Fatal(code, text)
	}
	code, text := h.do("POST", "/accounts/1/submissions/"+failed+"/retry", `{"reason":"again"}`)
	var again struct{ BatchId string }
	if err := json.Unmarshal([]byte(text), &again); err != nil || code != 200 || len(h.notified) != 1 || h.notified[0] != 1 {
		t.Fatal(code, text, err, h.notified)
	}
	if code, text := h.do("POST", "/accounts/1/submissions/"+failed+"/retry", ""); code != 409 || !strings.Contains(text, again.BatchId) {
		t.Errorf("retried twice: %d %s", code, text)
	}
	if code, text := h.do("POST", "/accounts/1/submissions/"+again.BatchId+"/retry", ""); code != 409 {
		t.Errorf("retried while it is queued: %d %s", code, text)
	}
	if code, text := h.do("POST", "/accounts/1/submissions/"+again.BatchId+"/park", `{"reason":"wait"}`); code != 200 {
		t.Errorf("parked: %d %s", code, text)
	}
	if code, text := h.do("POST", "/accounts/1/submissions/"+failed+"/park", `{"reason":"wait"}`); code != 409 {
		t.Errorf("parked when complete: %d %s", code, text)
	}
	var got []string
	for _, e := range h.auditEvents(1)[:3] {
		got = append(got, string(e.Operation)+": "+e.Reason)
	}
	if want := "park: wait, retry: again, set cap: a loop"; strings.Join(got, ", ") != want {
		t.Errorf("audit events %s, want %s", got, want)
	}
}

func TestTokensAreCreatedRotatedAndDisabledWithoutSecretsInTheAuditLog(t *testing.T) {
	h := open(t)
	code, text := h.do("POST", "/tokens", `{"account":1,"name":"shop","scopes":["actions:read"],"limit":100,"expires":"2999-01-01"}`)
	var created struct{ SID, Secret string }
	if err := json.Unmarshal([]byte(text), &created); err != nil || code != 201 {
		t.Fatal(code, text, err)
	}
	authenticates := func(secret string) bool {
		_, err := store.Authenticate(t.Context(), h.store, created.SID, secret, time.Now())
		return err == nil
	}
	first := created.Secret
	if code, text = h.do("POST", "/tokens/"+created.SID+"/rotate", `{"overlap":"0s","reason":"leaked"}`); code != 200 {
		t.Fatal(code, text)
	}
	if err := json.Unmarshal([]byte(text), &created); err != nil || authenticates(first) || !authenticates(created.Secret) {
		t.Errorf("after the rotation: %s %v", text, err)
	}
	if code, text := h.do("POST", "/tokens/"+created.SID+"/disable", ""); code != 200 || strings.Contains(text, "secret\"") {
		t.Errorf("disable: %d %s", code, text)
	}
	if code, text := h.do("POST", "/tokens/"+created.SID+"/rotate", ""); code != 409 {
		t.Errorf("rotate a disabled token: %d %s", code, text)
	}
	code, text = h.do("GET", "/tokens?account=1", "")
	if code != 200 || !strings.Contains(text, `"scopes":["actions:read"],"limit":100`) || strings.Contains(text, created.Secret) {
		t.Errorf("list: %d %s", code, text)
	}
	_, text = h.do("GET", "/audit?account=1", "")
	for _, secret := range []string{first, created.Secret} {
		if strings.Contains(text, secret) {
			t.Errorf("the audit log has a secret: %s", text)
		}
	}
}

func TestATokenIsStrictOnRequest(t *testing.T) {
	h := open(t)
	code, text := h.do("POST", "/tokens", `{"account":1,"strict":true}`)
	var created struct{ SID string }
	if err := json.Unmarshal([]byte(text), &created); err != nil || code != 201 || !strings.Contains(text, `"strict":true`) {
		t.Fatal(code, text, err)
	}
	for body, want := range map[string]bool{`{"strict":false,"reason":"an old client"}`: false, "": true} {
		code, text := h.do("POST", "/tokens/"+created.SID+"/strict", body)
		if code != 200 || strings.Contains(text, `"strict":true`) != want {
			t.Errorf("%s: %d %s", body, code, text)
		}
	}
	if code, text := h.do("POST", "/tokens/IRx/strict", ""); code != 404 {
		t.Errorf("an unknown token: %d %s", code, text)
	}
	if code, text := h.do("POST", "/tokens/"+created.SID+"/disable", ""); code != 200 {
		t.Fatal(code, text)
	}
	if code, text := h.do("POST", "/tokens/"+created.SID+"/strict", ""); code != 409 {
		t.Errorf("a disabled token: %d %s", code, text)
	}
}

func TestATokenExpiresAtTheGivenTime(t *testing.T) {
	h := open(t)
	sid, secret := h.token(store.TokenRequest{Account: 1, Version: 14})
	for _, c := range []struct {
		body     string
		status   int
		response string
		valid    bool
	}{
		{`{"at":"2999-01-01","reason":"a contract ends"}`, 200, `"expires":"2999-01-01T00:00:00Z"`, true},
		{`{"at":"2999-01-01T10:30:00-07:00"}`, 200, `"expires":"2999-01-01T17:30:00Z"`, true},
		{`{"at":"soon"}`, 400, `"Field":"at"`, true},
		{`{"until":"2999-01-01"}`, 400, `"Field":"until"`, true},
		{``, 200, `"expires":"2`, false},
		{`{"at":"never"}`, 200, `"scopes":`, true},
		{`{"at":"2020-01-01"}`, 200, `"expires":"2020-01-01T00:00:00Z"`, false},
	} {
		code, text := h.do("POST", "/tokens/"+sid+"/expire", c.body)
		if code != c.status || !strings.Contains(text, c.response) || strings.Contains(text, "secret") {
			t.Errorf("%s: %d %s, want %d with %s", c.body, code, text, c.status, c.response)
		}
		if _, err := store.Authenticate(t.Context(), h.store, sid, secret, time.Now()); (err == nil) != c.valid {
			t.Errorf("%s: authenticate: %v, want valid %t", c.body, err, c.valid)
		}
	}
	if code, text := h.do("POST", "/tokens/IRx/expire", ""); code != 404 {
		t.Errorf("an unknown token: %d %s", code, text)
	}
	h.do("POST", "/tokens/"+sid+"/disable", "")
	if code, text := h.do("POST", "/tokens/"+sid+"/expire", `{"at":"never"}`); code != 409 {
		t.Errorf("a disabled token: %d %s", code, text)
	}
	events := h.auditEvents(1)
	if first := events[len(events)-3]; first.Operation != store.OperationExpireToken || first.Reason != "a contract ends" || len(events) != 2+5+1 {
		t.Errorf("audit events %+v", events)
	}
}

func TestAnInquiryIsCreatedAndRead(t *testing.T) {
	h := open(t)
	claim := `{"CampaignId":1000,"MediaPartnerId":10,"OrderId":"lost","TransactionDate":"2026-05-01T10:00:00Z","InquiryType":"UNTRACKED"}`
	if code, text := h.do("POST", "/accounts/1/inquiries", claim); code != 201 || !strings.Contains(text, `"id":1`) {
		t.Fatal(code, text)
	}
	for path, want := range map[string]string{
		"/accounts/1/inquiries":   `"total":1`,
		"/accounts/1/inquiries/1": `"order":"lost"`,
		"/accounts/2/inquiries":   `"total":0`,
	} {
		if code, text := h.do("GET", path, ""); code != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", path, code, text)
		}
	}
	if e := h.auditEvents(1)[0]; e.Operation != store.OperationCreateInquiry || e.Subject != "inquiry 1" {
		t.Errorf("audit event %+v", e)
	}
}

func TestInquiriesAreListedByStatus(t *testing.T) {
	h := open(t)
	if code, text := h.do("POST", "/accounts/1/inquiries", claim); code != 201 {
		t.Fatal(code, text)
	}
	for query, want := range map[string]string{
		"":                   `"total":1`,
		"?status=UNRESOLVED": `"total":1`,
		"?status=VALID":      `{"inquiries":[],"total":0}`,
		"?status=LOST":       `"Field":"status","Message":"Must be UNRESOLVED, VALID, DECLINED or INCOMPLETE`,
	} {
		if _, text := h.do("GET", "/accounts/1/inquiries"+query, ""); !strings.Contains(text, want) {
			t.Errorf("%s: %s, want %s", query, text, want)
		}
	}
}
