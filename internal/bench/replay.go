package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Replayed holds the measurements of [Replay].
type Replayed struct {
	// Submissions is the number of submissions that were applied. Accepts and Applies are
	// the numbers of commits of each kind. Elapsed is the time spent writing.
	Submissions, Accepts, Applies int64
	Elapsed                       time.Duration
}

// Replay measures the throughput of the database alone. In a bare loop it copies the
// submissions that only the store from has to the store to, with their effects: the same
// rows in the same commits, without any lookup or decision. Only writing is timed. It stops
// after limit.
//
// The store to must be a copy of the store from as of an earlier time, and every submission
// of from must be complete. Rows of files, keys and inquiries are not copied.
func Replay(ctx context.Context, from, to *sqlstore.Store, limit time.Duration) (Replayed, error) {
	accounts, err := to.Accounts(ctx)
	if err != nil {
		return Replayed{}, err
	}
	var r Replayed
	for _, account := range accounts {
		for r.Elapsed < limit {
			commits, err := planCommits(ctx, from, to, account)
			if err == nil && len(commits) > 0 {
				err = r.write(ctx, to, commits, limit)
			}
			if err != nil {
				return Replayed{}, fmt.Errorf("replay account %d: %w", account, err)
			}
			if len(commits) == 0 {
				break
			}
		}
	}
	return r, nil
}

// write writes commits until r.Elapsed reaches limit.
func (r *Replayed) write(ctx context.Context, to *sqlstore.Store, commits []plannedCommit, limit time.Duration) error {
	begin := time.Now()
	defer func() { r.Elapsed += time.Since(begin) }()
	for _, c := range commits {
		if r.Elapsed+time.Since(begin) >= limit {
			return nil
		}
		if err := to.Replay(ctx, c.Commit); err != nil {
			return err
		}
		if c.applied == 0 {
			r.Accepts++
		} else {
			r.Applies++
			r.Submissions += int64(c.applied)
		}
	}
	return nil
}
