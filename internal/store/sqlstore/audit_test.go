package sqlstore_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// TestConcurrentAuditEventsGetConsecutiveNumbers writes audit events in transactions that
// share no other lock. None may have to be retried.
func TestConcurrentAuditEventsGetConsecutiveNumbers(t *testing.T) {
	const writers, each = 32, 4
	onEachDatabase(t, func(t *testing.T, openNew func() *sqlstore.Store) {
		st := openNew()
		createAccount(t, st)
		var changes atomic.Int64
		for name, test := range map[string]struct {
			account int64
			write   func(writer, i int) error
		}{
			"tokens of the operator": {store.Operator, func(writer, i int) error {
				return st.SaveToken(t.Context(), store.Token{SID: fmt.Sprintf("operator-%d-%d", writer, i), Account: store.Operator, Created: now}, byTest)
			}},
			"tokens of an account and its reference data": {account, func(writer, i int) error {
				sid := fmt.Sprintf("account-%d", writer)
				if i == 0 {
					return st.SaveToken(t.Context(), store.Token{SID: sid, Account: account, Created: now}, byTest)
				}
				_, err := st.ChangeToken(t.Context(), sid, byTest, func(t store.Token) (store.Token, error) {
					changes.Add(1)
					t.Limit = i
					return t, nil
				})
				return err
			}},
		} {
			before := lastEvent(t, st, test.account)
			var group sync.WaitGroup
			for writer := range writers {
				group.Go(func() {
					for i := range each {
						if err := test.write(writer, i); err != nil {
							t.Errorf("%s: %v", name, err)
							return
						}
					}
				})
			}
			group.Wait()
			if got, want := lastEvent(t, st, test.account), before+writers*each; got != want {
				t.Errorf("%s: the last event is %d, want %d", name, got, want)
			}
		}
		if got := changes.Load(); got != writers*(each-1) {
			t.Errorf("%d tokens were changed %d times, so that transactions were retried", writers*(each-1), got)
		}
		wantSound(t, st)
	})
}

// lastEvent returns the number of the newest event in an account's audit log.
func lastEvent(t *testing.T, st *sqlstore.Store, account int64) int64 {
	t.Helper()
	events, err := st.AuditEvents(t.Context(), account, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(events) == 0 {
		return 0
	}
	return events[0].Number
}
