package compare

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

func TestDifferenceIsInWords(t *testing.T) {
	type nested struct {
		Amount money.Amount
		Rate   *money.Decimal
	}
	type record struct {
		ID      ids.ActionID
		Name    string
		Items   []nested
		At      time.Time
		Values  map[string]int
		private int
	}
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	rate := money.Whole(4)
	expected := record{Name: "a", Items: []nested{{}, {Amount: 964}}, At: at}
	for name, c := range map[string]struct {
		change func(*record)
		want   string
	}{
		"a text":              {func(r *record) { r.Name = "b" }, `Name is "b", expected "a"`},
		"a nested number":     {func(r *record) { r.Items = []nested{{}, {Amount: 965}} }, "Items[2].Amount is 965, expected 964"},
		"a missing element":   {func(r *record) { r.Items = r.Items[:1] }, "Items has 1 elements, expected 2"},
		"a pointer":           {func(r *record) { r.Items = []nested{{Rate: &rate}, {Amount: 964}} }, "Items[1].Rate is 4, expected none"},
		"a time":              {func(r *record) { r.At = at.Add(time.Hour) }, "At is 2026-10-01 01:00:00 +0000 UTC, expected 2026-10-01 00:00:00 +0000 UTC"},
		"an id":               {func(r *record) { r.ID = ids.ActionID{Campaign: 1, EventType: 2, Number: 3} }, "ID is 1.2.3, expected none"},
		"a map":               {func(r *record) { r.Values = map[string]int{"a": 1} }, "Values differs"},
		"an unexported field": {func(r *record) { r.private = 1 }, " differs"},
	} {
		t.Run(name, func(t *testing.T) {
			stored := expected
			c.change(&stored)
			if got := Difference(stored, expected); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
