package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Replayed counts what [Replay] wrote.
type Replayed struct {
	// Submissions is the number of applied submissions, Accepts and Applies that of the
	// commits, and Elapsed the time that writing took.
	Submissions, Accepts, Applies int64
	Elapsed                       time.Duration
}

// Replay writes what the store from has and the store to lacks, by a bare loop: the same
// rows in the same commits, without any lookup or decision. It measures what the database
// alone can do.
//
// The store to must be a copy of the store from as of an earlier time, and every
// submission of from must be complete. The rows of files, keys and inquiries beside their
// submissions are left out. Only writing is timed; it stops after limit.
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

// write writes commits until the limit.
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
