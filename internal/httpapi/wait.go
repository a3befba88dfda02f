package httpapi

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Waiter waits until a submission is complete or so long has passed. It answers
// false, at once, if no more callers can wait.
type Waiter interface {
	Wait(ctx context.Context, account, number int64, atMost time.Duration) bool
}

// showWithin is how long an answer waits for a snapshot to read the record from.
const showWithin = 2 * time.Second

// queued answers a submission that is on disk: with its record, once it is
// complete, if the caller prefers to wait for that.
func (c *call) queued(s store.Accepted) error {
	c.replayed(s.Replayed)
	seconds, preferred := wire.PreferredWait(c.r.Header.Values(wire.PreferHeader))
	if !preferred || !c.token.May(store.ResourceSubmissions.Read()) {
		return c.write(c.encoder().AppendQueued(nil, string(s.ID)))
	}
	if c.api.waiter.Wait(c.r.Context(), c.token.Account, s.Number, time.Duration(seconds)*time.Second) {
		c.w.Header().Set(wire.PreferenceAppliedHeader, wire.AppliedWait(seconds))
	}
	record, err := c.record(s.ID)
	if gone := c.r.Context().Err(); gone != nil {
		return gone
	}
	if err != nil {
		// It is accepted, whatever cannot be shown: an error would have it sent again.
		c.api.log.Warn("submission not shown", "request", c.id, "submission", string(s.ID), "error", err)
		return c.write(c.encoder().AppendQueued(nil, string(s.ID)))
	}
	return c.write(c.encoder().AppendAwaited(nil, c.shown(record)))
}

func (c *call) record(id store.SubmissionID) (s store.Submission, err error) {
	ctx, cancel := context.WithTimeout(c.r.Context(), showWithin)
	defer cancel()
	err = c.api.store.Read(ctx, c.token.Account, func(r store.Reader) error {
		s, err = r.Submission(id)
		return err
	})
	return s, err
}
