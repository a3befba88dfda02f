package bench

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestCommitsAreReadFromTheRows(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() testStore) {
		st := fresh()
		for account := range int64(3) {
			if err := fill(t.Context(), st, rand.New(rand.NewPCG(3, 0)), account+1, replayNow, 10); err != nil {
				t.Fatal(err)
			}
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
			{1, 3, minute(2), minute(2)}, // on the way in, with the next
			{2, 4, minute(2), minute(2)},
			{3, 2, minute(2), minute(3)},
			{1, 1, minute(3), minute(3)},
		} {
			var batch []store.Submission
			for n := range c.submissions {
				batch = append(batch, setQuantity(int64(1+n), 7))
			}
			if _, err := st.Accept(t.Context(), int64(c.account), c.accepted, batch); err != nil {
				t.Fatal(err)
			}
			if _, err := st.Apply(t.Context(), int64(c.account), c.completed, len(batch), ledger.Decide); err != nil {
				t.Fatal(err)
			}
		}
		got, err := ReadCommits(t.Context(), st.Store, after, minute(2))
		want := &Commits{
			Intake: CommitSizes{Count: 2, Submissions: Size{Mean: 5, Max: 9}, Accounts: Size{Mean: 2, Max: 3}},
			Queue:  CommitSizes{Count: 1, Submissions: Size{Mean: 2, Max: 2}, Accounts: Size{Mean: 1, Max: 1}},
			Direct: 0.8,
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

func TestSubmissionReachedByTheQueueIsNotAppliedOnTheWayIn(t *testing.T) {
	var order applyOrder
	for n, test := range []struct {
		accepted, completed int64
		want                bool
	}{
		{1, 1, true},
		{2, 2, true},
		{3, 5, false},
		{5, 5, false}, // the commit that applied the one before was at the same time
		{6, 6, true},
		{6, 7, false},
	} {
		if got := order.next(time.UnixMicro(test.accepted), time.UnixMicro(test.completed)); got != test.want {
			t.Errorf("submission %d: got %v, want %v", n, got, test.want)
		}
	}
}
