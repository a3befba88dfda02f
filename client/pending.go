package client

import (
	"context"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Pauses between the requests of a wait. They double from the first to the last.
const (
	firstPoll = 10 * time.Millisecond
	lastPoll  = 2 * time.Second
)

// Pending is a write that the server has stored and applies in order.
type Pending struct {
	// SubmissionID identifies the submission of the write.
	SubmissionID string
	// Replayed reports whether the server had the write already, by its idempotency key.
	Replayed bool
	// Ignored names the parameters that the server did not read.
	Ignored []string
	// UnpricedLines is the number of lines of a conversion that earn nothing, because neither
	// they nor the order have a price.
	UnpricedLines int

	client     *Client
	submission *Submission // that came with the response, or nil
}

// Wait waits until the write is applied or ctx is done, and returns its submission. If the rules
// rejected the write, Wait returns the submission and a [*Rejection].
func (p *Pending) Wait(ctx context.Context) (*Submission, error) {
	s := p.submission
	for pause := firstPoll; s == nil || s.Status != StatusComplete; pause = min(2*pause, lastPoll) {
		if s != nil {
			if err := transport.Sleep(ctx, pause); err != nil {
				return nil, err
			}
		}
		var err error
		if s, err = p.client.Submission(ctx, p.SubmissionID); err != nil {
			return nil, err
		}
	}
	return s, s.rejection()
}

// rejection returns a [*Rejection] if the rules rejected the submission.
func (s *Submission) rejection() error {
	if s.ErrorType == "" {
		return nil
	}
	r := &Rejection{Type: s.ErrorType, Codes: strings.Fields(s.ErrorReason), Message: s.ErrorMessage, SubmissionID: s.ID}
	if len(r.Codes) > 0 {
		r.Code = r.Codes[0]
	}
	return r
}
