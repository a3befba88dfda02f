package demo

import (
	"slices"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// The orders that show the states on the way from tracking to payment, at the first start and
// until the month ends.
const (
	// OrderPending can be changed.
	OrderPending = "STATE-PENDING"
	// OrderLocked has not cleared.
	OrderLocked = "STATE-LOCKED"
	// OrderCleared is due on the next invoice.
	OrderCleared = "STATE-CLEARED"
	// OrderCarried is on no invoice, because the partner's balance is below its minimum.
	OrderCarried = "STATE-CARRIED"
	// OrderInvoiced is on an invoice that is not paid yet.
	OrderInvoiced = "STATE-INVOICED"
	// OrderAdjusted is on a paid invoice, and has a return that was accepted after that.
	OrderAdjusted = "STATE-ADJUSTED"
	// OrderPaid is on a paid invoice.
	OrderPaid = "STATE-PAID"
	// OrderOverdue is an order in EUR. It is on an invoice that should have been paid, of a
	// partner whose currency is EUR.
	OrderOverdue = "STATE-OVERDUE"
)

// Example is where a state can be seen.
type Example struct {
	State string
	// Path is below the account's root of the protocol.
	Path string
}

// Examples are an example of each state.
var Examples = []Example{
	{"pending", "/Actions?Oid=" + OrderPending},
	{"locked", "/Actions?Oid=" + OrderLocked},
	{"cleared", "/Actions?Oid=" + OrderCleared},
	{"carried", "/Balances/10003"},
	{"invoiced", "/Invoices/10002-3"},
	{"adjusted", "/Adjustments?MediaPartnerId=10002"},
	{"paid", "/Invoices/10002-1"},
	{"overdue", "/Invoices/10005-1"},
}

// historyLength is the time before the first start at which the history begins. The first
// submission is accepted then, so that a Seed that resumes finds the start.
const historyLength = 200 * day

// event is an entry of the history of a shop.
type event struct {
	at       time.Time
	requests []request
	payments []invoice.Payment
}

// harborHistory returns an order in each state. The dates are days of months, because invoices
// are: the states are the same on every day of the month of the start. payment_days is 35, so
// that an invoice that was issued this month is not due before the next, and one that was issued
// two months ago is overdue.
func harborHistory(s *shop, start time.Time, zone *time.Location) []event {
	on := func(months, day int) time.Time {
		year, month, _ := start.In(zone).Date()
		return time.Date(year, month+time.Month(months), day, 10, 0, 0, 0, zone)
	}
	track := func(at time.Time, order string, partner int64, currency money.Currency, l line) event {
		e := example{order, 2240, partner, []line{l}}
		r := e.conversion(s.campaign, at.Truncate(time.Second).In(zone))
		if currency != "" {
			r.form += "&CurrencyCode=" + string(currency)
		}
		return event{at: at, requests: []request{r}}
	}
	modify := func(at time.Time, order, change string) event {
		return event{at: at, requests: []request{{ledger.KindModification, "ActionTrackerId=2240&OrderId=" + order + "&" + change}}}
	}
	pay := func(at time.Time, partner, number int64) event {
		id := invoice.ID{Partner: partner, Number: number}
		date := program.Midnight(at.Year(), at.Month(), at.Day(), zone)
		return event{at: at, payments: []invoice.Payment{{Invoice: id, Date: date, Reference: "Transfer " + id.String()}}}
	}
	kettle := line{"KET-1.7L-STL", "Steel kettle 1.7 l", "Kitchen", 2, "89.80"}
	events := []event{
		track(start.Add(-historyLength), OrderPending, 10001, "", kettle),
		// Locks a month later and clears on the 20th of the month after that.
		track(on(-5, 10), OrderPaid, 10002, "", kettle),
		pay(on(-2, 15), 10002, 1),
		track(on(-4, 10), OrderAdjusted, 10002, "", kettle),
		pay(on(-1, 4), 10002, 2),
		modify(on(-1, 5), OrderAdjusted, "Sku=KET-1.7L-STL&Quantity=1&Reason=ORDER_UPDATE"),
		track(on(-3, 10), OrderInvoiced, 10002, "", line{"TNT-2P-GRN", "Tent for two, green", "Camping", 1, "189.50"}),
		track(on(-3, 10), OrderCarried, 10003, "", kettle),
		track(start.Add(-35*day), OrderLocked, 10003, "", kettle),
		// Locks on the 20th of last month and clears on the 1st of this one.
		track(on(-2, 10), OrderCleared, 10004, "", kettle),
		// Locks with the code.
		track(on(-5, 10), OrderOverdue, 10005, "EUR", kettle),
		modify(on(-4, 10), OrderOverdue, "Reason=EARLY_PAYMENT"),
	}
	slices.SortStableFunc(events, func(e, f event) int { return e.at.Compare(f.at) })
	return events
}

// rateTables returns a rate of the euro for each week of the history.
func rateTables(start time.Time, zone *time.Location) (tables []program.RateTable) {
	for week, at := 0, start.Add(-historyLength); !at.After(start); week, at = week+1, at.Add(7*day) {
		tables = append(tables, program.RateTable{
			Date: program.DateOf(at, zone), Base: "EUR",
			Rates: map[money.Currency]money.Rate{"USD": money.Rate("1." + strconv.Itoa(1081+week*38%90))},
		})
	}
	return tables
}
