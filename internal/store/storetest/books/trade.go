package books

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const (
	firstPartner = 501
	lateReturns  = 60
)

// campaigns are the campaigns. The event type of each has the number 1 more.
var campaigns = []int64{1000, 2000}

// currencies are those of orders. Rates are against the first one.
var currencies = []money.Currency{"EUR", "USD", "JPY"}

// Open creates the account as of the beginning of the first month.
func (b *Books) Open(ctx context.Context) error {
	start := First.Start(zone)
	r := program.Reference{
		Account:    program.Account{ID: b.Account, Name: "Shop", Currency: b.Currency, Zone: zone.String(), ModificationLimit: program.DefaultModificationLimit},
		Campaigns:  map[int64]program.Campaign{},
		EventTypes: map[int64]program.EventType{}, Partners: map[int64]program.Partner{},
		Contracts: map[int64]program.Contract{}, Terms: map[program.TermsOf][]program.Terms{},
	}
	for n := range int64(b.Partners) {
		p := program.Partner{
			ID: firstPartner + n, Name: fmt.Sprintf("Partner %d", n), State: program.StateActive,
			Currency: string(currencies[n%int64(len(currencies))]), VATRate: money.Whole(n % 3 * 10),
		}
		if n%2 == 1 { // some wait for months
			least := b.earnings() * money.Decimal(n%4)
			p.MinimumPayout = &least
		}
		r.Partners[p.ID] = p
	}
	for i, id := range campaigns {
		r.Campaigns[id] = program.Campaign{ID: id, Name: fmt.Sprintf("Campaign %d", id), State: program.StateActive}
		r.EventTypes[id+1] = program.EventType{ID: id + 1, Campaign: id, Name: "Sale", State: program.StateActive, DuplicateDays: program.DefaultDuplicateDays}
		for partner := range r.Partners {
			b.contract(r, id, partner, i, start.AddDate(-1, 0, 0))
		}
	}
	return b.record(ctx, start, store.ReferenceChange{Reference: r})
}

// contract adds a contract of a partner for a campaign with the index i.
func (b *Books) contract(r program.Reference, campaign, partner int64, i int, from time.Time) {
	id := campaign*1_000_000 + partner
	r.Contracts[id] = program.Contract{ID: id, Campaign: campaign, Partner: partner, Start: from}
	rate := money.Whole(4)
	of := program.TermsOf{Contract: id, EventType: campaign + 1}
	t := program.Terms{
		TermsKey: program.TermsKey{TermsOf: of, Version: 1}, From: from, Level: program.LevelItem, Default: program.Payout{Rate: &rate},
		Locking: program.Locking{Days: 10 + 15*i}, LateReturns: lateReturns,
	}
	if i > 0 {
		t.Level, t.Clearing = program.LevelOrder, program.Clearing{Days: new(int)}
	}
	r.Terms[of] = []program.Terms{t}
}

func (b *Books) record(ctx context.Context, at time.Time, change store.ReferenceChange) error {
	_, err := b.Store.Record(ctx, b.Account, at, b.event(store.OperationRecord, at, ""),
		func(*program.Reference, time.Time) (store.ReferenceChange, error) { return change, nil })
	return err
}

// Trade accepts and applies the submissions of a month, on several of its days.
func (b *Books) Trade(ctx context.Context, m program.Month) error {
	random := b.random("trade", m)
	for _, d := range []int{2, 9, 16, 23} {
		at := day(m, d)
		if err := b.record(ctx, at, store.ReferenceChange{RateTables: rates(random, at)}); err != nil {
			return err
		}
		var batch []store.Submission
		for n := range b.Orders / 4 {
			batch = append(batch, b.order(random, at, fmt.Sprintf("%s-%d-%d", m, d, n)))
			if random.IntN(6) == 0 {
				batch = append(batch, b.change(random))
			}
		}
		for chunk := range slices.Chunk(batch, store.MaxBatch) {
			if err := b.submit(ctx, at, chunk); err != nil {
				return err
			}
			at = at.Add(time.Second)
		}
	}
	last := day(m, 28) // for the totals of invoices
	return b.record(ctx, last, store.ReferenceChange{RateTables: rates(random, last)})
}

func (b *Books) submit(ctx context.Context, at time.Time, batch []store.Submission) error {
	_, err := b.Store.Accept(ctx, b.Account, at, batch)
	for applied := 1; applied > 0 && err == nil; {
		applied, err = b.Store.Apply(ctx, b.Account, at, store.MaxBatch, ledger.Decide)
	}
	return err
}

// rates returns the rates of the day before an instant.
func rates(random *rand.Rand, at time.Time) []program.RateTable {
	return []program.RateTable{{Date: program.DateOf(at.AddDate(0, 0, -1), zone), Base: currencies[0], Rates: map[money.Currency]money.Rate{
		"USD": money.Rate(fmt.Sprintf("1.%04d", 500+random.IntN(2000))), "JPY": money.Rate(fmt.Sprintf("1%02d.5", 50+random.IntN(30))),
	}}}
}

// order returns a conversion of two items in one of the currencies. Some are backdated.
func (b *Books) order(random *rand.Rand, at time.Time, order string) store.Submission {
	i := random.IntN(len(campaigns))
	c := ledger.Conversion{
		Campaign: campaigns[i], EventType: campaigns[i] + 1, Order: order, Partner: b.partner(random),
		EventDate: at.Add(-time.Duration(random.IntN(72)) * time.Hour), Currency: currencies[random.IntN(len(currencies))],
	}
	if random.IntN(20) == 0 {
		c.EventDate = at.AddDate(0, -1-random.IntN(6), 0)
	}
	for n := range 2 {
		quantity, amount := 1+random.Int64N(4), money.Whole(10+random.Int64N(300))
		c.Lines = append(c.Lines, ledger.ConversionLine{Number: n + 1, SKU: sku(n), Quantity: &quantity, Amount: &amount})
	}
	b.newest = append(b.newest, ledger.Address{EventType: c.EventType, Order: order})
	if excess := len(b.newest) - 3*b.Orders; excess > 0 {
		b.newest = b.newest[excess:]
	}
	return store.Submission{Submission: ledger.Submission{Command: c}, Payload: "OrderId=" + order}
}

func sku(n int) string { return fmt.Sprintf("SKU-%d", n) }

// change returns a change of one of the newest orders. It is a late return if its action has
// locked, and fails if it is too late or the order was reversed.
func (b *Books) change(random *rand.Rand) store.Submission {
	address, quantity := b.newest[random.IntN(len(b.newest))], random.Int64N(4)
	var command ledger.Command = ledger.Modification{
		Address: address, Reason: ledger.ReasonOrderUpdate, Items: []ledger.ItemChange{{SKU: sku(random.IntN(2)), Quantity: &quantity}},
	}
	if random.IntN(4) == 0 {
		command = ledger.Reversal{Address: address, Reason: "OTHER"}
	}
	return store.Submission{Submission: ledger.Submission{Command: command}, Payload: "OrderId=" + address.Order}
}
