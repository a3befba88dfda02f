package ratefile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/refdata/ratefile"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type rates = map[money.Currency]money.Rate

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		options ratefile.Options
		want    ratefile.File
	}{
		"the file of the European Central Bank": {
			content: "\ufeffDate,USD,JPY,CYP,\n2026-11-02,1.0956,169.5,N/A,\n2026-10-30,1.1,N/A,0.58,\n",
			want: ratefile.File{Rates: 3, Unknown: []string{"CYP"}, Tables: []program.RateTable{
				{Date: "2026-10-30", Base: "EUR", Rates: rates{"USD": "1.1"}},
				{Date: "2026-11-02", Base: "EUR", Rates: rates{"USD": "1.0956", "JPY": "169.5"}},
			}},
		},
		"rates in the account's currency": {
			content: "date,currency,rate\r\n2026-11-02,EUR,1.0956\r\n2026-11-02, jpy ,0.0065\r\n2026-11-02,USD,1\r\n\r\n",
			options: ratefile.Options{Account: "USD"},
			want: ratefile.File{Rates: 2, Tables: []program.RateTable{
				{Date: "2026-11-02", Base: "EUR", Rates: rates{"USD": "1.0956"}},
				{Date: "2026-11-02", Base: "JPY", Rates: rates{"USD": "0.0065"}},
			}},
		},
		"rates of one unit of a base": {
			content: "Date,Currency,Rate\n2026-11-02,USD,1.0956\n2026-11-02,USD,1.0956\n",
			options: ratefile.Options{Account: "USD", Base: "EUR", PerBase: true},
			want:    ratefile.File{Rates: 1, Tables: []program.RateTable{{Date: "2026-11-02", Base: "EUR", Rates: rates{"USD": "1.0956"}}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ratefile.Parse("r.csv", []byte(c.content), c.options)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestErrorsNameTheRow(t *testing.T) {
	const long = "date,currency,rate\n"
	for name, c := range map[string]struct{ content, want string }{
		"an empty file":        {"", "r.csv:1:1: The first row must be"},
		"another header":       {"currency,date\n", "r.csv:1:1: The first row must be"},
		"semicolons":           {"date;currency;rate\n", "r.csv:1:1: The first row must be"},
		"a date":               {long + "02.11.2026,EUR,1\n", "r.csv:2:1: date: Must be a date, such as 2026-10-01"},
		"a currency":           {long + "2026-11-02,XXY,1\n", "r.csv:2:12: currency: Must be an ISO 4217 code"},
		"a rate":               {long + "2026-11-02,EUR,\"1,5\"\n", "r.csv:2:16: EUR: Not a decimal number above 0: use a decimal point, and no comma"},
		"an unquoted comma":    {long + "2026-11-02,EUR,1,5\n", "r.csv:2:1: Must have the columns date, currency and rate, with a decimal point in the rate"},
		"a rate of a column":   {"Date,USD\n2026-11-02,x\n", "r.csv:2:12: USD: Not a decimal number"},
		"the base":             {long + "2026-11-02,USD,2\n", "r.csv:2:16: USD: The rates are quoted against USD: name their base (--base, or base in the admin API)"},
		"two rates":            {long + "2026-11-02,EUR,2\n2026-11-02,EUR,3\n", "r.csv:3:16: EUR: Is listed twice for 2026-11-02, as 2 and 3"},
		"a missing column":     {long + "2026-11-02,EUR\n", "r.csv:2:1: Must have the columns"},
		"a column too many":    {"Date,USD\n2026-11-02,1,2\n", "r.csv:2:14: The first row names no currency"},
		"a column twice":       {"Date,USD,usd\n", "r.csv:1:10: The column usd is listed twice"},
		"a column of no code":  {"Date,dollars\n", `r.csv:1:6: "dollars" is not the code of a currency`},
		"a quotation mark":     {long + "2026-11-02,\"EUR,1\n", "r.csv:2:19: Not a row of a CSV file"},
		"only a heading":       {long, "r.csv:1:1: The file has no rate: check its columns"},
		"only the base":        {long + "2026-11-02,USD,1\n", "r.csv:1:1: The file has no rate: check its columns"},
		"no day has a rate":    {"Date,JPY,\n2026-11-02,N/A,\n", "r.csv:1:1: The file has no rate: check its columns"},
		"a misspelt column":    {"Date,UDS\n2026-11-02,1.1\n", "r.csv:1:1: The file has no rate: check its columns; not a currency of ISO 4217: UDS"},
		"each row is reported": {long + "x,EUR,1\ny,EUR,1\n", "r.csv:3:1: date"},
		"only so many":         {long + strings.Repeat("x,EUR,1\n", 101), "r.csv: and 1 more"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ratefile.Parse("r.csv", []byte(c.content), ratefile.Options{Account: "USD"})
			if !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Date,USD,\n2026-11-02,1.0956,\n", false)
	f.Add("date,currency,rate\n2026-11-02,EUR,1.0956\n", true)
	f.Fuzz(func(t *testing.T, content string, perBase bool) {
		file, err := ratefile.Parse("r.csv", []byte(content), ratefile.Options{Account: "USD", PerBase: perBase})
		for _, table := range file.Tables {
			if err != nil || len(table.Rates) == 0 || table.Rates[table.Base] != "" {
				t.Errorf("%v, %+v", err, table)
			}
		}
	})
}
