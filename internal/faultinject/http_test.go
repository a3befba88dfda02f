package faultinject_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/faultinject"
)

func TestRuleAffectsRequests(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		effect string
		// status 0 means that there is no response. accepted is the number of submissions
		// on disk.
		status   int
		body     string
		accepted string
		takes    time.Duration
		retry    string
	}{
		"too many requests":                    {"status: 429", 429, `"Status":"ERROR"`, "0", 0, "1"},
		"an error":                             {"status: 500", 500, `"Message":"Internal error (request `, "0", 0, ""},
		"storage unavailable":                  {"status: 503", 503, `"Message":"The store is unavailable; try again (request `, "0", 0, "1"},
		"an error after the work":              {"status: 500, after: true", 500, `"Status":"ERROR"`, "1", 0, ""},
		"storage unavailable after the work":   {"status: 503, after: true", 503, `"Status":"ERROR"`, "1", 0, "1"},
		"a connection dropped before the work": {"drop: before", 0, "", "0", 0, ""},
		"a connection dropped after the work":  {"drop: after", 0, "", "1", 0, ""},
		"a delay before the work":              {"delay: 40ms", 200, `"Status":"QUEUED"`, "1", 40 * time.Millisecond, ""},
		"a delay after the work":               {"delay: 40ms, after: true", 200, `"Status":"QUEUED"`, "1", 40 * time.Millisecond, ""},
		"a delay and an error":                 {"delay: 40ms, status: 500", 500, `"Status":"ERROR"`, "0", 40 * time.Millisecond, ""},
		"a delay after the work and a drop":    {"delay: 40ms, drop: after", 0, "", "1", 40 * time.Millisecond, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, newInjector(t, 1, "  - {name: it, route: PUT /Actions, "+c.effect+"}\n"))
			began := time.Now()
			got, err := s.do("PUT", "/Actions", s.modification())
			if took := time.Since(began); took < c.takes {
				t.Errorf("took %s, want %s", took, c.takes)
			}
			switch {
			case c.status == 0:
				if err == nil {
					t.Errorf("response %d %s", got.status, got.body)
				}
			case err != nil:
				t.Fatal(err)
			case got.status != c.status || !strings.Contains(got.body, c.body):
				t.Errorf("%d %s", got.status, got.body)
			case got.header.Get("Trueup-Fault") != "it" || got.header.Get("Retry-After") != c.retry:
				t.Errorf("headers %v", got.header)
			case got.header.Get("X-Request-Id") == "":
				t.Error("no request id")
			}
			if accepted := s.submissions(); accepted != c.accepted {
				t.Errorf("%s submissions, want %s", accepted, c.accepted)
			}
			if logged, err := os.ReadFile(s.log); err != nil || !strings.Contains(string(logged), `"msg":"fault injected","rule":"it"`) {
				t.Errorf("the log has no fault: %s (%v)", logged, err)
			}
		})
	}
}

func TestInjectedErrorHasTheRequestedFormat(t *testing.T) {
	t.Parallel()
	s := serve(t, newInjector(t, 1, "  - {route: '* *', status: 503}\n"))
	got, err := s.do("GET", "/Campaigns", "", "Accept", "application/xml")
	if err != nil || !strings.Contains(got.body, "<ImpactRadiusResponse><Status>ERROR</Status>") {
		t.Errorf("XML: %s %v", got.body, err)
	}
	got, err = s.do("GET", "/Campaigns", "")
	if err != nil || got.header.Get("X-RateLimit-Limit") != "1000" || got.header.Get("X-RateLimit-Remaining") != "998" {
		t.Errorf("the documented limit: %v %v", got, err)
	}
	got, err = s.do("GET", "/Campaigns", "", "Authorization", "Basic x")
	if err != nil || got.status != http.StatusUnauthorized || got.header.Get("Trueup-Fault") != "" {
		t.Errorf("an unauthorized request: %v %v", got, err)
	}
}

func TestDelayedListIsComplete(t *testing.T) {
	t.Parallel()
	s := serve(t, newInjector(t, 1, "  - {name: slow, route: GET /Actions, delay: 20ms, after: true}\n"))
	got, err := s.do("GET", "/Actions?CampaignId=1000&ActionDateStart=2020-01-01&ActionDateEnd=2020-01-02", "")
	if err != nil || got.header.Get("Trueup-Fault") != "slow" || got.status != http.StatusBadRequest || !json.Valid([]byte(got.body)) {
		t.Errorf("%v %v", got, err)
	}
	got, err = s.do("GET", "/Actions?CampaignId=1000&Oid=BENCH-0", "")
	if err != nil || got.status != http.StatusOK || !json.Valid([]byte(got.body)) {
		t.Errorf("%v %v", got, err)
	}
}

// TestRetryAfterALostResponse tests the case that many integrations handle wrong.
func TestRetryAfterALostResponse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ key, accepted string }{
		"with a key it takes effect once":     {"k-1", "1"},
		"without a key it takes effect twice": {"", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, newInjector(t, 1, "  - {route: PUT /Actions, drop: after, count: 1}\n"))
			var headers []string
			if c.key != "" {
				headers = []string{"Idempotency-Key", c.key}
			}
			_, err := s.do("PUT", "/Actions", s.modification(), headers...)
			if err == nil {
				t.Error("the first request has a response")
			}
			got, err := s.do("PUT", "/Actions", s.modification(), headers...)
			if err != nil || got.status != http.StatusOK || (got.header.Get("Idempotency-Replayed") == "true") != (c.key != "") {
				t.Errorf("%v %v", got, err)
			}
			if accepted := s.submissions(); accepted != c.accepted {
				t.Errorf("%s submissions, want %s", accepted, c.accepted)
			}
		})
	}
}

func TestRuleCompletesSubmissionsWithItsCode(t *testing.T) {
	t.Parallel()
	for code, errorType := range map[string]string{
		"CONV_DUPLICATE": "Validation", "CONTRACT_NOT_FOUND": "Contract Error",
		"BLOCKED_BY_PROMOCODE": "Contract Error", "OID_MISSING": "Validation",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := serve(t, newInjector(t, 1, "  - {name: it, route: POST /Conversions, code: "+code+"}\n"))
			got := s.submit("POST", "/Conversions",
				"CampaignId=1000&EventTypeId=2240&EventDate=NOW&OrderId=N&MediaPartnerId=10&ItemSku1=a&ItemPrice1=1")
			if got.ErrorType != errorType || got.ErrorReason != code || !strings.Contains(got.ErrorMessage, "fault rule it") {
				t.Errorf("%+v", got)
			}
			if duplicate := strings.Contains(got.ErrorMessage, "OrderId") && strings.Contains(got.ErrorMessage, "duplicate"); duplicate != (code == "CONV_DUPLICATE") {
				t.Errorf("clients search for these words: %s", got.ErrorMessage)
			}
		})
	}
}

func TestEarlierModificationCanBeUndoneUnderRules(t *testing.T) {
	t.Parallel()
	faults := faultinject.New(1, time.Now)
	s := serve(t, faults)
	first := s.submit("PUT", "/Actions", s.modification())
	rules, err := faultinject.Parse("f.yaml", []byte("faults: [{route: PUT /Actions, code: ACTION_LOCKED}]"))
	if err != nil {
		t.Fatal(err)
	}
	faults.Set(rules)
	if second := s.submit("PUT", "/Actions", s.modification()); second.ErrorReason != "ACTION_LOCKED" || second.ActionId != s.action {
		t.Errorf("under the rules: %+v", second)
	}
	_, below, _ := strings.Cut(first.Uri, s.sid)
	if undone := s.submit("POST", below+"/Undo", ""); undone.ErrorType != "" {
		t.Errorf("undone: %+v", undone)
	}
}
