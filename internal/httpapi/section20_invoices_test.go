package httpapi_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// invoiced is an action, with a return after it locked, whose invoice was issued.
type invoiced struct {
	*service
	action, adjustment string
	invoice            wireInvoice
}

// wireInvoice is the response to a GET of an invoice.
type wireInvoice struct {
	Id, MediaName, Currency, PDF, Uri string
	MediaId                           int64
	CreatedDate                       time.Time
	TotalAmount, TotalVatAmount       decimal
	LineItems                         []struct {
		CampaignId, Actions                                         int64
		CampaignName, Description, EventMonthYear, Status, PaidDate string
		DueDate                                                     time.Time
		NetItemAmount, VatItemAmount, TotalItemAmount               decimal
	}
	DetailedLineItems []struct {
		AccountId, ProgramId                   int64
		Name, ProgramName, EventMonthYear      string
		ActionAmount, OtherAmount, TotalAmount decimal
	}
}

// decimal is a JSON number with two decimal places, in cents.
type decimal money.Amount

func (d *decimal) UnmarshalJSON(text []byte) error {
	parsed, err := money.ParseDecimal(string(text))
	*d = decimal(parsed / 100)
	return err
}

// bill issues everything that is due at the service's time.
func (s *service) bill(t *testing.T) {
	t.Helper()
	for progress := true; progress; {
		billed, err := s.store.Bill(t.Context(), demo.Account, s.now())
		if err != nil {
			t.Fatal(err)
		}
		progress = billed.Progress
	}
}

// setClock sets the service's clock.
func (s *service) setClock(now time.Time) { s.clockOffset.Store(int64(time.Until(now))) }

// serveInvoiced returns an API that has issued the invoice of an action and its adjustment, and
// whose clock is an hour after that.
func serveInvoiced(t *testing.T) invoiced {
	t.Helper()
	s := invoiced{service: serve(t)}
	s.action = s.lateOrder(t)
	if r := s.submit(t, "PUT", "/Actions", "ActionId="+s.action+"&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE"); r.ErrorReason != "" {
		t.Fatalf("the late return: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions/" + s.action, has: []string{`"StateDetail":"PAYMENT_PENDING"`}})
	s.clockOffset.Add(int64(100 * 24 * time.Hour))
	s.bill(t)
	var list struct {
		Adjustments []struct{ Id, InvoiceId string }
	}
	s.read(t, "/Actions/"+s.action+"/Adjustments", &list)
	s.adjustment = list.Adjustments[0].Id
	s.read(t, "/Invoices/"+list.Adjustments[0].InvoiceId, &s.invoice)
	s.setClock(s.invoice.CreatedDate.Add(time.Hour))
	return s
}

func TestSection20InvoicesAddUp(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	v := s.invoice
	var net, vat, total, details decimal
	for _, line := range v.LineItems {
		net, vat, total = net+line.NetItemAmount, vat+line.VatItemAmount, total+line.TotalItemAmount
		if line.CampaignName == "" || line.CampaignId == 0 || line.EventMonthYear == "" || line.Status == "" || !line.DueDate.After(v.CreatedDate) {
			t.Errorf("the line is %+v", line)
		}
	}
	for _, d := range v.DetailedLineItems {
		details += d.TotalAmount
		if d.TotalAmount != d.ActionAmount+d.OtherAmount || d.AccountId != demo.Account || d.Name == "" || d.ProgramName == "" {
			t.Errorf("the detailed line is %+v", d)
		}
	}
	if len(v.LineItems) == 0 || net != details || total != net+vat || v.TotalAmount != total || v.TotalVatAmount != vat {
		t.Errorf("the invoice doesn't add up: %+v", v)
	}
	if v.MediaId != 10001 || v.Currency != "USD" || !strings.HasPrefix(v.Id, "10001-") || v.Uri != "/Advertisers/"+demo.SID+"/Invoices/"+v.Id || v.PDF != v.Uri+"/Download" {
		t.Errorf("the invoice is %+v", v)
	}
}

func TestSection20Invoices(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	v := s.invoice
	id := `"Id":"` + v.Id + `"`
	day := v.CreatedDate.Format(time.DateOnly)
	pdf := map[string]string{"Content-Type": "application/pdf", "Content-Disposition": "inline; filename=invoice-" + v.Id + ".pdf", "Cache-Control": "no-store"}
	s.exchangeAll(t, map[string]exchange{
		"all invoices":                        {path: "/Invoices", has: []string{`"@page":"1"`, `"Invoices":[{"Id":"`, id}},
		"all invoices in XML":                 {path: "/Invoices.xml", has: []string{`<Invoices page="1"`, "<Invoice><Id>", "<LineItems><LineItem><CampaignId>"}},
		"those of a partner":                  {path: "/Invoices?MediaId=10001", has: []string{id}, hasNot: []string{`"MediaId":10002`}},
		"those of an unknown partner":         {path: "/Invoices?MediaId=7", has: []string{`"@total":"0"`, `"Invoices":[]`}},
		"those that were created on a day":    {path: "/Invoices?StartDate=" + day + "&EndDate=" + day, has: []string{id}},
		"those that were created later":       {path: "/Invoices?StartDate=" + v.CreatedDate.AddDate(1, 0, 0).Format(time.DateOnly), has: []string{`"@total":"0"`}},
		"those that are to be paid":           {path: "/Invoices?Status=pending&MediaId=10001", has: []string{id}},
		"those that were paid":                {path: "/Invoices?Status=PAID&MediaId=10001", has: []string{`"@total":"0"`}},
		"a page":                              {path: "/Invoices?PageSize=1", has: []string{`"@pagesize":"1"`, `"@nextpageuri":"/Advertisers/`}},
		"a page past the end":                 {path: "/Invoices?Page=9999", has: []string{`"Invoices":[]`}},
		"an unknown status":                   {path: "/Invoices?Status=DRAFT", status: 400, has: []string{`"Field":"Status","Message":"Must be one of PENDING, PAID, OVERDUE."`}},
		"a partner that is no number":         {path: "/Invoices?MediaId=x", status: 400, has: []string{`"Field":"MediaId"`}},
		"an end before the start":             {path: "/Invoices?StartDate=2026-01-02&EndDate=2026-01-01", status: 400, has: []string{`"Field":"EndDate"`}},
		"an invoice":                          {path: "/Invoices/" + v.Id, has: []string{id}},
		"an invoice in XML":                   {path: "/Invoices/" + v.Id + ".xml", has: []string{"<Invoice><Id>" + v.Id + "</Id>"}},
		"an invoice in an older version":      {path: "/Invoices/" + v.Id + "?IrVersion=13", has: []string{`"MediaId":"10001"`}},
		"an invoice that wasn't issued":       {path: "/Invoices/10001-999", status: 404},
		"a number that no invoice has":        {path: "/Invoices/10001-0", status: 404},
		"an id that is too large":             {path: "/Invoices/10001-99999999999999999999", status: 404},
		"an id without a number":              {path: "/Invoices/10001", status: 404},
		"an id that is a text":                {path: "/Invoices/none", status: 404},
		"a file":                              {path: "/Invoices/" + v.Id + "/Download", has: []string{"%PDF-1."}, wantHeader: pdf},
		"a file that is asked for as a PDF":   {path: "/Invoices/" + v.Id + "/Download", header: map[string]string{"Accept": "application/pdf"}, has: []string{"%PDF-1."}, wantHeader: pdf},
		"the file of an unknown invoice":      {path: "/Invoices/10001-999/Download", status: 404},
		"the file of an invalid id":           {path: "/Invoices/10001-0/Download", header: map[string]string{"Accept": "application/pdf"}, status: 404},
		"a write to the invoices":             {method: http.MethodPost, path: "/Invoices", contentType: form, status: 405},
		"a parameter that is ignored":         {path: "/Invoices?CampaignId=1000", wantHeader: map[string]string{"Trueup-Ignored-Parameters": "CampaignId"}},
		"a parameter of a file is ignored":    {path: "/Invoices/" + v.Id + "/Download?Page=1", wantHeader: map[string]string{"Trueup-Ignored-Parameters": "Page"}},
		"adjustments of the invoice":          {path: "/Adjustments?InvoiceId=" + v.Id, has: []string{`"@total":"1"`, s.adjustment, `"InvoiceId":"` + v.Id + `"`, "InvoiceId=" + v.Id}},
		"one of its adjustments":              {path: "/Adjustments/" + s.adjustment, has: []string{`"InvoiceId":"` + v.Id + `"`}},
		"adjustments of another invoice":      {path: "/Adjustments?InvoiceId=10001-999", has: []string{`"@total":"0"`, `"Adjustments":[]`}},
		"adjustments of an invoice, filtered": {path: "/Adjustments?InvoiceId=" + v.Id + "&MediaPartnerId=10002", has: []string{`"@total":"0"`}},
		"adjustments of an id that is wrong":  {path: "/Adjustments?InvoiceId=10001-0", status: 400, has: []string{`"Field":"InvoiceId","Message":"Not the id of an invoice, such as 10001-7."`}},
	})
}

func TestSection20TheFileOfAnInvoiceIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	path := "/Invoices/" + s.invoice.Id + "/Download"
	first := s.exchange(t, exchange{path: path})
	s.clockOffset.Add(int64(time.Hour))
	if again := s.exchange(t, exchange{path: path}); !bytes.Equal([]byte(first), []byte(again)) || !strings.HasSuffix(strings.TrimSpace(first), "%%EOF") {
		t.Errorf("files of %d and %d bytes differ", len(first), len(again))
	}
}

// pay records the payment of the invoice.
func (s invoiced) pay(t *testing.T) {
	t.Helper()
	id, err := invoice.ParseID(s.invoice.Id)
	if err != nil {
		t.Fatal(err)
	}
	p := store.Payment{Payment: invoice.Payment{Invoice: id, Date: s.now().Truncate(time.Second), Reference: "T-1"}, Amount: money.Amount(s.invoice.TotalAmount)}
	if err := s.store.RecordPayments(t.Context(), demo.Account, s.now(), []store.Payment{p}, testEvent); err != nil {
		t.Fatal(err)
	}
}

func TestSection10AnActionFollowsItsInvoice(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	paths := []string{
		"/Actions/" + s.action, "/Actions/" + s.action + "/Effective", "/Actions?Oid=LATE", "/Exports/Actions?ResultFormat=JSONL&Oid=LATE",
	}
	check := func(status, detail string) {
		t.Helper()
		for _, path := range paths {
			s.exchange(t, exchange{path: path, has: []string{`"State":"APPROVED"`, `"StateDetail":"` + detail + `"`}})
		}
		s.exchange(t, exchange{path: "/Invoices/" + s.invoice.Id, has: []string{`"Status":"` + status + `"`}})
		s.exchange(t, exchange{path: "/Invoices?MediaId=10001&Status=" + status, has: []string{`"Id":"` + s.invoice.Id + `"`}})
	}
	check("PENDING", "PAYMENT_PENDING")
	s.setClock(s.invoice.LineItems[0].DueDate.Add(time.Hour))
	check("OVERDUE", "OVERDUE")
	overdue := s.now()
	s.clockOffset.Add(int64(48 * time.Hour))
	s.pay(t)
	check("PAID", "PAID")
	s.exchange(t, exchange{path: "/Invoices/" + s.invoice.Id, has: []string{`"PaidDate":"20`}})
	for at, want := range map[time.Time]string{overdue: "OVERDUE", s.invoice.CreatedDate: "PAYMENT_PENDING", s.now(): "PAID"} {
		asOf := at.UTC().Format("2006-01-02T15:04:05Z")
		s.exchange(t, exchange{path: "/Actions/" + s.action + "?AsOf=" + asOf, has: []string{`"StateDetail":"` + want + `"`}})
	}
	s.exchange(t, exchange{path: "/Actions/" + s.action + "/Updates", hasNot: []string{`"PAID"`, `"OVERDUE"`}})
	dry := "ActionId=" + s.action + "&Sku=WICK&Quantity=0&Reason=ORDER_UPDATE&DryRun=true"
	s.exchange(t, exchange{method: "PUT", path: "/Actions", contentType: form, body: dry, has: []string{`"StateDetail":"PAID"`}})
}

func TestSection22Balances(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	uri := `"Uri":"/Advertisers/` + demo.SID + `/Balances/10001"`
	var before, after struct{ Invoiced, Paid, Owed, WrittenOff, Pending, Locked, Cleared, Carried decimal }
	s.read(t, "/Balances/10001", &before)
	s.pay(t)
	s.read(t, "/Balances/10001", &after)
	if before.Invoiced < s.invoice.TotalAmount || after.Invoiced != before.Invoiced || after.Paid != before.Paid+s.invoice.TotalAmount ||
		before.Owed != before.Invoiced-before.Paid || after.Owed != before.Owed-s.invoice.TotalAmount {
		t.Errorf("before the payment %+v, after it %+v", before, after)
	}
	s.exchangeAll(t, map[string]exchange{
		"all balances by partner":         {path: "/Balances", has: []string{`"Balances":[{"MediaPartnerId":10001,"Currency":"USD","Pending":`, uri, `"MediaPartnerId":10002`}},
		"all balances in XML":             {path: "/Balances.xml", has: []string{`<Balances page="1"`, "<Balance><MediaPartnerId>10001</MediaPartnerId><Currency>USD</Currency><Pending>"}},
		"a page of balances":              {path: "/Balances?PageSize=1&Page=2", has: []string{`"MediaPartnerId":10002`, `"@start":"1"`}, hasNot: []string{`"MediaPartnerId":10001`, `"MediaPartnerId":10003`}},
		"a page past the end":             {path: "/Balances?Page=99", has: []string{`"Balances":[]`}},
		"a balance":                       {path: "/Balances/10001", has: []string{uri}},
		"a balance in an older version":   {path: "/Balances/10001?IrVersion=11", has: []string{`"MediaPartnerId":"10001"`}},
		"an unknown partner":              {path: "/Balances/7", status: 404},
		"a partner that is no number":     {path: "/Balances/none", status: 404},
		"a number that is too large":      {path: "/Balances/99999999999999999999", status: 404},
		"a write to the balances":         {method: http.MethodPut, path: "/Balances/10001", contentType: form, status: 405},
		"a page size that is no number":   {path: "/Balances?PageSize=x", status: 400, has: []string{`"Field":"PageSize"`}},
		"a filter of balances is ignored": {path: "/Balances?Currency=USD", wantHeader: map[string]string{"Trueup-Ignored-Parameters": "Currency"}},
	})
}

func TestSection22InvoicesNeedTheirScope(t *testing.T) {
	t.Parallel()
	s := serve(t)
	paths := []string{"/Invoices", "/Invoices/10001-1", "/Invoices/10001-1/Download", "/Balances", "/Balances/10001", "/Exports/Invoices", "/Exports/Entries"}
	other := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"actions:read", "collections:read"}}, nil)
	reader := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"invoices:read"}}, nil)
	for _, path := range paths {
		other.exchange(t, exchange{path: path, status: http.StatusForbidden, has: []string{"invoices:read"}})
		if r := reader.do(reader.request(http.MethodGet, path, "", "")); r.Code == http.StatusForbidden {
			t.Errorf("%s: %s", path, r.Body)
		}
	}
}

func TestSection22ExportsHaveWhatIsInvoiced(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	bonus := store.Bonus{Partner: 10001, Campaign: 1000, Amount: -250}
	event := testEvent
	event.Reason = "=HYPERLINK(1)"
	if _, err := s.store.RecordBonus(t.Context(), demo.Account, s.now(), bonus, event); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(s.exchange(t, exchange{path: "/Exports/Entries?InvoiceId=" + s.invoice.Id}))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var net, sum decimal
	for _, line := range s.invoice.LineItems {
		net += line.NetItemAmount
	}
	for _, row := range rows[1:] {
		var amount decimal
		if err := amount.UnmarshalJSON([]byte(row[9])); err != nil {
			t.Fatal(err)
		}
		sum += amount
	}
	if sum != net {
		t.Errorf("the entries of the invoice add up to %d, the invoice to %d", sum, net)
	}
	name := s.invoice.MediaName
	s.exchangeAll(t, map[string]exchange{
		"entries of an invoice": {path: "/Exports/Entries?InvoiceId=" + s.invoice.Id, has: []string{
			"Kind,Id,MediaPartnerId,MediaPartnerName,CampaignId,CampaignName,Date,EventDate,Currency,Amount,Reason,InvoiceId\n",
			"\nACTION," + s.action + ",10001," + name + ",1000,", "\nADJUSTMENT," + s.adjustment + ",10001,", ",USD,-0.38,," + s.invoice.Id + "\n",
		}, hasNot: []string{"BONUS"}},
		"entries of an unknown invoice": {path: "/Exports/Entries?InvoiceId=10001-999", hasNot: []string{"ACTION"}},
		"entries of an invalid invoice": {path: "/Exports/Entries?InvoiceId=10001-0", status: 400, has: []string{`"Field":"InvoiceId"`}},
		"entries of a partner":          {path: "/Exports/Entries?MediaPartnerId=10001", has: []string{",-2.50,\"'=HYPERLINK(1)\",\n", s.action}, hasNot: []string{",10002,"}},
		"entries as of a date":          {path: "/Exports/Entries?StartDate=" + s.now().UTC().Format(time.RFC3339), has: []string{"BONUS"}, hasNot: []string{s.action}},
		"entries of another campaign":   {path: "/Exports/Entries?CampaignId=7", hasNot: []string{"ACTION", "BONUS"}},
		"entries as JSON lines":         {path: "/Exports/Entries?ResultFormat=JSONL&InvoiceId=" + s.invoice.Id, has: []string{`{"Kind":"ADJUSTMENT","Id":"` + s.adjustment + `","MediaPartnerId":10001,`}},
		"entries as Parquet":            {path: "/Exports/Entries?ResultFormat=PARQUET", has: []string{"PAR1"}},
		"lines of invoices": {path: "/Exports/Invoices?MediaId=10001", has: []string{
			"InvoiceId,Line,MediaId,MediaName,Period,CreatedDate,Currency,CampaignId,CampaignName,Description,EventMonthYear,", "\n" + s.invoice.Id + ",1,10001,",
		}, hasNot: []string{"\n10002-"}},
		"lines of invoices by status":     {path: "/Exports/Invoices?Status=PAID", hasNot: []string{"\n10001-"}},
		"lines of invoices as JSON lines": {path: "/Exports/Invoices?ResultFormat=JSONL", has: []string{`"InvoiceId":"` + s.invoice.Id + `","Line":1,`, `"ConvertedTotal":null`}},
		"adjustments of an invoice":       {path: "/Exports/Adjustments?InvoiceId=" + s.invoice.Id, has: []string{s.adjustment, "," + s.invoice.Id + "\n"}},
		"adjustments of no invoice":       {path: "/Exports/Adjustments?InvoiceId=10002-999", hasNot: []string{s.adjustment}},
	})
}

func TestSection20InvoicesOfOtherAccountsAreHidden(t *testing.T) {
	t.Parallel()
	s := serveInvoiced(t)
	other := s.as(t, store.TokenRequest{Account: demo.AccountJapan, Scopes: []string{"*:read"}}, nil)
	for _, path := range []string{"/Invoices/%s", "/Invoices/%s/Download"} {
		other.exchange(t, exchange{path: fmt.Sprintf(path, s.invoice.Id), status: http.StatusNotFound})
	}
	other.exchange(t, exchange{path: "/Invoices?MediaId=10001", has: []string{`"@total":"0"`}})
}
