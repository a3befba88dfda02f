package store

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Inquiries are what partners miss, and what the brand answers.
type Inquiries interface {
	// CreateInquiry keeps what [ledger.Claim.Inquiry] makes of a claim, by the newest
	// reference data, and answers it with its number. Numbers and instants of an
	// account's inquiries never decrease. A refusal is passed on; an unknown account is
	// ledger.ErrNotFound.
	CreateInquiry(ctx context.Context, account int64, now time.Time, c ledger.Claim, d AuditEvent) (ledger.Inquiry, error)

	// ResolveInquiry keeps what [ledger.Inquiry.Resolve] makes of an inquiry, by the
	// newest reference data, and accepts its conversion, if there is one, into the
	// account's queue in the same commit, as [Store.Accept] does. A refusal is passed
	// on; an unknown inquiry is ledger.ErrNotFound. A key that was seen before changes
	// nothing, or is ErrKeyReused.
	ResolveInquiry(ctx context.Context, account int64, now time.Time, a InquiryAnswer) (InquiryResult, error)
}

// InquiryAnswer is what the brand answers to an inquiry.
type InquiryAnswer struct {
	// Number is the inquiry's.
	Number     int64
	Resolution ledger.Resolution
	// Payload is what was sent, as a query string.
	Payload string
	// Key is remembered with the resource that the answer changes.
	Key      Key
	Resource string
}

// InquiryResult is what became of an answer.
type InquiryResult struct {
	// Queued says that a conversion is in the queue.
	Queued bool
	// Replayed says that the key was seen before.
	Replayed bool
}
