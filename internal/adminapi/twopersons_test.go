package adminapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/people"
)

// TestPeopleHaveIdempotencyKeysOfTheirOwn sends requests of two people and of an operator with the
// same key.
func TestPeopleHaveIdempotencyKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	const path = "/accounts/1/inquiries"
	ann, bo := person("Ann", people.Operate), person("Bo", people.Operate)
	first := h.doAs(ann, "k", http.MethodPost, path, claim)
	again := h.doAs(ann, "k", http.MethodPost, path, claim)
	if first.Code != http.StatusCreated || again.Header().Get("Idempotency-Replayed") != "true" || again.Body.String() != first.Body.String() {
		t.Errorf("the first person gets %d %s, and again %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	if w := h.doAs(ann, "k", http.MethodPost, path, strings.Replace(claim, `"Q"`, `"R"`, 1)); w.Code != http.StatusConflict {
		t.Errorf("another request of the first person with the key: %d %s", w.Code, w.Body)
	}
	other := h.doAs(bo, "k", http.MethodPost, path, strings.Replace(claim, `"Q"`, `"S"`, 1))
	if other.Code != http.StatusCreated || other.Header().Get("Idempotency-Replayed") != "" {
		t.Errorf("the second person gets %d %s", other.Code, other.Body)
	}
	if w := h.doWithKey("k", http.MethodPost, path, strings.Replace(claim, `"Q"`, `"T"`, 1)); w.Code != http.StatusCreated {
		t.Errorf("an operator gets %d %s", w.Code, w.Body)
	}
	if w := h.doAs(bo, strings.Repeat("k", 256), http.MethodPost, path, claim); w.Code != http.StatusBadRequest {
		t.Errorf("a key that is too long: %d %s", w.Code, w.Body)
	}
	if w := h.doAs(bo, "l", http.MethodPost, "/accounts/1/balances/10/write_off", claim); w.Code != http.StatusForbidden {
		t.Errorf("a request without permission: %d %s", w.Code, w.Body)
	}
	events := h.auditEvents(1)
	if got := events[0].Actor.ID + " " + events[1].Actor.ID + " " + events[2].Actor.ID; got != h.sid+" Bo@example.com Ann@example.com" {
		t.Errorf("the authors are %s", got)
	}
	if events[1].Actor != bo.Actor || events[2].Actor != ann.Actor {
		t.Errorf("the events are %+v", events[:3])
	}
}
