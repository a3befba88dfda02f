package refdata

import (
	"maps"
	"slices"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type rateTableKey string

// rateTable reads a table of exchange rates. It needs at least one rate. Tables can't be read
// back as entries.
func (o *object) rateTable() {
	t := program.RateTable{
		Date:  required(o, "date", scalar.Date),
		Base:  money.Currency(required(o, "base", scalar.Currency)),
		Rates: make(map[money.Currency]money.Rate),
	}
	present := o.nested("rates", func(rates *object) {
		for _, key := range slices.Sorted(maps.Keys(rates.fields)) {
			rate := required(rates, key, scalar.Rate)
			currency, err := scalar.Currency(key)
			switch {
			case err != nil:
				rates.errorf(key, "%s", err)
			case currency == string(t.Base):
				rates.errorf(key, "Must not be the base")
			case t.Rates[money.Currency(currency)] != "":
				rates.errorf(key, "Is listed twice")
			default:
				t.Rates[money.Currency(currency)] = rate
			}
		}
		if len(rates.fields) == 0 {
			o.errorf("rates", "Must have a rate, such as USD: 1.0956")
		}
	})
	if !present {
		o.errorf("rates", "Required")
	}
	if t.Date != "" && t.Base != "" {
		o.unique("date", rateTableKey(t.Key()))
	}
	o.draft.change.RateTables = append(o.draft.change.RateTables, t)
}
