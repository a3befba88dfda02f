package ledger_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// BenchmarkApply decides a submission on an order of three items, as the applier
// does at its turn; what a store has to load and keep is not in it.
func BenchmarkApply(b *testing.B) {
	order := report("12345 × 2 = 19.27", "67890 × 1 = 2.72", "11111 × 3 = 30.00")
	other := order
	other.Order = "another order"
	for _, of := range []struct {
		name    string
		command ledger.Command
	}{
		{"conversion", other},
		{"modification", setQuantity("12345", 1)},
		{"reversal", ledger.Reversal{Address: theOrder, Reason: "OTHER"}},
		{"refusal", setQuantity("99999", 1)},
	} {
		b.Run(of.name, func(b *testing.B) {
			w := exampleWorld(money.Currency("USD"), ledger.LevelItem, rate("4"))
			at := ordered.Add(time.Hour)
			if _, err := w.apply(ledger.Submission{Number: 1, Accepted: at, Command: order}, at); err != nil {
				b.Fatal(err)
			}
			s := ledger.Submission{Number: 2, Accepted: at, Command: of.command}
			turn := ledger.ApplyContext{At: at, Update: w.updated + 1}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ledger.Decide(w, s, turn); (err != nil) != (of.name == "refusal") {
					b.Fatal(err)
				}
			}
		})
	}
}
