package sqlstore_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/webhooks"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// TestNoDeliveryIsDueBeforeAnEarlierOneOfItsAction counts the due deliveries of actions
// that have a failed delivery and a later one. Every query for events reads those that
// are due.
func TestNoDeliveryIsDueBeforeAnEarlierOneOfItsAction(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) { countDue(t, openNew()) })
}

func countDue(t *testing.T, st *sqlstore.Store) {
	setState(t, st, program.StateActive)
	const actions = 2000
	batch := pending(actions)
	save := func(at time.Time, batch store.DeliveryBatch) {
		t.Helper()
		if err := st.SaveDeliveries(t.Context(), account, 1, at, batch); err != nil {
			t.Fatal(err)
		}
	}
	want := func(at time.Time, want int, when string) {
		t.Helper()
		var got int
		err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
			return s.Row("SELECT count(*) FROM deliveries WHERE account = ? AND notification = 1 AND due <= ?", []any{account, column.Micros(at)}, &got)
		})
		if err != nil || got != want {
			t.Errorf("%s: %d deliveries are due, want %d (%v)", when, got, want, err)
		}
	}
	save(now, batch)
	want(now.Add(time.Minute-time.Microsecond), 0, "before the first one is due")
	later := now.Add(time.Minute)
	first := batch.Deliveries[0]
	first.Acknowledged = true
	second := batch.Deliveries[2]
	second.Attempts, second.Due = 2, later.Add(time.Hour)
	abandoned := batch.Deliveries[4]
	abandoned.Attempts, abandoned.Due = 2, time.Time{}
	save(later, store.DeliveryBatch{From: batch.To, To: batch.To, Deliveries: []store.Delivery{first, second, abandoned}})
	want(later, 2*actions-1-2-1, "one acknowledged, one failed with a later one, one abandoned")
}

// TestManyDeliveriesAreAbandonedAndResent ends a notification with more pending deliveries
// than one transaction changes, activates it again and resends all by one call.
func TestManyDeliveriesAreAbandonedAndResent(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) { abandonAndResend(t, openNew()) })
}

func abandonAndResend(t *testing.T, st *sqlstore.Store) {
	setState(t, st, program.StateActive)
	const actions = webhooks.RowsPerTransaction + 1
	if err := st.SaveDeliveries(t.Context(), account, 1, now, pending(actions)); err != nil {
		t.Fatal(err)
	}
	want := func(rows string, want int) {
		t.Helper()
		var got int
		err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
			return s.Row("SELECT count(*) FROM "+rows, []any{account}, &got)
		})
		if err != nil || got != want {
			t.Errorf("%d rows of %s, want %d (%v)", got, rows, want, err)
		}
	}
	wantEvents := func(want int) {
		t.Helper()
		events, err := st.AuditEvents(t.Context(), account, 0, 10)
		if err != nil || len(events) != want {
			t.Errorf("%d audit events, want %d (%v)", len(events), want, err)
		}
	}
	setState(t, st, "ENDED")
	want("deliveries WHERE account = ? AND due IS NULL AND lost IS NOT NULL", 2*actions)
	setState(t, st, program.StateActive)
	wantEvents(3)
	n, err := st.Resend(t.Context(), account, 1, now, store.EventID{}, byTest)
	if err != nil || n != 2*actions {
		t.Errorf("%d deliveries were resent, want %d (%v)", n, 2*actions, err)
	}
	want("deliveries WHERE account = ? AND due IS NOT NULL AND lost IS NULL AND attempts = 0", 2*actions)
	wantEvents(4)
}

// pending returns two deliveries for each action: one that failed now, and a later one.
func pending(actions int) (batch store.DeliveryBatch) {
	for i := range actions {
		id := ids.UpdateID{Action: ids.ActionID{Campaign: 1000, EventType: 2240, Number: int64(i + 1)}}
		for range 2 {
			batch.To++
			id.Number = batch.To
			d := store.Delivery{Event: store.EventOfUpdate(id), Submission: batch.To, Due: now}
			if batch.To%2 == 1 {
				d.Attempts, d.Due = 1, now.Add(time.Minute)
			}
			batch.Deliveries = append(batch.Deliveries, d)
		}
	}
	return batch
}

// setState records the account and its notification 1 in a state.
func setState(t testing.TB, st *sqlstore.Store, state string) {
	t.Helper()
	n := program.Notification{ID: 1, Campaign: 1000, State: state}
	_, err := st.Record(t.Context(), account, now, byTest, func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: program.Reference{
			Account: program.Account{ID: account, Currency: "USD", Zone: "UTC"}, Notifications: map[int64]program.Notification{1: n},
		}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkNextEventsWithManyPending queries for events while 100,000 actions have two
// pending deliveries each, none of them due.
func BenchmarkNextEventsWithManyPending(b *testing.B) {
	st := openSQLite(b, b.TempDir())
	setState(b, st, program.StateActive)
	batch := pending(100_000)
	if err := st.SaveDeliveries(b.Context(), account, 1, now, batch); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		events, err := st.NextEvents(b.Context(), account, program.Notification{ID: 1}, now, 32)
		if err != nil || len(events.List) > 0 {
			b.Fatal(events, err)
		}
	}
}
