package sqlstore

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestALookFindsOnlyWhatCanBeTold has actions with a delivery that failed and one behind
// it, and counts what a look has to read: nothing before the first is due, and what is
// behind only once it is the first.
func TestALookFindsOnlyWhatCanBeTold(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() *Store) { lookForWhatCanBeTold(t, fresh()) })
}

func lookForWhatCanBeTold(t *testing.T, st *Store) {
	setState(t, st, ledger.StateActive)
	const actions = 2000
	told := waiting(actions)
	keep := func(at time.Time, told store.DeliveryBatch) {
		t.Helper()
		if err := st.KeepDeliveries(t.Context(), account, 1, at, told); err != nil {
			t.Fatal(err)
		}
	}
	want := func(at time.Time, want int, what string) {
		t.Helper()
		var got int
		err := st.lookup(t.Context(), func(s *session) error {
			return s.row("SELECT count(*) FROM deliveries WHERE account = ? AND notification = 1 AND due <= ?", []any{account, micros(at)}, &got)
		})
		if err != nil || got != want {
			t.Errorf("%s: %d are due, want %d (%v)", what, got, want, err)
		}
	}
	keep(now, told)
	want(now.Add(time.Minute-time.Microsecond), 0, "before the first is due")
	later := now.Add(time.Minute)
	first := told.Deliveries[0]
	first.Acknowledged = true
	second := told.Deliveries[2]
	second.Attempts, second.Due = 2, later.Add(time.Hour)
	given := told.Deliveries[4]
	given.Attempts, given.Due = 2, time.Time{}
	keep(later, store.DeliveryBatch{From: told.To, To: told.To, Deliveries: []store.Delivery{first, second, given}})
	want(later, 2*actions-1-2-1, "one acknowledged, one failed with the one behind it, one given up")
}

// TestManyAreGivenUpAndSentAgain ends a notification with more that wait than one
// transaction changes, begins it again and has all sent again by one deed.
func TestManyAreGivenUpAndSentAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() *Store) { giveUpAndSendAgain(t, fresh()) })
}

func giveUpAndSendAgain(t *testing.T, st *Store) {
	setState(t, st, ledger.StateActive)
	const actions = rowsAtOnce + 1
	if err := st.KeepDeliveries(t.Context(), account, 1, now, waiting(actions)); err != nil {
		t.Fatal(err)
	}
	want := func(where string, want int) {
		t.Helper()
		var got int
		err := st.lookup(t.Context(), func(s *session) error {
			return s.row("SELECT count(*) FROM "+where, []any{account}, &got)
		})
		if err != nil || got != want {
			t.Errorf("%d are %s, want %d (%v)", got, where, want, err)
		}
	}
	setState(t, st, "ENDED")
	want("deliveries WHERE account = ? AND due IS NULL AND lost IS NOT NULL", 2*actions)
	setState(t, st, ledger.StateActive)
	want("deeds WHERE account = ?", 3)
	n, err := st.Resend(t.Context(), account, 1, now, ledger.UpdateID{}, byTest)
	if err != nil || n != 2*actions {
		t.Errorf("%d are sent again, want %d (%v)", n, 2*actions, err)
	}
	want("deliveries WHERE account = ? AND due IS NOT NULL AND lost IS NULL AND attempts = 0", 2*actions)
	want("deeds WHERE account = ?", 4)
}

// waiting has a delivery of each of actions that failed at now, and one behind it.
func waiting(actions int) (told store.DeliveryBatch) {
	for i := range actions {
		id := ledger.UpdateID{Action: ledger.ActionID{Campaign: 1000, EventType: 2240, Number: int64(i + 1)}}
		for range 2 {
			told.To++
			id.Number = told.To
			d := store.Delivery{Update: id, Submission: told.To, Due: now}
			if told.To%2 == 1 {
				d.Attempts, d.Due = 1, now.Add(time.Minute)
			}
			told.Deliveries = append(told.Deliveries, d)
		}
	}
	return told
}

// setState records notification 1 and its account.
func setState(t testing.TB, st *Store, state string) {
	t.Helper()
	n := ledger.Notification{ID: 1, Campaign: 1000, State: state}
	_, err := st.Record(t.Context(), account, now, byTest, func(*ledger.Reference, time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{Reference: ledger.Reference{
			Account: ledger.Account{ID: account, Currency: "USD", Zone: "UTC"}, Notifications: map[int64]ledger.Notification{1: n},
		}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkLookWhileManyWait looks for events while 100,000 deliveries wait for their
// time, and as many behind them.
func BenchmarkLookWhileManyWait(b *testing.B) {
	st := open(b, b.TempDir())
	setState(b, st, ledger.StateActive)
	told := waiting(100_000)
	if err := st.KeepDeliveries(b.Context(), account, 1, now, told); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		events, err := st.NextEvents(b.Context(), account, ledger.Notification{ID: 1}, now, 32)
		if err != nil || len(events.List) > 0 {
			b.Fatal(events, err)
		}
	}
}
