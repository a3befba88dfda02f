// Package scenario makes random reference data and submissions for tests that compare
// package ledger with package oracle, or check the ledger's invariants.
//
// A [Scenario] is an account's reference data over time. A [Generator] writes
// submissions for it. Both draw from a [Chooser], so that a test, a fuzzer and package
// rapid can control them.
package scenario

import (
	"fmt"
	"maps"
	"slices"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Scenario is an account's reference data over time, and its clicks.
type Scenario struct {
	History  oracle.History
	Clicks   []program.Click
	Currency money.Currency
	Zone     *time.Location
	// Start is about the time of the orders.
	Start time.Time
}

// clockChanges are zones and days on which clocks change. In many of them midnight
// does not exist on that day or comes twice.
var clockChanges = []struct{ zone, day string }{
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

// Campaigns of a scenario.
const (
	Shop      = 1000
	OtherShop = 1001
)

// Event types of a scenario. Closed is not active at first. The last two belong to the
// other shop, and SaleElsewhere has the code of Sale and a smaller id.
const (
	Sale          = 2240
	Lead          = 2241
	Closed        = 2242
	Elsewhere     = 2243
	SaleElsewhere = 2230
)

// Partners of a scenario. PartnerGone is not active at first.
const (
	PartnerOne  = 501
	PartnerTwo  = 502
	PartnerGone = 503
)

// Ids that no scenario has.
const (
	unknownCampaign  = 9
	unknownEventType = 9
	unknownPartner   = 9
)

// New returns a scenario with reference data that changes up to twice.
func New(c Choices) Scenario {
	change := pick(c, clockChanges...)
	zone, err := time.LoadLocation(change.zone)
	if err != nil {
		panic(err)
	}
	day, err := time.ParseInLocation(time.DateOnly, change.day, time.UTC)
	if err != nil {
		panic(err)
	}
	s := Scenario{Currency: pick[money.Currency](c, "USD", "USD", "JPY", "KWD", "CLF"), Zone: zone}
	s.Start = day.Add(-c.days(0, 24) + c.minutes(1))
	s.History = oracle.History{{From: s.Start.Add(-100 * 24 * time.Hour), Reference: s.first(c, change.zone), Rates: s.rates(c)}}
	for i := range c.Choose(3) {
		at := s.Start.Add(c.days(1+3*i, 3+3*i))
		s.History = append(s.History, oracle.Version{From: at, Reference: s.next(c, s.History[i].Reference, at), Rates: s.nextRates(c, s.History[i].Rates)})
	}
	s.changeSettings(c)
	for _, v := range s.History {
		if err := v.Reference.Prepare(); err != nil {
			panic(err)
		}
	}
	for i := range 6 {
		s.Clicks = append(s.Clicks, program.Click{
			ID: fmt.Sprintf("click-%d", i), Campaign: int64(pick(c, Shop, Shop, OtherShop)),
			Partner: int64(pick(c, PartnerOne, PartnerTwo, PartnerOne, PartnerTwo, PartnerGone, unknownPartner)), Customer: fmt.Sprintf("customer-%d", i%4),
			At:       s.Start.Add(-c.minutes(20) - time.Duration(i)*time.Second),
			CustomID: fmt.Sprintf("key-%d", c.Choose(3)), UniqueURL: fmt.Sprintf("key-%d", c.Choose(3)),
			Profile: fmt.Sprintf("key-%d", c.Choose(3)), CallerID: fmt.Sprintf("key-%d", c.Choose(3)),
		})
	}
	return s
}

// first returns the reference data as first loaded.
func (s Scenario) first(c Choices, zone string) *program.Reference {
	ref := &program.Reference{
		Account:   program.Account{ID: 1, Currency: s.Currency, Zone: zone, ModificationLimit: pick(c, 1000, 3, 3, 2), PaymentDays: paymentDays(c)},
		Campaigns: campaigns(c),
		Partners: map[int64]program.Partner{
			PartnerOne: {ID: PartnerOne, State: active}, PartnerTwo: {ID: PartnerTwo, State: active},
			PartnerGone: {ID: PartnerGone, State: inactive(c)},
		},
		EventTypes: map[int64]program.EventType{
			Sale:          eventType(c, Sale, Shop, "SALE", active),
			Lead:          eventType(c, Lead, Shop, "LEAD", active),
			Closed:        eventType(c, Closed, Shop, "CLOSED", inactive(c)),
			Elsewhere:     eventType(c, Elsewhere, OtherShop, "ELSE", active),
			SaleElsewhere: eventType(c, SaleElsewhere, OtherShop, "SALE", state(c)),
		},
		PromoCodes: make(map[program.PromoKey]program.PromoCode),
		Contracts:  make(map[int64]program.Contract),
		Terms:      make(map[program.TermsOf][]program.Terms),
		Notifications: map[int64]program.Notification{
			1: {ID: 1, Campaign: Shop, Method: program.MethodGet, State: active},
			2: {ID: 2, Campaign: Shop, Method: program.MethodPost, State: inactive(c)},
		},
	}
	for _, p := range []program.PromoCode{
		{Campaign: Shop, Code: "Save10", Partner: PartnerOne, Start: s.promoStart(c), End: s.promoEnd(c)},
		{Campaign: Shop, Code: "GONE", Partner: PartnerGone},
		{Campaign: OtherShop, Code: "THERE", Partner: PartnerTwo},
	} {
		ref.PromoCodes[p.Key()] = p
	}
	for _, id := range slices.Sorted(maps.Keys(ref.Partners)) {
		p := ref.Partners[id]
		s.settings(c, &p)
		ref.Partners[id] = p
	}
	for i := range int64(c.between(2, 5)) {
		s.addContract(c, ref, 3001+i)
	}
	return ref
}

const active = "ACTIVE"

// inactive returns a state in which nothing is in use.
func inactive(c Choices) string { return pick(c, "INACTIVE", "CLOSED", "") }

func state(c Choices) string {
	if c.oneIn(4) {
		return inactive(c)
	}
	return active
}

// promoStart returns the zero time or a start about the time of the orders.
func (s Scenario) promoStart(c Choices) time.Time {
	if !c.oneIn(8) {
		return time.Time{}
	}
	return s.Start.Add(c.days(-15, 2))
}

// promoEnd returns the zero time or an end about the time of the orders.
func (s Scenario) promoEnd(c Choices) time.Time {
	if !c.oneIn(4) {
		return time.Time{}
	}
	return s.Start.Add(c.days(-2, 15))
}

// campaigns returns both campaigns. No rule reads a campaign's state.
func campaigns(c Choices) map[int64]program.Campaign {
	all := make(map[int64]program.Campaign)
	for _, id := range []int64{Shop, OtherShop} {
		all[id] = program.Campaign{
			ID: id, State: state(c), FeeRate: pick[money.Decimal](c, 0, 30_000, 125_000, 12_345, 1_000_000),
			Pricing:         pick(c, program.PricingCurrent, program.PricingCurrent, program.PricingTracked),
			FallbackPartner: int64(pick(c, 0, 0, PartnerOne, PartnerTwo, PartnerGone)),
		}
	}
	return all
}

func eventType(c Choices, id, campaign int64, code, state string) program.EventType {
	return program.EventType{
		ID: id, Campaign: campaign, Code: code, State: state, DuplicateDays: pick(c, 365, 30, 1, 0),
		CustomerStatuses: []string{"NEW", "EXISTING", "VIP"},
		Dispositions: []program.Disposition{
			{Code: "HOLD", Effect: program.EffectModify},
			{Code: "CHECK", Effect: program.EffectModify},
			{Code: "OKAY", Effect: program.EffectApprove},
			{Code: "Fraudulent", Effect: program.EffectReject},
		},
	}
}

// next returns the reference data after somebody changed them at an instant.
func (s Scenario) next(c Choices, before *program.Reference, at time.Time) *program.Reference {
	after := *before
	after.Campaigns = campaigns(c)
	after.EventTypes, after.Partners, after.PromoCodes = maps.Clone(before.EventTypes), maps.Clone(before.Partners), maps.Clone(before.PromoCodes)
	after.Contracts, after.Terms = maps.Clone(before.Contracts), maps.Clone(before.Terms)
	if c.oneIn(4) {
		after.Account.ModificationLimit = pick(c, 1000, 2, 4)
	}
	for _, id := range slices.Sorted(maps.Keys(before.EventTypes)) {
		e := before.EventTypes[id]
		if c.oneIn(3) {
			e.CustomerStatuses, e.Dispositions = []string{"NEW", "EXISTING"}, e.Dispositions[1:]
		}
		if c.oneIn(6) {
			e.CustomerStatuses = nil // knows every status
		}
		if c.oneIn(8) {
			e.State, e.DuplicateDays = pick(c, active, inactive(c)), pick(c, 365, 7, 0)
		}
		after.EventTypes[id] = e
	}
	for _, id := range slices.Sorted(maps.Keys(before.Partners)) {
		if c.oneIn(6) {
			p := before.Partners[id]
			p.State = pick(c, active, inactive(c))
			after.Partners[id] = p
		}
	}
	if save := (program.PromoKey{Campaign: Shop, Upper: "SAVE10"}); c.oneIn(4) {
		p := before.PromoCodes[save]
		p.Partner, p.Start, p.End = PartnerTwo, s.promoStart(c), s.promoEnd(c)
		after.PromoCodes[save] = p
	}
	s.changeContracts(c, &after, at)
	return &after
}
