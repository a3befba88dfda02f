package ledger_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestStateDetailFollowsTheInvoiceOfALockedAction(t *testing.T) {
	locking := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		action ledger.Action
		at     time.Time
		status invoice.Status
		detail ledger.StateDetail
		text   string
	}{
		"locked, on no invoice":           {ledger.Action{}, locking, "", ledger.DetailPaymentPending, "Approved/Payment Pending"},
		"locked, on a pending invoice":    {ledger.Action{}, locking, invoice.Pending, ledger.DetailPaymentPending, "Approved/Payment Pending"},
		"locked, on a paid invoice":       {ledger.Action{}, locking, invoice.Paid, ledger.DetailPaid, "Approved/Paid"},
		"locked, on an overdue invoice":   {ledger.Action{}, locking, invoice.Overdue, ledger.DetailOverdue, "Approved/Overdue"},
		"not locked then":                 {ledger.Action{}, locking.Add(-1), invoice.Paid, "", "Pending"},
		"not locked, and overdue later":   {ledger.Action{}, locking.Add(-1), invoice.Overdue, "", "Pending"},
		"reversed, whatever its invoice":  {ledger.Action{Reversed: true}, locking, invoice.Paid, "", "Reversed"},
		"reversed before it was invoiced": {ledger.Action{Reversed: true}, locking, invoice.Overdue, "", "Reversed"},
	} {
		t.Run(name, func(t *testing.T) {
			c.action.LockingDate = locking
			if detail, text := c.action.StateDetail(c.at, program.EventType{}, c.status); detail != c.detail || text != c.text {
				t.Errorf("%q, %q; want %q, %q", detail, text, c.detail, c.text)
			}
		})
	}
}
