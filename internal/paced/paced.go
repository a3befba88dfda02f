// Package paced reads from senders that must keep a minimum pace.
package paced

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// Limits bounds the time that a sender may take.
type Limits struct {
	// Stall is the longest time to wait for the next bytes.
	Stall time.Duration
	// Rate is the minimum average rate in bytes per second after Grace has passed.
	Rate  int64
	Grace time.Duration
	// Total is the longest time for all bytes.
	Total time.Duration
}

// ErrTooSlow reports that a sender exceeded its limits.
var ErrTooSlow = errors.New("the sender is too slow")

// Reader reads from a connection within limits. Create it with [NewReader].
type Reader struct {
	from        io.Reader
	setDeadline func(time.Time) error
	limits      Limits

	begun    time.Time
	received int64
}

// NewReader returns a reader that reads from r. Before each read it calls setDeadline, after
// which reads from r must return [os.ErrDeadlineExceeded]. If setDeadline returns
// [http.ErrNotSupported], a read may take any time, but the limits hold between reads.
func NewReader(r io.Reader, setDeadline func(time.Time) error, l Limits) *Reader {
	return &Reader{from: r, setDeadline: setDeadline, limits: l, begun: time.Now()}
}

// Read implements [io.Reader]. It returns [ErrTooSlow] if a limit is exceeded.
func (r *Reader) Read(b []byte) (int, error) {
	now := time.Now()
	deadline := r.deadline(now)
	if !now.Before(deadline) {
		return 0, ErrTooSlow
	}
	if err := r.setDeadline(deadline); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := r.from.Read(b)
	r.received += int64(n)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = ErrTooSlow
	}
	return n, err
}

// deadline returns the time by which the next bytes must arrive.
func (r *Reader) deadline(now time.Time) time.Time {
	average := time.Duration(float64(r.received) / float64(r.limits.Rate) * float64(time.Second))
	return earliest(now.Add(r.limits.Stall), r.begun.Add(r.limits.Grace+average), r.begun.Add(r.limits.Total))
}

func earliest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.Before(first) {
			first = t
		}
	}
	return first
}
