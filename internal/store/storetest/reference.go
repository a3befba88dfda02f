package storetest

import (
	"errors"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

var referencePromises = []promise{
	{"what was recorded is there, to the last field, prepared for use", func(f *fixture) {
		is := reference(9)
		group := ledger.Group{ID: 3, Rules: []ledger.Rule{{Variable: ledger.ItemSKU, Operator: ledger.Is, Values: []string{"ä", ""}}}}
		group.Flat = ptr(money.Decimal(25))
		putTerms(is.Reference, ledger.Terms{
			TermsKey: ledger.TermsKey{TermsOf: ledger.TermsOf{Contract: 1, EventType: 2}, Version: 1}, From: start, Level: ledger.LevelOrder,
			Groups: []ledger.Group{group}, PayoutCap: ptr(money.Whole(9)), Locking: ledger.Locking{Day: 31, Months: 1},
		})
		is.Notifications = map[int64]ledger.Notification{1: {
			ID: 1, Campaign: campaign, EventTypes: []int64{locksByDay}, Events: []ledger.Event{ledger.EventReversed}, Method: ledger.MethodPost,
			URL: "https://example.com/?a={ActionId}", Body: "<a>ä</a>", Format: ledger.BodyXML, State: ledger.StateActive,
		}}
		f.record(9, is)
		got := must(f.Reference(f.Context(), 9, f.now))(f)
		if diff := cmp.Diff(is.Reference, *got, unexported); diff != "" {
			f.Errorf("reference (-want +got):\n%s", diff)
		}
		same(f, "America/Los_Angeles", got.Zone().String(), "the zone")
		same(f, []int64{account, otherAccount, 9}, must(f.Accounts(f.Context()))(f), "accounts")
	}},
	{"an account is there from its first recording on", func(f *fixture) {
		_, err := f.Reference(f.Context(), account, start.Add(-time.Microsecond))
		wantError(f, ledger.ErrNotFound, err)
		_, err = f.Reference(f.Context(), 99, f.now)
		wantError(f, ledger.ErrNotFound, err)
		must(f.Reference(f.Context(), account, start))(f)
	}},
	{"a change is given what is there and an instant after all that was accepted", func(f *fixture) {
		last := f.accept(f.order("a"))[0].Accepted
		f.now = f.now.Add(-time.Hour)
		must(f.Record(f.Context(), account, f.now, f.deed("record"), func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
			same(f, "Shop", was.Account.Name, "the account")
			if !at.After(last) {
				f.Errorf("recorded at %s, accepted at %s", at, last)
			}
			return store.ReferenceChange{}, nil
		}))(f)
		must(f.Record(f.Context(), 9, f.now, f.deed("record"), func(was *ledger.Reference, _ time.Time) (store.ReferenceChange, error) {
			same(f, 0, len(was.Campaigns)+len(was.Terms), "entries of a new account")
			return reference(9), nil
		}))(f)
	}},
	{"only what is new or differs counts", func(f *fixture) {
		same(f, 0, f.record(account, reference(account)), "recorded again")
		one := reference(account)
		c := one.Campaigns[campaign]
		c.Name = "Renamed"
		one.Campaigns[campaign] = c
		one.Partners[503] = ledger.Partner{ID: 503}
		same(f, 2, f.record(account, one), "one renamed, one new")
		got := must(f.Reference(f.Context(), account, f.now.Add(time.Hour)))(f)
		same(f, "Renamed", got.Campaigns[campaign].Name, "the campaign")
	}},
	{"submissions are judged by what was recorded before they were accepted, however late they are applied", referenceAsOf},
	{"an error of the change is passed on and nothing is kept", func(f *fixture) {
		errChange := errors.New("no")
		_, err := f.Record(f.Context(), 9, f.now, f.deed("record"), func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
			return reference(9), errChange
		})
		wantError(f, errChange, err)
		same(f, []int64{account, otherAccount}, must(f.Accounts(f.Context()))(f), "accounts")
	}},
	{"what could not be used is not kept", func(f *fixture) {
		noZone := reference(9)
		noZone.Account.Zone = "America/Nowhere"
		changed := reference(account)
		of := ledger.TermsOf{Contract: partner, EventType: locksByDay}
		changed.Terms[of] = []ledger.Terms{terms(partner, locksByDay, 1, 99, ledger.Locking{Days: 1})}
		for name, c := range map[string]struct {
			account int64
			is      store.ReferenceChange
		}{
			"a zone that is none":           {9, noZone},
			"another account's":             {9, reference(10)},
			"a new account without a word":  {9, store.ReferenceChange{}},
			"another account's for this":    {account, reference(otherAccount)},
			"a version of terms that is in": {account, changed},
		} {
			if _, err := f.Record(f.Context(), c.account, f.now, f.deed("record"), always(c.is)); err == nil {
				f.Errorf("%s: no error", name)
			}
		}
		same(f, []int64{account, otherAccount}, must(f.Accounts(f.Context()))(f), "accounts")
		got := must(f.Reference(f.Context(), account, f.now.Add(time.Hour)))(f)
		same(f, reference(account).Terms, got.Terms, "terms")
	}},
	{"recordings beside a busy intake fall between submissions", referenceBesideIntake},
}

var unexported = cmp.FilterPath(func(p cmp.Path) bool {
	field, is := p.Last().(cmp.StructField)
	return is && (field.Name() == "zone" || field.Name() == "contractsOf")
}, cmp.Ignore())

func referenceAsOf(f *fixture) {
	f.accept(f.order("a"), setQuantity("a", "12345", 1))
	next := store.ReferenceChange{Reference: ledger.Reference{Terms: map[ledger.TermsOf][]ledger.Terms{}}}
	putTerms(next.Reference, terms(partner, locksByDay, 2, 10, ledger.Locking{Days: 15}))
	same(f, 1, f.record(account, next), "recorded at the very instant of the clock")
	after := f.accept(f.order("b"), setQuantity("a", "67890", 0))
	same(f, 4, f.apply(), "completed")
	same(f, []int{1, 1, 2, 2}, []int{
		f.numbered(1).Outcome.Basis.Terms.Version, f.numbered(2).Outcome.Basis.Terms.Version,
		f.numbered(3).Outcome.Basis.Terms.Version, f.numbered(4).Outcome.Basis.Terms.Version,
	}, "versions of terms")
	before := must(f.Reference(f.Context(), account, f.now))(f)
	same(f, 1, len(before.Terms[ledger.TermsOf{Contract: partner, EventType: locksByDay}]), "versions then")
	now := must(f.Reference(f.Context(), account, after[0].Accepted))(f)
	same(f, 2, len(now.Terms[ledger.TermsOf{Contract: partner, EventType: locksByDay}]), "versions now")
}

func referenceBesideIntake(f *fixture) {
	var wait sync.WaitGroup
	recorded := make(map[string]time.Time)
	wait.Go(func() {
		for i := range 10 {
			name := string(rune('a' + i))
			_, err := f.Record(f.Context(), account, f.now, f.deed("record"), func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
				next := was.Account
				next.Name = name
				recorded[name] = at
				return store.ReferenceChange{Reference: ledger.Reference{Account: next}}, nil
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
		same(f, name, must(f.Reference(f.Context(), account, at))(f).Account.Name, "from its instant on")
		if before := must(f.Reference(f.Context(), account, at.Add(-time.Microsecond)))(f); before.Account.Name == name {
			f.Errorf("%s was there before its instant", name)
		}
	}
}
