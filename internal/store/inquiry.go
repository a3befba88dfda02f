package store

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
)

// Inquiries stores the claims of partners about missing conversions and the brand's
// answers.
type Inquiries interface {
	// CreateInquiry stores the inquiry that [inquiry.Claim.Open] returns under the
	// current reference data, and returns it with its number. The numbers and times of an
	// account's inquiries never decrease. It returns the rejection of an invalid claim,
	// and [ledger.ErrNotFound] for an unknown account.
	CreateInquiry(ctx context.Context, account int64, now time.Time, c inquiry.Claim, e AuditEvent) (inquiry.Inquiry, error)

	// ResolveInquiry stores the inquiry that [inquiry.Inquiry.Resolve] returns under the
	// current reference data. If the answer makes a conversion, it is accepted in the same
	// commit, as by [Queue.Accept]. It returns the rejection of an invalid answer, and
	// [ledger.ErrNotFound] for an unknown inquiry. If the key was seen before, nothing
	// changes and the result is replayed, or the error is [ErrKeyReused].
	ResolveInquiry(ctx context.Context, account int64, now time.Time, a InquiryAnswer) (InquiryResult, error)
}

// InquiryAnswer is the brand's answer to an inquiry.
type InquiryAnswer struct {
	// Number is the number of the inquiry.
	Number     int64
	Resolution inquiry.Resolution
	// Payload is the request as a query string.
	Payload string
	// Key is stored with Resource, the path that the answer changes.
	Key      Key
	Resource string
}

// InquiryResult is the result of [Inquiries.ResolveInquiry].
type InquiryResult struct {
	// Queued reports whether a conversion was queued.
	Queued bool
	// Replayed reports whether the key was seen before.
	Replayed bool
}
