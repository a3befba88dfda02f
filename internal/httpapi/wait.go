package httpapi

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Waiter waits for submissions.
type Waiter interface {
	// Wait blocks until a submission is complete or the timeout expires, and returns true.
	// If too many callers are waiting, or after a shutdown, it returns false immediately.
	Wait(ctx context.Context, account, number int64, timeout time.Duration) bool
}

// readTimeout bounds reading a submission for a response.
const readTimeout = 2 * time.Second

// writeQueued writes the response for an accepted submission. If the caller prefers to
// wait, it first waits until the submission is complete, and includes it.
func (c *call) writeQueued(s store.Accepted) error {
	c.setReplayed(s.Replayed)
	seconds, preferred := wire.PreferredWait(c.r.Header.Values(wire.PreferHeader))
	if !preferred || !c.token.Allows(store.ResourceSubmissions.Read()) {
		return c.writeBody(c.encoder().AppendQueued(nil, string(s.ID)))
	}
	if c.api.waiter.Wait(c.r.Context(), c.token.Account, s.Number, time.Duration(seconds)*time.Second) {
		c.w.Header().Set(wire.PreferenceAppliedHeader, wire.AppliedWait(seconds))
	}
	record, err := c.submission(s.ID)
	if canceled := c.r.Context().Err(); canceled != nil {
		return canceled
	}
	if err != nil {
		// The submission is accepted: an error would make the caller send it again.
		c.api.log.Warn("reading accepted submission failed", "request", c.id, "submission", string(s.ID), "error", err)
		return c.writeBody(c.encoder().AppendQueued(nil, string(s.ID)))
	}
	return c.writeBody(c.encoder().AppendQueuedSubmission(nil, c.wireSubmission(record)))
}

// submission reads a submission within readTimeout.
func (c *call) submission(id store.SubmissionID) (s store.Submission, err error) {
	ctx, cancel := context.WithTimeout(c.r.Context(), readTimeout)
	defer cancel()
	err = c.api.store.Read(ctx, c.token.Account, func(r store.Reader) error {
		s, err = r.Submission(id)
		return err
	})
	return s, err
}
