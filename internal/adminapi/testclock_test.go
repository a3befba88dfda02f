package adminapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

func TestAnOperatorMovesTheTestClock(t *testing.T) {
	h := open(t)
	begin := time.Now().UTC().Truncate(time.Microsecond)
	clock, err := testclock.New(begin)
	if err != nil {
		t.Fatal(err)
	}
	var failure error
	h.serve(adminapi.Clock{
		Guard: clock.Guard(slog.New(slog.DiscardHandler)), Log: h.store.LogClock,
		Move: func(_ context.Context, target func(time.Time) time.Time, record func(from, to time.Time) error) error {
			if failure != nil {
				return failure
			}
			return clock.Move(target, record)
		},
	})
	later := begin.Add(400 * 24 * time.Hour).Truncate(time.Second)
	for _, test := range []struct {
		name, body string
		failure    error
		status     int
		has        string
	}{
		{"by days", `{"advance": "45d", "reason": "the return is late"}`, nil, 200, `"test":true`},
		{"by hours", `{"advance": "36h"}`, nil, 200, `"test":true`},
		{"to a time", `{"now": "` + later.Format(time.RFC3339) + `"}`, nil, 200, `"clock":"` + later.Format(time.RFC3339) + `"`},
		{"back", `{"now": "2026-01-01"}`, nil, 400, `"Field":"now","Message":"The clock moves only forward`},
		{"too far", `{"now": "2400-01-01"}`, nil, 400, `"Field":"now","Message":"The clock must stay within 2000-01-01 and 2199-12-31`},
		{"by a negative time", `{"advance": "-1h"}`, nil, 400, `"Field":"advance"`},
		{"by nothing", `{}`, nil, 400, `"Field":"advance","Message":"Send either advance`},
		{"by and to", `{"advance": "1h", "now": "2027-01-01"}`, nil, 400, `"Field":"advance"`},
		{"with an unknown key", `{"advance": "1h", "zone": "UTC"}`, nil, 400, `"Field":"zone"`},
		{"while another server works", `{"advance": "1h"}`, testclock.ErrShared, 409, "Another server"},
		{"with work left", `{"advance": "1h"}`, testclock.ErrUnsettled, 503, "send the time of the clock as now"},
	} {
		failure = test.failure
		if got, text := h.do("POST", "/clock", test.body); got != test.status || !strings.Contains(text, test.has) {
			t.Errorf("%s: %d %s, want %d with %s", test.name, got, text, test.status, test.has)
		}
	}
	if got, text := h.do("GET", "/clock", ""); got != http.StatusOK || !strings.Contains(text, `"test":true`) {
		t.Errorf("read: %d %s", got, text)
	}
	first := h.auditEvents(store.Operator)[2]
	moved := begin.Add(45 * 24 * time.Hour)
	if first.Operation != store.OperationMoveClock || first.Subject != "clock" || first.Reason != "the return is late" || !first.At.Equal(moved) ||
		first.Detail != "from "+begin.Format(time.RFC3339Nano)+" to "+moved.Format(time.RFC3339Nano) {
		t.Errorf("the audit event is %+v", first)
	}
}

func TestTheSystemsClockIsReadButNotMoved(t *testing.T) {
	h := open(t)
	if got, text := h.do("POST", "/clock", `{"advance": "1h"}`); got != http.StatusConflict || !strings.Contains(text, "--emulate --clock") {
		t.Errorf("move: %d %s", got, text)
	}
	if got, text := h.do("GET", "/clock", ""); got != http.StatusOK || !strings.Contains(text, `"test":false`) {
		t.Errorf("read: %d %s", got, text)
	}
}
