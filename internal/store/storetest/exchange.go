package storetest

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var exchangeGuarantees = []guarantee{
	{"an order is converted by the rates that were recorded before it was accepted", func(f *fixture) {
		f.accept(f.orderIn("a", "CHF"))
		f.recordRates(rateTable("2026-11-02", map[money.Currency]money.Rate{"CHF": "0.5", "USD": "1"}))
		f.accept(f.orderIn("b", "CHF"))
		f.recordRates(rateTable("2026-11-02", map[money.Currency]money.Rate{"CHF": "0.25"}))
		f.accept(f.orderIn("c", "CHF"))
		f.apply()
		same(f, rejection.CodeRateNotFound, f.numbered(1).Outcome.Code, "accepted before the rate was recorded")
		same(f, ledger.Original{Currency: "CHF", Rate: "2", Amount: 2199}, f.action(2).Original, "accepted after it")
		same(f, ledger.Original{Currency: "CHF", Rate: "4", Amount: 2199}, f.action(3).Original, "accepted after its change")
	}},
	{"amounts in the original currency are stored and can be undone", func(f *fixture) {
		f.accept(f.orderIn("a", "EUR"))
		f.apply()
		tracked := f.action(1)
		same(f, ledger.Original{Currency: "EUR", Rate: "1.0956", Amount: 2199}, tracked.Original, "as tracked")
		same(f, money.Amount(2111+298), tracked.Amount, "the amount")
		change := setQuantity("a", "12345", 1)
		f.accept(change, ledger.Undo{Submission: 2})
		m := setQuantity("a", "67890", 1)
		m.Currency, m.Items[0].Amount = "EUR", ptr(money.Whole(1))
		f.accept(m)
		f.apply()
		changed := f.action(1)
		same(f, tracked.Items[0].ItemState, changed.Items[0].ItemState, "the item that was undone")
		same(f, []money.Amount{100, 110}, []money.Amount{changed.Items[1].Original, changed.Items[1].Amount}, "the amounts of the other")
		same(f, money.Amount(2027), changed.Original.Amount, "the original amount")
	}},
	{"recorded rates are listed, kept and counted once", func(f *fixture) {
		table := rateTable("2026-10-20", map[money.Currency]money.Rate{"USD": "1.1"})
		more := rateTable("2026-10-20", map[money.Currency]money.Rate{"GBP": "0.9"})
		same(f, 1, f.recordRates(table), "new tables")
		same(f, 0, f.recordRates(table), "tables recorded again")
		same(f, 1, f.recordRates(more), "changed tables")
		same(f, "rate table 2026-10-20/EUR", f.auditEvents(account)[0].Subject, "the audit event")
		got := must(f.RateTables(f.Context(), account, "2026-10-20", "2026-10-20", 10))(f)
		same(f, []program.RateTable{rateTable("2026-10-20", map[money.Currency]money.Rate{"USD": "1.1", "GBP": "0.9"})}, got, "the tables of the day")
		all := must(f.RateTables(f.Context(), account, "2026-01-01", "2026-12-31", 2))(f)
		same(f, []program.Date{"2026-11-01", "2026-10-31"}, []program.Date{all[0].Date, all[1].Date}, "the newest two")
	}},
}

// rates are the exchange rates of a test's accounts.
var rates = []program.RateTable{
	rateTable("2026-10-31", map[money.Currency]money.Rate{"USD": "1.2", "GBP": "0.8601"}),
	rateTable("2026-11-01", map[money.Currency]money.Rate{"USD": "1.0956", "GBP": "0.8601", "JPY": "169.5"}),
}

// rateTable returns rates against the euro.
func rateTable(date program.Date, rates map[money.Currency]money.Rate) program.RateTable {
	return program.RateTable{Date: date, Base: "EUR", Rates: rates}
}

func (f *fixture) recordRates(tables ...program.RateTable) int {
	f.Helper()
	f.now = f.now.Add(time.Minute)
	return f.record(account, store.ReferenceChange{RateTables: tables})
}

// orderIn is order in another currency.
func (f *fixture) orderIn(id string, currency money.Currency) ledger.Conversion {
	c := f.order(id)
	c.Currency = currency
	return c
}
