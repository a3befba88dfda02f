package adminapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/invoicefile"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// booksHandler handles a request for the books of an account.
type booksHandler func(o httpapi.OperatorRequest, b *accounting.Books) error

// forBooks returns a handler that calls handle with the books of the account in the path.
func (h *handler) forBooks(handle booksHandler) func(httpapi.OperatorRequest) error {
	return forAccount(func(o httpapi.OperatorRequest, account int64) error {
		b, err := accounting.Open(o.Context(), h.invoices.Store, account, o.Now())
		if err != nil {
			return err
		}
		return handle(o, b)
	})
}

// totalsForm is the JSON form of totals.
type totalsForm struct {
	Net   json.Number `json:"net"`
	VAT   json.Number `json:"vat"`
	Total json.Number `json:"total"`
}

func newTotalsForm(c money.Currency, t invoice.Totals) totalsForm {
	return totalsForm{number(c, t.Net), number(c, t.VAT), number(c, t.Total)}
}

// number returns the JSON form of an amount.
func number(c money.Currency, a money.Amount) json.Number { return json.Number(c.Format(a)) }

// invoiceForm is the JSON form of an invoice. A date is the first instant of a day.
type invoiceForm struct {
	ID          string         `json:"id"`
	Partner     int64          `json:"partner"`
	PartnerName string         `json:"partner_name"`
	Period      program.Month  `json:"period"`
	Currency    money.Currency `json:"currency"`
	Created     program.Date   `json:"created"`
	Due         program.Date   `json:"due"`
	Status      invoice.Status `json:"status"`
	Forced      bool           `json:"forced,omitempty"`
	totalsForm
	VATRate   json.Number    `json:"vat_rate"`
	Converted *convertedForm `json:"converted,omitempty"`
	Payment   *paymentForm   `json:"payment,omitempty"`
	Lines     []lineForm     `json:"lines"`
}

// lineForm is the JSON form of a line.
type lineForm struct {
	Campaign     int64               `json:"campaign"`
	CampaignName string              `json:"campaign_name"`
	Description  invoice.Description `json:"description"`
	Month        program.Month       `json:"month"`
	Actions      int64               `json:"actions"`
	totalsForm
}

// convertedForm is the JSON form of the total in the partner's currency.
type convertedForm struct {
	Currency money.Currency `json:"currency"`
	Rate     string         `json:"rate"`
	Total    json.Number    `json:"total"`
}

// paymentForm is the JSON form of a payment.
type paymentForm struct {
	Date      program.Date `json:"date"`
	Reference string       `json:"reference"`
}

func newInvoiceForm(b *accounting.Books, v invoice.Record) invoiceForm {
	day := func(at time.Time) program.Date { return program.DateOf(at, b.Zone()) }
	f := invoiceForm{
		ID: v.ID.String(), Partner: v.ID.Partner, PartnerName: v.PartnerName, Period: v.Period, Currency: v.Currency,
		Created: day(v.Created), Due: day(v.Due), Status: v.Status(b.Now()), Forced: v.Forced,
		totalsForm: newTotalsForm(v.Currency, v.Totals), VATRate: json.Number(v.VATRate.String()), Lines: make([]lineForm, len(v.Lines)),
	}
	for i, l := range v.Lines {
		f.Lines[i] = lineForm{l.Campaign, l.CampaignName, l.Description, l.Month, l.Actions, newTotalsForm(v.Currency, l.Totals)}
	}
	if c := v.Converted; c != nil {
		f.Converted = &convertedForm{c.Currency, string(c.Rate), number(c.Currency, c.Total)}
	}
	if p := v.Payment; p != nil {
		f.Payment = &paymentForm{day(p.Date), p.Reference}
	}
	return f
}

// queryFilter returns the filter in a query string.
func queryFilter(values map[string]string) (f accounting.Filter, err error) {
	f = accounting.Filter{Status: values["status"], Month: values["month"]}
	if text, sent := values["partner"]; sent {
		if f.Partner, err = scalar.ID(text); err != nil {
			return f, &accounting.FieldError{Field: "partner", Message: err.Error()}
		}
	}
	return f, nil
}

func getInvoices(o httpapi.OperatorRequest, b *accounting.Books) error {
	values, err := o.Query("partner", "status", "month", "page", "limit")
	if err != nil {
		return err
	}
	page, err := parseNumbers(values, pageParameter, limitParameter)
	if err != nil {
		return err
	}
	filter, err := queryFilter(values)
	if err != nil {
		return err
	}
	invoices, total, err := b.Invoices(o.Context(), filter, search.Page{Size: int(page["limit"]), Number: int(page["page"])})
	if err != nil {
		return err
	}
	list := make([]invoiceForm, len(invoices))
	for i, v := range invoices {
		list[i] = newInvoiceForm(b, v)
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"invoices": list, "total": total})
}

// pathInvoice returns the id of the invoice in the path. An invalid id is handled like an
// unknown one.
func pathInvoice(o httpapi.OperatorRequest) (invoice.ID, error) {
	id, err := invoice.ParseID(o.Path("invoice"))
	if err != nil {
		err = ledger.ErrNotFound
	}
	return id, err
}

// findInvoice returns the invoice in the path.
func findInvoice(o httpapi.OperatorRequest, b *accounting.Books) (v invoice.Record, err error) {
	id, err := pathInvoice(o)
	if err != nil {
		return v, err
	}
	return b.Invoice(o.Context(), id)
}

func getInvoice(o httpapi.OperatorRequest, b *accounting.Books) error {
	v, err := findInvoice(o, b)
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newInvoiceForm(b, v))
}

func (h *handler) getInvoicePDF(o httpapi.OperatorRequest, b *accounting.Books) error {
	v, err := findInvoice(o, b)
	if err != nil {
		return err
	}
	return o.WriteFile("application/pdf", "invoice-"+v.ID.String()+".pdf", func(w io.Writer) error {
		return b.WritePDF(w, v, h.missing.Options(h.invoices.Font, v.ID.Partner, h.log))
	})
}

// getInvoiceExport writes an export while it is read.
func getInvoiceExport(o httpapi.OperatorRequest, b *accounting.Books) error {
	values, err := o.Query("partner", "status", "month", "format", "account_code", "tax_type", "month_first")
	if err != nil {
		return err
	}
	x := accounting.Export{Format: accounting.Format(strings.ToLower(valueOr(values, "format", string(accounting.FormatInvoices))))}
	x.Xero = invoicefile.Xero{AccountCode: values["account_code"], TaxType: values["tax_type"]}
	if x.Xero.MonthFirst, err = scalar.Boolean(valueOr(values, "month_first", "false")); err != nil {
		return &accounting.FieldError{Field: "month_first", Message: err.Error()}
	}
	if x.Filter, err = queryFilter(values); err != nil {
		return err
	}
	if err := b.CheckExport(x); err != nil {
		return err
	}
	return o.WriteFile("text/csv; charset=utf-8", x.Name(), func(w io.Writer) error { return b.WriteExport(o.Context(), w, x) })
}

// issueTimeout is the time after which the response says that there is more to issue.
const issueTimeout = 30 * time.Second

// postIssue issues the invoices that are due or, with force, that of a partner.
func postIssue(o httpapi.OperatorRequest, b *accounting.Books) error {
	var partner int64
	var reason string
	err := readBody(o, func(e refdata.Entry) {
		if !refdata.Optional(e, "force", false, scalar.Boolean) {
			for _, key := range []string{"partner", "reason"} {
				if e.Has(key) {
					e.Errorf(key, "Send it with force; without force, the invoices of all partners are issued")
				}
			}
			return
		}
		partner, reason = refdata.Required(e, "partner", scalar.ID), requiredReason(e)
	})
	if err != nil {
		return err
	}
	if partner == 0 {
		issued, err := b.Issue(o.Context(), issueTimeout)
		if err != nil {
			return err
		}
		return o.WriteJSON(http.StatusOK, newIssuedForm(b, issued))
	}
	v, err := b.Force(o.Context(), partner, o.AuditEvent(store.OperationIssue, reason))
	if err != nil {
		return invalidField(err)
	}
	return o.WriteJSON(http.StatusOK, newIssuedForm(b, accounting.Issued{Invoices: []invoice.ID{v.ID}}))
}

// invalidField returns the error for an object that a field of the body names and that doesn't
// exist.
func invalidField(err error) error {
	if missing := (*accounting.NotFoundError)(nil); errors.As(err, &missing) {
		field, _, _ := strings.Cut(missing.Object, " ")
		return wire.Invalid(wire.FieldError{Field: field, Message: "There is no " + missing.Object})
	}
	return err
}

// issuedForm is the JSON form of the result of issuing invoices.
type issuedForm struct {
	Currency money.Currency `json:"currency"`
	Invoices []string       `json:"invoices"`
	// More reports whether more invoices may be due.
	More    bool          `json:"more"`
	Queued  int           `json:"queued,omitempty"`
	Carried []carriedForm `json:"carried,omitempty"`
	Open    *openForm     `json:"open,omitempty"`
}

// carriedForm is the JSON form of a balance that is carried.
type carriedForm struct {
	Partner     int64       `json:"partner"`
	PartnerName string      `json:"partner_name"`
	Carried     json.Number `json:"carried,omitempty"`
	Minimum     json.Number `json:"minimum"`
	// Problem is the reason why there is no amount, or empty.
	Problem invoice.Reason `json:"problem,omitempty"`
}

// openForm is the JSON form of the open period.
type openForm struct {
	Period program.Month `json:"period"`
	Until  time.Time     `json:"until"`
}

func newIssuedForm(b *accounting.Books, issued accounting.Issued) issuedForm {
	f := issuedForm{Currency: b.Currency(), Invoices: []string{}, More: issued.More, Queued: issued.Queued}
	for _, id := range issued.Invoices {
		f.Invoices = append(f.Invoices, id.String())
	}
	for _, v := range issued.Carried {
		c := carriedForm{Partner: v.Partner, PartnerName: v.PartnerName, Minimum: number(b.Currency(), v.Minimum)}
		if v.TooLarge {
			c.Problem = invoice.TooLarge
		} else {
			c.Carried = number(b.Currency(), v.Carried)
		}
		f.Carried = append(f.Carried, c)
	}
	if !issued.Until.IsZero() {
		f.Open = &openForm{issued.Open, issued.Until.In(b.Zone())}
	}
	return f
}
