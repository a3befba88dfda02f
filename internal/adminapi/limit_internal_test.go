package adminapi

import (
	"testing"
	"time"
)

func TestOnlyUnlimitedOperationsHaveNoDeadline(t *testing.T) {
	for _, unlimited := range []bool{true, false} {
		ctx, cancel := Customers{Unlimited: unlimited}.limit(t.Context(), time.Hour)
		if _, bounded := ctx.Deadline(); bounded == unlimited {
			t.Errorf("unlimited: %t, and the time is bounded: %t", unlimited, bounded)
		}
		if cancel(); ctx.Err() == nil {
			t.Error("the context is not done")
		}
	}
}
