package operate

import (
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/money"
)

// RateImport imports exchange rates.
type RateImport struct {
	account
	Base    string `placeholder:"CURRENCY" help:"Currency that the rates are quoted against (default: EUR for a file with a column for each currency, else the account's)."`
	PerBase bool   `help:"The rates are units of the currency per unit of the base, as in a file with a column for each currency (default: units of the base per unit of the currency)."`
	DryRun  bool   `help:"Check the file and record nothing."`
	Reason  string `placeholder:"TEXT" help:"Reason for the audit log."`
	File    string `arg:"" type:"existingfile" help:"CSV file with the columns date, currency and rate, or date and a column for each currency."`
}

// Do records the rates of the file, all or none. A server converts the orders that it accepts from
// then on by them. The file is parsed here too, for errors with its name and the positions in it.
func (c RateImport) Do(ctx context.Context, s *cli.Session) error {
	content, err := output.ReadFile(c.File, refdata.MaxSize)
	if err != nil {
		return err
	}
	o := ratefile.Options{PerBase: c.PerBase}
	if c.Base != "" {
		if o.Base, err = money.ParseCurrency(c.Base); err != nil {
			return cli.Usage("--base: %w", err)
		}
	}
	if o.Account, err = currency(ctx, s); err != nil {
		return err
	}
	if _, err := ratefile.Parse(filepath.Base(c.File), content, o); err != nil {
		return err
	}
	imported, err := s.Admin.ImportRates(ctx, s.Account, admin.RateFile{
		Content: string(content), Base: o.Base, PerBase: c.PerBase, DryRun: c.DryRun,
	}, admin.WriteOptions{Reason: c.Reason})
	if err != nil {
		return operands{"content": c.File}.locate(err)
	}
	output.ImportedRates(s.Out, imported)
	return nil
}

// RateList lists exchange rates.
type RateList struct {
	account
	listing
	First string `placeholder:"DATE" help:"First day."`
	Last  string `placeholder:"DATE" help:"Last day."`
}

// rate is what one unit of Base is worth.
type rate struct {
	Date     admin.Date     `json:"date"`
	Base     money.Currency `json:"base"`
	Rate     money.Rate     `json:"rate"`
	Currency money.Currency `json:"currency"`
}

var rateColumns = render.Columns("date", "base:One", "rate:Is", "currency")

// Do lists the rates, newest day first.
func (c RateList) Do(ctx context.Context, s *cli.Session) error {
	filter := admin.RateFilter{First: admin.Date(c.First), Last: admin.Date(c.Last)}
	return operands{}.locate(c.Print(s, cli.List{Columns: rateColumns, Objects: func(pageSize int) render.Objects {
		filter.Limit = pageSize // a table has at least one rate
		return rates(ctx, s, filter)
	}}))
}

// rates returns the rates of the tables that match as objects, newest day first. The list has a single
// page, and so a further request begins with the last day of the one before.
func rates(ctx context.Context, s *cli.Session, filter admin.RateFilter) render.Objects {
	return func(yield func(json.RawMessage, error) bool) {
		var last admin.RateTable
		for more := true; more; filter.Last = last.Date {
			n, fresh := 0, false
			for t, err := range s.Admin.RateTables(ctx, s.Account, filter) {
				n++
				if err == nil && t.Date == last.Date && t.Base >= last.Base {
					continue // printed already: the bases of a day are in descending order
				}
				if fresh = true; !yieldRates(t, err, yield) {
					return
				}
				last = t
			}
			more = fresh && n == filter.Limit
		}
	}
}

// yieldRates yields the rates of a table, by currency, or an error, and reports whether to go on.
func yieldRates(t admin.RateTable, err error, yield func(json.RawMessage, error) bool) bool {
	if err != nil {
		yield(nil, err)
		return false
	}
	for _, quoted := range slices.Sorted(maps.Keys(t.Rates)) {
		object, err := json.Marshal(rate{t.Date, t.Base, t.Rates[quoted], quoted})
		if !yield(object, err) || err != nil {
			return false
		}
	}
	return true
}
