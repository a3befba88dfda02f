package storetest

import (
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

var bridgeGuarantees = []guarantee{
	{"an order of a bridge is stored and its submissions are accepted in one commit", func(f *fixture) {
		f.recordBridge()
		first := f.now
		stored, n := f.updateOrder("o-1", f.setOrder("a", f.order("o-1")))
		same(f, 1, n, "submissions")
		want := store.BridgeOrder{
			BridgeKey: store.BridgeKey{Bridge: 1, Order: "o-1"}, Received: first, Changed: first,
			State: store.BridgeSubmitted, Reason: "because", Document: "a",
		}
		same(f, want, stored, "the result")
		same(f, []store.BridgeOrder{want}, f.bridgeOrders(store.BridgeSubmitted, "", 10), "the order")
		same(f, 1, f.apply(), "completed")
		same(f, "o-1", f.action(1).Order, "the action")
	}},
	{"an update sees the order as the last one left it, and the current reference data", func(f *fixture) {
		f.recordBridge()
		f.updateOrder("o-1", f.setOrder("a"))
		first := f.now
		f.now = f.now.Add(time.Hour)
		stored, _ := f.updateOrder("o-1", func(o *store.BridgeOrder, r *program.Reference) ([]store.Submission, error) {
			same(f, "a", o.Document, "the document")
			same(f, "secret", r.Bridges[1].Secret, "the bridge")
			o.Document = "b"
			return nil, nil
		})
		same(f, []time.Time{first, f.now}, []time.Time{stored.Received, stored.Changed}, "times")
		f.now = f.now.Add(time.Hour)
		unchanged, _ := f.updateOrder("o-1", f.setOrder("b"))
		same(f, stored, unchanged, "an update that changes nothing")
	}},
	{"an update that fails stores nothing", func(f *fixture) {
		f.recordBridge()
		failure := errors.New("failure")
		_, _, err := f.UpdateBridgeOrder(f.Context(), account, f.now, store.BridgeKey{Bridge: 1, Order: "o-1"}, func(o *store.BridgeOrder, _ *program.Reference) ([]store.Submission, error) {
			o.Document = "a"
			return batchOf(f.order("o-1")), failure
		})
		wantError(f, failure, err)
		same(f, 0, len(f.bridgeOrders("", "", 10)), "orders")
		same(f, 0, f.submissions(search.SubmissionFilter{}, everything).Total, "submissions")
		_, _, err = f.UpdateBridgeOrder(f.Context(), 99, f.now, store.BridgeKey{Bridge: 1, Order: "o-1"}, f.setOrder("a"))
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"orders of a bridge are listed by state and id", func(f *fixture) {
		f.recordBridge()
		for _, order := range []string{"c", "a", "b", "d"} {
			f.updateOrder(order, f.setOrder(order))
		}
		f.updateOrder("e", func(o *store.BridgeOrder, _ *program.Reference) ([]store.Submission, error) {
			o.State = store.BridgeWaiting
			return nil, nil
		})
		same(f, []string{"a", "b", "c"}, ordersOf(f.bridgeOrders(store.BridgeSubmitted, "", 3)), "the first")
		same(f, []string{"d"}, ordersOf(f.bridgeOrders(store.BridgeSubmitted, "c", 3)), "the next")
		same(f, []string{"e"}, ordersOf(f.bridgeOrders(store.BridgeWaiting, "", 3)), "another state")
		for _, key := range []struct{ account, bridge int64 }{{account, 2}, {otherAccount, 1}, {99, 1}} {
			_, err := f.BridgeOrders(f.Context(), key.account, key.bridge, store.BridgeWaiting, "", 3)
			wantError(f, ledger.ErrNotFound, err)
		}
	}},
	{"a retry of an order writes an audit event, and requires the order", func(f *fixture) {
		f.recordBridge()
		f.updateOrder("o-1", f.setOrder("a"))
		key := store.BridgeKey{Bridge: 1, Order: "o-1"}
		_, n, err := f.RetryBridgeOrder(f.Context(), account, f.now, key, f.auditEvent(store.OperationRetryBridge), f.setOrder("b", f.order("o-1")))
		wantError(f, nil, err)
		same(f, 1, n, "submissions")
		events := must(f.AuditEvents(f.Context(), account, 0, 1))(f)
		same(f, []string{`order "o-1" of bridge 1`, "SUBMITTED, 1 submissions"}, []string{events[0].Subject, events[0].Detail}, "the event")
		key.Order = "o-2"
		_, _, err = f.RetryBridgeOrder(f.Context(), account, f.now, key, f.auditEvent(store.OperationRetryBridge), f.setOrder("b"))
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// recordBridge records the account's bridge 1.
func (f *fixture) recordBridge() {
	f.Helper()
	b := program.Bridge{ID: 1, Platform: program.PlatformStripe, Secret: "secret", Campaign: campaign, EventType: locksByDay, State: program.StateActive}
	f.record(account, store.ReferenceChange{Reference: program.Reference{Bridges: map[int64]program.Bridge{1: b}}})
}

// setOrder returns an update that stores a document and returns submissions of the commands.
func (f *fixture) setOrder(document string, commands ...ledger.Command) store.UpdateBridgeOrder {
	return func(o *store.BridgeOrder, _ *program.Reference) ([]store.Submission, error) {
		o.State, o.Reason, o.Document = store.BridgeSubmitted, "because", document
		return batchOf(commands...), nil
	}
}

func (f *fixture) updateOrder(order string, update store.UpdateBridgeOrder) (stored store.BridgeOrder, submissions int) {
	f.Helper()
	stored, submissions, err := f.UpdateBridgeOrder(f.Context(), account, f.now, store.BridgeKey{Bridge: 1, Order: order}, update)
	wantError(f, nil, err)
	return stored, submissions
}

func (f *fixture) bridgeOrders(state store.BridgeState, after string, limit int) []store.BridgeOrder {
	f.Helper()
	return must(f.BridgeOrders(f.Context(), account, 1, state, after, limit))(f)
}

func ordersOf(list []store.BridgeOrder) (orders []string) {
	for _, o := range list {
		orders = append(orders, o.Order)
	}
	return orders
}
