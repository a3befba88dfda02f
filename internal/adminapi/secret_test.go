package adminapi_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/signature"
	"github.com/trueup-ledger/trueup/internal/store"
)

const notificationPath = "/accounts/1/notifications/5"

// recordNotification records notification 5 of account 1.
func (h *harness) recordNotification() {
	h.Helper()
	if code, text := h.do("PUT", notificationPath, `{"campaign":1000,"method":"GET","url":"https://example.com/"}`); code != 200 {
		h.Fatal(code, text)
	}
}

// rotateSecret requests a new signing secret and returns it with the end of the overlap.
func (h *harness) rotateSecret(body string) (secret string, oldUntil time.Time) {
	h.Helper()
	var response struct {
		Signed   bool
		Since    time.Time
		OldUntil time.Time `json:"old_secret_until"`
		Secret   string
	}
	code, text := h.do("POST", notificationPath+"/secret", body)
	if err := json.Unmarshal([]byte(text), &response); err != nil || code != 200 || !response.Signed || response.Since.IsZero() {
		h.Fatalf("%d %s, error %v", code, text, err)
	}
	if _, err := signature.ParseSecret(response.Secret); err != nil || !strings.HasPrefix(response.Secret, "whsec_") {
		h.Fatalf("the secret is %q, error %v", response.Secret, err)
	}
	return response.Secret, response.OldUntil
}

func TestASigningSecretIsShownOnce(t *testing.T) {
	h := open(t)
	h.recordNotification()
	if code, text := h.do("GET", notificationPath+"/secret", ""); code != 200 || strings.TrimSpace(text) != `{"signed":false}` {
		t.Errorf("without a secret: %d %s", code, text)
	}
	first, until := h.rotateSecret(`{"reason":"the receiver verifies"}`)
	if !until.IsZero() {
		t.Errorf("the first secret has a previous one until %s", until)
	}
	second, until := h.rotateSecret(`{}`)
	if rest := time.Until(until); rest < 23*time.Hour || rest > 24*time.Hour {
		t.Errorf("the previous secret signs for %s, want 24 hours", rest)
	}
	third, until := h.rotateSecret(`{"overlap":"0s"}`)
	if !until.IsZero() {
		t.Errorf("without an overlap the previous secret signs until %s", until)
	}
	var texts []string
	for _, path := range []string{notificationPath + "/secret", notificationPath, "/accounts/1", notificationPath + "/deliveries", "/audit?account=1"} {
		code, text := h.do("GET", path, "")
		if code != 200 {
			t.Fatal(path, code, text)
		}
		texts = append(texts, text)
	}
	if !strings.Contains(texts[0], `{"signed":true,"since":"`) {
		t.Errorf("with a secret: %s", texts[0])
	}
	for _, e := range h.auditEvents(1)[:3] {
		if e.Operation != store.OperationRotateSecret || e.Subject != "notification 5" {
			t.Errorf("audit event %+v", e)
		}
	}
	if e := h.auditEvents(1)[2]; e.Reason != "the receiver verifies" {
		t.Errorf("audit event %+v", e)
	}
	for _, text := range texts {
		for _, secret := range []string{first, second, third} {
			if strings.Contains(text, strings.TrimPrefix(secret, "whsec_")) {
				t.Errorf("a response has a secret: %s", text)
			}
		}
	}
}

func TestARequestForASigningSecretCanBeInvalid(t *testing.T) {
	h := open(t)
	h.recordNotification()
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", notificationPath + "/secret", `{"overlap":"-1s"}`, 400, `"Field":"overlap"`},
		{"POST", notificationPath + "/secret", `{"overlap":"2161h"}`, 400, "Must be a duration from 0s to 2160h"},
		{"POST", notificationPath + "/secret", `{"secret":"whsec_x"}`, 400, `"Field":"secret"`},
		{"POST", "/accounts/1/notifications/6/secret", `{}`, 404, ""},
		{"POST", "/accounts/2/notifications/5/secret", `{}`, 404, ""},
		{"POST", "/accounts/1/notifications/x/secret", `{}`, 404, ""},
		{"GET", "/accounts/1/notifications/6/secret", "", 404, ""},
		{"GET", "/accounts/2/notifications/5/secret", "", 404, ""},
		{"GET", "/accounts/1/notifications/x/secret", "", 404, ""},
	} {
		if code, text := h.do(c.method, c.path, c.body); code != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, code, text, c.status, c.want)
		}
	}
	if code, text := h.do("GET", notificationPath+"/secret", ""); code != 200 || !strings.Contains(text, `"signed":false`) {
		t.Errorf("afterwards: %d %s", code, text)
	}
}
