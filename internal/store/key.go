package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// KeyLife is how long a key is remembered.
const KeyLife = 30 * 24 * time.Hour

// ErrKeyReused says that a key was first given to another request.
var ErrKeyReused = errors.New("the key was given to another request")

// Key makes a write take effect once, however often it is sent.
type Key struct {
	// Text is the caller's, unique in the account; "" is no key.
	Text string
	// Request tells requests apart. It must be a keyed hash: a plain one would give
	// away what was hashed for privacy.
	Request ledger.Hash
}

// KeyUse is what a key was first given to.
type KeyUse struct {
	// Submission is the one that was accepted with it.
	Submission Submission
	// Resource is what a write changed that took effect at once, as a path below the
	// account's root; then there is no Submission.
	Resource string
}

// Keys are remembered for [KeyLife] by the commit of the write that they were
// first given to; an older one counts as never seen.
type Keys interface {
	// Seen answers what a key was first given to; ledger.ErrNotFound if it was not
	// seen, ErrKeyReused if it was given to another request.
	Seen(ctx context.Context, account int64, now time.Time, key Key) (KeyUse, error)
}

// Accepted is what [Store.Accept] made of a submission.
type Accepted struct {
	// Submission is the one that was sent, with its number, instant and id; or the one
	// that its key was first given to, if it is Replayed.
	Submission
	Replayed bool
	// Err is ErrKeyReused if the key was given to another request: this submission
	// was not accepted.
	Err error
}
