package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// Replayed holds the measurements of [Replay].
type Replayed struct {
	// Submissions is the number of submissions that were applied, and Commits that of
	// transactions. Elapsed is the time spent writing.
	Submissions, Commits int64
	Elapsed              time.Duration
}

// Replay measures the throughput of the database alone. In a bare loop it copies the
// submissions that only the store from has to the store to, with their effects: the same
// rows in the same commits, without any lookup or decision. What was accepted or applied at
// one instant, over all accounts, was one commit. Only writing is timed. Replay stops after
// limit.
//
// The store to must be a copy of the store from as of an earlier time, and every submission
// of from must be complete. Rows of files, keys and inquiries are not copied.
func Replay(ctx context.Context, from, to *sqlstore.Store, limit time.Duration) (r Replayed, err error) {
	queues, err := newReplayQueues(ctx, from, to)
	if err != nil {
		return Replayed{}, err
	}
	for r.Elapsed < limit {
		commit, applied, err := queues.next(ctx, from, to)
		if err != nil || commit == nil {
			return r, err
		}
		begin := time.Now()
		if err := to.Replay(ctx, commit); err != nil {
			return Replayed{}, fmt.Errorf("replay: %w", err)
		}
		r.Elapsed += time.Since(begin)
		r.Commits++
		r.Submissions += int64(applied)
	}
	return r, nil
}

// replayQueues holds the next parts of commits of each account.
type replayQueues []*replayQueue

type replayQueue struct {
	account int64
	// parts are planned and not yet written. planned is the number of the last submission in
	// them, and last that of the last submission to write.
	parts         []commitPart
	planned, last int64
}

func newReplayQueues(ctx context.Context, from, to *sqlstore.Store) (queues replayQueues, err error) {
	written, err := to.LastAccepted(ctx)
	if err != nil {
		return nil, err
	}
	stored, err := from.LastAccepted(ctx)
	for account, last := range stored {
		queues = append(queues, &replayQueue{account: account, planned: written[account], last: last})
	}
	return queues, err
}

// next returns the next commit and the number of submissions that it applies, or nil if
// nothing is left.
func (queues replayQueues) next(ctx context.Context, from, to *sqlstore.Store) (commit *sqlstore.Commit, applied int, err error) {
	var at time.Time
	for _, q := range queues {
		if len(q.parts) == 0 && q.planned < q.last {
			if q.parts, q.planned, err = planParts(ctx, from, to, q.account); err != nil {
				return nil, 0, fmt.Errorf("replay account %d: %w", q.account, err)
			}
		}
		if len(q.parts) > 0 && (at.IsZero() || q.parts[0].at.Before(at)) {
			at = q.parts[0].at
		}
	}
	if at.IsZero() {
		return nil, 0, nil
	}
	commit = new(sqlstore.Commit)
	for _, q := range queues {
		if len(q.parts) == 0 || !q.parts[0].at.Equal(at) {
			continue
		}
		part := q.parts[0]
		q.parts = q.parts[1:]
		if err := part.addTo(commit, q.account); err != nil {
			return nil, 0, err
		}
		applied += len(part.applied.Submissions)
	}
	return commit, applied, nil
}
