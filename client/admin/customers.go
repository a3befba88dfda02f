package admin

import (
	"context"
	"time"
)

// EraseCustomer selects a customer.
type EraseCustomer struct {
	// Customer is the id of the customer as conversions and clicks have it.
	Customer string `wire:"customer"`
	// DryRun counts what would be erased, and changes nothing.
	DryRun bool `wire:"dry_run"`
}

// Erasure is the result of an erasure.
type Erasure struct {
	DryRun bool   `wire:"dry_run"`
	Erased Erased `wire:"erased"`
}

// Erased counts the records of which personal data were erased.
type Erased struct {
	Actions     int `wire:"actions"`
	Submissions int `wire:"submissions"`
	Clicks      int `wire:"clicks"`
	Inquiries   int `wire:"inquiries"`
	FileRows    int `wire:"file_rows"`  // errors of rows of batch files
	Deliveries  int `wire:"deliveries"` // errors of event notifications
	AuditEvents int `wire:"audit_events"`
	Keys        int `wire:"keys"`     // idempotency keys that were deleted, and kept responses
	Archives    int `wire:"archives"` // files
}

// Erase erases the personal data of a customer. It requires a reason, which must not contain the id
// of the customer. An erasure that takes longer than 45 s is a 503, which is sent again: bound it by ctx.
func (c *Client) Erase(ctx context.Context, account int, e EraseCustomer, o WriteOptions) (*Erasure, error) {
	path := accountPath(account, "erase")
	if e.DryRun {
		return repeat[Erasure](ctx, c, path, e, o)
	}
	return post[Erasure](ctx, c, path, e, "", o)
}

// Retain asks a server to remove old records.
type Retain struct {
	// DryRun counts what would be removed, and changes nothing.
	DryRun bool `wire:"dry_run"`
}

// Retention is the result of a removal of old records.
type Retention struct {
	DryRun bool `wire:"dry_run"`
	// Removed counts the removed records.
	Removed Removed `wire:"removed"`
	// Files are the names of the archives with the records.
	Files []string `wire:"files"`
	// More reports whether the time did not suffice for all: call Retain again.
	More bool `wire:"more"`
	// Queued reports whether submissions were queued, so that more may be left to remove.
	Queued bool `wire:"queued"`
	// Unlimited reports whether the account retains everything.
	Unlimited bool `wire:"unlimited"`
}

// Removed counts removed records.
type Removed struct {
	Actions     int `wire:"actions"`
	Submissions int `wire:"submissions"`
	Updates     int `wire:"updates"`
	Adjustments int `wire:"adjustments"`
	// Oldest and Newest are the times at which the first and the last of the submissions were
	// accepted.
	Oldest time.Time `wire:"oldest"`
	Newest time.Time `wire:"newest"`
	// BridgeOrders is the number of orders of bridges, which are not archived.
	BridgeOrders int `wire:"bridge_orders"`
}

// Retain archives and removes the records that the settings of an account no longer retain. It
// requires a reason. The IdempotencyKey has no effect: to call Retain again removes what is left.
// An account whose first records take longer than 30 s is a 503, which is sent again: bound it by ctx.
func (c *Client) Retain(ctx context.Context, account int, r Retain, o WriteOptions) (*Retention, error) {
	return repeat[Retention](ctx, c, accountPath(account, "retain"), r, o)
}
