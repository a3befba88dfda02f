package adminapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
)

// doWithKey sends a request with an idempotency key and returns the response.
func (h *harness) doWithKey(key, method, path, body string) *httptest.ResponseRecorder {
	h.Helper()
	r := httptest.NewRequest(method, adminapi.Root+path, strings.NewReader(body))
	r.SetBasicAuth(h.sid, h.secret)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const claim = `{"CampaignId":1000,"MediaPartnerId":10,"OrderId":"Q","TransactionDate":"2026-01-02","InquiryType":"UNTRACKED"}`

func TestAnOperationWithAKeyTakesEffectOnce(t *testing.T) {
	for name, c := range map[string]struct{ method, path, body, other string }{
		"an inquiry":       {"POST", "/accounts/1/inquiries", claim, strings.Replace(claim, "Q", "R", 1)},
		"a token":          {"POST", "/tokens", `{"account":1,"name":"a"}`, `{"account":1,"name":"b"}`},
		"a partner":        {"PUT", "/accounts/1/partners/11", `{"name":"P"}`, `{"name":"Q"}`},
		"a signing secret": {"POST", "/accounts/1/notifications/5/secret", `{"reason":"a"}`, `{"reason":"b"}`},
		"an ended code":    {"POST", "/accounts/1/promo_codes/1000/SAVE10/end", `{}`, `{"at":"2026-03-01"}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			h.recordNotification()
			events := len(h.auditEvents(1))
			first := h.doWithKey("k", c.method, c.path, c.body)
			again := h.doWithKey("k", c.method, c.path, c.body)
			if first.Code/100 != 2 || first.Code != again.Code || again.Header().Get("Idempotency-Replayed") != "true" || first.Header().Get("Idempotency-Replayed") != "" {
				t.Errorf("responses are %d %s and %d %s", first.Code, first.Body, again.Code, again.Body)
			}
			want, _, secret := strings.Cut(first.Body.String(), `,"secret"`)
			if secret {
				want += "}"
			}
			if again.Body.String() != want {
				t.Errorf("the replay is %s, want %s", again.Body, want)
			}
			if other := h.doWithKey("k", c.method, c.path, c.other); other.Code != http.StatusConflict {
				t.Errorf("another request with the key: %d %s", other.Code, other.Body)
			}
			if got := len(h.auditEvents(1)); got != events+1 {
				t.Errorf("%d events, want one", got-events)
			}
			if renewed := h.doWithKey("l", c.method, c.path, c.other); renewed.Code/100 != 2 {
				t.Errorf("another key: %d %s", renewed.Code, renewed.Body)
			}
		})
	}
}

func TestAFailedOperationUsesNoKey(t *testing.T) {
	h := open(t)
	if w := h.doWithKey("k", "POST", "/accounts/1/inquiries", `{}`); w.Code != http.StatusBadRequest {
		t.Errorf("an invalid request: %d %s", w.Code, w.Body)
	}
	if w := h.doWithKey("k", "POST", "/accounts/1/inquiries", claim); w.Code != http.StatusCreated {
		t.Errorf("a valid one: %d %s", w.Code, w.Body)
	}
	if w := h.doWithKey(strings.Repeat("k", 256), "POST", "/accounts/1/inquiries", claim); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Idempotency-Key") {
		t.Errorf("a key that is too long: %d %s", w.Code, w.Body)
	}
}

func TestOfConcurrentOperationsWithAKeyOneTakesEffect(t *testing.T) {
	h := open(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if w := h.doWithKey("k", "POST", "/accounts/1/inquiries", claim); w.Code != http.StatusCreated && w.Code != http.StatusConflict {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	group.Wait()
	if _, text := h.do("GET", "/accounts/1/inquiries", ""); !strings.Contains(text, `"total":1`) {
		t.Errorf("inquiries are %s", text)
	}
}

func TestALostResponseIsAConflict(t *testing.T) {
	h := open(t)
	h.doWithKey("k", "POST", "/accounts/1/inquiries", claim)
	err := h.store.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Exec("UPDATE keys SET resource = '' WHERE account = ?", store.Operator)
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := h.doWithKey("k", "POST", "/accounts/1/inquiries", claim); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "took effect") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
