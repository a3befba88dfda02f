package billing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/sqldb/backup"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// billingFaults change rows of account 1, whose seals and digests stay consistent. The laws find
// them.
var billingFaults = map[string]struct {
	plant func(ctx context.Context, st *sqlstore.Store) error
	laws  []int
}{
	"an action has entries on two invoices":       {run(copyEntry("instant + "+microsOfMonth, "id", "kind = 'ACTION' AND amount > 0")), []int{7, 9}},
	"an adjustment has entries on two invoices":   {run(copyEntry("instant + "+microsOfMonth, "id", "kind = 'ADJUSTMENT' AND amount < 0")), []int{7, 9}},
	"a bonus has two entries":                     {run(copyEntry("instant + 1", "id", "kind = 'BONUS'")), []int{7, 9}},
	"an operator's entry was not recorded":        {run(copyEntry("instant", "'9999'", "kind = 'BONUS'")), []int{7, 9}},
	"an entry of an action that doesn't exist":    {run(copyEntry("instant", "'1000.1001.9999'", "kind = 'ACTION' AND amount > 0")), []int{7, 9}},
	"an entry is missing":                         {run("DELETE FROM entries WHERE account = ?1 AND " + entryOf("amount > 0 AND instant > (SELECT min(created) FROM invoices WHERE account = ?1)", "ASC")), []int{7, 9}},
	"an invoice has none of its entries":          {run("DELETE FROM entries WHERE account = ?1 AND partner = 501 AND instant < (SELECT min(created) FROM invoices WHERE account = ?1 AND partner = 501)"), []int{7}},
	"an entry that is on no invoice is missing":   {run("DELETE FROM entries WHERE account = ?1 AND " + entryOf("kind = 'ACTION'", "DESC")), []int{7}},
	"a write-off is missing":                      {run("DELETE FROM entries WHERE account = ?1 AND " + entryOf("kind = 'WRITE_OFF'", "DESC")), []int{7}},
	"an entry has another amount":                 {run("UPDATE entries SET amount = amount + 1 WHERE account = ?1 AND " + entryOf("kind = 'ACTION'", "ASC")), []int{7, 9}},
	"an entry has another partner":                {run("UPDATE entries SET partner = partner + 1 WHERE account = ?1 AND " + entryOf("kind = 'ACTION' AND amount > 0", "ASC")), []int{7, 9}},
	"an invoice has another name":                 {run("UPDATE invoices SET document = replace(document, 'Partner ', 'Party ') WHERE account = ?1 AND " + unpaid), []int{9}},
	"an invoice has another total":                {run("UPDATE invoices SET total = total + 1 WHERE account = ?1 AND " + unpaid), []int{9}},
	"an invoice has another due date":             {run("UPDATE invoices SET due = due + 1 WHERE account = ?1 AND " + unpaid), []int{9}},
	"an invoice has another digest":               {run("UPDATE invoices SET digest = x'" + strings.Repeat("00", 32) + "' WHERE account = ?1 AND " + unpaid), []int{9}},
	"an invoice leaves out what was carried":      {leaveOutCarried, []int{9}},
	"a partner's last invoice is missing":         {run("DELETE FROM invoices WHERE account = ?1 AND " + unpaid), []int{7}},
	"a partner's last invoice leaves a gap":       {skipNumber, []int{9}},
	"an invoice has no entries":                   {run("UPDATE invoices SET partner = 9999 WHERE account = ?1 AND " + unpaid), []int{7}},
	"an invoice that was forced isn't marked":     {run(`UPDATE invoices SET document = replace(document, '"Forced":true,', '') WHERE account = ?1`), []int{7, 9}},
	"a payment has no invoice":                    {run("UPDATE payments SET ordinal = 99 WHERE account = ?1 AND number = (SELECT min(number) FROM payments WHERE account = ?1)"), []int{8}},
	"an invoice's number in the account is wrong": {run("UPDATE invoices SET number = number + 1000000 WHERE account = ?1 AND " + unpaid), []int{4}},
}

const (
	microsOfMonth = "2678400000000"
	// unpaid selects the last invoice of a partner that has several and didn't pay it.
	unpaid = `(partner, ordinal) = (SELECT v.partner, v.ordinal FROM invoices v LEFT JOIN invoices w ON w.account = v.account AND w.partner = v.partner AND w.ordinal > v.ordinal
		LEFT JOIN payments p ON p.account = v.account AND p.partner = v.partner AND p.ordinal = v.ordinal
		WHERE v.account = ?1 AND v.ordinal > 1 AND w.ordinal IS NULL AND p.ordinal IS NULL LIMIT 1)`
)

// entryOf selects one of the first or last entries that match a condition.
func entryOf(condition, order string) string {
	return "(partner, instant, kind, id) = (SELECT partner, instant, kind, id FROM entries WHERE account = ?1 AND " + condition + " ORDER BY instant " + order + " LIMIT 1 OFFSET 1)"
}

// copyEntry returns a statement that copies an entry with another date and id.
func copyEntry(instant, id, condition string) string {
	return "INSERT INTO entries (account, partner, instant, kind, id, campaign, event_date, amount, reason) SELECT account, partner, " + instant + ", kind, " + id +
		", campaign, event_date, amount, reason FROM entries WHERE account = ?1 AND " + entryOf(condition, "ASC")
}

// run returns a function that runs a statement for the account.
func run(text string) func(context.Context, *sqlstore.Store) error {
	return func(ctx context.Context, st *sqlstore.Store) error {
		return st.DB().Write(ctx, func(s *sqldb.Session) error { return s.Exec(text, 1) })
	}
}

// skipNumber gives a partner's last invoice the next number, as if one were missing.
func skipNumber(ctx context.Context, st *sqlstore.Store) error {
	return st.DB().Write(ctx, func(s *sqldb.Session) error {
		var id invoice.ID
		var document string
		if err := s.Row("SELECT partner, ordinal, document FROM invoices WHERE account = ?1 AND "+unpaid, []any{1}, &id.Partner, &id.Number, &document); err != nil {
			return err
		}
		number := func(n int64) string { return fmt.Sprintf(`"Number":%d`, n) }
		document = strings.Replace(document, number(id.Number), number(id.Number+1), 1)
		return s.Exec("UPDATE invoices SET ordinal = ordinal + 1, document = ?2 WHERE account = ?1 AND partner = ?3 AND ordinal = ?4", 1, document, id.Partner, id.Number)
	})
}

// noRates has no exchange rates.
type noRates struct{}

// RateTables implements [program.RateLookup].
func (noRates) RateTables(program.Date, program.Date, func(program.RateTable) bool) error { return nil }

// leaveOutCarried replaces an invoice with a carried balance by the one that the entries of its
// period give.
func leaveOutCarried(ctx context.Context, st *sqlstore.Store) error {
	var changed invoice.Invoice
	err := st.Read(ctx, 1, func(snapshot store.Reader) error {
		r := snapshot.Statements()
		_, list, err := r.Invoices(search.InvoiceFilter{}, search.Page{Number: 1, Size: 1000})
		if err != nil {
			return err
		}
		for v, err := range list {
			if err != nil {
				return err
			}
			if v.Converted != nil {
				continue // it needs a rate
			}
			reference, err := st.Reference(ctx, 1, v.Created)
			if err != nil {
				return err
			}
			var own invoice.Statement
			for e, err := range r.InvoiceEntries(v.ID) {
				if err == nil && !e.Date.Before(v.Period.Start(reference.Zone())) {
					err = own.Add(e, reference.Zone())
				}
				if err != nil {
					return err
				}
			}
			without, reason, err := own.Invoice(v.ID, v.Period, invoice.TermsOf(reference, v.ID.Partner, noRates{}), false)
			if err != nil || reason == "" && without.Entries < v.Entries {
				changed = without
				return err
			}
		}
		return errors.New("no invoice has a carried balance")
	})
	if err != nil {
		return err
	}
	document, err := json.Marshal(changed)
	if err != nil {
		return err
	}
	return st.DB().Write(ctx, func(s *sqldb.Session) error {
		return s.Exec("UPDATE invoices SET total = ?2, digest = ?3, document = ?4 WHERE account = ?1 AND partner = ?5 AND ordinal = ?6",
			1, int64(changed.Total), changed.Digest[:], string(document), changed.ID.Partner, changed.ID.Number)
	})
}

func TestTheLawsFindEachFault(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	use(t, dir, func(st *sqlstore.Store) {
		keep(t, st, 6, 900, "USD")
		wantLaws(t, st)
	})
	for name, fault := range billingFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			copied := filepath.Join(t.TempDir(), "copy")
			if err := backup.CopyClosed(sqldb.SQLiteFiles()[0], dir, copied); err != nil {
				t.Fatal(err)
			}
			use(t, copied, func(st *sqlstore.Store) {
				if err := fault.plant(t.Context(), st); err != nil {
					t.Fatal(err)
				}
				wantLaws(t, st, fault.laws...)
			})
		})
	}
}
