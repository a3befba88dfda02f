package ledger_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// BenchmarkApply decides a submission on an order of three items, without a store.
func BenchmarkApply(b *testing.B) {
	order := report("12345 × 2 = 19.27", "67890 × 1 = 2.72", "11111 × 3 = 30.00")
	other := order
	other.Order = "another order"
	for _, c := range []struct {
		name    string
		command ledger.Command
	}{
		{"conversion", other},
		{"modification", setQuantity("12345", 1)},
		{"reversal", ledger.Reversal{Address: theOrder, Reason: "OTHER"}},
		{"rejection", setQuantity("99999", 1)},
	} {
		b.Run(c.name, func(b *testing.B) {
			account := exampleAccount(money.Currency("USD"), program.LevelItem, rate("4"))
			at := ordered.Add(time.Hour)
			if _, err := account.Apply(ledger.Submission{Number: 1, Accepted: at, Command: order}, at); err != nil {
				b.Fatal(err)
			}
			s := ledger.Submission{Number: 2, Accepted: at, Command: c.command}
			ctx := ledger.ApplyContext{At: at, Update: account.LastUpdate + 1}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ledger.Decide(account, s, ctx); (err != nil) != (c.name == "rejection") {
					b.Fatal(err)
				}
			}
		})
	}
}
