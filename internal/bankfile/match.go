package bankfile

import (
	"fmt"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Status is what becomes of a transfer.
type Status string

// The statuses.
const (
	// Matched is a transfer that pays an invoice.
	Matched Status = "MATCHED"
	// Recorded is a transfer that was recorded before, as in a file that is imported again.
	Recorded Status = "RECORDED"
	// Unmatched is a transfer that names no invoice, or several.
	Unmatched Status = "UNMATCHED"
	// Mismatched is a transfer that differs from its invoice.
	Mismatched Status = "MISMATCHED"
	// Duplicate is one of several transfers for an invoice.
	Duplicate Status = "DUPLICATE"
	// AlreadyPaid is another transfer for an invoice that is paid.
	AlreadyPaid Status = "ALREADY_PAID"
	// Invalid is a row that can't be read.
	Invalid Status = "INVALID"
)

// Statuses lists every Status.
var Statuses = []Status{Matched, Recorded, Unmatched, Mismatched, Duplicate, AlreadyPaid, Invalid}

// IsProblem reports whether an operator has to do something.
func (s Status) IsProblem() bool { return s != Matched && s != Recorded }

// Result is a transfer with the invoice that it names.
type Result struct {
	Transfer
	Status Status
	// Invoice is nil if the transfer names no invoice that exists.
	Invoice *invoice.Record
	// Message is the problem with its remedy, or empty.
	Message string
}

// Match finds the invoices that transfers pay. Invoices has those that the transfers name and
// that exist. Zone is the account's, and today the date in it.
func Match(transfers []Transfer, invoices map[invoice.ID]invoice.Record, zone *time.Location, today program.Date) []Result {
	m := matching{invoices: invoices, zone: zone, today: today, lines: make(map[invoice.ID][]int), recorded: make(map[invoice.ID]bool)}
	for _, t := range transfers {
		if found := m.find(t); len(found) == 1 {
			m.lines[found[0].ID] = append(m.lines[found[0].ID], t.Line)
		}
	}
	results := make([]Result, len(transfers))
	for i, t := range transfers {
		results[i] = m.match(t)
	}
	return results
}

type matching struct {
	invoices map[invoice.ID]invoice.Record
	zone     *time.Location
	today    program.Date
	// lines has the lines of the transfers for each invoice.
	lines map[invoice.ID][]int
	// recorded has the invoices whose payment was found in the file.
	recorded map[invoice.ID]bool
}

// find returns the invoices that a transfer names.
func (m *matching) find(t Transfer) (found []invoice.Record) {
	for _, id := range t.Invoices {
		if v, exists := m.invoices[id]; exists {
			found = append(found, v)
		}
	}
	return found
}

func (m *matching) match(t Transfer) Result {
	found := m.find(t)
	if len(found) != 1 {
		return Result{Transfer: t, Status: Unmatched, Message: unmatched(t, found)}
	}
	v := found[0]
	r := Result{Transfer: t, Invoice: &v, Status: Matched}
	created := program.DateOf(v.Created, m.zone)
	fail := func(s Status, format string, args ...any) Result {
		r.Status, r.Message = s, fmt.Sprintf(format, args...)
		return r
	}
	switch lines := m.lines[v.ID]; {
	case t.Problem != "":
		return fail(Invalid, "%s", t.Problem)
	case t.Amount < 0:
		return fail(Mismatched, "Is incoming money of %s: if the transfer came back, clear that up with the partner; then remove the row", v.Currency.FormatDecimal(-t.Amount))
	case t.Currency != "" && t.Currency != v.Currency:
		return fail(Mismatched, "The currency is %s, and that of invoice %s is %s: record a payment in another currency by hand", t.Currency, v.ID, v.Currency)
	case v.Payment != nil:
		return m.paid(r)
	case len(lines) > 1:
		return fail(Duplicate, "Lines %s name invoice %s, which one transfer pays: keep one of them", join(lines), v.ID)
	case v.Currency.Compare(v.Total, t.Amount) != 0:
		return fail(Mismatched, "The amount is %s, and that of invoice %s is %s: correct the row, or clear up the difference with the partner",
			v.Currency.FormatDecimal(t.Amount), v.ID, v.Currency.Format(v.Total))
	case t.Date > m.today:
		return fail(Mismatched, "The date %s is in the future: correct it", t.Date)
	case t.Date < created:
		return fail(Mismatched, "The date %s is before that of invoice %s, %s: correct it, or say whether dates begin with the day or the month", t.Date, v.ID, created)
	}
	return r
}

// paid returns the result for a transfer whose invoice is paid.
func (m *matching) paid(r Result) Result {
	v := r.Invoice
	date := program.DateOf(v.Payment.Date, m.zone)
	if date == r.Date && v.Payment.Reference == r.Reference && v.Currency.Compare(v.Total, r.Amount) == 0 && !m.recorded[v.ID] {
		m.recorded[v.ID] = true
		r.Status = Recorded
		return r
	}
	r.Status = AlreadyPaid
	r.Message = fmt.Sprintf("Invoice %s was paid on %s with the reference %q: remove the row if it is the same payment, or else ask the partner to pay it back",
		v.ID, date, v.Payment.Reference)
	return r
}

// unmatched returns the problem of a transfer that doesn't name one invoice.
func unmatched(t Transfer, found []invoice.Record) string {
	if len(found) > 1 {
		return fmt.Sprintf("Names invoices %s and %s: a row pays one invoice; split it", found[0].ID, found[1].ID)
	}
	if len(t.Invoices) == 0 {
		return "Names no invoice: write its id, such as 10001-7, into the reference, or remove the row"
	}
	ids := make([]string, len(t.Invoices))
	for i, id := range t.Invoices {
		ids[i] = id.String()
	}
	return fmt.Sprintf("There is no invoice %s: correct its id, or remove the row", strings.Join(ids, " or "))
}

func join(lines []int) string {
	texts := make([]string, len(lines))
	for i, line := range lines {
		texts[i] = fmt.Sprint(line)
	}
	return strings.Join(texts, " and ")
}
