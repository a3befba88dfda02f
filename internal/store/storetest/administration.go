package storetest

import (
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

var administrationGuarantees = []guarantee{
	{"audit events are listed by account, newest first, with actor and reason", func(f *fixture) {
		seen := len(f.auditEvents(account))
		t := token(f, "a", account, 0)
		wantError(f, nil, f.SaveToken(f.Context(), t, f.auditEvent(store.OperationCreateToken)))
		f.accept(f.order("a"))
		f.apply()
		wantError(f, nil, f.SetModificationLimit(f.Context(), account, f.now, idOf(1), 2000, f.auditEvent(store.OperationSetLimit)))
		got := f.auditEvents(account)
		same(f, seen+2, len(got), "audit events")
		want := store.AuditEvent{
			Account: account, Number: int64(seen + 2), At: f.now, Actor: f.auditEvent("").Actor, Operation: "set cap",
			Subject: "action " + idOf(1).String(), Reason: "a test", Detail: "from 1000 to 2000",
		}
		same(f, want, got[0], "the newest")
		same(f, "token a", got[1].Subject, "the previous one")
		page := must(f.AuditEvents(f.Context(), account, got[0].Number, 1))(f)
		same(f, got[1:2], page, "a page below the newest")
		same(f, 1, len(f.auditEvents(otherAccount)), "audit events of the other account, that of the fixture")
		f.restart()
		same(f, got, f.auditEvents(account), "audit events after a restart")
	}},
	{"the newest instant is that of the last write of any kind", func(f *fixture) {
		same(f, false, must(f.NewestInstant(f.Context()))(f).IsZero(), "after recording reference data")
		f.now = f.now.Add(time.Hour)
		f.accept(f.order("a"))
		same(f, f.now, must(f.NewestInstant(f.Context()))(f), "after an acceptance")
		f.now = f.now.Add(time.Hour)
		f.apply()
		same(f, f.now, must(f.NewestInstant(f.Context()))(f), "after applying")
		f.now = f.now.Add(time.Hour)
		wantError(f, nil, f.LogClock(f.Context(), "it jumped", f.auditEvent(store.OperationAcceptClock)))
		same(f, f.now, must(f.NewestInstant(f.Context()))(f), "after an audit event")
		events := f.auditEvents(store.Operator)
		same(f, "accept clock: clock it jumped", string(events[0].Operation)+": "+events[0].Subject+" "+events[0].Detail, "the audit event")
	}},
	{"concurrent operations all write audit events", func(f *fixture) {
		const operators = 16
		var wait sync.WaitGroup
		for n := range operators {
			wait.Go(func() {
				wantError(f, nil, f.SaveToken(f.Context(), token(f, string(rune('a'+n)), store.Operator, n), f.auditEvent(store.OperationCreateToken)))
			})
		}
		wait.Wait()
		same(f, operators, len(f.auditEvents(store.Operator)), "audit events")
	}},
	{"an audit event of reference data names the changed entries, and is written only for changes", func(f *fixture) {
		seen := len(f.auditEvents(account))
		f.record(account, reference(account))
		same(f, seen, len(f.auditEvents(account)), "audit events after recording the same")
		one := store.ReferenceChange{Reference: program.Reference{Partners: map[int64]program.Partner{9: {ID: 9, Name: "New", State: program.StateActive}}}}
		f.record(account, one)
		same(f, "partner 9", f.auditEvents(account)[0].Subject, "one entry")
		one.Partners[10], one.Clicks = program.Partner{ID: 10, Name: "Newer", State: program.StateActive}, []program.Click{{ID: "c", Partner: 9, At: f.now}}
		f.record(account, one)
		same(f, "account 7: click c, partner 10", f.auditEvents(account)[0].Subject+": "+f.auditEvents(account)[0].Detail, "two")
	}},
	{"an audit event names the first changed entries in order", func(f *fixture) {
		many := store.ReferenceChange{Reference: program.Reference{Partners: map[int64]program.Partner{}}}
		for id := int64(100); id < 200; id++ {
			many.Partners[id] = program.Partner{ID: id, Name: "New", State: program.StateActive}
		}
		f.record(account, many)
		detail := f.auditEvents(account)[0].Detail
		same(f, []bool{true, true}, []bool{
			strings.HasPrefix(detail, "partner 100, partner 101, "), strings.HasSuffix(detail, ", partner 149 and 50 more"),
		}, "the names in "+detail)
	}},
	{"an operation without an actor is rejected", func(f *fixture) {
		wantError(f, store.ErrNoActor, f.SaveToken(f.Context(), token(f, "a", account, 0), store.AuditEvent{Operation: "save", At: f.now}))
		_, err := f.Token(f.Context(), "a")
		wantError(f, ledger.ErrNotFound, err)
		f.accept(f.order("a"))
		f.apply()
		wantError(f, store.ErrNoActor, f.SetModificationLimit(f.Context(), account, f.now, idOf(1), 2000, store.AuditEvent{}))
		same(f, 0, f.action(1).ModificationLimit, "the modification limit")
		one := store.ReferenceChange{Reference: program.Reference{Partners: map[int64]program.Partner{9: {ID: 9}}}}
		_, err = f.Record(f.Context(), account, f.now, store.AuditEvent{}, always(one))
		wantError(f, store.ErrNoActor, err)
		same(f, program.Partner{}, must(f.CurrentReference(f.Context(), account))(f).Partners[9], "the partner")
	}},
	{"an action's own modification limit raises that of the account", administrationLimit},
	{"a modification limit can be set only for an existing action", func(f *fixture) {
		wantError(f, ledger.ErrNotFound, f.SetModificationLimit(f.Context(), account, f.now, idOf(1), 2000, f.auditEvent(store.OperationSetLimit)))
		f.accept(f.order("a"))
		f.apply()
		other := idOf(1)
		other.EventType = locksByCode
		wantError(f, ledger.ErrNotFound, f.SetModificationLimit(f.Context(), account, f.now, other, 2000, f.auditEvent(store.OperationSetLimit)))
		wantError(f, ledger.ErrNotFound, f.SetModificationLimit(f.Context(), otherAccount, f.now, idOf(1), 2000, f.auditEvent(store.OperationSetLimit)))
	}},
	{"a parked submission completes without effect and blocks no other", func(f *fixture) {
		f.accept(f.order("a"))
		f.apply()
		queued := f.accept(setQuantity("a", "12345", 1), setQuantity("a", "67890", 0), reverse("a"), f.order("b"))
		for _, n := range []int{2, 0} {
			wantError(f, nil, f.Park(f.Context(), account, f.now, queued[n].ID, f.auditEvent(store.OperationPark)))
		}
		wantError(f, nil, f.Park(f.Context(), account, f.now, queued[0].ID, f.auditEvent(store.OperationPark)))
		wantError(f, ledger.ErrNotFound, f.Park(f.Context(), otherAccount, f.now, queued[3].ID, f.auditEvent(store.OperationPark)))
		f.restart()
		same(f, 4, f.apply(), "completed")
		f.wantParked(2, idOf(1))
		f.wantParked(4, idOf(1))
		same(f, 1, f.action(1).Modifications, "modifications")
		same(f, "b", f.action(5).Order, "the submission after them")
		wantError(f, store.ErrComplete, f.Park(f.Context(), account, f.now, queued[0].ID, f.auditEvent(store.OperationPark)))
		wantError(f, store.ErrComplete, f.Park(f.Context(), account, f.now, queued[1].ID, f.auditEvent(store.OperationPark)))
	}},
	{"a failed submission can be retried once, as a new submission", administrationRetry},
}

func administrationLimit(f *fixture) {
	small := reference(account)
	small.Account.ModificationLimit = 1
	f.record(account, small)
	f.accept(f.order("a"), setQuantity("a", "12345", 1), setQuantity("a", "12345", 2))
	f.apply()
	same(f, rejection.CodeLimitReached, f.numbered(3).Outcome.Code, "at the account's limit")
	for _, limit := range []int{0, -1, ledger.MaxModificationLimit + 1} {
		wantRejection(f, "cap", f.SetModificationLimit(f.Context(), account, f.now, idOf(1), limit, f.auditEvent(store.OperationSetLimit)))
	}
	wantError(f, nil, f.SetModificationLimit(f.Context(), account, f.now, idOf(1), 2, f.auditEvent(store.OperationSetLimit)))
	f.accept(setQuantity("a", "12345", 2), setQuantity("a", "12345", 1))
	f.apply()
	same(f, []rejection.Code{"", rejection.CodeLimitReached}, []rejection.Code{f.numbered(4).Outcome.Code, f.numbered(5).Outcome.Code}, "at the action's own limit")
	same(f, []int{1, 2}, []int{f.numbered(2).Outcome.Basis.ModificationLimit, f.numbered(4).Outcome.Basis.ModificationLimit}, "limits of the outcomes")
	wantRejection(f, "cap", f.SetModificationLimit(f.Context(), account, f.now, idOf(1), 1, f.auditEvent(store.OperationSetLimit)))
	small.Account.ModificationLimit = 9
	f.record(account, small)
	f.accept(setQuantity("a", "12345", 1))
	f.apply()
	same(f, rejection.Code(""), f.numbered(6).Outcome.Code, "when the account's limit is higher")
}

func administrationRetry(f *fixture) {
	failed := f.accept(setQuantity("a", "12345", 1))[0]
	_, err := f.Retry(f.Context(), account, f.now, failed.ID, f.auditEvent(store.OperationRetry))
	wantError(f, store.ErrNotFailed, err)
	done := f.accept(f.order("a"))[0]
	f.apply()
	same(f, rejection.CodeActionNotFound, f.numbered(1).Outcome.Code, "before the order")
	_, err = f.Retry(f.Context(), account, f.now, done.ID, f.auditEvent(store.OperationRetry))
	wantError(f, store.ErrNotFailed, err)
	_, err = f.Retry(f.Context(), otherAccount, f.now, failed.ID, f.auditEvent(store.OperationRetry))
	wantError(f, ledger.ErrNotFound, err)
	f.now = f.now.Add(time.Hour)
	again := must(f.Retry(f.Context(), account, f.now, failed.ID, f.auditEvent(store.OperationRetry)))(f)
	same(f, []any{int64(3), f.now, failed.Payload}, []any{again.Number, again.Accepted, again.Payload}, "the retry")
	same(f, f.submission(again), again, "as it is read back")
	same(f, 1, f.apply(), "completed")
	same(f, int64(1), f.action(2).Items[0].Quantity, "its effect")
	_, err = f.Retry(f.Context(), account, f.now, failed.ID, f.auditEvent(store.OperationRetry))
	retried := (*store.RetriedError)(nil)
	if !errors.As(err, &retried) || retried.Retry != again.ID {
		f.Errorf("the error of a second retry is %v", err)
	}
	same(f, rejection.CodeActionNotFound, f.numbered(1).Outcome.Code, "the code of the failed one")
}

func (f *fixture) auditEvents(account int64) []store.AuditEvent {
	f.Helper()
	return must(f.AuditEvents(f.Context(), account, 0, 100))(f)
}
