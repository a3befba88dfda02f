package program_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestLastTermsBeforeIgnoresTermsOfTheFuture(t *testing.T) {
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	month := func(n int) time.Time { return at.AddDate(0, n, 0) }
	r := program.NewReference()
	var contracts []program.Contract
	for id, span := range map[int64][2]int{1: {-6, -3}, 2: {-5, -4}, 3: {1, 6}} { // the third one begins in a month
		c := program.Contract{ID: id, Campaign: 1000, Partner: 501, Start: month(span[0]), End: month(span[1])}
		of := program.TermsOf{Contract: id, EventType: 2240}
		contracts, r.Terms[of] = append(contracts, c), []program.Terms{{TermsKey: program.TermsKey{TermsOf: of, Version: 1}, From: c.Start}}
	}
	for after, want := range map[int]int64{0: 1, 2: 3} {
		last, found := r.LastTermsBefore(contracts, 2240, month(after))
		if !found || last.Contract != want {
			t.Errorf("%d months later the terms are those of contract %d (%t), want %d", after, last.Contract, found, want)
		}
	}
}
