// Package ratefile reads tables of exchange rates from CSV files: that of the European Central
// Bank, with a column for each currency, and files with the columns date, currency and rate.
package ratefile

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// MaxTables is the maximum number of tables in a file.
const MaxTables = 100_000

// Options describe the rates of a file.
type Options struct {
	// Base is the currency that the rates are quoted against. Empty means the euro in a file
	// with a column for each currency, and otherwise Account.
	Base, Account money.Currency
	// PerBase means that a rate is the units of the currency that one unit of the base is
	// worth, as the European Central Bank quotes them. Otherwise it is the units of the base
	// that one unit of the currency is worth. A file with a column for each currency is always
	// quoted per base.
	PerBase bool
}

// File holds the parsed tables of a file.
type File struct {
	// Tables are ordered by date.
	Tables []program.RateTable
	// Rates is the number of rates.
	Rates int
	// Unknown are the codes of currencies that are not in ISO 4217 (any more). Their rates are
	// left out.
	Unknown []string
}

// Parse parses a file; name is the file name in error messages. The error is a
// [*refdata.FileError] with all errors of the rows.
func Parse(name string, content []byte, o Options) (File, error) {
	p := parser{Options: o, errs: refdata.FileError{File: name}, tables: make(map[string]program.RateTable)}
	p.csv = csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	p.csv.FieldsPerRecord, p.csv.ReuseRecord = -1, true
	if p.header() {
		p.rows()
		p.requireRate()
	}
	if len(p.errs.Diagnostics) > 0 {
		return File{}, &p.errs
	}
	for _, t := range p.tables {
		p.file.Tables = append(p.file.Tables, t)
		p.file.Rates += len(t.Rates)
	}
	slices.SortFunc(p.file.Tables, func(a, b program.RateTable) int { return cmp.Compare(a.Key(), b.Key()) })
	return p.file, nil
}

// parser reads the rows of a file.
type parser struct {
	Options
	csv    *csv.Reader
	errs   refdata.FileError
	file   File
	tables map[string]program.RateTable
	// columns are the currencies of the columns after the date, empty for those to leave out.
	// It is nil in a file with the columns date, currency and rate.
	columns []money.Currency
}

// add adds an error in a field of the row that was read last.
func (p *parser) add(field int, key, format string, args ...any) {
	if len(p.errs.Diagnostics) == refdata.MaxDiagnostics {
		p.errs.More++
		return
	}
	line, column := p.csv.FieldPos(field)
	p.errs.Diagnostics = append(p.errs.Diagnostics, refdata.Diagnostic{Line: line, Column: column, Key: key, Message: fmt.Sprintf(format, args...)})
}

// read returns the fields of the next row, without the blanks around them, and false at the end.
func (p *parser) read() (row []string, more bool) {
	row, err := p.csv.Read()
	if invalid := (*csv.ParseError)(nil); errors.As(err, &invalid) {
		p.errs.Diagnostics = append(p.errs.Diagnostics, refdata.Diagnostic{
			Line: invalid.Line, Column: invalid.Column, Message: "Not a row of a CSV file: check its quotation marks",
		})
		return nil, false
	}
	if errors.Is(err, io.EOF) {
		return nil, false
	}
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
	return row, true
}

// header reads the first row and reports whether it names columns of rates.
func (p *parser) header() bool {
	row, ok := p.read()
	if !ok || !strings.EqualFold(row[0], "date") {
		if len(p.errs.Diagnostics) == 0 {
			p.errs.Diagnostics = append(p.errs.Diagnostics, refdata.Diagnostic{
				Line: 1, Column: 1, Message: "The first row must be date,currency,rate or Date with a column for each currency, separated by commas",
			})
		}
		return false
	}
	if len(row) == 3 && strings.EqualFold(row[1], "currency") && strings.EqualFold(row[2], "rate") {
		p.Base = cmp.Or(p.Base, p.Account)
		return true
	}
	p.Base, p.PerBase, p.columns = cmp.Or(p.Base, "EUR"), true, []money.Currency{}
	for i, code := range row[1:] {
		currency, err := money.ParseCurrency(code)
		switch {
		case code == "": // the bank's rows end with a comma
		case len(code) != 3:
			p.add(i+1, "", "%q is not the code of a currency", code)
		case err != nil:
			p.file.Unknown = append(p.file.Unknown, code)
		case slices.Contains(p.columns, currency):
			p.add(i+1, "", "The column %s is listed twice", code)
		}
		p.columns = append(p.columns, currency)
	}
	return len(p.errs.Diagnostics) == 0
}

func (p *parser) rows() {
	for row, more := p.read(); more; row, more = p.read() {
		if len(row) == 1 && row[0] == "" {
			continue
		}
		date, err := scalar.Date(row[0])
		switch {
		case err != nil:
			p.add(0, "date", "%s", err)
		case p.columns == nil && len(row) != 3:
			p.add(0, "", "Must have the columns date, currency and rate, with a decimal point in the rate")
		case p.columns == nil:
			p.long(date, row[1], row[2])
		default:
			p.wide(date, row[1:])
		}
		if len(p.tables) > MaxTables {
			p.add(0, "", "The file has over %d tables: split it", MaxTables)
			return
		}
	}
}

// requireRate adds an error if the file has neither a rate nor another error.
func (p *parser) requireRate() {
	if len(p.tables) > 0 || len(p.errs.Diagnostics) > 0 {
		return
	}
	message := "The file has no rate: check its columns"
	if len(p.file.Unknown) > 0 {
		message += "; not a currency of ISO 4217: " + strings.Join(p.file.Unknown, ", ")
	}
	p.errs.Diagnostics = append(p.errs.Diagnostics, refdata.Diagnostic{Line: 1, Column: 1, Message: message})
}

// wide adds the rates of a row with a column for each currency.
func (p *parser) wide(date program.Date, row []string) {
	for i, text := range row {
		if i >= len(p.columns) {
			if text != "" {
				p.add(i+1, "", "The first row names no currency for this column")
			}
			continue
		}
		if p.columns[i] != "" && text != "" && !strings.EqualFold(text, "N/A") {
			p.rate(i+1, date, p.columns[i], text)
		}
	}
}

// long adds the rate of a row with the columns date, currency and rate.
func (p *parser) long(date program.Date, code, text string) {
	currency, err := money.ParseCurrency(code)
	if err != nil {
		p.add(1, "currency", "Must be an ISO 4217 code, such as USD")
		return
	}
	p.rate(2, date, currency, text)
}

// rate adds a rate from a field.
func (p *parser) rate(field int, date program.Date, currency money.Currency, text string) {
	rate, err := scalar.Rate(text)
	switch {
	case err != nil:
		p.add(field, string(currency), "%s", err)
		return
	case currency == p.Base && rate == "1":
		return
	case currency == p.Base:
		p.add(field, string(currency), "The rates are quoted against %s: name their base (--base, or base in the admin API)", p.Base)
		return
	}
	base, quoted := currency, p.Base
	if p.PerBase {
		base, quoted = p.Base, currency
	}
	t := program.RateTable{Date: date, Base: base}
	if known, exists := p.tables[t.Key()]; exists {
		t = known
	} else {
		t.Rates = make(map[money.Currency]money.Rate)
		p.tables[t.Key()] = t
	}
	if before := t.Rates[quoted]; before != "" && before != rate {
		p.add(field, string(currency), "Is listed twice for %s, as %s and %s", date, before, rate)
		return
	}
	t.Rates[quoted] = rate
}
