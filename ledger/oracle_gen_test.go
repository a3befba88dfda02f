package ledger_test

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// chooser answers a number from 0 to n-1: by chance, from a fuzzer's bytes, or as
// rapid draws it. Always 0 must give something small.
type chooser interface{ choose(n int) int }

// choices draw values from a chooser.
type choices struct{ chooser }

// oneIn is true once in n times.
func (c choices) oneIn(n int) bool { return c.choose(n) == n-1 }

func pick[T any](c choices, of ...T) T { return of[c.choose(len(of))] }

func (c choices) between(low, high int) int { return low + c.choose(high-low+1) }

func (c choices) days(low, high int) time.Duration {
	return time.Duration(c.between(low, high)) * 24 * time.Hour
}

func ptr[T any](v T) *T { return &v }

// setting is an account's reference data over time, with clicks, to try
// submissions on.
type setting struct {
	history  history
	clicks   []ledger.Click
	currency money.Currency
	// start is about when orders are placed.
	start time.Time
	zone  *time.Location
}

// turnings are zones with a day on which clocks change; in many midnight does not
// exist or comes twice on it.
var turnings = []struct{ zone, day string }{
	{"UTC", "2026-02-28"},
	{"America/Los_Angeles", "2026-03-08"},
	{"Asia/Tokyo", "2026-12-31"},
	{"America/Havana", "2026-03-08"},
	{"America/Havana", "2026-11-01"},
	{"Asia/Beirut", "2022-03-27"},
	{"America/Sao_Paulo", "2017-10-15"},
	{"America/Sao_Paulo", "2018-02-18"},
	{"Asia/Kathmandu", "2024-02-29"},
	{"Atlantic/Azores", "2026-10-25"},
	{"Australia/Lord_Howe", "2026-04-05"},
	{"Pacific/Apia", "2011-12-30"},
	{"America/Santiago", "2024-09-08"},
	{"Asia/Amman", "2021-10-29"},
	{"Asia/Gaza", "2021-10-29"},
	{"Asia/Amman", "2014-03-28"},
	{"America/Asuncion", "2023-10-01"},
	{"America/Scoresbysund", "2022-10-30"},
	{"Asia/Tehran", "2022-03-22"},
	{"Africa/Cairo", "2025-04-25"},
}

const (
	shop, otherShop                             = 1000, 1001
	sale, lead, closed, elsewhere               = 2240, 2241, 2242, 2243
	partnerOne, partnerTwo, partnerGone         = 501, 502, 503
	unknownCampaign, unknownEvent, unknownMedia = 9, 9, 9
)

func newSetting(c choices) setting {
	turning := pick(c, turnings...)
	zone, err := time.LoadLocation(turning.zone)
	if err != nil {
		panic(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, turning.day, time.UTC)
	if err != nil {
		panic(err)
	}
	s := setting{currency: pick[money.Currency](c, "USD", "USD", "JPY", "KWD", "CLF"), zone: zone}
	s.start = day.Add(-c.days(0, 24) + time.Duration(c.choose(24*60))*time.Minute)
	first := s.base(c, turning.zone)
	s.history = history{{s.start.Add(-100 * 24 * time.Hour), first}}
	for i := range c.choose(3) {
		at := s.start.Add(c.days(1+3*i, 3+3*i))
		s.history = append(s.history, dated{at, s.next(c, s.history[i].reference, at)})
	}
	for _, d := range s.history {
		if err := d.reference.Prepare(); err != nil {
			panic(err)
		}
	}
	for i := range 6 {
		s.clicks = append(s.clicks, ledger.Click{
			ID: fmt.Sprintf("click-%d", i), Campaign: int64(pick(c, shop, shop, otherShop)),
			Partner: int64(pick(c, partnerOne, partnerTwo, partnerGone)), Customer: fmt.Sprintf("customer-%d", i%4),
			At: s.start.Add(-time.Duration(c.choose(20*24*60))*time.Minute - time.Duration(i)*time.Second),
		})
	}
	return s
}

// base is the account as it is first loaded.
func (s setting) base(c choices, zone string) *ledger.Reference {
	ref := &ledger.Reference{
		Account:   ledger.Account{ID: 1, Currency: s.currency, Zone: zone, ModificationLimit: pick(c, 1000, 3, 3, 2)},
		Campaigns: make(map[int64]ledger.Campaign),
		Partners: map[int64]ledger.Partner{
			partnerOne: {ID: partnerOne, State: "ACTIVE"}, partnerTwo: {ID: partnerTwo, State: "ACTIVE"},
			partnerGone: {ID: partnerGone, State: "INACTIVE"},
		},
		EventTypes: map[int64]ledger.EventType{
			sale:      s.eventType(c, sale, shop, "SALE", "ACTIVE"),
			lead:      s.eventType(c, lead, shop, "LEAD", "ACTIVE"),
			closed:    s.eventType(c, closed, shop, "CLOSED", "INACTIVE"),
			elsewhere: s.eventType(c, elsewhere, otherShop, "ELSE", "ACTIVE"),
		},
		PromoCodes: make(map[ledger.PromoKey]ledger.PromoCode),
		Contracts:  make(map[int64]ledger.Contract),
		Terms:      make(map[ledger.TermsOf][]ledger.Terms),
	}
	for _, id := range []int64{shop, otherShop} {
		ref.Campaigns[id] = ledger.Campaign{ID: id, FeeRate: feeRate(c), Pricing: pricing(c)}
	}
	for _, p := range []ledger.PromoCode{
		{Campaign: shop, Code: "Save10", Partner: partnerOne},
		{Campaign: shop, Code: "GONE", Partner: partnerGone},
		{Campaign: otherShop, Code: "THERE", Partner: partnerTwo},
	} {
		ref.PromoCodes[ledger.PromoKey{Campaign: p.Campaign, Upper: strings.ToUpper(p.Code)}] = p
	}
	if c.oneIn(4) { // a code that ends about when orders come in
		p := ref.PromoCodes[ledger.PromoKey{Campaign: shop, Upper: "SAVE10"}]
		p.End = s.start.Add(c.days(-2, 15))
		ref.PromoCodes[p.Key()] = p
	}
	for i := range int64(c.between(2, 5)) {
		s.addContract(c, ref, 3001+i)
	}
	return ref
}

func feeRate(c choices) money.Decimal {
	return pick[money.Decimal](c, 0, 30_000, 125_000, 12_345, 1_000_000)
}

func pricing(c choices) ledger.Pricing {
	return pick(c, ledger.PricingCurrent, ledger.PricingCurrent, ledger.PricingTracked)
}

func (s setting) eventType(c choices, id, campaign int64, code, state string) ledger.EventType {
	return ledger.EventType{
		ID: id, Campaign: campaign, Code: code, State: state, DuplicateDays: pick(c, 365, 30, 1, 0),
		CustomerStatuses: []string{"NEW", "EXISTING", "VIP"},
		Dispositions: []ledger.Disposition{
			{Code: "HOLD", Effect: ledger.EffectModify},
			{Code: "CHECK", Effect: ledger.EffectModify},
			{Code: "OKAY", Effect: ledger.EffectApprove},
			{Code: "Fraudulent", Effect: ledger.EffectReject},
		},
	}
}

func (s setting) addContract(c choices, ref *ledger.Reference, id int64) {
	contract := ledger.Contract{
		ID: id, Campaign: int64(pick(c, shop, shop, shop, shop, otherShop)), Partner: int64(pick(c, partnerOne, partnerOne, partnerTwo)),
		Start: s.start.Add(-c.days(0, 40)),
	}
	if c.choose(2) == 1 {
		contract.End = s.start.Add(c.days(-2, 15))
	}
	ref.Contracts[id] = contract
	for _, eventType := range []int64{sale, lead, elsewhere} {
		if c.oneIn(6) {
			continue
		}
		of := ledger.TermsOf{Contract: id, EventType: eventType}
		for range c.between(1, 3) {
			s.addTerms(c, ref, of, s.start.Add(c.days(-40, 5)))
		}
	}
}

// next is the reference data after somebody changed them at an instant.
func (s setting) next(c choices, was *ledger.Reference, at time.Time) *ledger.Reference {
	is := *was
	is.Campaigns, is.EventTypes = make(map[int64]ledger.Campaign), make(map[int64]ledger.EventType)
	is.Contracts, is.Terms = make(map[int64]ledger.Contract), make(map[ledger.TermsOf][]ledger.Terms)
	for _, id := range []int64{shop, otherShop} {
		is.Campaigns[id] = ledger.Campaign{ID: id, FeeRate: feeRate(c), Pricing: pricing(c)}
	}
	for _, id := range []int64{sale, lead, closed, elsewhere} {
		e := was.EventTypes[id]
		if c.oneIn(3) {
			e.CustomerStatuses, e.Dispositions = e.CustomerStatuses[:2], e.Dispositions[1:]
		}
		is.EventTypes[id] = e
	}
	for id := int64(3001); was.Contracts[id].ID != 0; id++ {
		contract := was.Contracts[id]
		if contract.End.IsZero() && c.oneIn(3) {
			contract.End = at.Add(c.days(0, 4))
		}
		is.Contracts[id] = contract
		for _, eventType := range []int64{sale, lead, elsewhere} {
			of := ledger.TermsOf{Contract: id, EventType: eventType}
			is.Terms[of] = append([]ledger.Terms(nil), was.Terms[of]...)
			if c.oneIn(3) {
				s.addTerms(c, &is, of, at.Add(c.days(0, 3)))
			}
		}
	}
	return &is
}
