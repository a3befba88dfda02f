package verify_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/store/verify"
)

func TestViolationNamesItsLawInWords(t *testing.T) {
	v := verify.Violation{Law: 1, Account: 7, Subject: "action 1.2.3", Problem: "is broken"}
	if got, want := v.String(), "account 7, action 1.2.3: is broken (law 1: an action is the sum of its items)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
