package adminapi_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/adminapi"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

// bookkeeper is a harness on a test clock with the account 7 of two partners, 10 and 11.
type bookkeeper struct {
	*harness
	clock *testclock.Clock
}

func openBooks(t *testing.T) bookkeeper {
	t.Helper()
	h := open(t)
	clock, err := testclock.New(time.Date(2100, 1, 10, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	h.serve(adminapi.Clock{Guard: clock.Guard(slog.New(slog.DiscardHandler)), Log: h.store.LogClock})
	b := bookkeeper{h, clock}
	b.want("PUT", "", `{"name":"Shop","currency":"USD","zone":"UTC","campaigns":[{"id":1000,"name":"All"}],
		"partners":[{"id":10,"name":"Blog","vat_rate":20},{"id":11,"name":"Coupons","minimum_payout":25}]}`, 200, `"recorded":4`)
	return b
}

// move moves the clock to a day.
func (b bookkeeper) move(year int, month time.Month, day int) {
	b.Helper()
	to := time.Date(year, month, day, 1, 0, 0, 0, time.UTC)
	if err := b.clock.Move(func(time.Time) time.Time { return to }, func(time.Time, time.Time) error { return nil }); err != nil {
		b.Fatal(err)
	}
}

// want sends a request about the account and checks its response.
func (b bookkeeper) want(method, path, body string, status int, has string) {
	b.Helper()
	if code, got := b.do(method, "/accounts/7"+path, body); code != status || !strings.Contains(got, has) {
		b.Errorf("%s %s %s: %d %s, want %d with %s", method, path, body, code, got, status, has)
	}
}

// invoice records bonuses of 10 for the partner 10 and of 20 for the partner 11, and issues the
// invoice of the first one.
func (b bookkeeper) invoice() {
	b.Helper()
	b.want("POST", "/bonuses", `{"partner":10,"campaign":1000,"amount":10,"reason":"a contest"}`, 201,
		`{"kind":"BONUS","id":"1","partner":10,"campaign":1000,"currency":"USD","amount":10.00,"period":"2100-01"}`)
	b.want("POST", "/bonuses", `{"partner":11,"campaign":1000,"amount":"20.00","reason":"a contest"}`, 201, `"id":"2"`)
	b.want("POST", "/invoices/issue", `{}`, 200, `{"currency":"USD","invoices":[],"more":false,"open":{"period":"2100-01","until":"2100-02-01T00:00:00Z"}}`)
	b.move(2100, 2, 1)
	b.want("POST", "/invoices/issue", `{}`, 200, `{"currency":"USD","invoices":["10-1"],"more":false,`+
		`"carried":[{"partner":11,"partner_name":"Coupons","carried":20.00,"minimum":25.00}],"open":{"period":"2100-02","until":"2100-03-01T00:00:00Z"}}`)
}

const firstInvoice = `{"id":"10-1","partner":10,"partner_name":"Blog","period":"2100-01","currency":"USD","created":"2100-02-01","due":"2100-02-21",` +
	`"status":"PENDING","net":10.00,"vat":2.00,"total":12.00,"vat_rate":20,"lines":[{"campaign":1000,"campaign_name":"All","description":"BONUS",` +
	`"month":"2100-01","actions":0,"net":10.00,"vat":2.00,"total":12.00}]}`

func TestInvoicesAreIssuedListedAndExported(t *testing.T) {
	b := openBooks(t)
	b.want("POST", "/invoices/issue", `{"force":true,"partner":11,"reason":"leaves"}`, 409, "No invoice was issued: there are no entries")
	b.invoice()
	b.want("GET", "/invoices/10-1", "", 200, firstInvoice)
	b.want("POST", "/invoices/issue", `{"force":true,"partner":11,"reason":"leaves"}`, 200, `{"currency":"USD","invoices":["11-1"],"more":false}`)
	b.want("GET", "/invoices/11-1", "", 200, `"forced":true`)
	b.want("GET", "/invoices?partner=10&status=pending&month=2100-01", "", 200, `{"invoices":[`+firstInvoice+`],"total":1}`)
	b.want("GET", "/invoices?limit=1&page=2", "", 200, `{"invoices":[`+firstInvoice+`],"total":2}`)
	b.want("GET", "/invoices?month=2100-02", "", 200, `{"invoices":[],"total":0}`)
	b.want("GET", "/invoices/10-1/pdf", "", 200, "%PDF-")
	b.want("GET", "/invoices/export?partner=10", "", 200, "\n10-1,1,10,Blog,2100-01,2100-02-01T00:00:00+00:00,USD,1000,All,BONUS,12100,0,10.00,2.00,12.00,PENDING,")
	b.want("GET", "/invoices/export?format=entries", "", 200, "\n10-1,10,Blog,BONUS,1,1000,All,2100-01-10T12:00:00Z,2100-01-10T12:00:00Z,USD,10.00\n")
	b.want("GET", "/invoices/export?format=xero&account_code=429&tax_type=Tax&month_first=true", "", 200, "10-1,02/01/2100,02/21/2100,12.00")
	for name, c := range map[string]struct {
		path, body string
		status     int
		has        string
	}{
		"a status":                          {"?status=late", "", 400, `"Field":"status","Message":"Must be one of PENDING, PAID, OVERDUE."`},
		"a month":                           {"?month=January", "", 400, `"Field":"month"`},
		"a partner":                         {"?partner=x", "", 400, `"Field":"partner"`},
		"a page":                            {"?page=0", "", 400, `"Field":"page"`},
		"an unknown parameter":              {"?period=2100-01", "", 400, `"Field":"period"`},
		"an id":                             {"/10", "", 404, ""},
		"an unknown invoice":                {"/10-2", "", 404, ""},
		"the PDF of an unknown invoice":     {"/10-2/pdf", "", 404, ""},
		"a format":                          {"/export?format=pdf", "", 400, `"Field":"format","Message":"Must be one of invoices, entries, xero."`},
		"bills without a code":              {"/export?format=xero&tax_type=T", "", 400, `"Field":"account_code"`},
		"a code without bills":              {"/export?account_code=429", "", 400, `"Field":"account_code","Message":"Is for bills for Xero only."`},
		"an order of dates":                 {"/export?month_first=maybe", "", 400, `"Field":"month_first"`},
		"force without a partner":           {"/issue", `{"force":true,"reason":"x"}`, 400, `"Field":"partner"`},
		"force without a reason":            {"/issue", `{"force":true,"partner":10}`, 400, `"Field":"reason","Message":"Required: say why`},
		"force of an unknown partner":       {"/issue", `{"force":true,"partner":12,"reason":"x"}`, 400, `"Field":"partner","Message":"There is no partner 12."`},
		"a partner without force":           {"/issue", `{"partner":10}`, 400, `"Field":"partner","Message":"Send it with force`},
		"an unknown key of issuing":         {"/issue", `{"month":"2100-01"}`, 400, `"Field":"month"`},
		"force where nothing is left to do": {"/issue", `{"force":true,"partner":10,"reason":"x"}`, 409, "there are no entries"},
	} {
		method := "GET"
		if c.body != "" {
			method = "POST"
		}
		t.Run(name, func(t *testing.T) {
			b.T = t
			b.want(method, "/invoices"+c.path, c.body, c.status, c.has)
		})
	}
}

func TestBonusesBalancesAndWriteOffs(t *testing.T) {
	b := openBooks(t)
	b.invoice()
	b.want("GET", "/balances?limit=1&page=2", "", 200, `{"balances":[{"partner":11,"partner_name":"Coupons","currency":"USD","pending":0.00,"locked":0.00,`+
		`"cleared":0.00,"carried":20.00,"invoiced":0.00,"paid":0.00,"owed":0.00,"written_off":0.00}],"total":2}`)
	b.want("GET", "/balances?page=9", "", 200, `{"balances":[],"total":2}`)
	b.want("POST", "/balances/11/write_off", `{"reason":"too small"}`, 200,
		`{"entries":[{"kind":"WRITE_OFF","id":"3","partner":11,"campaign":1000,"currency":"USD","amount":-20.00,"period":"2100-02"}]}`)
	b.want("POST", "/balances/11/write_off", `{"reason":"too small"}`, 409, "No balance of the partner is carried")
	b.want("GET", "/balances/11", "", 200, `"carried":0.00,"invoiced":0.00,"paid":0.00,"owed":0.00,"written_off":-20.00}`)
	b.want("GET", "/balances/10", "", 200, `"invoiced":12.00,"paid":0.00,"owed":12.00,`)
	b.want("POST", "/bonuses", `{"partner":10,"campaign":1000,"amount":-0.01,"reason":"damaged goods"}`, 201, `"amount":-0.01,"period":"2100-02"`)
	for name, c := range map[string]struct {
		path, body string
		status     int
		has        string
	}{
		"a write-off without a reason":         {"/balances/11/write_off", `{}`, 400, `"Field":"reason"`},
		"a write-off of an unknown partner":    {"/balances/12/write_off", `{"reason":"x"}`, 404, ""},
		"a bonus without a reason":             {"/bonuses", `{"partner":10,"campaign":1000,"amount":1}`, 400, `"Field":"reason"`},
		"a bonus without a partner":            {"/bonuses", `{"campaign":1000,"amount":1,"reason":"x"}`, 400, `"Field":"partner"`},
		"a bonus of an unknown partner":        {"/bonuses", `{"partner":12,"campaign":1000,"amount":1,"reason":"x"}`, 400, `"Field":"partner","Message":"There is no partner 12."`},
		"a bonus of an unknown campaign":       {"/bonuses", `{"partner":10,"campaign":1,"amount":1,"reason":"x"}`, 400, `"Field":"campaign","Message":"There is no campaign 1."`},
		"a bonus of 0":                         {"/bonuses", `{"partner":10,"campaign":1000,"amount":0,"reason":"x"}`, 400, `"Field":"amount","Message":"Must not be 0."`},
		"a bonus with too many decimal places": {"/bonuses", `{"partner":10,"campaign":1000,"amount":0.001,"reason":"x"}`, 400, `"Field":"amount","Message":"Must have at most 2 decimal places`},
		"a bonus with another decimal point":   {"/bonuses", `{"partner":10,"campaign":1000,"amount":"1,5","reason":"x"}`, 400, `"Field":"amount"`},
		"a bonus that is no number":            {"/bonuses", `{"partner":10,"campaign":1000,"amount":"lots","reason":"x"}`, 400, `"Field":"amount"`},
		"the balance of an unknown partner":    {"/balances/12", "", 404, ""},
		"the balance of something else":        {"/balances/x", "", 404, ""},
		"balances with an invalid limit":       {"/balances?limit=0", "", 400, `"Field":"limit"`},
		"a bonus in the account's currency":    {"/bonuses", `{"partner":10,"campaign":1000,"amount":1,"currency":"USD","reason":"x"}`, 201, `"currency":"USD","amount":1.00`},
		"a bonus in another currency":          {"/bonuses", `{"partner":10,"campaign":1000,"amount":1,"currency":"EUR","reason":"x"}`, 400, `"Field":"currency","Message":"Must be USD, the currency of the account`},
	} {
		method := "GET"
		if c.body != "" {
			method = "POST"
		}
		t.Run(name, func(t *testing.T) {
			b.T = t
			b.want(method, c.path, c.body, c.status, c.has)
		})
	}
	b.T = t
	if code, _ := b.do("GET", "/accounts/9/balances", ""); code != 404 {
		t.Errorf("the balances of an unknown account: %d", code)
	}
}

func TestAPaymentIsRecordedOnce(t *testing.T) {
	b := openBooks(t)
	b.invoice()
	b.move(2100, 2, 15)
	const path = "/invoices/10-1/payment"
	b.want("POST", path, `{"reason":"x"}`, 400, `"Field":"date"`)
	b.want("POST", path, `{"date":"2100-02-15"}`, 400, `"Field":"reason"`)
	b.want("POST", path, `{"date":"15.02.2100","reason":"x"}`, 400, `"Field":"date","Message":"Must be a date`)
	b.want("POST", path, `{"date":"2100-02-16","reason":"x"}`, 400, `"Field":"date","Message":"Must not be after today, 2100-02-15."`)
	b.want("POST", path, `{"date":"2100-01-31","reason":"x"}`, 400, `"Field":"date","Message":"Must not be before the date of the invoice, 2100-02-01."`)
	b.want("POST", path, `{"date":"2100-02-15","amount":11.99,"reason":"x"}`, 409, "Nothing was recorded: invoice 10-1: its total is 12.00 USD, not 11.99")
	b.want("POST", path, `{"date":"2100-02-15","reference":"`+strings.Repeat("x", 256)+`","reason":"x"}`, 400, `"Field":"reference"`)
	b.want("POST", "/invoices/10-2/payment", `{"date":"2100-02-15","reason":"x"}`, 404, "")
	b.want("POST", "/invoices/x/payment", `{"date":"2100-02-15","reason":"x"}`, 404, "")
	const body = `{"date":"2100-02-15","reference":"T-1","amount":12,"reason":"by transfer"}`
	first := b.doWithKey("k", "POST", "/accounts/7"+path, body)
	again := b.doWithKey("k", "POST", "/accounts/7"+path, body)
	if first.Code != 200 || again.Body.String() != first.Body.String() || !strings.Contains(first.Body.String(), `"status":"PAID",`) {
		t.Errorf("responses are %d %s and %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	b.want("GET", "/invoices/10-1", "", 200, `"payment":{"date":"2100-02-15","reference":"T-1"}`)
	b.want("POST", path, body, 409, "Nothing was recorded: invoice 10-1: it is paid already")
	event := b.auditEvents(7)[0]
	if event.Subject != "invoice 10-1" || event.Reason != "by transfer" || event.Detail != "12.00 USD on 2100-02-15, T-1" {
		t.Errorf("the audit event is %+v", event)
	}
}

// importBody returns the body of an import.
func importBody(t *testing.T, content string, more string) string {
	t.Helper()
	text, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	return `{"content":` + string(text) + `,"reason":"February"` + more + `}`
}

func TestPaymentsAreImported(t *testing.T) {
	b := openBooks(t)
	b.invoice()
	b.want("POST", "/invoices/issue", `{"force":true,"partner":11,"reason":"leaves"}`, 200, `"11-1"`)
	b.move(2100, 2, 15)
	const path = "/payments/import"
	const heading = "date,reference,amount\r\n"
	const both = heading + "2100-02-14,Payment 10-1,12.00\r\n2100-02-14,11-1,19.99\r\n"
	paid := func(want string) {
		t.Helper()
		b.want("GET", "/invoices?status=PAID", "", 200, want)
	}
	const rows = `"rows":[{"line":2,"status":"MATCHED","invoice":"10-1","date":"2100-02-14","partner":10,"partner_name":"Blog","currency":"USD","total":12.00},{"line":3,"status":"MISMATCHED","invoice":"11-1","message":"The amount is 19.99, `
	b.want("POST", path, importBody(t, both, `,"dry_run":true`), 200, `{"recorded":0,"recorded_before":0,"problems":1,`+rows)
	b.want("POST", path, importBody(t, both, ""), 400, `{"Field":"content","Message":"Line 3: MISMATCHED: The amount is 19.99, and that of invoice 11-1 is 20.00`)
	b.want("POST", path, importBody(t, both, ""), 400, `{"Field":"partial","Message":"Nothing was recorded: correct the rows`)
	paid(`"total":0`)
	b.want("POST", path, importBody(t, both, `,"partial":true`), 200, `{"recorded":1,"recorded_before":0,"problems":1,`+rows)
	paid(`"total":1`)
	b.want("POST", path, importBody(t, strings.Replace(both, "19.99", "20,00", 1), `,"partial":true`), 200, `"status":"INVALID","invoice":"11-1","message":"The row has more cells`)
	b.want("POST", path, importBody(t, strings.Replace(both, "19.99", "20", 1), ""), 200, `{"recorded":1,"recorded_before":1,"problems":0,`)
	b.want("POST", path, importBody(t, strings.Replace(both, "19.99", "20", 1), ""), 200, `{"recorded":0,"recorded_before":2,"problems":0,`)
	paid(`"total":2`)
	for name, c := range map[string]struct{ body, has string }{
		"no content":         {`{"reason":"x"}`, `"Field":"content"`},
		"no reason":          {`{"content":"date,reference,amount\n"}`, `"Field":"reason"`},
		"no headings":        {importBody(t, "1,2,3\n", ""), `"Field":"content","Message":"line 1: No headings`},
		"a separator":        {importBody(t, both, `,"decimal":":"`), `"Field":"decimal","Message":"Must be . or ,."`},
		"an order of dates":  {importBody(t, both, `,"dates":"YMD"`), `"Field":"dates"`},
		"a file too large":   {importBody(t, strings.Repeat("x", 4<<20+1), ""), `"Field":"content","Message":"At most 4 MiB: split the file`},
		"a problem too many": {importBody(t, heading+strings.Repeat("2100-02-14,rent,1\n", 101), ""), `"Message":"And 1 more."`},
	} {
		t.Run(name, func(t *testing.T) {
			b.T = t
			b.want("POST", path, c.body, 400, c.has)
		})
	}
}
