package invoice_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
)

func TestFindReturnsTheFirstInvoiceAfterADate(t *testing.T) {
	first, second := at(11, 1), at(12, 1)
	settlements := invoice.Settlements{{ID: invoice.ID{Partner: 1, Number: 1}, Created: first}, {ID: invoice.ID{Partner: 1, Number: 2}, Created: second}}
	for name, c := range map[string]struct {
		date time.Time
		want int64
	}{
		"long before the first":      {at(1, 1), 1},
		"before the first":           {first.Add(-1), 1},
		"at the end of a period":     {first, 2},
		"between both":               {at(11, 20), 2},
		"before the second":          {second.Add(-1), 2},
		"at the end of the last one": {second, 0},
		"after the last one":         {second.AddDate(1, 0, 0), 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := settlements.Find(c.date)
			if got.ID.Number != c.want || found != (c.want != 0) {
				t.Errorf("found %s (%t), want number %d", got.ID, found, c.want)
			}
		})
	}
	if got, found := invoice.Settlements(nil).Find(first); found {
		t.Errorf("found %s without invoices", got.ID)
	}
}
