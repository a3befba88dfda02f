package codec_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/client/internal/codec"
	"github.com/trueup-ledger/trueup/money"
)

type line struct {
	SKU      string
	Quantity int
	Payout   money.Amount
}

type order struct {
	ID       string
	OrderID  string `wire:"Oid"`
	Count    int
	Active   bool
	Rate     money.Decimal
	Date     time.Time
	Currency money.Currency
	Amount   money.Amount
	Original money.Amount `currency:"OriginalCurrency"`

	OriginalCurrency money.Currency
	Lines            []line
	First            *line
	Hidden           string `wire:"-"`
}

func TestDecodeReadsScalarsOfEveryVersion(t *testing.T) {
	want := order{
		ID: "1.2.3", OrderID: "A", Count: 7, Active: true, Rate: 75_000, Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Currency: "USD", Amount: 1927, Original: 2500, OriginalCurrency: "JPY",
		Lines: []line{{"B", 2, 77}}, First: &line{"B", 2, -77},
	}
	for version, text := range map[string]string{
		"numbers": `{"Id":"1.2.3","Oid":"A","Count":7,"Active":true,"Rate":7.5,"Date":"2026-01-02T03:04:05+00:00","Currency":"USD","Amount":19.27,
			"Original":2500,"OriginalCurrency":"JPY","Lines":[{"Sku":"B","Quantity":"2","Payout":0.77}],"First":{"Sku":"B","Quantity":2,"Payout":-0.77},"Other":{}}`,
		"strings": `{"Id":"1.2.3","Oid":"A","Count":"7","Active":"true","Rate":"7.5","Date":"2026-01-02T03:04:05+00:00","Currency":"USD","Amount":"19.27",
			"Original":"2500","OriginalCurrency":"JPY","Lines":[{"Sku":"B","Quantity":"2","Payout":"0.77"}],"First":{"Sku":"B","Quantity":"2","Payout":"-0.77"}}`,
	} {
		var got order
		if err := codec.Decode([]byte(text), &got, ""); err != nil {
			t.Errorf("%s: %v", version, err)
		}
		got.Date = got.Date.UTC()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
	}
	var none order
	empty := `{"Id":"","Count":"","Active":"","Rate":"","Date":"","Currency":"","Amount":"","Original":null,"Lines":[],"First":null}`
	if err := codec.Decode([]byte(empty), &none, ""); err != nil || none.First != nil || !none.Date.IsZero() || none.Amount != 0 {
		t.Errorf("empty values are %+v (%v)", none, err)
	}
}

func TestDecodeRejectsWhatItCannotKeep(t *testing.T) {
	for name, text := range map[string]string{
		"an amount with too many digits": `{"Currency":"USD","Amount":19.275}`,
		"an amount in yen with digits":   `{"Currency":"JPY","Amount":19.5}`,
		"an amount without a currency":   `{"Amount":19.5}`,
		"a float":                        `{"Currency":"USD","Amount":1e3}`,
		"a fraction for an integer":      `{"Count":1.5}`,
		"a date without an offset":       `{"Date":"2026-01-02"}`,
		"an object for a list":           `{"Lines":{}}`,
		"malformed JSON":                 `{"Count":`,
	} {
		var got order
		if err := codec.Decode([]byte(text), &got, ""); err == nil {
			t.Errorf("%s is %+v", name, got)
		}
	}
}

func TestEncodeLeavesOutWhatIsNotSet(t *testing.T) {
	type change struct {
		SKU      string
		Quantity *int
		Amount   *money.Amount
		Rate     *money.Decimal
		IDs      []int
		At       time.Time
		Strict   *bool
	}
	cases := map[string]struct {
		change   change
		currency money.Currency
		want     string
		err      error
	}{
		"nothing":                     {change{}, "", "", nil},
		"pointers to zero are sent":   {change{Quantity: new(0), Strict: new(false)}, "", "Quantity2=0&Strict2=false", nil},
		"amounts have minor digits":   {change{Amount: new(money.Amount(1500))}, "USD", "Amount2=15.00", nil},
		"amounts of yen have none":    {change{Amount: new(money.Amount(1500))}, "JPY", "Amount2=1500", nil},
		"amounts need a currency":     {change{Amount: new(money.Amount(1500))}, "", "", codec.ErrCurrency},
		"rates need none":             {change{Rate: new(money.Decimal(75_000))}, "", "Rate2=7.5", nil},
		"numbers are joined":          {change{IDs: []int{1, 2}}, "", "Ids2=1%2C2", nil},
		"times have an offset":        {change{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, "", "At2=2026-01-02T03%3A04%3A05Z", nil},
		"names are those of the wire": {change{SKU: "A/B é"}, "", "Sku2=A%2FB+%C3%A9", nil},
	}
	for name, c := range cases {
		got := make(url.Values)
		err := codec.Encode(got, c.change, "2", c.currency)
		if !errors.Is(err, c.err) || err == nil && got.Encode() != c.want {
			t.Errorf("%s: %s (%v), want %s (%v)", name, got.Encode(), err, c.want, c.err)
		}
	}
}

func TestObjectsOfTheAdminAPIHaveLowerCaseNames(t *testing.T) {
	type part struct {
		Net money.Amount `wire:"net"`
	}
	type invoice struct {
		Currency money.Currency                `wire:"currency"`
		Total    money.Amount                  `wire:"total"`
		Overlap  time.Duration                 `wire:"overlap"`
		Rates    map[money.Currency]money.Rate `wire:"rates"`
		Lines    []part                        `wire:"lines"`
	}
	want := invoice{"JPY", 1500, 90 * time.Second, map[money.Currency]money.Rate{"USD": "0.0065"}, []part{{20}}}
	var got invoice
	err := codec.Decode([]byte(`{"currency":"JPY","total":1500,"overlap":"1m30s","rates":{"USD":"0.0065"},"lines":[{"net":20}]}`), &got, "")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestObjectLeavesOutWhatIsNotSet(t *testing.T) {
	type rule struct {
		Name  string        `wire:"name"`
		Share money.Decimal `wire:"share"`
	}
	type request struct {
		Amount  money.Amount  `wire:"amount"`
		Partner int           `wire:"partner"`
		DryRun  *bool         `wire:"dry_run"`
		Overlap time.Duration `wire:"overlap"`
		At      time.Time     `wire:"at"`
		Scopes  []string      `wire:"scopes"`
		Rules   []rule        `wire:"rules"`
		Hidden  string        `wire:"-"`
	}
	for name, c := range map[string]struct {
		request  request
		currency money.Currency
		want     string
		err      error
	}{
		"nothing":                 {request{Hidden: "a"}, "", "{}", nil},
		"amounts are numbers":     {request{Amount: 1500}, "USD", `{"amount":15.00}`, nil},
		"amounts need a currency": {request{Amount: 1500}, "", "", codec.ErrCurrency},
		"a pointer to a zero":     {request{DryRun: new(false)}, "", `{"dry_run":false}`, nil},
		"times and durations":     {request{Overlap: time.Hour, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, "", `{"at":"2026-01-02T03:04:05Z","overlap":"1h0m0s"}`, nil},
		"lists":                   {request{Partner: 10, Scopes: []string{"actions:read"}, Rules: []rule{{"a", 5_000}}}, "", `{"partner":10,"rules":[{"name":"a","share":0.5}],"scopes":["actions:read"]}`, nil},
	} {
		object, err := codec.Object(c.request, c.currency)
		got, marshalErr := json.Marshal(object)
		if marshalErr != nil {
			t.Error(marshalErr)
		}
		if !errors.Is(err, c.err) || err == nil && string(got) != c.want {
			t.Errorf("%s: %s (%v), want %s (%v)", name, got, err, c.want, c.err)
		}
	}
}
