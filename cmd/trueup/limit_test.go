package main_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/testenv"
	ledgerprogram "github.com/trueup-ledger/trueup/ledger/program"
)

// TestModificationLimitIsEnforced modifies an action up to the limit of its account, in
// full up to the default limit.
func TestModificationLimitIsEnforced(t *testing.T) {
	t.Parallel()
	limit := testenv.Scale(30, ledgerprogram.DefaultModificationLimit)
	h := newSQLiteHarness(t)
	reference, err := os.ReadFile("testdata/crash.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "limit.yaml")
	text := strings.Replace(string(reference), "cap: 1000000", fmt.Sprintf("cap: %d", limit), 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h.run(t, "apply", "-f", file)
	p, c := h.serve(t)
	defer h.stop(t, p)
	action := c.submitAndWait("POST", "/Conversions", orderForm("ORDER")).ActionId
	modify := func() submission {
		return c.submitAndWait("PUT", "/Actions", countForm(url.Values{"ActionId": {action}}))
	}
	for i := range limit {
		if s := modify(); s.ErrorType != "" {
			t.Fatalf("modification %d: %+v", i+1, s)
		}
	}
	if s := modify(); s.ErrorType != "Validation" || s.ErrorReason != "MODIFICATION_LIMIT_REACHED" {
		t.Errorf("modification %d: %+v", limit+1, s)
	}
}
