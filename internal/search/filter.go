// Package search defines the filters and pages of lists. Package wire decodes them, and the
// store applies them.
package search

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

// TimeRange is the time from Start until before End. A zero Start or End is no bound.
type TimeRange struct{ Start, End time.Time }

// ActionFilter selects actions or updates. A zero field selects all.
type ActionFilter struct {
	Campaign, EventType, Partner int64
	Action                       ids.ActionID
	Order, SKU                   string
	// State is the state of the action at Now, or the one that the update records. An update
	// also has a locking date of its own.
	State ledger.State
	Now   time.Time
	// Updated is the time of the action's last update, or of the update itself.
	Updated, EventDate, LockingDate TimeRange
}

// AdjustmentFilter selects adjustments. A zero field selects all.
type AdjustmentFilter struct {
	Campaign, Partner int64
	Action            ids.ActionID
	// Number is the number of the adjustment.
	Number int64
	// Effective is the time of the effective date.
	Effective TimeRange
}

// EntryFilter selects entries. A zero field selects all.
type EntryFilter struct {
	Partner, Campaign int64
	Kind              invoice.Kind
	Date              TimeRange
}

// SubmissionFilter selects submissions. A zero field selects all.
type SubmissionFilter struct {
	Kinds    []ledger.Kind
	Order    string
	Action   ids.ActionID
	Accepted TimeRange
	// Complete and Failed select by completion and by failure. Nil selects all.
	Complete, Failed *bool
}

// InvoiceFilter selects invoices. A zero field selects all.
type InvoiceFilter struct {
	Partner int64
	Created TimeRange
	// Status is the status at Now.
	Status invoice.Status
	Now    time.Time
}

// FileFilter selects batch files. A zero field selects all.
type FileFilter struct {
	Accepted, Completed TimeRange
}

// InquiryFilter selects inquiries. A zero field selects all.
type InquiryFilter struct {
	Campaign, Partner int64
	Order             string
	Status            inquiry.Status
	// Created is the time of the claim, Date that of its order.
	Created, Date TimeRange
}

// Page selects a page of a list that is sorted by number, the highest first. Without a
// cursor, Number selects the page. With a cursor, the page is adjacent to the object that
// the cursor identifies, so objects that are added or removed don't shift it.
type Page struct {
	// Size is the maximum number of objects of a page. It is at least 1.
	Size int
	// Number counts pages from 1.
	Number int
	// Below and Above are cursors. Below selects the page with the highest numbers
	// below it, Above that with the lowest numbers above it. At most one is set.
	Below, Above int64
	// MaxTotal is the maximum number of matching objects. If more match, the page is empty.
	// Zero means no limit.
	MaxTotal int
	// Uncounted leaves the objects behind the page uncounted, except for one. A page then costs the
	// same in a list of any length.
	Uncounted bool
}

// PageInfo describes a page of a list.
type PageInfo struct {
	// Total is the number of matching objects on all pages. If it exceeds [Page.MaxTotal],
	// it is not exact and the page is empty. If the page is [Page.Uncounted], it is the number
	// of objects up to the end of the page, plus one if More is set.
	Total int
	// Count is the number of objects of the page.
	Count int
	// First and Last are the numbers of the first and the last object of the page. They
	// are the cursors of the adjacent pages, or 0 if the page is empty.
	First, Last int64
	// More reports whether matching objects follow the page.
	More bool
}
