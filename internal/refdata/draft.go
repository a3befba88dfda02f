package refdata

import (
	"maps"
	"reflect"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// draft is an account as a file states it, before it is held against what is
// recorded.
type draft struct {
	at   place
	zone *time.Location
	is   store.ReferenceChange
	// terms are not yet versions: which they become depends on those recorded.
	terms []termsDraft
	// checks are asked once it is known what is recorded.
	checks []check
	// seen are the lines of what the file has named, by kind and id.
	seen map[any]int
}

// check answers a message if a value does not fit what was recorded, or what
// will be once the file is; else "".
type check struct {
	at    place
	fault func(was, will *ledger.Reference) string
}

// check puts off the judgement of a key's value.
func (o *object) check(key string, fault func(was, will *ledger.Reference) string) {
	o.draft.checks = append(o.draft.checks, check{o.place(key), fault})
}

// once notes a fault if the file has named the same thing before; what has a
// fault already, and so is zero, counts as none.
func (o *object) once(key string, what any) {
	if reflect.ValueOf(what).IsZero() {
		return
	}
	if line, twice := o.draft.seen[what]; twice {
		o.fault(key, "Is in line %d already: name each once", line)
		return
	}
	o.draft.seen[what] = o.place(key).line
}

// newDraft answers a draft of an account in which nothing else is named yet.
func newDraft(account ledger.Account, at place) *draft {
	d := &draft{at: at, zone: time.UTC, seen: make(map[any]int)}
	d.is.Reference = ledger.Reference{
		Account:       account,
		Campaigns:     make(map[int64]ledger.Campaign),
		EventTypes:    make(map[int64]ledger.EventType),
		Partners:      make(map[int64]ledger.Partner),
		PromoCodes:    make(map[ledger.PromoKey]ledger.PromoCode),
		Contracts:     make(map[int64]ledger.Contract),
		Notifications: make(map[int64]ledger.Notification),
	}
	if z, err := zone(account.Zone); err == nil {
		d.zone = z
	}
	return d
}

// account reads an account with everything in it.
func (o *object) account() *draft {
	d := newDraft(ledger.Account{
		ID:                need(o, "id", id),
		Name:              need(o, "name", text(maxText)),
		Currency:          money.Currency(need(o, "currency", currency)),
		Zone:              need(o, "zone", zoneName),
		ModificationLimit: may(o, "cap", ledger.DefaultModificationLimit, number(1, ledger.MaxModificationLimit)),
	}, o.at)
	o.draft = d
	is := d.is.Account
	o.check("currency", func(was, _ *ledger.Reference) string {
		if recorded := was.Account.Currency; recorded != "" && recorded != is.Currency {
			return "Must stay " + string(recorded) + ": the account's amounts are in it; record a new account for another"
		}
		return ""
	})
	o.list("campaigns", (*object).campaign)
	o.list("event_types", (*object).eventType)
	o.list("partners", (*object).partner)
	o.list("promo_codes", (*object).promoCode)
	o.list("contracts", (*object).contract)
	o.list("clicks", (*object).click)
	o.list("notifications", (*object).notification)
	return d
}

// revise answers what is to be recorded at an instant, given what is there. Its
// error is a [*Faults].
func (d *draft) revise(name string, was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
	faults := Faults{File: name}
	will := &ledger.Reference{
		Campaigns:     merged(was.Campaigns, d.is.Campaigns),
		EventTypes:    merged(was.EventTypes, d.is.EventTypes),
		Partners:      merged(was.Partners, d.is.Partners),
		PromoCodes:    merged(was.PromoCodes, d.is.PromoCodes),
		Contracts:     merged(was.Contracts, d.is.Contracts),
		Notifications: merged(was.Notifications, d.is.Notifications),
	}
	for _, c := range d.checks {
		if fault := c.fault(was, will); fault != "" {
			faults.add(c.at, "%s", fault)
		}
	}
	change := d.is
	change.Terms = make(map[ledger.TermsOf][]ledger.Terms)
	for _, t := range d.terms {
		version, fault := t.version(was, at, d.zone)
		switch {
		case fault != "":
			faults.add(t.at, "%s", fault)
		case version != nil:
			change.Terms[version.TermsOf] = []ledger.Terms{*version}
		}
	}
	if err := faults.err(); err != nil {
		return store.ReferenceChange{}, err
	}
	return change, nil
}

func merged[K comparable, V any](was, is map[K]V) map[K]V {
	both := maps.Clone(was)
	if both == nil {
		both = make(map[K]V, len(is))
	}
	maps.Copy(both, is)
	return both
}
