package bench

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestCommitsAreReadFromTheRows(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() testStore) {
		st := fresh()
		if _, _, err := Prepare(t.Context(), st, replayNow, Fixture{Actions: 30, Accounts: 3, Items: 3}); err != nil {
			t.Fatal(err)
		}
		after, err := st.LastAccepted(t.Context())
		if diff := cmp.Diff(map[int64]int64{1: 10, 2: 10, 3: 10}, after); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
		minute := func(n int) time.Time { return replayNow.Add(time.Duration(n) * time.Minute) }
		for _, c := range []struct {
			account, submissions int
			accepted, completed  time.Time
		}{
			{1, 5, minute(1), minute(1)}, // the warm-up
			{3, 2, minute(2), minute(3)},
			{1, 1, minute(3), minute(3)},
		} {
			if _, err := st.Accept(t.Context(), int64(c.account), c.accepted, quantities(c.submissions, 7)); err != nil {
				t.Fatal(err)
			}
			if _, err := st.Apply(t.Context(), int64(c.account), c.completed, c.submissions, ledger.Decide); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := applied(t.Context(), st, minute(4), store.Batch{Account: 1, Submissions: quantities(3, 8)}, store.Batch{Account: 2, Submissions: quantities(4, 8)}); err != nil {
			t.Fatal(err)
		}
		r := Report{Begin: minute(2), Accepting: Millis(time.Minute), Accepted: 10}
		err = r.ReadCommits(t.Context(), st.Store, after)
		want := &Commits{
			Intake: CommitSizes{Count: 3, Submissions: Size{Mean: 10. / 3, Max: 7}, Accounts: Size{Mean: 4. / 3, Max: 2}},
			Queue:  CommitSizes{Count: 1, Submissions: Size{Mean: 2, Max: 2}, Accounts: Size{Mean: 1, Max: 1}},
			Direct: 0.8,
		}
		if diff := cmp.Diff(want, r.Commits); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
		if r.Applying != Millis(2*time.Minute) || r.Drain != Millis(time.Minute) || r.AppliedPerSecond != 10./120 {
			t.Errorf("applied within %v, %v later, %.3f per second", r.Applying, r.Drain, r.AppliedPerSecond)
		}
	})
}
