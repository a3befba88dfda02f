package program_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestPromoCodeIsInForceFromStartUntilEnd(t *testing.T) {
	start := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	end := start.AddDate(0, 1, 0)
	for name, c := range map[string]struct {
		code program.PromoCode
		at   time.Time
		want bool
	}{
		"without a period":       {program.PromoCode{}, start, true},
		"before the start":       {program.PromoCode{Start: start}, start.Add(-1), false},
		"at the start":           {program.PromoCode{Start: start, End: end}, start, true},
		"before the end":         {program.PromoCode{Start: start, End: end}, end.Add(-1), true},
		"at the end":             {program.PromoCode{Start: start, End: end}, end, false},
		"an empty period":        {program.PromoCode{Start: start, End: start}, start, false},
		"an end without a start": {program.PromoCode{End: end}, time.Time{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.code.InForce(c.at); got != c.want {
				t.Errorf("in force: %t, want %t", got, c.want)
			}
			if got := c.code.StateAt(c.at); (got == program.PromoCodeActive) != c.want {
				t.Errorf("state is %s, in force: %t", got, c.want)
			}
		})
	}
}

func TestPromoCodesAreNumberedByTheirFirstRecording(t *testing.T) {
	r := program.NewReference()
	first := make(map[string]time.Time)
	recorded := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for code, day := range map[string]int{"LATE": 3, "EARLY": 1, "B": 2, "A": 2} {
		p := program.PromoCode{Campaign: 1000, Code: code}
		r.PromoCodes[p.Key()], first[p.Key().String()] = p, recorded.AddDate(0, 0, day)
	}
	r.NumberPromoCodes(first)
	for i, want := range []string{"EARLY", "A", "B", "LATE"} {
		p, found := r.PromoCode(int64(i + 1))
		if !found || p.Code != want || p.ID != int64(i+1) || p.Created != first[p.Key().String()] {
			t.Errorf("promo code %d is %+v, want %s", i+1, p, want)
		}
	}
	for _, id := range []int64{-1, 0, 5} {
		if p, found := r.PromoCode(id); found {
			t.Errorf("promo code %d is %+v", id, p)
		}
	}
}
