package storetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

var acceptGuarantees = []guarantee{
	{"each account numbers its submissions from 1 without gaps", func(f *fixture) {
		f.accept(f.order("a"), f.order("b"))
		second := f.accept(f.order("c"))
		same(f, int64(3), second[0].Number, "the third number")
		other := must(f.Accept(f.Context(), otherAccount, f.now, batchOf(f.order("a"))))(f)
		same(f, int64(1), other[0].Number, "the other account's first number")
	}},
	{"the time of acceptance is now, or that of the newest submission if it is later", func(f *fixture) {
		first := f.accept(f.order("a"))[0]
		same(f, f.now, first.Accepted, "the time of acceptance")
		f.now = f.now.Add(-time.Hour)
		same(f, first.Accepted, f.accept(f.order("b"))[0].Accepted, "after the clock went back")
		f.now = first.Accepted.Add(time.Microsecond)
		same(f, f.now, f.accept(f.order("c"))[0].Accepted, "after the clock advanced")
	}},
	{"times are truncated to microseconds and are in UTC", func(f *fixture) {
		zone := time.FixedZone("far", 3*3600)
		c := f.order("a")
		c.EventDate = f.now.In(zone).Add(1999)
		got := f.submission(must(f.Accept(f.Context(), account, f.now.In(zone).Add(1999), batchOf(c)))(f)[0].Submission)
		want := f.now.Add(time.Microsecond)
		same(f, []time.Time{want, want}, []time.Time{got.Accepted, got.Command.(ledger.Conversion).EventDate}, "times")
		same(f, "UTC", got.Command.(ledger.Conversion).EventDate.Location().String(), "the zone")
	}},
	{"concurrent callers get numbers in commit order", acceptConcurrently},
	{"every command is read back as it was accepted", acceptEveryCommand},
	{"a submission keeps its version of the rules, by default the current one", func(f *fixture) {
		old := store.Submission{Submission: ledger.Submission{Rules: 1, Command: f.order("a")}}
		accepted := must(f.Accept(f.Context(), account, f.now, append(batchOf(f.order("b")), old)))(f)
		var rules []ledger.Rules
		for _, a := range accepted {
			rules = append(rules, a.Rules, f.submission(a.Submission).Rules)
		}
		same(f, []ledger.Rules{ledger.CurrentRules, ledger.CurrentRules, 1, 1}, rules, "the versions")
	}},
	{"an unknown account accepts no submission", func(f *fixture) {
		_, err := f.Accept(f.Context(), 99, f.now, batchOf(f.order("a")))
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an empty batch is accepted", func(f *fixture) {
		same(f, 0, len(f.accept()), "accepted")
		same(f, int64(1), f.accept(f.order("a"))[0].Number, "the next number")
	}},
	{"a batch that is too long or lacks a command is rejected as a whole", func(f *fixture) {
		_, tooLong := f.Accept(f.Context(), account, f.now, make([]store.Submission, store.MaxBatch+1))
		_, without := f.Accept(f.Context(), account, f.now, batchOf(f.order("a"), nil))
		if tooLong == nil || without == nil {
			f.Fatalf("errors are %v and %v", tooLong, without)
		}
		same(f, int64(1), f.accept(f.order("a"))[0].Number, "the next number")
	}},
	{"a canceled context accepts nothing", func(f *fixture) {
		ctx, cancel := context.WithCancel(f.Context())
		cancel()
		_, err := f.Accept(ctx, account, f.now, batchOf(f.order("a")))
		wantError(f, context.Canceled, err)
		same(f, int64(1), f.accept(f.order("a"))[0].Number, "the next number")
	}},
	{"a submission is found only by its own id in its own account", acceptIDs},
}

func acceptConcurrently(f *fixture) {
	const callers, each = 8, 20
	var mu sync.Mutex
	var all []store.Submission
	var wait sync.WaitGroup
	for caller := range callers {
		wait.Go(func() {
			for i := range each {
				now := f.now.Add(time.Duration((caller*7+i*13)%29) * time.Second)
				got, err := f.Accept(f.Context(), account, now, batchOf(f.order(strconv.Itoa(caller)), f.order(strconv.Itoa(i))))
				mu.Lock()
				if err != nil {
					f.Error(err)
				}
				all = append(all, submissions(got)...)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	slices.SortFunc(all, func(a, b store.Submission) int { return int(a.Number - b.Number) })
	for i, s := range all {
		same(f, int64(i+1), s.Number, "number")
		if i > 0 && s.Accepted.Before(all[i-1].Accepted) {
			f.Fatalf("number %d was accepted before number %d", s.Number, s.Number-1)
		}
	}
	same(f, 2*callers*each, len(all), "submissions")
}

func acceptEveryCommand(f *fixture) {
	full := f.order("a")
	full.Extras, full.Currency, full.Discount = map[string]string{"Gift": "ja & \"nein\""}, "USD", ptr(money.Decimal(1))
	commands := []ledger.Command{
		full,
		ledger.Modification{
			Address: ledger.Address{Action: idOf(1)}, Reason: ledger.ReasonOrderUpdate, Note: "ünïcode\x00",
			Expected: ids.UpdateID{Action: idOf(1), Number: 4},
			Items: []ledger.ItemChange{
				{Number: 2, SKU: "", Quantity: ptr[int64](0), Amount: ptr(money.Decimal(0)), Category: ptr("")},
				{SKU: "b", QuantityDelta: ptr[int64](-3), AmountDelta: ptr(money.Decimal(-1)), Name: ptr("n"), Rebate: ptr(money.Decimal(5))},
			},
		},
		ledger.Modification{Reason: "x", Amount: ptr(money.Whole(10)), CustomerStatus: ptr("NEW"), Currency: "USD"},
		reverse("a"),
		ledger.Undo{Submission: 2, Note: "n"},
	}
	for i, s := range f.accept(commands...) {
		got := f.submission(s)
		same(f, s, got, "the submission")
		same(f, commands[i], got.Command, "the command")
		same(f, store.Outcome{}, got.Outcome, "the outcome")
	}
}

func acceptIDs(f *fixture) {
	s := f.accept(f.order("a"))[0]
	must(f.Accept(f.Context(), otherAccount, f.now, batchOf(f.order("a"))))(f)
	same(f, s, f.submission(s), "by its id")
	other := store.NewSubmissionID(12345, s.Accepted, s.Number)
	for _, test := range []struct {
		account int64
		id      store.SubmissionID
	}{
		{account, other},
		{account, "A-"},
		{account, "17"},
		{otherAccount, s.ID},
		{otherAccount, other},
		{otherAccount, "A-"},
		{otherAccount, "17"},
	} {
		err := f.Read(f.Context(), test.account, func(r store.Reader) error {
			_, err := r.Submission(test.id)
			return err
		})
		if !errors.Is(err, ledger.ErrNotFound) {
			f.Errorf("account %d, id %s: error is %v", test.account, test.id, err)
		}
	}
}
