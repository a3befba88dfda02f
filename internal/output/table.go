// Package output prints the results of commands, and writes files that are either complete or
// absent.
package output

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// newTable returns a writer that aligns cells, which tabs separate.
func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }

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
