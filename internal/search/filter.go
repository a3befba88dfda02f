// Package search defines the filters and pages of lists. The wire decodes them and the
// store runs them.
package search

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/ledger"
)

// TimeRange is the time from Start until before End. A zero bound is no bound.
type TimeRange struct{ Start, End time.Time }

// ActionFilter selects actions or updates. Zero fields select all.
type ActionFilter struct {
	Campaign, EventType, Partner int64
	Action                       ledger.ActionID
	Order, SKU                   string
	// State is the state of the action at Now.
	State ledger.State
	Now   time.Time
	// Updated is the instant of the action's last update, or that of the update.
	Updated, EventDate, Locking TimeRange
}

// SubmissionFilter selects submissions. Zero fields select all.
type SubmissionFilter struct {
	Kinds    []ledger.Kind
	Order    string
	Action   ledger.ActionID
	Accepted TimeRange
	// Complete and Failed are nil for either.
	Complete, Failed *bool
}

// FileFilter selects batch files. Zero fields select all.
type FileFilter struct {
	Accepted, Completed TimeRange
}

// InquiryFilter selects inquiries. Zero fields select all.
type InquiryFilter struct {
	Campaign, Partner int64
	Order             string
	Status            inquiry.Status
	// Created is the instant of the claim, Date that of its order.
	Created, Date TimeRange
}

// Page selects a page of a list that is sorted by number, the highest first. Without a
// cursor, pages are counted. With a cursor, a page starts next to the object that the
// cursor identifies, so that objects that are added or removed don't shift it.
type Page struct {
	// Size is how many objects a page has, at least 1.
	Size int
	// Number counts pages from 1.
	Number int
	// Below and Above are cursors. Below selects the page with the highest numbers
	// below it, Above that with the lowest numbers above it. At most one is set.
	Below, Above int64
	// Most is how many objects can match. Zero means no limit.
	Most int
}

// PageInfo describes a page of a list.
type PageInfo struct {
	// Total counts the objects that match, on all pages. If it exceeds Page.Most, the
	// count is not exact and the page is empty.
	Total int
	// Count is how many objects the page has.
	Count int
	// First and Last are the numbers of the first and the last object of the page. They
	// are the cursors of the adjacent pages, or 0 if the page is empty.
	First, Last int64
	// More reports whether matching objects follow the page.
	More bool
}
