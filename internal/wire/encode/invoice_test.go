package encode_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection20AnInvoiceHasItsValues(t *testing.T) {
	written := func(version int, change func(r *invoice.Record)) string {
		r := wiretest.Invoice()
		change(&r)
		asJSON, _ := encodeOne(encoder(t, version), func(e *encode.Encoder, dst []byte) []byte { return e.AppendInvoice(dst, r) })
		return string(asJSON)
	}
	path := "/Advertisers/" + sid + "/Invoices/9-2"
	whole := `{"Id":"9-2","CreatedDate":"2026-10-01T00:00:00-07:00","MediaId":9,"MediaName":"Blog <9>","Currency":"USD","TotalAmount":12.00,` +
		`"TotalVatAmount":2.00,"LineItems":[{"CampaignId":1000,"CampaignName":"Shop","Description":"MEDIA_PAYOUT","EventMonthYear":"82026",` +
		`"Actions":3,"NetItemAmount":10.00,"VatItemAmount":2.00,"TotalItemAmount":12.00,"Status":"PAID","DueDate":"2026-10-21T00:00:00-07:00",` +
		`"PaidDate":"2026-10-07T00:00:00-07:00"}],"DetailedLineItems":[{"AccountId":77,"Name":"Bergmann & Söhne","ProgramId":1000,` +
		`"ProgramName":"Shop","EventMonthYear":"82026","ActionAmount":11.00,"OtherAmount":-1.00,"TotalAmount":10.00}],` +
		`"PDF":"` + path + `/Download","Uri":"` + path + `","ConvertedCurrency":"EUR","ConversionRate":"0.9","ConvertedTotal":10.80}`
	for name, c := range map[string]struct {
		version int
		change  func(r *invoice.Record)
		has     string
	}{
		"all fields":                             {14, func(*invoice.Record) {}, whole},
		"numbers are texts in older versions":    {13, func(*invoice.Record) {}, `"Actions":"3","NetItemAmount":"10.00"`},
		"no actions are 0 in every version":      {13, func(r *invoice.Record) { r.Lines[0].Actions = 0 }, `"Actions":"0"`},
		"a month of two digits":                  {14, func(r *invoice.Record) { r.Lines[0].Month = program.Month{Year: 2025, Month: 12} }, `"EventMonthYear":"122025"`},
		"an invoice that is to be paid":          {14, func(r *invoice.Record) { r.Payment = nil }, `"Status":"PENDING","DueDate":"2026-10-21T00:00:00-07:00","PaidDate":""`},
		"an invoice that is overdue":             {14, func(r *invoice.Record) { r.Payment, r.Due = nil, now.Add(-time.Second) }, `"Status":"OVERDUE"`},
		"an invoice in the account's currency":   {14, func(r *invoice.Record) { r.Converted = nil }, `"Uri":"` + path + `"}`},
		"an invoice in a currency without cents": {14, func(r *invoice.Record) { r.Currency = "JPY" }, `"TotalAmount":1200,`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := written(c.version, c.change); !strings.Contains(got, c.has) {
				t.Errorf("want %s in\n%s", c.has, got)
			}
		})
	}
}

func TestSection22ABalanceHasItsValues(t *testing.T) {
	b := encode.Balance{Partner: 9, Pending: 1, Locked: 2, Cleared: 3, Carried: -4, Invoiced: 50, Paid: 20, WrittenOff: 6}
	checkValues(t, values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendBalance(dst, b) }), map[string]string{
		"MediaPartnerId": "9", "Currency": "USD", "Pending": "0.01", "Locked": "0.02", "Cleared": "0.03", "Carried": "-0.04",
		"Invoiced": "0.50", "Paid": "0.20", "WrittenOff": "0.06", "Owed": "0.30", "Uri": "/Advertisers/" + sid + "/Balances/9",
	})
}

func TestSection22ABalanceWhoseSumsOverflowHasNoAmounts(t *testing.T) {
	b := encode.Balance{Partner: 9, TooLarge: true}
	checkValues(t, values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendBalance(dst, b) }), map[string]string{
		"MediaPartnerId": "9", "Currency": "USD", "Problem": "a sum has too many digits", "Uri": "/Advertisers/" + sid + "/Balances/9",
	})
}

func TestSection22RowsOfExportsHaveTheirValues(t *testing.T) {
	e := encoder(t, wire.CurrentVersion)
	r := wiretest.Invoice()
	row := func(fields []encode.Field) (text string) {
		for _, f := range fields {
			text += " " + f.Name + "=" + string(f.AppendText(nil, e.Reference.Zone()))
		}
		return text
	}
	line := encode.InvoiceLine{Record: r, Line: r.Lines[0], Number: 1}
	unpaid := line
	unpaid.Payment, unpaid.Converted = nil, nil
	entry := encode.Entry{Entry: invoice.Entry{
		Kind: invoice.KindBonus, ID: "5", Partner: 9, Campaign: 1000, Date: now, EventDate: now, Amount: -250, Reason: "make good",
	}, Invoice: r.ID}
	for name, c := range map[string]struct{ got, want string }{
		"a line of an invoice": {row(e.InvoiceLineFields(nil, line)), " InvoiceId=9-2 Line=1 MediaId=9 MediaName=Blog <9> Period=2026-09" +
			" CreatedDate=2026-10-01T00:00:00-07:00 Currency=USD CampaignId=1000 CampaignName=Shop Description=MEDIA_PAYOUT EventMonthYear=82026" +
			" Actions=3 NetItemAmount=10.00 VatItemAmount=2.00 TotalItemAmount=12.00 Status=PAID DueDate=2026-10-21T00:00:00-07:00" +
			" PaidDate=2026-10-07T00:00:00-07:00 PaymentReference=T-1 VatRate=20 TotalAmount=12.00 TotalVatAmount=2.00" +
			" ConvertedCurrency=EUR ConversionRate=0.9 ConvertedTotal=10.80"},
		"a line without a payment": {row(e.InvoiceLineFields(nil, unpaid)), " PaidDate= PaymentReference= VatRate=20 TotalAmount=12.00 TotalVatAmount=2.00" +
			" ConvertedCurrency= ConversionRate= ConvertedTotal="},
		"an entry": {row(e.EntryFields(nil, entry)), " Kind=BONUS Id=5 MediaPartnerId=9 MediaPartnerName=Blog <9> CampaignId=1000 CampaignName=Shop" +
			" Date=2026-10-08T05:00:00-07:00 EventDate=2026-10-08T05:00:00-07:00 Currency=USD Amount=-2.50 Reason=make good InvoiceId=9-2"},
	} {
		if !strings.HasSuffix(c.got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, c.got, c.want)
		}
	}
}
