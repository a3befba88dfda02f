package ledger

import (
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Price prices the items of a for [BenchmarkPrice].
func Price(a *Action, t program.Terms, fee money.Decimal) error {
	_, err := a.price(t, fee)
	return err
}
