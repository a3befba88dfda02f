package operate

import (
	"fmt"
	"testing"

	"github.com/trueup-ledger/trueup/client/admin"
)

func TestTheErrorOfAnImportSaysWhatWasRecorded(t *testing.T) {
	matched, other := admin.PaymentRow{Status: "MATCHED"}, admin.PaymentRow{Status: "UNMATCHED"}
	for _, test := range []struct {
		imported admin.ImportedPayments
		dryRun   bool
		want     string
	}{
		{admin.ImportedPayments{Rows: []admin.PaymentRow{matched}, Recorded: 1}, false, "<nil>"},
		{admin.ImportedPayments{Rows: []admin.PaymentRow{matched, other}, Problems: 1}, true, "1 of 2 rows have a problem"},
		{admin.ImportedPayments{Rows: []admin.PaymentRow{other}, Problems: 1}, false, "1 of 1 rows have a problem; nothing was recorded"},
		{admin.ImportedPayments{Rows: []admin.PaymentRow{matched, other}, Recorded: 1, Problems: 1}, false, "1 of 2 rows have a problem; the others were recorded"},
		{
			admin.ImportedPayments{Rows: []admin.PaymentRow{matched, other}, Problems: 1},
			false,
			"1 of 2 rows have a problem; nothing was recorded: correct them, or record the others with --partial",
		},
	} {
		if got := fmt.Sprint(importError(&test.imported, test.dryRun)); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
