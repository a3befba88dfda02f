package invoices

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/money"
)

// paymentForm is the form of a payment. Key identifies the payment, so that to send the form twice
// has the effect of sending it once.
type paymentForm struct {
	Date, Reference, Note, Key string
	// Total is that of the invoice that the person has seen.
	Total   string
	Problem string
	// Preview reports whether the form is shown for a last look.
	Preview bool
	// Today is the last date that can be chosen.
	Today string
}

func newPaymentForm(r *page.Request) paymentForm {
	today := r.Now.In(r.Zone).Format(time.DateOnly)
	return paymentForm{Date: today, Key: rand.Text(), Today: today}
}

// OwedAfter returns the balance that is owed after the payment.
func (v *invoice) OwedAfter() money.Amount { return v.Balance.Owed - v.Total }

// PaidAfter returns the sum of paid invoices after the payment.
func (v *invoice) PaidAfter() money.Amount { return v.Balance.Paid + v.Total }

// Pay shows what the payment of an invoice would record, or records it once it is confirmed.
func Pay(r *page.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	v, err := load(r)
	if err != nil {
		return err
	}
	f := &v.Payment
	f.Date, f.Reference, f.Note = form.Get("date"), strings.TrimSpace(form.Get("reference")), strings.TrimSpace(form.Get("note"))
	if form.Get("confirmed") == "" {
		return preview(r, v)
	}
	f.Key, f.Total = form.Get("key"), form.Get("total")
	total, err := v.Currency.ParseAmount(f.Total)
	if err != nil {
		return &page.Problem{Status: http.StatusBadRequest, Message: "The form is incomplete", Remedy: "Open the invoice again and record the payment there."}
	}
	payment := admin.Payment{Date: admin.Date(f.Date), Reference: f.Reference, Amount: &total, Currency: v.Currency}
	_, err = r.Admin.RecordPayment(r.Context(), int(r.Account), v.ID, payment, admin.WriteOptions{Reason: f.Note, IdempotencyKey: f.Key})
	if err != nil {
		return refuse(r, v, err)
	}
	r.Toast("good", "The payment of invoice "+v.ID+" is recorded.")
	return r.Redirect(r.Path("invoices", v.ID))
}

// preview shows what the payment would record.
func preview(r *page.Request, v *invoice) (err error) {
	f := &v.Payment
	_, wrong := time.Parse(time.DateOnly, f.Date)
	switch {
	case v.Invoice.Payment != nil:
		f.Problem = "The invoice is paid already."
	case f.Date == "":
		f.Problem = "Enter the day of the payment."
	case wrong != nil || f.Date < string(v.Created) || f.Date > f.Today:
		f.Problem = "The day of the payment must be one from " + string(v.Created) + ", when the invoice was issued, to today, " + f.Today + "."
	case f.Note == "":
		f.Problem = "Say why: the reason is kept with the payment."
	default:
		f.Preview, f.Total = true, v.Currency.Format(v.Total)
	}
	if v.Payment.Problem != "" {
		return r.RenderStatus(http.StatusUnprocessableEntity, invoicePage, v)
	}
	if v.Balance, err = r.Admin.Balance(r.Context(), int(r.Account), v.Partner); err != nil && !errors.Is(err, client.ErrNotFound) {
		return err
	}
	return r.Render(invoicePage, v)
}

// refuse shows the form of a payment that was refused.
func refuse(r *page.Request, v *invoice, err error) error {
	problem := page.ProblemOf(err)
	if v.Payment.Problem = page.Sentence(err); v.Payment.Problem == "" {
		return err
	}
	v.Payment.Key = rand.Text()
	return r.RenderStatus(problem.Status, invoicePage, v)
}
