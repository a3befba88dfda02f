package refdata

import (
	"fmt"
	"reflect"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// termsEntry is the JSON form of the terms of a contract for one event type.
type termsEntry struct {
	EventType int64          `json:"event_type"`
	From      time.Time      `json:"from"`
	Level     program.Level  `json:"level"`
	Default   payoutEntry    `json:"default"`
	Groups    []groupEntry   `json:"groups,omitempty"`
	Cap       *money.Decimal `json:"cap,omitempty"`
	Locking   lockingEntry   `json:"locking"`
	Clearing  *clearingEntry `json:"clearing,omitempty"`
	Late      *lateEntry     `json:"late_returns,omitempty"`
}

func newTermsEntry(t program.Terms) termsEntry {
	entry := termsEntry{
		EventType: t.EventType, From: t.From, Level: t.Level, Default: payoutEntry(t.Default), Cap: t.PayoutCap,
		Locking: lockingEntry{Day: t.Locking.Day, Months: t.Locking.Months, OpenEnded: t.Locking.OpenEnded},
	}
	if !t.Locking.OpenEnded && t.Locking.Day == 0 {
		entry.Locking.Days = &t.Locking.Days
	}
	if t.Clearing != (program.Clearing{}) {
		entry.Clearing = newClearingEntry(t.Clearing)
	}
	if t.LateReturns > 0 {
		entry.Late = &lateEntry{t.LateReturns}
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

// terms reads the terms of a contract for one event type.
func (o *object) terms(c program.Contract) {
	t := termsDraft{contract: c, from: o.optionalInstant("from")}
	t.EventType = required(o, "event_type", scalar.ID)
	t.Contract = c.ID
	t.Level = required(o, "level", scalar.OneOf(program.Levels...))
	t.Default = o.payout("default")
	o.groups(&t.Terms)
	t.implausible = o.implausible(t.Terms)
	t.PayoutCap = optional(o, "cap", nil, scalar.Pointer(scalar.Decimal))
	t.Locking, t.Clearing, t.LateReturns = o.locking(), o.clearing(), o.lateReturns()
	t.pos = o.position("from")
	if t.from.IsZero() {
		t.pos = o.position("event_type")
	}
	o.unique("event_type", t.TermsOf)
	if t.EventType > 0 {
		o.checkEventType("event_type", t.EventType, c.Campaign, "contract")
	}
	o.draft.terms = append(o.draft.terms, t)
}

// implausible returns the payouts of terms with a rate over 100 %, which is usually a typo.
func (o *object) implausible(t program.Terms) (found []warning) {
	add := func(key, payout string, p program.Payout) {
		if p.Rate != nil && *p.Rate > money.Whole(100) {
			found = append(found, warning{o.position(key), fmt.Sprintf("The rate of %s of contract %d, event type %d, is %s %%, over 100 %%: "+
				"correct it, or confirm it with --force (admin API: force=true)", payout, t.Contract, t.EventType, p.Rate)})
		}
	}
	add("default", "the default payout", t.Default)
	for _, g := range t.Groups {
		add("groups", fmt.Sprintf("group %d", g.ID), g.Payout)
	}
	return found
}

// warning is a problem that an operator can confirm.
type warning struct {
	pos     position
	message string
}

// termsDraft are terms from a file, without a version.
type termsDraft struct {
	program.Terms
	contract program.Contract
	// from is zero if the file leaves it out.
	from time.Time
	// pos is the position of from, or else of event_type.
	pos position
	// implausible rejects a new version of the terms unless the draft is forced.
	implausible []warning
}

// nextVersion returns the version of the terms to record at an instant, or nil if the
// newest recorded version has the same content. If the terms can't be recorded, it
// returns a message. Terms apply no earlier than their recording, except in the first
// load of a campaign (docs/rules.md, section 3).
func (d termsDraft) nextVersion(before *program.Reference, at time.Time, zone *time.Location) (*program.Terms, string) {
	var newest program.Terms
	if versions := before.Terms[d.TermsOf]; len(versions) > 0 {
		newest = versions[len(versions)-1]
	}
	format := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
	next := d.Terms
	next.Version, next.From = newest.Version+1, d.from
	_, recorded := before.Campaigns[d.contract.Campaign]
	if next.From.IsZero() {
		next.From = at
		if !recorded {
			next.From = d.contract.Start
		}
	}
	if newest.Version > 0 && sameContent(next, newest) {
		switch inForce := !newest.From.After(at); {
		case d.from.IsZero(), d.from.Equal(newest.From), inForce && d.from.After(newest.From):
			return nil, ""
		case d.from.After(newest.From):
			return nil, fmt.Sprintf("These terms are announced for %s, which can't be postponed: "+
				"first apply the terms for the time until then", format(newest.From))
		}
	}
	if recorded && next.From.Before(at) {
		return nil, fmt.Sprintf("Terms can't be backdated: it is now %s; give a later instant, or leave it out to apply them at once",
			format(at))
	}
	return &next, ""
}

// sameContent reports whether two versions differ at most in number and start.
func sameContent(a, b program.Terms) bool {
	a.TermsKey, b.TermsKey = program.TermsKey{}, program.TermsKey{}
	a.From, b.From = time.Time{}, time.Time{}
	return reflect.DeepEqual(a, b)
}
