package adminapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/bankfile"
	"github.com/trueup-ledger/trueup/internal/fair"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

func postPayment(o httpapi.OperatorRequest, b *accounting.Books) error {
	var p accounting.Payment
	var reason string
	err := readBody(o, func(e refdata.Entry) {
		p.Date = refdata.Required(e, "date", scalar.Text(maxAmount))
		p.Reference = refdata.Optional(e, "reference", "", scalar.Text(invoice.MaxReference))
		p.Amount = refdata.Optional(e, "amount", "", scalar.Text(maxAmount))
		checkCurrency(e, b)
		reason = requiredReason(e)
	})
	if err != nil {
		return err
	}
	id, err := pathInvoice(o)
	if err != nil {
		return err
	}
	v, err := b.Pay(o.Context(), id, p, o.AuditEvent(store.OperationPay, reason))
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newInvoiceForm(b, v))
}

// slotWait is the longest time to wait for a slot. It is shorter than the time after which the
// server gives up a body that it has not begun to read.
const slotWait = 15 * time.Second

// fileContent returns a function that checks the size of the content of a file.
func fileContent(limit int) func(string) (string, error) {
	return func(s string) (string, error) {
		if len(s) > limit {
			return "", scalar.Errorf("At most %d MiB: split the file", limit>>20)
		}
		return s, nil
	}
}

// importFile calls do with the body of a request with a file of a maximum size. It waits for a slot
// before it reads the body, which may be larger than the file: JSON escapes quotes and the ends of
// lines.
func (h *handler) importFile(o httpapi.OperatorRequest, account, maxFile int64, do func(text []byte) error) error {
	return h.withSlot(o.Context(), account, func() error {
		text, err := o.Body(2*maxFile + maxBody)
		if err != nil {
			return err
		}
		return do(text)
	})
}

// withSlot calls f with a slot for a file in memory. If none is free for [slotWait], it returns
// [store.ErrBusy].
func (h *handler) withSlot(ctx context.Context, account int64, f func() error) error {
	waiting, cancel := context.WithTimeoutCause(ctx, slotWait, store.ErrBusy)
	defer cancel()
	return fair.Use(waiting, h.imports, account, f)
}

// postPayments records the payments of a file of bank transfers.
func (h *handler) postPayments(o httpapi.OperatorRequest, b *accounting.Books) error {
	return h.importFile(o, b.Account(), bankfile.MaxSize, func(text []byte) error { return importPayments(o, b, text) })
}

func importPayments(o httpapi.OperatorRequest, b *accounting.Books, text []byte) error {
	var i accounting.Import
	var reason string
	err := refdata.ParseEntry("", text, func(e refdata.Entry) {
		i.Content = []byte(refdata.Required(e, "content", fileContent(bankfile.MaxSize)))
		i.Decimal = refdata.Optional(e, "decimal", "", scalar.Text(1))
		i.Dates = refdata.Optional(e, "dates", "", scalar.OneOf(bankfile.DateOrders...))
		i.DryRun = refdata.Optional(e, "dry_run", false, scalar.Boolean)
		i.Partial = refdata.Optional(e, "partial", false, scalar.Boolean)
		reason = requiredReason(e)
	})
	if err != nil {
		return err
	}
	imported, err := b.ImportPayments(o.Context(), i, o.AuditEvent(store.OperationPay, reason))
	if err != nil {
		return err
	}
	if imported.Problems > 0 && !i.DryRun && !i.Partial {
		return refusedImport(imported)
	}
	return o.WriteJSON(http.StatusOK, newImportedForm(imported))
}

// maxProblems is the maximum number of rows that an error names.
const maxProblems = 100

// refusedImport returns the error for a file with problems.
func refusedImport(i accounting.Imported) error {
	var fields []wire.FieldError
	for _, r := range i.Results {
		if r.Status.IsProblem() && len(fields) < maxProblems {
			fields = append(fields, wire.FieldError{Field: "content", Message: fmt.Sprintf("Line %d: %s: %s", r.Line, r.Status, r.Message)})
		}
	}
	if more := i.Problems - len(fields); more > 0 {
		fields = append(fields, wire.FieldError{Field: "content", Message: fmt.Sprintf("And %d more", more)})
	}
	return wire.Invalid(append(fields, wire.FieldError{Field: "partial", Message: "Nothing was recorded: correct the rows, or record the others with partial"})...)
}

// importedForm is the JSON form of the result of an import of payments.
type importedForm struct {
	// Recorded is the number of recorded payments, Before that of the rows that were recorded
	// before, and Problems that of the rows with a problem.
	Recorded int               `json:"recorded"`
	Before   int               `json:"recorded_before"`
	Problems int               `json:"problems"`
	Rows     []importedRowForm `json:"rows"`
}

// importedRowForm is the JSON form of the result for a row of the file.
type importedRowForm struct {
	Line    int             `json:"line"`
	Status  bankfile.Status `json:"status"`
	Invoice string          `json:"invoice,omitempty"`
	Message string          `json:"message,omitempty"`
	Date    program.Date    `json:"date,omitempty"`
	*paidForm
}

// paidForm describes the invoice of a row.
type paidForm struct {
	Partner     int64          `json:"partner"`
	PartnerName string         `json:"partner_name"`
	Currency    money.Currency `json:"currency"`
	Total       json.Number    `json:"total"`
}

func newImportedForm(i accounting.Imported) importedForm {
	f := importedForm{i.Recorded, i.Before, i.Problems, make([]importedRowForm, len(i.Results))}
	for n, r := range i.Results {
		f.Rows[n] = importedRowForm{Line: r.Line, Status: r.Status, Message: r.Message, Date: r.Date}
		if v := r.Invoice; v != nil {
			f.Rows[n].Invoice = v.ID.String()
			f.Rows[n].paidForm = &paidForm{v.ID.Partner, v.PartnerName, v.Currency, number(v.Currency, v.Total)}
		}
	}
	return f
}
