package client

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Follow polls for new updates.
type Follow struct {
	// Filter selects updates. Follow sets its dates.
	Filter UpdateFilter
	// Since is the time of the first update. The default is the time of the call, by the clock of the
	// server.
	Since time.Time
	// Interval is the pause between two polls. The default is a second.
	Interval time.Duration
}

// Bounds of a poll for updates.
const (
	// followOverlap is the time for which a poll looks back, because the clocks of servers
	// that share a ledger can differ.
	// It also bounds the difference of clocks that needs no correction.
	followOverlap = time.Minute
	// followRange is the range of dates of a poll. A list allows 45 days.
	followRange = 44 * 24 * time.Hour
	// followSkew bounds the difference between the clocks of the client and the servers.
	followSkew      = 24 * time.Hour
	defaultInterval = time.Second
)

// Follow returns the updates that match, oldest first and each of them once, and waits for further
// ones until ctx is done, with whose error the iterator then ends. After an error, a caller
// continues with the UpdateDate of the last update as Since, and ignores those that it has.
func (c *Client) Follow(ctx context.Context, f Follow) iter.Seq2[Update, error] {
	if f.Interval <= 0 {
		f.Interval = defaultInterval
	}
	fromNow := f.Since.IsZero()
	if fromNow {
		f.Since = time.Now()
	}
	return func(yield func(Update, error) bool) {
		seen := make(map[string]time.Time) // by id, of the updates within the overlap
		newest, start := f.Since, f.Since
		for {
			end := start.Add(followRange)
			updates, err := c.poll(ctx, f.Filter, start, end)
			if err != nil {
				yield(Update{}, err)
				return
			}
			now := c.transport.ServerTime()
			if offset := time.Until(now); fromNow && offset.Abs() > followOverlap { // the server has another clock
				f.Since, fromNow = f.Since.Add(offset), false
				newest, start = f.Since, f.Since
				continue
			}
			fromNow = false
			for _, u := range updates {
				if _, delivered := seen[u.ID]; delivered {
					continue
				}
				if !yield(u, nil) {
					return
				}
				seen[u.ID] = u.UpdateDate
				if u.UpdateDate.After(newest) {
					newest = u.UpdateDate
				}
			}
			start = f.next(now, end, newest)
			for id, at := range seen {
				if at.Before(start) {
					delete(seen, id)
				}
			}
			if end.Before(now) {
				continue
			}
			if err := transport.Sleep(ctx, f.Interval); err != nil {
				yield(Update{}, err)
				return
			}
		}
	}
}

// next returns the start of the poll after one until end, of which newest is the date of the newest
// update so far. Without matches, the range moves on nevertheless, or else its end would pass.
func (f Follow) next(now, end, newest time.Time) time.Time {
	complete := end
	if settled := now.Add(-followSkew); settled.Before(end) {
		complete = settled
	}
	if complete.After(newest) {
		newest = complete
	}
	if start := newest.Add(-followOverlap); start.After(f.Since) {
		return start
	}
	return f.Since
}

// poll returns the updates between two times, oldest first.
func (c *Client) poll(ctx context.Context, f UpdateFilter, start, end time.Time) (updates []Update, err error) {
	f.StartDate, f.EndDate = start, end
	for u, err := range c.Updates(ctx, f) {
		if err != nil {
			return nil, err
		}
		updates = append(updates, u)
	}
	slices.Reverse(updates)
	return updates, nil
}
