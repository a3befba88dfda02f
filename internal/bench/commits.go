package bench

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Commits describes the commits of a load, as the stored rows show them: the submissions that
// one commit stored or applied, over all accounts, have the same instant.
type Commits struct {
	// Intake are the commits that stored submissions, and Queue those that applied
	// submissions from the queue.
	Intake CommitSizes `json:"intake"`
	Queue  CommitSizes `json:"queue"`
	// Direct is the share of the submissions that were applied on the way in: by the commit
	// that stored them.
	Direct float64 `json:"applied_on_the_way_in"`
}

// CommitSizes is the number of commits and their sizes.
type CommitSizes struct {
	Count       int64 `json:"count"`
	Submissions Size  `json:"submissions"`
	Accounts    Size  `json:"accounts"`
}

// Size is the mean and the maximum of a number per commit.
type Size struct {
	Mean float64 `json:"mean"`
	Max  int64   `json:"max"`
}

// ReadCommits sets the commits of the load: those of the submissions that come after the given
// number of each account and were accepted since the load began. All of them must be complete.
// It also corrects the time until the last was complete, which [Run] can only learn by asking for
// each account.
func (r *Report) ReadCommits(ctx context.Context, st *sqlstore.Store, after map[int64]int64) error {
	var last time.Time
	intake, queue := make(tally), make(tally)
	var all, direct int64
	for account, number := range after {
		err := st.Timings(ctx, account, number, func(accepted, completed time.Time) {
			if accepted.Before(r.Begin) { // in the warm-up
				return
			}
			if completed.After(last) {
				last = completed
			}
			all++
			intake.add(accepted, account)
			if completed.Equal(accepted) {
				direct++
			} else {
				queue.add(completed, account)
			}
		})
		if err != nil {
			return err
		}
	}
	r.Commits = &Commits{Intake: intake.sizes(), Queue: queue.sizes(), Direct: float64(direct) / float64(max(all, 1))}
	r.setApplying(max(time.Duration(r.Accepting), last.Sub(r.Begin)))
	return nil
}

// tally counts the submissions and accounts of commits by their instants.
type tally map[time.Time]*commitSize

type commitSize struct {
	submissions, accounts int64
	// lastAccount is the account of the last submission.
	lastAccount int64
}

// add counts a submission. Those of an account are added one after another.
func (t tally) add(at time.Time, account int64) {
	c := t[at]
	if c == nil {
		c = new(commitSize)
		t[at] = c
	}
	c.submissions++
	if c.lastAccount != account {
		c.accounts++
		c.lastAccount = account
	}
}

func (t tally) sizes() CommitSizes {
	s := CommitSizes{Count: int64(len(t))}
	var submissions, accounts int64
	for _, c := range t {
		submissions, accounts = submissions+c.submissions, accounts+c.accounts
		s.Submissions.Max, s.Accounts.Max = max(s.Submissions.Max, c.submissions), max(s.Accounts.Max, c.accounts)
	}
	count := float64(max(s.Count, 1))
	s.Submissions.Mean, s.Accounts.Mean = float64(submissions)/count, float64(accounts)/count
	return s
}
