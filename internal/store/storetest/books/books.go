// Package books keeps the books of an account over many months, for tests of invoices: orders in
// several currencies, changes, returns before and after locking, bonuses, write-offs and payments.
package books

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Books are the books of one account. The same fields give the same books.
type Books struct {
	Store    store.Store
	Account  int64
	Currency money.Currency
	// Partners and Orders are the numbers of partners, and of orders in a month.
	Partners, Orders int
	Seed             uint64
	// Began, unless it is nil, is called when an operation begins.
	Began func(Operation)

	// newest are the orders of the last months.
	newest []ledger.Address
}

// Operation is a part of [Books.Close].
type Operation string

// The operations.
const (
	Bill     Operation = "bill"
	Bonus    Operation = "bonus"
	WriteOff Operation = "write off"
	Pay      Operation = "pay"
	Force    Operation = "force"
)

// First is the first month.
var First = program.Month{Year: 2025, Month: time.January}

var zone = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}()

// day returns an instant on a day of a month.
func day(m program.Month, day int) time.Time {
	return program.Midnight(m.Year, m.Month, day, zone).Add(10 * time.Hour)
}

// random returns the random numbers of one purpose in a month.
func (b *Books) random(purpose string, m program.Month) *rand.Rand {
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, purpose, b.Account, m) // it never fails
	return rand.New(rand.NewPCG(b.Seed, h.Sum64()))
}

func (b *Books) event(operation store.Operation, at time.Time, key string) store.AuditEvent {
	e := store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "books"}, Operation: operation, Reason: "a test", At: at}
	if key != "" {
		e.Key.Text = fmt.Sprintf("%d %s", b.Account, key)
	}
	return e
}

// Steps are the steps of [Books.Close].
const Steps = 4

// Close does what operators and the server do in a month, and closes the month.
func (b *Books) Close(ctx context.Context, m program.Month) error {
	for step := range Steps {
		if err := b.Step(ctx, m, step); err != nil {
			return err
		}
	}
	return nil
}

// Step performs a step of [Books.Close]. Until the next one begins it takes effect once, however
// often and by how many processes it is performed.
func (b *Books) Step(ctx context.Context, m program.Month, step int) error {
	switch step {
	case 0:
		return b.bill(ctx, day(m, 15))
	case 1:
		for _, record := range []func(context.Context, program.Month) error{b.bonuses, b.writeOffs, b.pay} {
			if err := record(ctx, m); err != nil {
				return err
			}
		}
		return nil
	case 2:
		return b.bill(ctx, m.End(zone))
	default:
		return b.force(ctx, m)
	}
}

func (b *Books) begin(o Operation) {
	if b.Began != nil {
		b.Began(o)
	}
}

// bill gathers and issues all that is due at an instant.
func (b *Books) bill(ctx context.Context, at time.Time) error {
	b.begin(Bill)
	for {
		billed, err := b.Store.Bill(ctx, b.Account, at)
		if err != nil || !billed.Progress {
			return err
		}
	}
}

// bonuses records a payment or a deduction for some partners. A deduction can exceed what a
// partner earns, so that balances are carried below zero.
func (b *Books) bonuses(ctx context.Context, m program.Month) error {
	random := b.random("bonuses", m)
	for n := range 1 + b.Partners/4 {
		b.begin(Bonus)
		bonus := store.Bonus{Partner: b.partner(random), Campaign: campaigns[random.IntN(len(campaigns))], Amount: money.Amount(1 + random.Int64N(int64(b.Currency.Round(b.earnings()))))}
		if random.IntN(3) == 0 {
			bonus.Amount *= -3
		}
		at := day(m, 16).Add(time.Duration(n) * time.Second)
		_, err := b.Store.RecordBonus(ctx, b.Account, at, bonus, b.event(store.OperationBonus, at, fmt.Sprint("bonus ", m, n)))
		if err != nil && !errors.Is(err, store.ErrKeyReused) {
			return err
		}
	}
	return nil
}

// writeOffs writes off what is carried of some partners.
func (b *Books) writeOffs(ctx context.Context, m program.Month) error {
	random := b.random("write-offs", m)
	for n := range 1 + b.Partners/8 {
		b.begin(WriteOff)
		at := day(m, 17).Add(time.Duration(n) * time.Second)
		_, err := b.Store.WriteOff(ctx, b.Account, at, b.partner(random), b.event(store.OperationWriteOff, at, ""))
		if err != nil && !errors.Is(err, store.ErrNothingCarried) {
			return err
		}
	}
	return nil
}

// maxInvoices is larger than the number of invoices in a month.
const maxInvoices = 20_000

// paidAtOnce is the number of invoices whose payments are recorded at once.
const paidAtOnce = 5

// pay records the payments of most invoices that were issued last.
func (b *Books) pay(ctx context.Context, m program.Month) error {
	at, start := day(m, 18), m.Start(zone)
	var payments []store.Payment
	err := b.Store.Read(ctx, b.Account, func(snapshot store.Reader) error {
		r := snapshot.Statements()
		f := search.InvoiceFilter{Created: search.TimeRange{Start: start, End: start.Add(1)}, Now: at}
		_, list, err := r.Invoices(f, search.Page{Number: 1, Size: maxInvoices})
		if err != nil {
			return err
		}
		for v, err := range list {
			if err != nil {
				return err
			}
			if (v.ID.Partner+v.ID.Number)%4 == 0 {
				continue // not paid
			}
			payments = append(payments, store.Payment{
				Payment: invoice.Payment{Invoice: v.ID, Date: program.Midnight(m.Year, m.Month, 18, zone), Reference: "T" + v.ID.String()}, Amount: v.Total,
			})
		}
		return nil
	})
	for n := 0; n < len(payments) && err == nil; n += paidAtOnce {
		b.begin(Pay)
		err = b.Store.RecordPayments(ctx, b.Account, at, payments[n:min(n+paidAtOnce, len(payments))], b.event(store.OperationPay, at, ""))
		if refused := (*store.PaymentError)(nil); errors.As(err, &refused) && refused.Problem == "it is paid already" {
			err = nil
		}
	}
	return err
}

// force issues invoices that are below the minimum of some partners.
func (b *Books) force(ctx context.Context, m program.Month) error {
	random, at := b.random("force", m), m.End(zone).Add(time.Hour)
	for range 1 + b.Partners/4 {
		b.begin(Force)
		_, err := b.Store.ForceInvoice(ctx, b.Account, at, b.partner(random), b.event(store.OperationIssue, at, ""))
		if err != nil && !errors.As(err, new(*store.NotInvoicedError)) {
			return err
		}
	}
	return nil
}

// earnings returns about what a partner earns in a month.
func (b *Books) earnings() money.Decimal {
	order := money.Whole(13)
	if b.Currency == "JPY" {
		order = money.Whole(2_000)
	}
	return order * money.Decimal(max(b.Orders/b.Partners, 1))
}

// partner returns the id of a random partner.
func (b *Books) partner(random *rand.Rand) int64 {
	return firstPartner + random.Int64N(int64(b.Partners))
}
