package ledger

import (
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/money"
)

// BenchmarkPrice prices orders of three and of a thousand items by an item's own
// terms, by groups of them, by the order's total and under a cap.
func BenchmarkPrice(b *testing.B) {
	percent, most := money.Whole(4), money.Whole(3)
	group := Group{ID: 1, Payout: Payout{Rate: &percent}, Rules: []Rule{
		{Variable: ItemCategory, Operator: Is, Values: []string{"category 1", "category 2"}},
	}}
	for _, of := range []struct {
		name  string
		terms Terms
	}{
		{"item", Terms{Level: LevelItem, Default: Payout{Rate: &percent}}},
		{"groups", Terms{Level: LevelItem, Default: Payout{Rate: &percent}, Groups: []Group{group}}},
		{"order", Terms{Level: LevelOrder, Default: Payout{Rate: &percent}}},
		{"cap", Terms{Level: LevelItem, Default: Payout{Rate: &percent}, PayoutCap: &most}},
	} {
		for _, items := range []int{3, MaxItems} {
			b.Run(fmt.Sprintf("%s/items=%d", of.name, items), func(b *testing.B) {
				a := Action{Currency: "USD"}
				for i := range items {
					a.Items = append(a.Items, Item{SKU: fmt.Sprint(i), ItemState: ItemState{
						Category: fmt.Sprintf("category %d", i%5), Quantity: 1 + int64(i%3), Amount: money.Amount(1999 + i),
					}})
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := a.price(of.terms, percent); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
