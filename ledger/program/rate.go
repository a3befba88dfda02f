package program

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// RateTable holds exchange rates of one day.
type RateTable struct {
	Date Date
	// Base is the currency that the rates are for.
	Base money.Currency
	// Rates are the units of other currencies that one unit of Base is worth.
	Rates map[money.Currency]money.Rate
}

// Key returns the key of the table as it is stored, as in "2026-10-09/EUR".
func (t RateTable) Key() string { return string(t.Date) + "/" + string(t.Base) }

// Date is a day of the calendar in the form "2026-10-09".
type Date string

// DateOf returns the date of an instant in a time zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

// AddDays returns the date that is a number of days later.
func (d Date) AddDays(days int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// RateDays is the number of days before an order in which its rate is looked for, if its own
// day has none.
const RateDays = 7

// RateLookup finds exchange rates.
type RateLookup interface {
	// RateTables calls visit with each table of the days from first to last, newest day first,
	// until visit returns false. The function visit must not use the lookup.
	RateTables(first, last Date, visit func(RateTable) bool) error
}

// FindRate returns the units of a currency that one unit of another is worth on the date, or
// else on the latest of the [RateDays] days before it that has a rate. It returns
// [ErrNotFound] if none has.
func FindRate(l RateLookup, from, to money.Currency, date Date) (money.Rate, error) {
	return latestRate(l, from, to, date.AddDays(-RateDays), date)
}

// FindRateBefore is [FindRate] without the date itself.
func FindRateBefore(l RateLookup, from, to money.Currency, date Date) (money.Rate, error) {
	return latestRate(l, from, to, date.AddDays(-RateDays), date.AddDays(-1))
}

// latestRate returns the rate of the latest of the days from first to last that has one.
func latestRate(l RateLookup, from, to money.Currency, first, last Date) (found money.Rate, err error) {
	var day []RateTable
	err = l.RateTables(first, last, func(t RateTable) bool {
		if len(day) > 0 && day[0].Date != t.Date {
			if crossRate(day, from, to) != "" {
				return false
			}
			day = day[:0]
		}
		day = append(day, t)
		return true
	})
	if err != nil {
		return "", err
	}
	if found = crossRate(day, from, to); found == "" {
		return "", ErrNotFound
	}
	return found, nil
}

// crossRate returns the rate between two currencies by the tables of a day, or "". A rate
// between them comes first, then their rates against the third currency that is first in the
// alphabet.
func crossRate(day []RateTable, from, to money.Currency) money.Rate {
	var direct quote
	first := make(map[money.Currency]quote)  // of from in other currencies
	second := make(map[money.Currency]quote) // of other currencies in to
	var thirds []money.Currency
	for _, t := range day {
		for currency, rate := range t.Rates {
			for _, q := range []quote{{t.Base, currency, rate, ""}, {currency, t.Base, "", rate}} {
				switch {
				case q.of == from && q.in == to:
					direct = preferred(direct, q)
				case q.of == from:
					first[q.in] = preferred(first[q.in], q)
					thirds = append(thirds, q.in)
				case q.in == to:
					second[q.of] = preferred(second[q.of], q)
				}
			}
		}
	}
	if direct != (quote{}) {
		return cross(direct)
	}
	slices.Sort(thirds)
	for _, third := range thirds {
		if second[third] != (quote{}) {
			return cross(first[third], second[third])
		}
	}
	return ""
}

// quote is the rate of a currency in another: times, or 1 divided by over.
type quote struct {
	of, in      money.Currency
	times, over money.Rate
}

// preferred returns the one of two quotes of the same currencies that needs no division.
func preferred(a, b quote) quote {
	if a.times != "" {
		return a
	}
	return b
}

// cross multiplies quotes. It returns "" if the result is out of the bounds of rates.
func cross(quotes ...quote) money.Rate {
	var times, over []money.Rate
	for _, q := range quotes {
		if q.times != "" {
			times = append(times, q.times)
		} else {
			over = append(over, q.over)
		}
	}
	rate, err := money.Cross(times, over)
	if err != nil {
		return ""
	}
	return rate
}
