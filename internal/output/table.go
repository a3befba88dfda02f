// Package output prints the results of commands, and writes files that are either complete or
// absent.
package output

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// newTable returns a writer that aligns cells, which tabs separate.
func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }

// AuditEvents prints a table of audit events.
func AuditEvents(w io.Writer, events []store.AuditEvent) error {
	table := newTable(w)
	fmt.Fprintln(table, "NUMBER\tAT\tSOURCE\tACTOR\tOPERATION\tSUBJECT\tREASON\tDETAIL")
	for _, e := range events {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%q\t%s\n",
			e.Number, e.At.Format(time.RFC3339), e.Actor.Source, e.Actor.ID, e.Operation, e.Subject, e.Reason, e.Detail)
	}
	return table.Flush()
}

// Deliveries prints a table of the deliveries of a notification.
func Deliveries(w io.Writer, deliveries []store.Delivery) error {
	table := newTable(w)
	fmt.Fprintln(table, "UPDATE\tSTATE\tATTEMPTS\tDUE\tSTATUS\tERROR")
	for _, d := range deliveries {
		due := ""
		if !d.Due.IsZero() {
			due = d.Due.Format(time.RFC3339)
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d\t%s\n", d.Event, d.State(), d.Attempts, due, d.Status, d.Error)
	}
	return table.Flush()
}

// Inquiries is a table of inquiries. Flush prints it.
type Inquiries struct {
	*tabwriter.Writer
	reference *program.Reference
}

// NewInquiries returns a table of inquiries of the account with the reference data.
func NewInquiries(w io.Writer, reference *program.Reference) Inquiries {
	table := newTable(w)
	fmt.Fprintln(table, "ID\tCREATED\tSTATUS\tTYPE\tPARTNER\tORDER\tACTION\tLAST COMMENT")
	return Inquiries{table, reference}
}

// Add adds an inquiry to the table.
func (t Inquiries) Add(q inquiry.Inquiry) {
	last := ""
	if comments := q.AllComments(); len(comments) > 0 {
		last = comments[len(comments)-1].Text
	}
	fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%q\t%s\t%q\n", q.Number, q.Created.In(t.reference.Zone()).Format(time.RFC3339),
		q.Status, q.Type, t.reference.Partners[q.Partner].Name, q.Order, q.Outcome.Action, last)
}
