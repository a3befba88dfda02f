package ledger_test

import (
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// BenchmarkPrice prices orders of three and of a thousand items by terms for items, with
// groups, for the order and with a cap.
func BenchmarkPrice(b *testing.B) {
	percent, limit := money.Whole(4), money.Whole(3)
	group := program.Group{ID: 1, Payout: program.Payout{Rate: &percent}, Rules: []program.Rule{
		{Variable: program.ItemCategory, Operator: program.Is, Values: []string{"category 1", "category 2"}},
	}}
	for _, c := range []struct {
		name  string
		terms program.Terms
	}{
		{"item", program.Terms{Level: program.LevelItem, Default: program.Payout{Rate: &percent}}},
		{"groups", program.Terms{Level: program.LevelItem, Default: program.Payout{Rate: &percent}, Groups: []program.Group{group}}},
		{"order", program.Terms{Level: program.LevelOrder, Default: program.Payout{Rate: &percent}}},
		{"cap", program.Terms{Level: program.LevelItem, Default: program.Payout{Rate: &percent}, PayoutCap: &limit}},
	} {
		for _, items := range []int{3, ledger.MaxItems} {
			b.Run(fmt.Sprintf("%s/items=%d", c.name, items), func(b *testing.B) {
				a := ledger.Action{Currency: "USD"}
				for i := range items {
					a.Items = append(a.Items, ledger.Item{SKU: fmt.Sprint(i), ItemState: ledger.ItemState{
						Category: fmt.Sprintf("category %d", i%5), Quantity: 1 + int64(i%3), Amount: money.Amount(1999 + i),
					}})
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := ledger.Price(&a, c.terms, percent); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
