package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Eraser erases the personal data of customers (docs/rules.md, section 13).
type Eraser interface {
	// Erase overwrites the personal data of a customer in everything that an account holds. It
	// first applies the submissions that are queued. It works in many short transactions: after
	// an error, or if the process ends, call it again. The last transaction writes the audit
	// event, which doesn't name the customer. Submissions that are accepted during the call may be
	// left as they are. It returns [ErrUnreadFiles] while rows of a batch file are not queued, and
	// [ledger.ErrNotFound] for an unknown account.
	//
	// With dryRun, Erase changes nothing, ignores queued submissions, and returns what it would
	// erase.
	//
	// Archives with data of the customer are written again to the folder, under other names, and
	// the old files are removed. If the account has archives and folder is nil, Erase returns
	// [ErrArchived]. If a file can't be read or is not the recorded one, Erase erases everything
	// else and then returns an error that names the file: restore it and call Erase again. Until
	// then the customer's clicks and the customers of archived actions stay, because they identify
	// the orders in the file.
	Erase(ctx context.Context, account int64, now time.Time, customer string, dryRun bool, folder ArchiveFolder, decide Decide, e AuditEvent) (Erasure, error)
}

// MaxCustomer is the largest number of characters in the id of a customer.
const MaxCustomer = 255

// ErrUnreadFiles reports that rows of a batch file are not queued yet.
var ErrUnreadFiles = errors.New("rows of a batch file are not queued yet; try again once the file is complete")

// Erasure counts the records of which personal data were erased.
type Erasure struct {
	Actions     int64 `json:"actions"`
	Submissions int64 `json:"submissions"`
	Clicks      int64 `json:"clicks"`
	Inquiries   int64 `json:"inquiries"`
	// FileRows are errors of rows of batch files, Deliveries errors of webhooks, and Events
	// entries of the audit log.
	FileRows   int64 `json:"file_rows"`
	Deliveries int64 `json:"deliveries"`
	Events     int64 `json:"audit_events"`
	// Keys are idempotency keys that were deleted, and kept responses.
	Keys int64 `json:"keys"`
	// Archives are files of archives. Their actions and submissions are counted above.
	Archives int64 `json:"archives"`
}

// String describes the erasure for people.
func (e Erasure) String() string {
	return fmt.Sprintf("actions: %d, submissions: %d, clicks: %d, inquiries: %d, rows of files: %d, deliveries: %d, audit events: %d, keys: %d, archives: %d",
		e.Actions, e.Submissions, e.Clicks, e.Inquiries, e.FileRows, e.Deliveries, e.Events, e.Keys, e.Archives)
}
