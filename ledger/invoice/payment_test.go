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

func TestRangeReturnsTheDatesOfAnInvoice(t *testing.T) {
	since, first, second := at(10, 1), at(11, 1), at(12, 1)
	settlements := invoice.Settlements{
		{Created: since}, {ID: invoice.ID{Partner: 1, Number: 1}, Created: first}, {ID: invoice.ID{Partner: 1, Number: 2}, Created: second},
	}
	for name, c := range map[string]struct {
		settlements invoice.Settlements
		id          invoice.ID
		start, end  time.Time
	}{
		"the first invoice":                 {settlements, invoice.ID{Partner: 1, Number: 1}, since, first},
		"the second":                        {settlements, invoice.ID{Partner: 1, Number: 2}, first, second},
		"the first one without a beginning": {settlements[1:], invoice.ID{Partner: 1, Number: 1}, time.Time{}, first},
		"an unknown one":                    {settlements, invoice.ID{Partner: 1, Number: 3}, time.Time{}, time.Time{}},
		"no id":                             {settlements, invoice.ID{}, time.Time{}, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			start, end, found := c.settlements.Range(c.id)
			if !start.Equal(c.start) || !end.Equal(c.end) || found != !c.end.IsZero() {
				t.Errorf("from %s to %s (%t), want %s to %s", start, end, found, c.start, c.end)
			}
		})
	}
}

func TestFindReturnsNothingBeforeTheBeginning(t *testing.T) {
	settlements := invoice.Settlements{{Created: at(10, 1)}}
	if got, found := settlements.Find(at(9, 30)); found {
		t.Errorf("found %+v", got)
	}
}
