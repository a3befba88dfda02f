package storetest

import (
	"errors"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// The order of [fixture.order] pays 0.88 and clears on 20 December. Its item 12345 pays 0.77 for
// two pieces.
var accountingGuarantees = []guarantee{
	{"a late return is on the invoice of its effective date", func(f *fixture) {
		f.lateOrderFor(90)
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		f.bill(firstOf(2027, 1))
		f.now = firstOf(2027, 1).Add(time.Hour)
		f.accept(ledger.Undo{Submission: 2})
		f.apply()
		same(f, []invoice.ID{{Partner: partner, Number: 1}}, f.idsOf(search.InvoiceFilter{}), "invoices")
		line := f.invoices()[0].Lines[0]
		same(f, []money.Amount{88, -38}, []money.Amount{line.Payouts, line.Others}, "payout and adjustment")
		f.bill(firstOf(2027, 2))
		same(f, []money.Amount{50, 38}, []money.Amount{f.invoices()[0].Net, f.invoices()[1].Net}, "net of both invoices")
		same(f, []invoice.Kind{invoice.KindAction, invoice.KindAdjustment}, f.kindsOf(invoice.ID{Partner: partner, Number: 1}), "entries of the first invoice")
	}},
	{"a bonus is on the invoice of the period in which it was recorded", func(f *fixture) {
		e := must(f.RecordBonus(f.Context(), account, f.now, bonus(250), f.auditEvent(store.OperationBonus)))(f)
		want := invoice.Entry{
			Kind: invoice.KindBonus, ID: "1", Partner: partner, Campaign: campaign, Date: f.now.UTC(), EventDate: f.now.UTC(), Amount: 250, Reason: "a test",
		}
		same(f, want, e, "entry")
		f.bill(firstOf(2026, 12))
		v := f.invoices()[0]
		same(f, []any{invoice.Bonus, money.Amount(250), int64(0)}, []any{v.Lines[0].Description, v.Net, v.Lines[0].Actions}, "line")
		event := f.auditEvents(account)[0]
		same(f, []string{"partner 501", "2.50 USD", "a test"}, []string{event.Subject, event.Detail, event.Reason}, "audit event")
	}},
	{"a bonus of an unknown partner or campaign is refused", func(f *fixture) {
		for _, b := range []store.Bonus{{Partner: 999, Campaign: campaign, Amount: 1}, {Partner: partner, Campaign: 999, Amount: 1}} {
			_, err := f.RecordBonus(f.Context(), account, f.now, b, f.auditEvent(store.OperationBonus))
			wantError(f, ledger.ErrNotFound, err)
		}
	}},
	{"a bonus that is recorded after a period's end by a slow clock is in the open period", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		f.bill(firstOf(2027, 1))
		e := must(f.RecordBonus(f.Context(), account, firstOf(2027, 1).Add(-time.Hour), bonus(1), f.auditEvent(store.OperationBonus)))(f)
		same(f, firstOf(2027, 1).UTC(), e.Date, "date")
	}},
	{"a carried balance can be written off once", func(f *fixture) {
		must(f.RecordBonus(f.Context(), account, f.now, bonus(-500), f.auditEvent(store.OperationBonus)))(f)
		_, err := f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff))
		wantError(f, store.ErrNothingCarried, err)
		f.now = firstOf(2026, 12)
		same(f, 0, len(f.bill(f.now)), "invoices")
		same(f, store.Balance{Partner: partner, Carried: -500}, f.balance(), "balance before")
		written := must(f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff)))(f)
		same(f, []money.Amount{500}, amountsOf(written), "write-off")
		same(f, store.Balance{Partner: partner, WrittenOff: 500}, f.balance(), "balance after")
		_, err = f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff))
		wantError(f, store.ErrNothingCarried, err)
		f.now = f.now.Add(time.Hour)
		must(f.RecordBonus(f.Context(), account, f.now, bonus(300), f.auditEvent(store.OperationBonus)))(f)
		same(f, 1, len(f.bill(firstOf(2027, 1))), "invoices of December")
		same(f, []any{money.Amount(300), int64(3)}, []any{f.invoices()[0].Net, f.invoices()[0].Entries}, "net and entries")
	}},
	{"an invoice below the minimum can be forced, and one that is not above zero can't", func(f *fixture) {
		f.setMinimum(money.Whole(100))
		force := func() (invoice.ID, error) {
			return f.ForceInvoice(f.Context(), account, f.now, partner, f.auditEvent(store.OperationIssue))
		}
		_, err := force()
		wantRefused(f, err, invoice.NoEntries)
		must(f.RecordBonus(f.Context(), account, f.now, bonus(-500), f.auditEvent(store.OperationBonus)))(f)
		f.now = firstOf(2026, 12)
		f.bill(f.now)
		_, err = force()
		wantRefused(f, err, invoice.NotPositive)
		must(f.RecordBonus(f.Context(), account, f.now, bonus(700), f.auditEvent(store.OperationBonus)))(f)
		f.now = firstOf(2027, 1)
		same(f, 0, len(f.bill(f.now)), "invoices of December")
		same(f, invoice.ID{Partner: partner, Number: 1}, must(force())(f), "id")
		v := f.invoices()[0]
		same(f, []any{money.Amount(200), true, firstOf(2027, 1).UTC()}, []any{v.Net, v.Forced, v.Created}, "net, mark and creation")
		_, err = force()
		wantRefused(f, err, invoice.NoEntries)
		same(f, store.Balance{Partner: partner, Invoiced: 200}, f.balance(), "balance")
		_, err = f.ForceInvoice(f.Context(), account, f.now, 999, f.auditEvent(store.OperationIssue))
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"payments are recorded all or none, and each invoice is paid once", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		f.bill(firstOf(2027, 1))
		f.now = firstOf(2027, 1).Add(time.Hour)
		first := store.Payment{Payment: invoice.Payment{Invoice: invoice.ID{Partner: partner, Number: 1}, Date: firstOf(2027, 1), Reference: "T-1"}, Amount: 88}
		wrong, unknown, future, early := first, first, first, first
		wrong.Amount, unknown.Invoice.Number, future.Date, early.Date = 87, 2, f.now.AddDate(0, 0, 1), firstOf(2026, 12)
		for problem, list := range map[string][]store.Payment{
			"its total is 0.88 USD, not 0.87":            {wrong},
			"there is no such invoice":                   {first, unknown},
			"2027-01-02 is in the future":                {future},
			"2026-12-01 is before the end of its period": {early},
			"it is paid twice":                           {first, first},
		} {
			err := f.RecordPayments(f.Context(), account, f.now, list, f.auditEvent(store.OperationPay))
			refused := new(store.PaymentError)
			if !errors.As(err, &refused) {
				f.Fatalf("%s: %v", problem, err)
			}
			same(f, problem, refused.Problem, "problem")
		}
		same(f, 0, len(f.idsOf(search.InvoiceFilter{Status: invoice.Paid, Now: f.now})), "paid invoices")
		f.pay(first)
		same(f, []string{"invoice 501-1", "0.88 USD on 2027-01-01, T-1"}, []string{f.auditEvents(account)[0].Subject, f.auditEvents(account)[0].Detail}, "audit event")
		err := f.RecordPayments(f.Context(), account, f.now, []store.Payment{first}, f.auditEvent(store.OperationPay))
		refused := new(store.PaymentError)
		same(f, true, errors.As(err, &refused) && refused.Problem == "it is paid already", "refusal of a second payment")
		v := read(f, func(r store.Reader) (invoice.Record, error) { return r.Statements().Invoice(first.Invoice) })
		first.Date = first.Date.UTC()
		same(f, first.Payment, *v.Payment, "payment")
		same(f, store.Balance{Partner: partner, Invoiced: 88, Paid: 88}, f.balance(), "balance")
	}},
	{"payments of one request use its idempotency key once", func(f *fixture) {
		must(f.RecordBonus(f.Context(), account, f.now, bonus(1), f.auditEvent(store.OperationBonus)))(f)
		f.now = firstOf(2026, 12)
		f.bill(f.now)
		must(f.RecordBonus(f.Context(), account, f.now, bonus(2), f.auditEvent(store.OperationBonus)))(f)
		f.now = firstOf(2027, 1)
		f.bill(f.now)
		e := f.auditEvent(store.OperationPay)
		e.Key = store.Key{Text: "k"}
		payments := []store.Payment{
			{Payment: invoice.Payment{Invoice: invoice.ID{Partner: partner, Number: 1}, Date: f.now}, Amount: 1},
			{Payment: invoice.Payment{Invoice: invoice.ID{Partner: partner, Number: 2}, Date: f.now}, Amount: 2},
		}
		if err := f.RecordPayments(f.Context(), account, f.now, payments, e); err != nil {
			f.Fatal(err)
		}
	}},
	{"invoices are listed by partner, creation and status", func(f *fixture) {
		f.accept(f.order("a"), promo(f.order("b")))
		f.apply()
		must(f.RecordBonus(f.Context(), account, f.now, bonus(1), f.auditEvent(store.OperationBonus)))(f)
		f.bill(firstOf(2027, 1))
		f.now = firstOf(2027, 1).Add(time.Hour)
		first, second, other := invoice.ID{Partner: partner, Number: 1}, invoice.ID{Partner: partner, Number: 2}, invoice.ID{Partner: otherPartner, Number: 1}
		f.pay(store.Payment{Payment: invoice.Payment{Invoice: second, Date: f.now, Reference: "second"}, Amount: 88})
		listed := list(f, func(r store.Reader) lister[search.InvoiceFilter, invoice.Record] { return r.Statements().Invoices }, search.InvoiceFilter{}, everything)
		same(f, &invoice.Payment{Invoice: second, Date: f.now.UTC(), Reference: "second"}, listed.objects[1].Payment, "payment in a list")
		for name, c := range map[string]struct {
			filter search.InvoiceFilter
			want   []invoice.ID
		}{
			"all":                      {search.InvoiceFilter{}, []invoice.ID{other, second, first}},
			"of a partner":             {search.InvoiceFilter{Partner: partner}, []invoice.ID{second, first}},
			"created in a period":      {search.InvoiceFilter{Created: search.TimeRange{Start: firstOf(2026, 12), End: firstOf(2026, 12).Add(1)}}, []invoice.ID{first}},
			"created later":            {search.InvoiceFilter{Created: search.TimeRange{Start: firstOf(2026, 12).Add(time.Second)}}, []invoice.ID{other, second}},
			"paid":                     {search.InvoiceFilter{Status: invoice.Paid, Now: f.now}, []invoice.ID{second}},
			"overdue":                  {search.InvoiceFilter{Status: invoice.Overdue, Now: f.now}, []invoice.ID{first}},
			"pending":                  {search.InvoiceFilter{Status: invoice.Pending, Now: f.now}, []invoice.ID{other}},
			"overdue of the other one": {search.InvoiceFilter{Partner: otherPartner, Status: invoice.Overdue, Now: f.now}, nil},
		} {
			same(f, c.want, f.idsOf(c.filter), name)
		}
		settlements := func(at time.Time) invoice.Settlements {
			return read(f, func(r store.Reader) (invoice.Settlements, error) { return r.Statements().Settlements(partner, at) })
		}
		since := invoice.Settlement{Created: f.firstEntryDate()}
		one := invoice.Settlement{ID: first, Created: firstOf(2026, 12).UTC(), Status: invoice.Overdue}
		two := invoice.Settlement{ID: second, Created: firstOf(2027, 1).UTC(), Status: invoice.Paid, Paid: firstOf(2027, 1).Add(time.Hour).UTC()}
		same(f, invoice.Settlements{since, one, two}, settlements(f.now), "settlements")
		two.Status, two.Paid = invoice.Pending, time.Time{}
		same(f, invoice.Settlements{since, one, two}, settlements(firstOf(2027, 1)), "settlements before the payment")
		one.Status = invoice.Pending
		same(f, invoice.Settlements{since, one}, settlements(firstOf(2026, 12)), "settlements before the second invoice")
	}},
	{"entries are listed by partner, campaign and date", func(f *fixture) {
		f.accept(f.order("a"), promo(f.order("b")))
		f.apply()
		must(f.RecordBonus(f.Context(), account, f.now, bonus(1), f.auditEvent(store.OperationBonus)))(f)
		f.bill(firstOf(2027, 1))
		clearing := time.Date(2026, 12, 20, 0, 0, 0, 0, losAngeles)
		action, bonus := invoice.KindAction, invoice.KindBonus
		for name, c := range map[string]struct {
			filter search.EntryFilter
			want   []invoice.Kind
		}{
			"all":                            {search.EntryFilter{}, []invoice.Kind{bonus, action, action}},
			"of a partner":                   {search.EntryFilter{Partner: partner}, []invoice.Kind{bonus, action}},
			"of a kind":                      {search.EntryFilter{Kind: action}, []invoice.Kind{action, action}},
			"of a kind and a partner":        {search.EntryFilter{Kind: bonus, Partner: partner}, []invoice.Kind{bonus}},
			"of a campaign":                  {search.EntryFilter{Campaign: campaign}, []invoice.Kind{bonus, action, action}},
			"of another campaign":            {search.EntryFilter{Campaign: 999}, nil},
			"from a date":                    {search.EntryFilter{Date: search.TimeRange{Start: clearing}}, []invoice.Kind{action, action}},
			"before a date":                  {search.EntryFilter{Date: search.TimeRange{End: clearing}}, []invoice.Kind{bonus}},
			"of a partner, from a date":      {search.EntryFilter{Partner: partner, Date: search.TimeRange{Start: clearing}}, []invoice.Kind{action}},
			"of a partner, before a date":    {search.EntryFilter{Partner: partner, Date: search.TimeRange{End: clearing}}, []invoice.Kind{bonus}},
			"of a partner that has none":     {search.EntryFilter{Partner: 999}, nil},
			"of a partner in a short period": {search.EntryFilter{Partner: partner, Date: search.TimeRange{Start: clearing, End: clearing.Add(time.Microsecond)}}, []invoice.Kind{action}},
		} {
			var kinds []invoice.Kind
			for _, e := range export(f, func(r store.ExportReader) iter.Seq2[invoice.Entry, error] { return r.Statements().Entries(c.filter) }) {
				kinds = append(kinds, e.Kind)
			}
			same(f, c.want, kinds, name)
		}
	}},
	{"the acceptance of a conversion is known by its action", func(f *fixture) {
		accepted := f.accept(f.order("a"))[0].Accepted
		f.now = f.now.Add(time.Hour)
		f.apply()
		same(f, accepted, read(f, func(r store.Reader) (time.Time, error) { return r.Statements().Accepted(f.action(1).ID.Number) }), "acceptance")
		err := f.Read(f.Context(), account, func(r store.Reader) error {
			_, err := r.Statements().Accepted(999)
			return err
		})
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an action that a code locks at the instant of its acceptance is invoiced", func(f *fixture) {
		open := f.order("open")
		open.EventType = locksByCode
		f.accept(open, f.order("late")) // at one instant, as on a clock that was set back
		f.accept(ledger.Modification{Address: ledger.Address{Action: ids.ActionID{Campaign: campaign, EventType: locksByCode, Number: 1}}, Reason: "checked"})
		f.apply()
		same(f, f.now.UTC(), read(f, func(r store.Reader) (ledger.Action, error) {
			return r.Action(ids.ActionID{Campaign: campaign, EventType: locksByCode, Number: 1})
		}).LockingDate, "locking date")
		same(f, store.Balance{Partner: partner, Pending: 88, Locked: 88}, f.balance(), "balance")
		f.bill(firstOf(2027, 1))
		same(f, int64(2), f.invoices()[0].Entries, "entries")
	}},
	{"a balance that was written off can't be invoiced by force", func(f *fixture) {
		f.setMinimum(money.Whole(100))
		must(f.RecordBonus(f.Context(), account, f.now, bonus(500), f.auditEvent(store.OperationBonus)))(f)
		f.now = firstOf(2026, 12)
		f.bill(f.now)
		must(f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff)))(f)
		_, err := f.ForceInvoice(f.Context(), account, f.now, partner, f.auditEvent(store.OperationIssue))
		wantRefused(f, err, invoice.NotPositive)
	}},
	{"a balance can't be written off between the end of a period and its invoices", func(f *fixture) {
		f.setMinimum(money.Whole(100))
		must(f.RecordBonus(f.Context(), account, f.now, bonus(500), f.auditEvent(store.OperationBonus)))(f)
		f.now = firstOf(2026, 12)
		f.bill(f.now)
		f.now = firstOf(2027, 1)
		_, err := f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff))
		wantError(f, store.ErrNotIssued, err)
		f.bill(f.now)
		same(f, []money.Amount{-500}, amountsOf(must(f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff)))(f)), "write-off")
	}},
	{"a bonus is not dated before the reference data that it needs", func(f *fixture) {
		f.now = firstOf(2026, 12).Add(time.Minute)
		f.setMinimum(money.Whole(100))
		recorded := f.now.UTC()
		e := must(f.RecordBonus(f.Context(), account, firstOf(2026, 12).Add(-time.Minute), bonus(500), f.auditEvent(store.OperationBonus)))(f)
		same(f, recorded, e.Date, "date")
	}},
	{"a carried balance of zero can't be written off", func(f *fixture) {
		change := reference(account)
		other := change.Reference.Campaigns[campaign]
		other.ID = campaign + 1
		f.record(account, store.ReferenceChange{Reference: program.Reference{Campaigns: map[int64]program.Campaign{other.ID: other}}})
		for _, b := range []store.Bonus{{Partner: partner, Campaign: campaign, Amount: 5}, {Partner: partner, Campaign: other.ID, Amount: -5}} {
			must(f.RecordBonus(f.Context(), account, f.now, b, f.auditEvent(store.OperationBonus)))(f)
		}
		f.now = firstOf(2026, 12)
		f.bill(f.now)
		_, err := f.WriteOff(f.Context(), account, f.now, partner, f.auditEvent(store.OperationWriteOff))
		wantError(f, store.ErrNothingCarried, err)
	}},
	{"balances are as of the account's clock if that is ahead", func(f *fixture) {
		old := f.order("old")
		old.EventDate = f.now.AddDate(0, -6, 0)
		f.accept(old)
		f.apply()
		f.now = f.now.Add(-time.Minute)
		same(f, store.Balance{Partner: partner, Cleared: 88}, f.balance(), "balance")
	}},
	{"balances follow an order from tracking to its payment", func(f *fixture) {
		want := store.Balance{Partner: partner}
		same(f, want, f.balance(), "before")
		f.accept(f.order("a"), promo(f.order("other")))
		f.apply()
		want.Pending = 88
		same(f, want, f.balance(), "pending")
		f.now = f.action(1).LockingDate
		want.Pending, want.Locked = 0, 88
		same(f, want, f.balance(), "locked, before it is gathered")
		f.bill(f.now)
		same(f, want, f.balance(), "locked")
		f.now = time.Date(2026, 12, 20, 0, 0, 0, 0, losAngeles)
		want.Locked, want.Cleared = 0, 88
		same(f, want, f.balance(), "cleared")
		f.now = firstOf(2027, 1)
		f.bill(f.now)
		want.Cleared, want.Invoiced = 0, 88
		same(f, want, f.balance(), "invoiced")
		same(f, money.Amount(88), f.balance().Owed(), "owed")
	}},
	{"a return between locking and clearing is in the invoice of the clearing", func(f *fixture) {
		f.lateOrder()
		f.accept(setQuantity("a", "12345", 0))
		f.apply()
		same(f, []invoice.ID{{Partner: partner, Number: 1}}, f.bill(firstOf(2027, 1)), "invoices")
		same(f, f.effective().Payout, f.invoices()[0].Net, "net")
	}},
	{"a return after the payout is deducted from the next invoice, and carried below zero", func(f *fixture) {
		f.lateOrderFor(90)
		f.bill(firstOf(2027, 1))
		f.now = firstOf(2027, 1).Add(time.Hour)
		f.accept(ledger.Reversal{Address: address("a"), Reason: "OTHER"})
		f.apply()
		f.now = firstOf(2027, 2)
		same(f, 0, len(f.bill(f.now)), "invoices of January")
		same(f, store.Balance{Partner: partner, Carried: -88, Invoiced: 88}, f.balance(), "balance")
	}},
}

// firstEntryDate returns the instant before which nothing is due.
func (f *fixture) firstEntryDate() (since time.Time) {
	f.Helper()
	err := f.Scan(f.Context(), account, func(c store.Contents) error {
		b, err := c.Billing()
		since = b.Position.Since
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return since
}
