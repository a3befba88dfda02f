package ledger

import "time"

// What lists are asked for stands here, where package wire, which reads it, and the
// stores, which answer it, both look: they do not know each other.

// TimeRange bounds instants: from Start until before End; a zero bound is none.
type TimeRange struct{ Start, End time.Time }

// ActionFilter says which actions or updates are meant; zero fields do not filter.
type ActionFilter struct {
	Campaign, EventType, Partner int64
	Action                       ActionID
	Order, SKU                   string
	// State is the action's as of Now.
	State State
	Now   time.Time
	// Updated is the action's last update, for updates their own instant.
	Updated, EventDate, Locking TimeRange
}

// SubmissionFilter says which submissions are meant; zero fields do not filter.
type SubmissionFilter struct {
	Kinds    []Kind
	Order    string
	Action   ActionID
	Accepted TimeRange
	// Complete and Failed are nil for either.
	Complete, Failed *bool
}

// FileFilter says which batch files are meant; zero spans do not filter.
type FileFilter struct {
	Accepted, Completed TimeRange
}

// Page says which part of a list is meant, newest first. Without a cursor pages
// are counted; with one they begin beside the object that the cursor names, so
// that what is added or leaves meanwhile moves no edge.
type Page struct {
	// Size is how many objects a page has; at least 1.
	Size int
	// Number counts pages from 1.
	Number int
	// Below and Above are cursors: the page of the largest numbers below one, or of
	// the smallest numbers above one. At most one is set.
	Below, Above int64
	// Most is how many matching objects the list may have; 0 is no limit.
	Most int
}

// PageInfo says what a page is a part of.
type PageInfo struct {
	// Total counts all objects that match, on whichever page. If it is more than
	// Page.Most the count ends there and the page is empty.
	Total int
	// Count is how many objects the page has.
	Count int
	// First and Last are the numbers of the page's first and last object, the
	// cursors of the pages beside it; 0 where there is none.
	First, Last int64
	// More says that there are matching objects after the page.
	More bool
}

// InquiryFilter says which inquiries are meant; zero fields do not filter.
type InquiryFilter struct {
	Campaign, Partner int64
	Order             string
	Status            InquiryStatus
	// Created is when the inquiry came, Date that of its order.
	Created, Date TimeRange
}
