package scenario

import (
	"maps"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// settings sets what invoices of the partner depend on.
func (s Scenario) settings(c Choices, p *program.Partner) {
	p.Name = pick(c, "Blog", "Coupons", "")
	p.Currency = string(pick(c, "", s.Currency, pick(c, currencies...)))
	p.VATRate = pick[money.Decimal](c, 0, 200_000, 81_000, 333_333, 1_000_000)
	p.MinimumPayout = pick(c, nil, nil, new(money.Decimal(0)), new(money.Decimal(50_000)), new(money.Decimal(1_000_000)))
}

func paymentDays(c Choices) *int { return pick(c, nil, new(0), new(1), new(30), new(365)) }

// changeSettings appends versions in which settings of invoices changed, about the ends of some
// months.
func (s *Scenario) changeSettings(c Choices) {
	month := program.MonthOf(s.Start, s.Zone)
	for i := range 4 {
		before := s.History[len(s.History)-1]
		at := month.Add(i).End(s.Zone).Add(pick(c, 0, time.Minute, -time.Minute, -3*24*time.Hour))
		if c.oneIn(2) || !at.After(before.From) {
			continue
		}
		after := *before.Reference
		after.Account.PaymentDays = paymentDays(c)
		after.Partners, after.Campaigns = maps.Clone(after.Partners), maps.Clone(after.Campaigns)
		for _, id := range slices.Sorted(maps.Keys(after.Partners)) {
			p := after.Partners[id]
			s.settings(c, &p)
			after.Partners[id] = p
		}
		shop := after.Campaigns[Shop]
		shop.Name = pick(c, "Shop", "New shop")
		after.Campaigns[Shop] = shop
		s.History = append(s.History, oracle.Version{From: at, Reference: &after, Rates: append(s.laterRates(c, before.Rates, at), before.Rates...)})
	}
}

// laterRates returns tables of days about an instant, the newest one first. All are newer than
// the tables before.
func (s Scenario) laterRates(c Choices, before []program.RateTable, at time.Time) (tables []program.RateTable) {
	today := program.DateOf(at, s.Zone)
	for back := range 12 {
		day := today.AddDays(2 - back)
		if len(before) > 0 && day <= before[0].Date {
			break
		}
		t := program.RateTable{Date: day, Base: pick(c, currencies...), Rates: make(map[money.Currency]money.Rate)}
		for _, quoted := range currencies {
			if quoted != t.Base && !c.oneIn(3) {
				t.Rates[quoted] = rate(c)
			}
		}
		if !c.oneIn(3) {
			tables = append(tables, t)
		}
	}
	return tables
}

// OperationKind is the kind of an operation on what the account owes.
type OperationKind string

// The operations.
const (
	Bonus    OperationKind = "bonus"
	WriteOff OperationKind = "write-off"
	Force    OperationKind = "forced invoice"
	Pay      OperationKind = "payment"
)

// Operation is what an operator does about the balance of a partner.
type Operation struct {
	At       time.Time
	Kind     OperationKind
	Partner  int64
	Campaign int64
	Amount   money.Amount
	// Number is that of the invoice that is paid.
	Number int64
}

// Operations returns operations in the months after the orders, in the order of time, and the
// end of the last month.
func (s Scenario) Operations(c Choices) (operations []Operation, end time.Time) {
	month := program.MonthOf(s.Start, s.Zone)
	for range c.Choose(12) {
		at := s.Start.Add(c.minutes(200))
		if c.oneIn(3) {
			at = month.Add(c.Choose(6)).End(s.Zone).Add(pick(c, 0, -time.Microsecond, time.Microsecond))
		}
		operations = append(operations, Operation{
			At: at.Truncate(time.Microsecond), Kind: pick(c, Bonus, Bonus, WriteOff, Force, Pay), Partner: int64(pick(c, PartnerOne, PartnerOne, PartnerTwo)),
			Campaign: int64(pick(c, Shop, Shop, OtherShop)), Amount: pick[money.Amount](c, 1, 500, 12_345, -1, -500, -99_999), Number: int64(c.between(1, 2)),
		})
	}
	slices.SortStableFunc(operations, func(a, b Operation) int { return a.At.Compare(b.At) })
	return operations, month.Add(pick(c, 8, 8, 8, 30)).End(s.Zone)
}
