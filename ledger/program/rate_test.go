package program_test

import (
	"errors"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// rateTables are ordered by date, newest first.
type rateTables []program.RateTable

func (l rateTables) RateTables(first, last program.Date, visit func(program.RateTable) bool) error {
	for _, t := range l {
		if t.Date >= first && t.Date <= last && !visit(t) {
			break
		}
	}
	return nil
}

func TestFindRate(t *testing.T) {
	type rates = map[money.Currency]money.Rate
	euro := func(date program.Date, r rates) program.RateTable {
		return program.RateTable{Date: date, Base: "EUR", Rates: r}
	}
	for name, c := range map[string]struct {
		tables   rateTables
		from, to money.Currency
		want     money.Rate
	}{
		"the rate of the day":    {rateTables{euro("2026-03-10", rates{"USD": "1.1"}), euro("2026-03-09", rates{"USD": "1.2"})}, "EUR", "USD", "1.1"},
		"the inverse of a rate":  {rateTables{euro("2026-03-10", rates{"USD": "1.25"})}, "USD", "EUR", "0.8"},
		"crossed by a third one": {rateTables{euro("2026-03-10", rates{"USD": "1.1", "GBP": "0.88"})}, "GBP", "USD", "1.25"},
		"by way of a third one": {rateTables{
			euro("2026-03-10", rates{"USD": "1.1"}), {Date: "2026-03-10", Base: "GBP", Rates: rates{"EUR": "1.2"}},
		}, "GBP", "USD", "1.32"},
		"against the third one, both ways": {rateTables{
			{Date: "2026-03-10", Base: "USD", Rates: rates{"EUR": "0.8"}}, {Date: "2026-03-10", Base: "GBP", Rates: rates{"EUR": "1.2"}},
		}, "GBP", "USD", "1.5"},
		"a rate between both comes first": {rateTables{
			euro("2026-03-10", rates{"USD": "1.1", "GBP": "0.88"}), {Date: "2026-03-10", Base: "GBP", Rates: rates{"USD": "1.3"}},
		}, "GBP", "USD", "1.3"},
		"one that needs no division comes first": {rateTables{
			{Date: "2026-03-10", Base: "USD", Rates: rates{"GBP": "0.5"}}, {Date: "2026-03-10", Base: "GBP", Rates: rates{"USD": "1.3"}},
		}, "GBP", "USD", "1.3"},
		"of third ones the first in the alphabet": {rateTables{
			{Date: "2026-03-10", Base: "CHF", Rates: rates{"USD": "1.2", "GBP": "0.8"}}, euro("2026-03-10", rates{"USD": "1.1", "GBP": "0.88"}),
		}, "GBP", "USD", "1.5"},
		"the latest day before":       {rateTables{euro("2026-03-08", rates{"USD": "1.1"}), euro("2026-03-07", rates{"USD": "1.2"})}, "EUR", "USD", "1.1"},
		"a day without the rate":      {rateTables{euro("2026-03-10", rates{"GBP": "0.9"}), euro("2026-03-09", rates{"USD": "1.2"})}, "EUR", "USD", "1.2"},
		"not from two different days": {rateTables{euro("2026-03-10", rates{"GBP": "0.9"}), euro("2026-03-09", rates{"USD": "1.2"})}, "GBP", "USD", ""},
		"seven days before":           {rateTables{euro("2026-03-03", rates{"USD": "1.1"})}, "EUR", "USD", "1.1"},
		"not eight days before":       {rateTables{euro("2026-03-02", rates{"USD": "1.1"})}, "EUR", "USD", ""},
		"not a day after":             {rateTables{euro("2026-03-11", rates{"USD": "1.1"})}, "EUR", "USD", ""},
		"not of other currencies":     {rateTables{euro("2026-03-10", rates{"USD": "1.1", "GBP": "0.88"})}, "JPY", "USD", ""},
		"not out of bounds":           {rateTables{euro("2026-03-10", rates{"USD": "900000000", "GBP": "0.000000001"})}, "GBP", "USD", ""},
		"there are none":              {nil, "EUR", "USD", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := program.FindRate(c.tables, c.from, c.to, "2026-03-10")
			if got != c.want || errors.Is(err, program.ErrNotFound) != (c.want == "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestFindRateBefore(t *testing.T) {
	for name, c := range map[string]struct{ date, want string }{
		"not of the day itself":     {"2026-03-10", ""},
		"of the day before":         {"2026-03-09", "1.1"},
		"of the seventh day before": {"2026-03-03", "1.1"},
		"not of the eighth":         {"2026-03-02", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tables := rateTables{{Date: program.Date(c.date), Base: "EUR", Rates: map[money.Currency]money.Rate{"USD": "1.1"}}}
			got, err := program.FindRateBefore(tables, "EUR", "USD", "2026-03-10")
			if string(got) != c.want || errors.Is(err, program.ErrNotFound) != (c.want == "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestDateOfIsLocal(t *testing.T) {
	zone := time.FixedZone("", -8*60*60)
	if got := program.DateOf(time.Date(2026, 3, 1, 7, 59, 0, 0, time.UTC), zone); got != "2026-02-28" {
		t.Errorf("got %s", got)
	}
}
