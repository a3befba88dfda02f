package admin

import (
	"context"
	"iter"

	"github.com/trueup-ledger/trueup/money"
)

// RateTable holds the exchange rates of a day.
type RateTable struct {
	Date Date           `wire:"date"`
	Base money.Currency `wire:"base"`
	// Rates are the units of other currencies that one unit of the base is worth.
	Rates map[money.Currency]money.Rate `wire:"rates"`
}

// RateFilter selects tables of exchange rates.
type RateFilter struct {
	First Date `wire:"first"`
	Last  Date `wire:"last"`
	Limit int  `wire:"limit"` // the maximum number of tables: 100 by default, at most 1,000
}

// RateTables returns the tables that match, newest day first.
func (c *Client) RateTables(ctx context.Context, account int, f RateFilter) iter.Seq2[RateTable, error] {
	return list[RateTable](ctx, c, accountPath(account, string(RateTables)), "rate_tables", f)
}

// RateFile is a CSV file of exchange rates with the columns date, currency and rate, or with date
// and a column for each currency, as the European Central Bank publishes it.
type RateFile struct {
	Content string `wire:"content"`
	// Base is the currency that the rates are quoted against. The default is EUR for a file with
	// a column for each currency, and otherwise that of the account.
	Base money.Currency `wire:"base"`
	// PerBase reports whether a rate is the units of the currency that one unit of the base is
	// worth, as always in a file with a column for each currency.
	PerBase bool `wire:"per_base"`
	// DryRun checks the file and records nothing.
	DryRun bool `wire:"dry_run"`
}

// ImportedRates is the result of an import of exchange rates.
type ImportedRates struct {
	Rates   int      `wire:"rates"` // in the file
	Days    int      `wire:"days"`  // with rates
	New     int      `wire:"new"`   // rates
	Changed int      `wire:"changed"`
	Last    LastRate `wire:"last"`
	// Ignored are the codes of columns that are no currency.
	Ignored []string `wire:"ignored"`
	// Changes describe the first rates that changed.
	Changes []string `wire:"changes"`
	DryRun  bool     `wire:"dry_run"`
}

// LastRate is a rate of the last day of a [RateFile].
type LastRate struct {
	Date     Date           `wire:"date"`
	Base     money.Currency `wire:"base"`
	Currency money.Currency `wire:"currency"`
	Rate     money.Rate     `wire:"rate"`
}

// ImportRates records the rates of a file, all or none.
func (c *Client) ImportRates(ctx context.Context, account int, f RateFile, o WriteOptions) (*ImportedRates, error) {
	path := accountPath(account, string(RateTables), "import")
	if f.DryRun {
		return repeat[ImportedRates](ctx, c, path, f, o)
	}
	return post[ImportedRates](ctx, c, path, f, "", o)
}
