package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/ledger/ids"
)

// KeyRetention is the time for which a key is stored.
const KeyRetention = 30 * 24 * time.Hour

// ErrKeyReused reports that a key belongs to another request. For the key of an
// [AuditEvent] it reports that the key was seen before.
var ErrKeyReused = errors.New("the key belongs to another request")

// Key is an idempotency key: it makes repeated requests take effect once.
type Key struct {
	// Text is the key as the API caller sent it, or "" for no key. It is unique within the
	// account.
	Text string
	// Request is a hash of the request. It must be a keyed hash: a plain one would
	// reveal personal data.
	Request ids.Hash
}

// KeyUse is the result of the first request with a key.
type KeyUse struct {
	// Submission is the submission that was accepted, if any.
	Submission Submission
	// Resource is the path, below the account's root, that the request changed at once,
	// without a submission. Of a key of [Operator] it is the response, or "" if the
	// response was not kept.
	Resource string
}

// Keys finds idempotency keys. A key is stored by the commit of the first request that
// has it. After [KeyRetention] it counts as not seen.
type Keys interface {
	// FindKey returns the result of the first request with the key. It returns
	// [ledger.ErrNotFound] if the key was not seen, and [ErrKeyReused] with the Resource of
	// the first request if it belongs to another request.
	FindKey(ctx context.Context, account int64, now time.Time, key Key) (KeyUse, error)

	// KeepResponse stores the response to the first request with an operator's key, as
	// the Resource of its use. If the key was not seen, it does nothing.
	KeepResponse(ctx context.Context, key Key, response string) error
}
