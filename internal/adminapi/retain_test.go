package adminapi_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

func TestOldRecordsAreRemoved(t *testing.T) {
	h := open(t)
	clock, err := testclock.New(time.Date(2100, 1, 10, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	serve := func() {
		h.serve(adminapi.Clock{Guard: clock.Guard(slog.New(slog.DiscardHandler)), Log: h.store.LogClock})
	}
	serve()
	h.track()
	h.track()
	const path, write = "/accounts/1/retain", `{"reason":"a test"}`
	want := func(body string, status int, has string) {
		t.Helper()
		if code, got := h.do("POST", path, body); code != status || !strings.Contains(got, has) {
			t.Errorf("%s: %d %s, want %d with %s", body, code, got, status, has)
		}
	}
	want(`{"dry_run":true}`, 400, `"Field":"reason"`)
	want(write, 409, "start it with --archive")
	want(`{"reason":"a test","dry_run":true}`, 200, `"unlimited":true,"dry_run":true}`)
	if code, text := h.do("PUT", "/accounts/1", `{"name":"Shop","currency":"USD","zone":"America/Los_Angeles","retain_submissions_days":90}`); code != 200 {
		t.Fatal(code, text)
	}
	want(`{"reason":"a test","dry_run":true}`, 200, `{"removed":{"actions":0,"submissions":2,`)
	h.archive = archive.Folder(t.TempDir())
	serve()
	want(write, 200, `{"removed":{"actions":0,"submissions":2,"updates":0,"adjustments":0,"oldest":"`)
	want(write, 200, `{"removed":{"actions":0,"submissions":0,"updates":0,"adjustments":0},"more":false,"queued":false,"unlimited":false,"dry_run":false}`)
	if e := h.auditEvents(1)[0]; e.Operation != "archive" || e.Reason != "a test" {
		t.Errorf("the audit event is %+v", e)
	}
	if code, _ := h.do("POST", "/accounts/9/retain", write); code != 404 {
		t.Errorf("an unknown account: %d", code)
	}
}
