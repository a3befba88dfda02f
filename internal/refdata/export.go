package refdata

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// accountEntry and those below are entries as a file has them.
type accountEntry struct {
	ID            int64               `json:"id"`
	Name          string              `json:"name"`
	Currency      money.Currency      `json:"currency"`
	Zone          string              `json:"zone"`
	Cap           int                 `json:"cap"`
	Campaigns     []campaignEntry     `json:"campaigns"`
	EventTypes    []eventEntry        `json:"event_types"`
	Partners      []partnerEntry      `json:"partners"`
	PromoCodes    []promoEntry        `json:"promo_codes"`
	Contracts     []contractEntry     `json:"contracts"`
	Notifications []notificationEntry `json:"notifications"`
}

type campaignEntry struct {
	ID      int64          `json:"id"`
	Name    string         `json:"name"`
	State   string         `json:"state"`
	Type    string         `json:"type,omitempty"`
	FeeRate money.Decimal  `json:"fee_rate"`
	Pricing ledger.Pricing `json:"pricing,omitempty"`
}

type eventEntry struct {
	ID            int64              `json:"id"`
	Campaign      int64              `json:"campaign"`
	Name          string             `json:"name"`
	Code          string             `json:"code,omitempty"`
	State         string             `json:"state"`
	Statuses      []string           `json:"customer_statuses,omitempty"`
	Dispositions  []dispositionEntry `json:"dispositions,omitempty"`
	DuplicateDays int                `json:"duplicate_days"`
}

type dispositionEntry struct {
	Code   string        `json:"code"`
	Name   string        `json:"name"`
	Effect ledger.Effect `json:"effect"`
}

type partnerEntry struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Currency string `json:"currency,omitempty"`
	Zone     string `json:"zone,omitempty"`
	Type     string `json:"type,omitempty"`
}

type promoEntry struct {
	Campaign int64     `json:"campaign"`
	Code     string    `json:"code"`
	Partner  int64     `json:"partner"`
	End      time.Time `json:"end,omitzero"`
}

type contractEntry struct {
	ID       int64        `json:"id"`
	Campaign int64        `json:"campaign"`
	Partner  int64        `json:"partner"`
	Start    time.Time    `json:"start"`
	End      time.Time    `json:"end,omitzero"`
	Terms    []termsEntry `json:"terms,omitempty"`
}

type termsEntry struct {
	EventType int64          `json:"event_type"`
	From      time.Time      `json:"from"`
	Level     ledger.Level   `json:"level"`
	Default   payoutEntry    `json:"default"`
	Groups    []groupEntry   `json:"groups,omitempty"`
	Cap       *money.Decimal `json:"cap,omitempty"`
	Locking   lockingEntry   `json:"locking"`
}

type payoutEntry struct {
	Flat *money.Decimal `json:"flat,omitempty"`
	Rate *money.Decimal `json:"rate,omitempty"`
}

type groupEntry struct {
	ID     int64       `json:"id"`
	Payout payoutEntry `json:"payout"`
	Rules  []ruleEntry `json:"rules"`
}

type ruleEntry struct {
	Variable ledger.Variable `json:"variable"`
	Operator ledger.Operator `json:"operator"`
	Values   []string        `json:"values"`
}

type lockingEntry struct {
	Days      *int `json:"days,omitempty"`
	Day       int  `json:"day,omitempty"`
	Months    int  `json:"months,omitempty"`
	OpenEnded bool `json:"open_ended,omitempty"`
}

// Of answers the entry as it stands in a file, to be written as JSON: put back, it
// changes nothing. An account has everything in it but its clicks, and a contract
// the newest version of its terms. ledger.ErrNotFound if there is none.
func (k Key) Of(r *ledger.Reference) (any, error) {
	if k.List == Accounts {
		return accountOf(r), nil
	}
	if k.List == PromoCodes {
		campaign, _ := strconv.ParseInt(k.Values["campaign"], 10, 64) // what is no number is no campaign's
		p, found := r.PromoCodes[ledger.PromoCode{Campaign: campaign, Code: k.Values["code"]}.Key()]
		return entryOf(p, found, promoOf)
	}
	id, _ := contractID(k.Values["id"])
	switch k.List {
	case Campaigns:
		c, found := r.Campaigns[id]
		return entryOf(c, found, campaignOf)
	case EventTypes:
		e, found := r.EventTypes[id]
		return entryOf(e, found, eventOf)
	case Partners:
		p, found := r.Partners[id]
		return entryOf(p, found, partnerOf)
	case Contracts:
		c, found := r.Contracts[id]
		return entryOf(c, found, contractOf(r))
	case Notifications:
		n, found := r.Notifications[id]
		return entryOf(n, found, notificationOf)
	}
	return nil, ledger.ErrNotFound
}

func entryOf[T, E any](is T, found bool, entry func(T) E) (any, error) {
	if !found {
		return nil, ledger.ErrNotFound
	}
	return entry(is), nil
}

func accountOf(r *ledger.Reference) accountEntry {
	a := r.Account
	return accountEntry{
		ID: a.ID, Name: a.Name, Currency: a.Currency, Zone: a.Zone, Cap: a.ModificationLimit,
		Campaigns: entries(r.Campaigns, cmp.Compare[int64], campaignOf), EventTypes: entries(r.EventTypes, cmp.Compare[int64], eventOf),
		Partners: entries(r.Partners, cmp.Compare[int64], partnerOf), Contracts: entries(r.Contracts, cmp.Compare[int64], contractOf(r)),
		PromoCodes: entries(r.PromoCodes, func(a, b ledger.PromoKey) int {
			return cmp.Or(cmp.Compare(a.Campaign, b.Campaign), strings.Compare(a.Upper, b.Upper))
		}, promoOf),
		Notifications: entries(r.Notifications, cmp.Compare[int64], notificationOf),
	}
}

// entries answers what a map has in the order of its keys.
func entries[K comparable, V, E any](all map[K]V, order func(a, b K) int, entry func(V) E) []E {
	list := make([]E, 0, len(all))
	for _, key := range slices.SortedFunc(maps.Keys(all), order) {
		list = append(list, entry(all[key]))
	}
	return list
}

func campaignOf(c ledger.Campaign) campaignEntry { return campaignEntry(c) }

func eventOf(e ledger.EventType) eventEntry {
	entry := eventEntry{
		ID: e.ID, Campaign: e.Campaign, Name: e.Name, Code: e.Code, State: e.State,
		Statuses: e.CustomerStatuses, DuplicateDays: e.DuplicateDays,
	}
	for _, d := range e.Dispositions {
		entry.Dispositions = append(entry.Dispositions, dispositionEntry(d))
	}
	return entry
}

func partnerOf(p ledger.Partner) partnerEntry { return partnerEntry(p) }

func promoOf(p ledger.PromoCode) promoEntry { return promoEntry(p) }

// contractOf answers what writes contracts with their newest terms.
func contractOf(r *ledger.Reference) func(ledger.Contract) contractEntry {
	terms := make(map[int64][]termsEntry)
	for of, versions := range r.Terms {
		terms[of.Contract] = append(terms[of.Contract], termsOf(versions[len(versions)-1]))
	}
	return func(c ledger.Contract) contractEntry {
		list := terms[c.ID]
		slices.SortFunc(list, func(a, b termsEntry) int { return cmp.Compare(a.EventType, b.EventType) })
		return contractEntry{ID: c.ID, Campaign: c.Campaign, Partner: c.Partner, Start: c.Start, End: c.End, Terms: list}
	}
}

func termsOf(t ledger.Terms) termsEntry {
	entry := termsEntry{
		EventType: t.EventType, From: t.From, Level: t.Level, Default: payoutEntry(t.Default), Cap: t.PayoutCap,
		Locking: lockingEntry{Day: t.Locking.Day, Months: t.Locking.Months, OpenEnded: t.Locking.OpenEnded},
	}
	if !t.Locking.OpenEnded && t.Locking.Day == 0 {
		entry.Locking.Days = &t.Locking.Days
	}
	for _, g := range t.Groups {
		group := groupEntry{ID: g.ID, Payout: payoutEntry(g.Payout)}
		for _, r := range g.Rules {
			group.Rules = append(group.Rules, ruleEntry(r))
		}
		entry.Groups = append(entry.Groups, group)
	}
	return entry
}
