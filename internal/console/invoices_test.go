package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// The invoices of the demo.
const (
	invoices = "/console/a/1/invoices"
	unpaid   = invoices + "/10002-3"
	adjusted = invoices + "/10002-2"
	overdue  = invoices + "/10005-1"
)

// invoice returns an invoice of account 1.
func (s *site) invoice(t *testing.T, partner, number int64) (v invoice.Record) {
	t.Helper()
	err := s.store.Read(t.Context(), demo.Account, func(r store.Reader) (err error) {
		v, err = r.Statements().Invoice(invoice.ID{Partner: partner, Number: number})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestInvoicesAreListedByPeriodStatusAndPartner(t *testing.T) {
	s := newSite(t)
	period := s.invoice(t, 10002, 3).Period.String()
	for name, c := range map[string]struct {
		query     string
		has, lack []string
	}{
		"all":                         {"", []string{unpaid, overdue, "Paid"}, []string{"Clear</a>"}},
		"those of a period":           {"?month=" + period, []string{unpaid, "Clear</a>", "export?month=" + period}, []string{overdue}},
		"those of a partner":          {"?partner=10005", []string{overdue}, []string{unpaid}},
		"those that are paid":         {"?status=PAID", []string{adjusted}, []string{unpaid, overdue}},
		"those that are overdue":      {"?status=OVERDUE", []string{overdue}, []string{unpaid, adjusted}},
		"those of a time before":      {"?month=2001-01", []string{"No such invoices"}, []string{unpaid}},
		"something that is no month":  {"?month=%22%3E%3Cscript%3E", []string{"must be a month", "&#34;&gt;&lt;script&gt;"}, []string{unpaid, "<script>"}},
		"something that is no status": {"?status=%3Cb%3E", []string{unpaid}, []string{"<b>"}},
		"a page after the last":       {"?page=99", []string{"No invoices yet"}, []string{unpaid}},
	} {
		t.Run(name, func(t *testing.T) {
			b := s.as(t, "viewer@example.com")
			r := b.get(invoices + c.query)
			for _, text := range c.has {
				if !strings.Contains(r.body, text) {
					t.Errorf("it lacks %q: %s", text, r.body)
				}
			}
			b.lacks(r, c.lack...)
		})
	}
}

func TestAnInvoiceLeadsToActionsAndSubmissions(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	b.want(b.get(overdue), http.StatusOK, "Overdue", "Kitchen Stories", "EUR", "19 %", "/console/a/1/actions/")
	r := b.get(invoices + "/10002-3")
	b.want(r, http.StatusOK, "Adjustment", "/console/a/1/adjustments/")
	_, link, _ := strings.Cut(r.body, `href="/console/a/1/adjustments/`)
	link, _, _ = strings.Cut(link, `"`)
	b.want(b.get("/console/a/1/adjustments/"+link), http.StatusOK, "Applied", "Modification", demo.OrderAdjusted)
	b.want(b.get("/console/a/1/adjustments/x"), http.StatusNotFound)
	b.want(b.get(unpaid+"?from=99"), http.StatusOK, "No entries here")
	for _, from := range []string{"4901", "9999999999", "9223372036854775807"} {
		b.want(b.get(unpaid+"?from="+from), http.StatusBadRequest, "Download the CSV")
	}
	b.want(b.get(unpaid+"?from=4900"), http.StatusOK, "No entries here")
	b.want(b.get(invoices+"/10002-99"), http.StatusNotFound)
}

func TestInvoicesAreDownloaded(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "viewer@example.com")
	for path, c := range map[string]struct{ kind, name, has string }{
		unpaid + "/pdf":                    {"application/pdf", "invoice-10002-3.pdf", "%PDF-"},
		unpaid + "/csv":                    {"text/csv; charset=utf-8", "invoice-10002-3-entries.csv", "\nACTION,"},
		invoices + "/export":               {"text/csv; charset=utf-8", "invoices.csv", "\n10005-1,"},
		invoices + "/export?partner=10002": {"text/csv; charset=utf-8", "invoices.csv", "\n10002-3,"},
	} {
		r := b.get(path)
		b.want(r, http.StatusOK, c.has)
		if kind, disposition := r.header.Get("Content-Type"), r.header.Get("Content-Disposition"); kind != c.kind || disposition != `attachment; filename="`+c.name+`"` {
			t.Errorf("%s is %s as %s", path, kind, disposition)
		}
	}
	for _, path := range []string{"/10002-99/pdf", "/10002-99/csv", "/x/pdf"} {
		b.want(b.get(invoices+path), http.StatusNotFound, "There is no such page")
	}
	b.want(b.get(invoices+"/export?month=x"), http.StatusBadRequest, "must be a month")
}

func TestAPaymentIsRecordedAfterItsPreview(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "finance@example.com")
	b.want(b.get(unpaid), http.StatusOK, "Record the payment")
	today := time.Now().In(s.zone(t)).Format(time.DateOnly)
	form := url.Values{"date": {today}, "reference": {"<i>T-1</i>"}, "note": {"bank <b>statement</b>"}}

	r := b.post(unpaid+"/payment", form)
	b.want(r, http.StatusOK, "Nothing is recorded yet", "&lt;i&gt;T-1&lt;/i&gt;", "bank &lt;b&gt;statement&lt;/b&gt;", "Owed to")
	b.lacks(r, "<i>", "<b>")
	if v := s.invoice(t, 10002, 3); v.Payment != nil {
		t.Fatalf("the preview recorded %+v", v.Payment)
	}
	form.Set("confirmed", "yes")
	form.Set("key", r.field("key"))
	form.Set("total", "0.01")
	b.want(b.post(unpaid+"/payment", form), http.StatusConflict, "Nothing was recorded", "Preview the payment")
	form.Set("total", "much")
	b.want(b.post(unpaid+"/payment", form), http.StatusBadRequest, "The form is incomplete")

	form.Set("total", r.field("total"))
	form.Set("key", "k-1")
	for range 2 { // to send it twice records it once
		b.want(b.post(unpaid+"/payment", form), http.StatusOK, "The payment of invoice 10002-3 is recorded", "&lt;i&gt;T-1&lt;/i&gt;")
	}
	if v := s.invoice(t, 10002, 3); v.Payment == nil || v.Payment.Reference != "<i>T-1</i>" {
		t.Errorf("the payment is %+v", v.Payment)
	}
	s.want(t, store.OperationPay, "bank <b>statement</b>", "Ms. finance")
	b.lacks(b.get(unpaid), "Record the payment")
	form.Set("key", "k-2")
	b.want(b.post(unpaid+"/payment", form), http.StatusConflict, "Nothing was recorded")
	form.Del("confirmed")
	b.want(b.post(unpaid+"/payment", form), http.StatusUnprocessableEntity, "The invoice is paid already")
}

func TestAPaymentNeedsADayAndAReason(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "finance@example.com")
	for name, c := range map[string]struct {
		form   url.Values
		status int
		has    string
	}{
		"no day":                {url.Values{"note": {"x"}}, http.StatusUnprocessableEntity, "Enter the day"},
		"no reason":             {url.Values{"date": {time.Now().In(s.zone(t)).Format(time.DateOnly)}}, http.StatusUnprocessableEntity, "Say why"},
		"a preview of before":   {url.Values{"date": {"2001-01-01"}, "note": {"x"}}, http.StatusUnprocessableEntity, "The day of the payment must be one from"},
		"a preview of tomorrow": {url.Values{"date": {"2999-01-01"}, "note": {"x"}}, http.StatusUnprocessableEntity, "The day of the payment must be one from"},
		"a preview of no day":   {url.Values{"date": {"2026-02-30"}, "note": {"x"}}, http.StatusUnprocessableEntity, "The day of the payment must be one from"},
		"a day of before":       {url.Values{"date": {"2001-01-01"}, "note": {"x"}, "confirmed": {"yes"}, "total": {"1.00"}, "key": {"1"}}, http.StatusBadRequest, "must not be before"},
		"a day that isn't one":  {url.Values{"date": {"<b>"}, "note": {"x"}, "confirmed": {"yes"}, "total": {"1.00"}, "key": {"2"}}, http.StatusBadRequest, "The day of the payment"},
		"a confirmed empty one": {url.Values{"confirmed": {"yes"}, "total": {"1.00"}, "key": {"3"}}, http.StatusBadRequest, "The day of the payment"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &browser{t, s, b.client}
			r := b.post(unpaid+"/payment", c.form)
			b.want(r, c.status, c.has)
			b.lacks(r, "<b>")
		})
	}
	if v := s.invoice(t, 10002, 3); v.Payment != nil {
		t.Errorf("the payment is %+v", v.Payment)
	}
}

func TestACarriedBalanceIsWrittenOff(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "finance@example.com")
	b.want(b.get("/console/a/1/balances"), http.StatusOK, "/console/a/1/balances/10003", "Kitchen Stories")
	const path = "/console/a/1/balances/10003"
	r := b.get(path)
	b.want(r, http.StatusOK, "Nothing is recorded yet", "Write off the carried balance")
	form := url.Values{"note": {"left the program"}, "key": {r.field("key")}, "carried": {"0.01"}}
	b.want(b.post(path+"/write-off", form), http.StatusConflict, "The carried balance is another one now")
	form.Set("carried", r.field("carried"))
	form.Set("note", "")
	b.want(b.post(path+"/write-off", form), http.StatusBadRequest, "The reason is required")
	form.Set("note", "left the program")
	form.Set("key", "k-1")
	for range 2 { // to send it twice records it once
		r = b.post(path+"/write-off", form)
		b.want(r, http.StatusOK, "Written off: ")
		b.lacks(r, "Nothing is recorded yet")
	}
	s.want(t, store.OperationWriteOff, "left the program", "Ms. finance")
	form.Set("key", "k-2")
	b.want(b.post(path+"/write-off", form), http.StatusConflict, "there is nothing to write off")
	for _, unknown := range []string{"99", "0", "x", "-1"} {
		b.want(b.get("/console/a/1/balances/"+unknown), http.StatusNotFound)
	}
}

func TestOnlyFinancePaysAndWritesOff(t *testing.T) {
	s := newSite(t)
	for _, person := range []string{"viewer@example.com", "operator@example.com"} {
		b := s.as(t, person)
		b.lacks(b.get(unpaid), "Record the payment")
		b.lacks(b.get("/console/a/1/balances/10003"), "Write off the carried")
		form := url.Values{"date": {"2026-01-01"}, "note": {"no"}, "key": {"k"}, "confirmed": {"yes"}, "total": {"1.00"}}
		b.want(b.post(unpaid+"/payment", form), http.StatusForbidden)
		b.want(b.post("/console/a/1/balances/10003/write-off", form), http.StatusForbidden)
	}
	if v := s.invoice(t, 10002, 3); v.Payment != nil {
		t.Errorf("the payment is %+v", v.Payment)
	}
}

func TestInvoicesOfAnotherAccountAreNotReadable(t *testing.T) {
	s := newSite(t)
	b := s.as(t, "japan@example.com")
	for _, path := range []string{unpaid, unpaid + "/pdf", unpaid + "/csv", "/console/a/1/balances/10003"} {
		b.want(b.get(path), http.StatusNotFound)
		b.want(b.get(strings.Replace(path, "/a/1/", "/a/2/", 1)), http.StatusNotFound)
	}
	r := b.get("/console/a/2/invoices/export")
	b.want(r, http.StatusOK)
	b.lacks(r, "10002-", "10005-")
	form := url.Values{"date": {"2026-01-01"}, "note": {"no"}, "key": {"k"}, "confirmed": {"yes"}, "total": {"1.00"}, "carried": {"1.00"}}
	b.want(b.post("/console/a/2/invoices/10002-3/payment", form), http.StatusNotFound)
	b.want(b.post("/console/a/2/balances/10003/write-off", form), http.StatusNotFound)
}

// zone returns the time zone of account 1.
func (s *site) zone(t *testing.T) *time.Location {
	t.Helper()
	reference, err := s.store.CurrentReference(t.Context(), demo.Account)
	if err != nil {
		t.Fatal(err)
	}
	return reference.Zone()
}
