package store

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
)

// Inquiries stores the claims of partners about missing conversions and the brand's
// resolutions.
type Inquiries interface {
	// CreateInquiry stores the inquiry that [inquiry.Claim.Open] returns under the
	// current reference data, and returns it with its number. The numbers of an account's
	// inquiries increase and their times never decrease. CreateInquiry returns the
	// rejection of an invalid claim, and [ledger.ErrNotFound] for an unknown account.
	CreateInquiry(ctx context.Context, account int64, now time.Time, c inquiry.Claim, e AuditEvent) (inquiry.Inquiry, error)

	// ResolveInquiry stores the inquiry that [inquiry.Inquiry.Resolve] returns under the
	// current reference data. A conversion that results from the answer is accepted in the
	// same commit, as by [Queue.Accept]. ResolveInquiry returns the rejection of an invalid
	// answer, and [ledger.ErrNotFound] for an unknown inquiry. If the key was seen before,
	// it changes nothing and returns a replayed result or [ErrKeyReused].
	//
	// ResolveInquiry rejects a conversion whose order has an action that makes it a
	// duplicate. A conversion that only a queued submission makes a duplicate is accepted,
	// and fails when it is applied.
	ResolveInquiry(ctx context.Context, account int64, now time.Time, a InquiryAnswer) (InquiryResult, error)

	// PreviewInquiry returns what ResolveInquiry would store, and changes nothing. It
	// ignores the key.
	PreviewInquiry(ctx context.Context, account int64, now time.Time, a InquiryAnswer) (inquiry.ResolveResult, error)
}

// InquiryAnswer is the brand's answer to an inquiry.
type InquiryAnswer struct {
	// Number is the number of the inquiry.
	Number     int64
	Resolution inquiry.Resolution
	// Payload is the request as a query string.
	Payload string
	// Key makes repeated requests take effect once. It is stored with Resource, the path
	// that the answer changes.
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
