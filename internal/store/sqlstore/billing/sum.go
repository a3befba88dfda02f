package billing

import (
	"fmt"
	"math/big"

	"github.com/trueup-ledger/trueup/money"
)

// sumBase divides amounts into two parts whose sums don't overflow in a database. A sum that
// overflows is an error of the whole statement.
const sumBase = 1_000_000_000

// sum is a sum of amounts: high × sumBase + low.
type sum struct{ high, low int64 }

// selectSum returns the columns of the sum of an expression.
func selectSum(expression string) string {
	return fmt.Sprintf("CAST(coalesce(sum((%[1]s) / %[2]d), 0) AS bigint), CAST(coalesce(sum((%[1]s) %% %[2]d), 0) AS bigint)", expression, sumBase)
}

func (s *sum) dest() []any { return []any{&s.high, &s.low} }

// amount returns the sum, or [money.ErrTooLarge] if it overflows an amount.
func (s sum) amount() (money.Amount, error) {
	v := big.NewInt(s.high)
	v.Mul(v, big.NewInt(sumBase)).Add(v, big.NewInt(s.low))
	if !v.IsInt64() {
		return 0, money.ErrTooLarge
	}
	return money.Amount(v.Int64()), nil
}
