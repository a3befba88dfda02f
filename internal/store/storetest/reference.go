package storetest

import (
	"errors"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

var referenceGuarantees = []guarantee{
	{"recorded reference data are read back completely and prepared for use", func(f *fixture) {
		change := reference(9)
		group := program.Group{ID: 3, Rules: []program.Rule{{Variable: program.ItemSKU, Operator: program.Is, Values: []string{"ä", ""}}}}
		group.Flat = ptr(money.Decimal(25))
		putTerms(change.Reference, program.Terms{
			TermsKey: program.TermsKey{TermsOf: program.TermsOf{Contract: 1, EventType: 2}, Version: 1}, From: start, Level: program.LevelOrder,
			Groups: []program.Group{group}, PayoutCap: ptr(money.Whole(9)), Locking: program.Locking{Day: 31, Months: 1},
		})
		change.Notifications = map[int64]program.Notification{1: {
			ID: 1, Campaign: campaign, EventTypes: []int64{locksByDay}, Events: []program.Event{program.EventReversed}, Method: program.MethodPost,
			URL: "https://example.com/?a={ActionId}", Body: "<a>ä</a>", Format: program.BodyXML, State: program.StateActive,
		}}
		change.PartnerGroups = map[int64]program.PartnerGroup{3: {ID: 3, Campaign: campaign, Name: "ä", Partners: []int64{partner}, State: program.StateActive}}
		change.Bridges = map[int64]program.Bridge{4: {
			ID: 4, Platform: program.PlatformShopify, Secret: "ä", Campaign: campaign, EventType: locksByDay, Click: "c", PromoCode: "p", Partner: partner, State: program.StateActive,
		}}
		f.record(9, change)
		change.NumberPromoCodes(map[string]time.Time{"1000/SAVE10": f.now})
		got := must(f.Reference(f.Context(), 9, f.now))(f)
		if diff := cmp.Diff(change.Reference, *got, unexported); diff != "" {
			f.Errorf("reference (-want +got):\n%s", diff)
		}
		same(f, "America/Los_Angeles", got.Zone().String(), "the zone")
		same(f, []int64{account, otherAccount, 9}, must(f.Accounts(f.Context()))(f), "accounts")
	}},
	{"an account exists from its first recording on", func(f *fixture) {
		_, err := f.Reference(f.Context(), account, start.Add(-time.Microsecond))
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.Reference(f.Context(), 99, f.now)
		wantError(f, ledger.ErrNotFound, err)
		must(f.Reference(f.Context(), account, start))(f)
	}},
	{"CurrentReference returns the last recording, even if its time is in the future", func(f *fixture) {
		renamed := reference(account)
		renamed.Account.Name = "Renamed"
		now := f.now
		f.now = f.now.AddDate(1, 0, 0)
		f.record(account, renamed)
		f.now = now
		same(f, "Renamed", must(f.CurrentReference(f.Context(), account))(f).Account.Name, "the current name")
		same(f, "Shop", must(f.Reference(f.Context(), account, f.now))(f).Account.Name, "the name now")
		_, err := f.CurrentReference(f.Context(), 99)
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"amend gets the current data and a time after all accepted submissions", func(f *fixture) {
		last := f.accept(f.order("a"))[0].Accepted
		f.now = f.now.Add(-time.Hour)
		must(f.Record(f.Context(), account, f.now, f.auditEvent(store.OperationRecord), func(current *program.Reference, at time.Time) (store.ReferenceChange, error) {
			same(f, "Shop", current.Account.Name, "the account")
			if !at.After(last) {
				f.Errorf("recorded at %s, accepted at %s", at, last)
			}
			return store.ReferenceChange{}, nil
		}))(f)
		must(f.Record(f.Context(), 9, f.now, f.auditEvent(store.OperationRecord), func(current *program.Reference, _ time.Time) (store.ReferenceChange, error) {
			same(f, 0, len(current.Campaigns)+len(current.Terms), "entries of a new account")
			return reference(9), nil
		}))(f)
	}},
	{"Record counts only new and changed entries", func(f *fixture) {
		same(f, 0, f.record(account, reference(account)), "recorded again")
		one := reference(account)
		c := one.Campaigns[campaign]
		c.Name = "Renamed"
		one.Campaigns[campaign] = c
		one.Partners[503] = program.Partner{ID: 503}
		same(f, 2, f.record(account, one), "one renamed, one new")
		got := must(f.Reference(f.Context(), account, f.now.Add(time.Hour)))(f)
		same(f, "Renamed", got.Campaigns[campaign].Name, "the campaign")
	}},
	{"a request with a key is recorded once", recordRequest},
	{"promo codes are numbered in the order in which they were first recorded", func(f *fixture) {
		for i, code := range []string{"b", "A", "b"} {
			change := reference(account)
			p := program.PromoCode{Campaign: campaign, Code: code, Partner: partner + int64(i%2)}
			change.PromoCodes[p.Key()] = p
			f.now = f.now.Add(time.Hour)
			f.record(account, change)
		}
		current := must(f.CurrentReference(f.Context(), account))(f)
		for id, want := range []string{"Save10", "b", "A"} {
			p, found := current.PromoCode(int64(id + 1))
			if !found || p.Code != want || p.ID != int64(id+1) {
				f.Errorf("promo code %d is %+v, want %s", id+1, p, want)
			}
		}
		if p, found := current.PromoCode(4); found {
			f.Errorf("promo code 4 is %+v", p)
		}
	}},
	{"Click returns a click as it was recorded last", func(f *fixture) {
		change := reference(account)
		for _, p := range []int64{partner, otherPartner} {
			change.Clicks = []program.Click{{ID: "c", Campaign: campaign, Partner: p, At: start}}
			f.now = f.now.Add(time.Hour)
			f.record(account, change)
		}
		same(f, int64(otherPartner), must(f.Click(f.Context(), account, "c"))(f).Partner, "the partner")
		_, err := f.Click(f.Context(), account, "d")
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"submissions use the reference data from before they were accepted, however late they are applied", referenceAsOf},
	{"Record returns an error of amend and stores nothing", func(f *fixture) {
		errChange := errors.New("no")
		_, err := f.Record(f.Context(), 9, f.now, f.auditEvent(store.OperationRecord), func(*program.Reference, time.Time) (store.ReferenceChange, error) {
			return reference(9), errChange
		})
		wantError(f, errChange, err)
		same(f, []int64{account, otherAccount}, must(f.Accounts(f.Context()))(f), "accounts")
	}},
	{"invalid reference data are not stored", func(f *fixture) {
		noZone := reference(9)
		noZone.Account.Zone = "America/Nowhere"
		changed := reference(account)
		of := program.TermsOf{Contract: partner, EventType: locksByDay}
		changed.Terms[of] = []program.Terms{terms(partner, locksByDay, 1, 99, program.Locking{Days: 1})}
		for name, c := range map[string]struct {
			account int64
			change  store.ReferenceChange
		}{
			"an unknown time zone":                 {9, noZone},
			"data of another account":              {9, reference(10)},
			"a new account without data":           {9, store.ReferenceChange{}},
			"data of another account for this one": {account, reference(otherAccount)},
			"a changed version of terms":           {account, changed},
		} {
			if _, err := f.Record(f.Context(), c.account, f.now, f.auditEvent(store.OperationRecord), always(c.change)); err == nil {
				f.Errorf("%s: no error", name)
			}
		}
		same(f, []int64{account, otherAccount}, must(f.Accounts(f.Context()))(f), "accounts")
		got := must(f.Reference(f.Context(), account, f.now.Add(time.Hour)))(f)
		same(f, reference(account).Terms, got.Terms, "terms")
	}},
	{"recordings fall between concurrent submissions", referenceConcurrently},
}

// unexported ignores the unexported fields of [program.Reference].
var unexported = cmpopts.IgnoreUnexported(program.Reference{})

func referenceAsOf(f *fixture) {
	f.accept(f.order("a"), setQuantity("a", "12345", 1))
	next := store.ReferenceChange{Reference: program.Reference{Terms: map[program.TermsOf][]program.Terms{}}}
	putTerms(next.Reference, terms(partner, locksByDay, 2, 10, program.Locking{Days: 15}))
	same(f, 1, f.record(account, next), "recorded at the time of acceptance")
	after := f.accept(f.order("b"), setQuantity("a", "67890", 0))
	same(f, 4, f.apply(), "completed")
	same(f, []int{1, 1, 2, 2}, []int{
		f.numbered(1).Outcome.Basis.Terms.Version, f.numbered(2).Outcome.Basis.Terms.Version,
		f.numbered(3).Outcome.Basis.Terms.Version, f.numbered(4).Outcome.Basis.Terms.Version,
	}, "versions of terms")
	before := must(f.Reference(f.Context(), account, f.now))(f)
	same(f, 1, len(before.Terms[program.TermsOf{Contract: partner, EventType: locksByDay}]), "versions then")
	now := must(f.Reference(f.Context(), account, after[0].Accepted))(f)
	same(f, 2, len(now.Terms[program.TermsOf{Contract: partner, EventType: locksByDay}]), "versions now")
}

func referenceConcurrently(f *fixture) {
	var wait sync.WaitGroup
	recorded := make(map[string]time.Time)
	wait.Go(func() {
		for i := range 10 {
			name := string(rune('a' + i))
			_, err := f.Record(f.Context(), account, f.now, f.auditEvent(store.OperationRecord), func(current *program.Reference, at time.Time) (store.ReferenceChange, error) {
				next := current.Account
				next.Name = name
				recorded[name] = at
				return store.ReferenceChange{Reference: program.Reference{Account: next}}, nil
			})
			if err != nil {
				f.Error(err)
			}
		}
	})
	var last time.Time
	for range 20 {
		s := f.accept(f.order("a"))[0]
		if s.Accepted.Before(last) {
			f.Errorf("accepted at %s after %s", s.Accepted, last)
		}
		last = s.Accepted
	}
	wait.Wait()
	for name, at := range recorded {
		same(f, name, must(f.Reference(f.Context(), account, at))(f).Account.Name, "the name from its time on")
		if before := must(f.Reference(f.Context(), account, at.Add(-time.Microsecond)))(f); before.Account.Name == name {
			f.Errorf("%s was visible before its time", name)
		}
	}
}

func recordRequest(f *fixture) {
	key := store.Key{Text: "k", Request: ids.Hash{1}}
	rename := func(name string) store.AmendReference {
		return func(current *program.Reference, _ time.Time) (store.ReferenceChange, error) {
			change := store.ReferenceChange{Resource: "/" + name}
			change.Account = current.Account
			change.Account.Name = name
			return change, nil
		}
	}
	record := func(key store.Key, name string) (store.RecordResult, error) {
		return f.RecordRequest(f.Context(), account, f.now, f.auditEvent(store.OperationRecord), key, rename(name))
	}
	events := len(must(f.AuditEvents(f.Context(), account, 0, 100))(f))
	same(f, store.RecordResult{Resource: "/One"}, must(record(key, "One"))(f), "the first request")
	same(f, store.RecordResult{Resource: "/One", Replayed: true}, must(record(key, "Two"))(f), "the repeated request")
	_, err := record(store.Key{Text: "k", Request: ids.Hash{2}}, "Three")
	wantError(f, store.ErrKeyReused, err)
	same(f, "One", must(f.CurrentReference(f.Context(), account))(f).Account.Name, "the name")
	same(f, events+1, len(must(f.AuditEvents(f.Context(), account, 0, 100))(f)), "audit events")
	same(f, store.RecordResult{Resource: "/One"}, must(record(store.Key{Text: "l"}, "One"))(f), "a request that changes nothing")
	same(f, true, must(record(store.Key{Text: "l"}, "One"))(f).Replayed, "repeated")
	same(f, store.RecordResult{Resource: "/Two"}, must(record(store.Key{}, "Two"))(f), "a request without a key")
	first := must(f.FindKey(f.Context(), account, f.now, key))(f)
	same(f, "/One", first.Resource, "the resource of the key")
	errNo := errors.New("no")
	_, err = f.RecordRequest(f.Context(), account, f.now, f.auditEvent(store.OperationRecord), store.Key{Text: "m"},
		func(*program.Reference, time.Time) (store.ReferenceChange, error) {
			return store.ReferenceChange{}, errNo
		})
	wantError(f, errNo, err)
	_, err = f.FindKey(f.Context(), account, f.now, store.Key{Text: "m"})
	wantError(f, ledger.ErrNotFound, err)
}
