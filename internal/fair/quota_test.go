package fair_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/fair"
)

func TestAQuotaLimitsEachTenant(t *testing.T) {
	q := fair.Quota{Each: 2}
	for name, step := range map[string]struct {
		tenant int64
		want   []bool
	}{"one tenant": {1, []bool{true, true, false}}, "another": {2, []bool{true, true, false}}} {
		for i, want := range step.want {
			if got := q.Acquire(step.tenant); got != want {
				t.Errorf("%s, slot %d: %t, want %t", name, i+1, got, want)
			}
		}
	}
	q.Release(1)
	if !q.Acquire(1) || q.Acquire(2) {
		t.Error("a released slot belongs to its tenant")
	}
}
