package ratefile

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// maxExamples is the maximum number of changed rates that are shown.
const maxExamples = 5

// Difference is how tables differ from the recorded ones.
type Difference struct {
	// Added and Changed are the numbers of rates that are new or changed.
	Added, Changed int
	// Examples describe the changed rates of the first days.
	Examples []string
}

// compare compares tables, which are ordered by date, with the recorded ones.
func compare(ctx context.Context, st Store, account int64, tables []program.RateTable) (d Difference, err error) {
	if len(tables) == 0 {
		return d, nil
	}
	recorded, err := st.RateTables(ctx, account, tables[0].Date, tables[len(tables)-1].Date, math.MaxInt)
	if err != nil {
		return d, err
	}
	before := make(map[string]map[money.Currency]money.Rate, len(recorded))
	for _, t := range recorded {
		before[t.Key()] = t.Rates
	}
	for _, t := range tables {
		d.add(t, before[t.Key()])
	}
	return d, nil
}

// add compares a table with the rates that are recorded for it.
func (d *Difference) add(t program.RateTable, before map[money.Currency]money.Rate) {
	for _, quoted := range slices.Sorted(maps.Keys(t.Rates)) {
		switch was, is := before[quoted], t.Rates[quoted]; was {
		case is:
		case "":
			d.Added++
		default:
			if d.Changed++; d.Changed <= maxExamples {
				d.Examples = append(d.Examples, fmt.Sprintf("%s: 1 %s was %s %s, is %s %s", t.Date, t.Base, was, quoted, is, quoted))
			}
		}
	}
}
