package httpapi

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi/view"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/negotiate"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
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
	seconds, preferred := negotiate.PreferredWait(c.r.Header.Values(wire.PreferHeader))
	if !preferred || !c.token.Allows(store.ResourceSubmissions.Read()) {
		return c.writeBody(c.encoder().AppendQueued(nil, string(s.ID)))
	}
	if !s.Outcome.Completed.IsZero() { // it was applied in the commit that accepted it
		c.w.Header().Set(wire.PreferenceAppliedHeader, negotiate.AppliedWait(seconds))
		return c.writeBody(c.encoder().AppendQueuedSubmission(nil, c.wireSubmission(s.Submission)))
	}
	if c.api.waiter.Wait(c.r.Context(), c.token.Account, s.Number, time.Duration(seconds)*time.Second) {
		c.w.Header().Set(wire.PreferenceAppliedHeader, negotiate.AppliedWait(seconds))
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

func (c *call) getSubmissions() error {
	return serveList(c, encode.Submissions, query.DecodeSubmissions, store.Reader.Submissions, c.appendSubmission)
}

func (c *call) getSubmission() error {
	return serveObject(c, func(r store.Reader) (store.Submission, error) {
		return r.Submission(store.SubmissionID(c.r.PathValue("submission")))
	}, c.appendSubmission)
}

func (c *call) appendSubmission(e *encode.Encoder, dst []byte, s store.Submission) []byte {
	return e.AppendSubmission(dst, c.wireSubmission(s))
}

// wireSubmission returns the wire form of a submission.
func (c *call) wireSubmission(s store.Submission) encode.Submission {
	return view.Submission(c.token.Account, s)
}

// postUndo accepts an undo of a submission. It immediately rejects an undo that can never
// succeed. Whether a submission that is still queued can be undone is decided when the undo
// is applied.
func (c *call) postUndo() error {
	if err := c.addFromPath("submission", "BatchId"); err != nil {
		return err
	}
	s, err := c.submission(store.SubmissionID(c.r.PathValue("submission")))
	if err != nil {
		return err
	}
	undo, err := wire.DecodeUndo(c.params, c.env(), s.Number)
	switch {
	case err != nil:
		return err
	case s.Command.Kind() == ledger.KindConversion:
		return wire.CannotUndo("A conversion cannot be undone; reverse its action by DELETE /Actions")
	case s.Outcome.ErrorType != rejection.NoError:
		return wire.CannotUndo("The submission failed and changed nothing; there is nothing to undo")
	}
	return c.accept(undo)
}
