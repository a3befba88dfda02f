package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// ErrFileChanged reports that another process queued rows of the file.
var ErrFileChanged = errors.New("another process queued rows of the file")

// UnusableFileError reports that a batch file was rejected as a whole. It is a sentence
// for the API caller and names the remedy.
type UnusableFileError string

func (u UnusableFileError) Error() string { return string(u) }

// DuplicateFileError reports that a file with the same bytes was accepted before.
type DuplicateFileError struct {
	// First is the id of the accepted file. Of several, it is the first one that isn't
	// complete, or else the first.
	First FileID
}

func (e *DuplicateFileError) Error() string {
	return fmt.Sprintf("the same file was submitted before, as %s", e.First)
}

// Files stores batch files until their rows are queued as submissions.
type Files interface {
	// AcceptFile stores a file and its audit event in one commit and returns the file with
	// its number, time and id.
	// If f.Key was seen before, AcceptFile returns the file that first had the key and
	// sets replayed, or returns [ErrKeyReused]. If a file with the same bytes was accepted
	// before, it returns a [*DuplicateFileError], unless f.Again is set.
	AcceptFile(ctx context.Context, account int64, now time.Time, f NewFile) (file File, replayed bool, err error)

	// UnreadFileAccounts returns the accounts that have files with rows that are not queued yet.
	UnreadFileAccounts(ctx context.Context) ([]int64, error)

	// NextFile returns an account's oldest file with rows that are not queued yet, and its
	// content. If there is none, it returns [ledger.ErrNotFound].
	NextFile(ctx context.Context, account int64) (File, FileContent, error)

	// QueueRows queues the submissions of the next entries of a file, records the rows of
	// each entry, and advances the file, in one commit, so that no row is queued twice. If
	// the file is not at b.From, it returns [ErrFileChanged]. With the last batch it
	// deletes the bytes of the file.
	QueueRows(ctx context.Context, account int64, now time.Time, b RowBatch) error
}

// FilePath returns the path of a file below the account's root.
func FilePath(id FileID) string { return "/FTPFileSubmissions/" + string(id) }

// NewFile is a file to accept.
type NewFile struct {
	Name    string
	Kind    ledger.Kind
	Records int
	Content []byte
	// DecimalSeparator is like [FileContent.DecimalSeparator].
	DecimalSeparator string
	// Again accepts the file even if its bytes were accepted before.
	Again bool
	// Key makes repeated requests take effect once.
	Key Key
	// Event is the audit event of the import.
	Event AuditEvent
}

// FileContent is what the rows of a file are parsed from.
type FileContent struct {
	Bytes []byte
	// DecimalSeparator is "." or ",", or empty if it is detected in the bytes.
	DecimalSeparator string
}

// File is a batch file with its progress.
type File struct {
	Number   int64
	ID       FileID
	Accepted time.Time
	Name     string
	Kind     ledger.Kind
	// Records is the number of rows, and Errors the number of those that had no effect.
	Records, Errors int
	// Applied is the number of rows that took effect or had none.
	Applied int
	// Processed is the number of entries that were queued or rejected.
	Processed int
	// Read is the time at which the last row was queued, or zero before that.
	Read time.Time
	// Completed is the time at which the last submission was applied, or zero before that.
	Completed time.Time
}

// RowBatch holds the entries of a file that follow the first From entries.
type RowBatch struct {
	File    int64
	From    int
	Entries []FileEntry
	// Last reports that the batch ends the file.
	Last bool
}

// FileEntry is a row, or the rows of one order.
type FileEntry struct {
	Rows []FileRow
	// Submission is queued if Error is nil.
	Submission Submission
	Error      *RowError
}

// FileRow is the position of a row. Line is the line on which it begins, or in XML the
// index of its element, counted from 1. Item is the number of the item that the row
// reports, or 0.
type FileRow struct{ Line, Item int }

// RowError is the reason why the rows of an entry were rejected, with the values by which
// they can be found. It is stored as JSON.
type RowError struct {
	Campaign  int64          `json:",omitzero"`
	EventType int64          `json:",omitzero"`
	EventCode string         `json:",omitzero"`
	Partner   int64          `json:",omitzero"`
	Order     string         `json:",omitzero"`
	Category  string         `json:",omitzero"`
	SKU       string         `json:",omitzero"`
	Code      rejection.Code `json:",omitzero"`
	Message   string         `json:",omitzero"`
}

// FailedRow is a row that had no effect. Either Cause is set, or Submission is the row's
// submission, which failed.
type FailedRow struct {
	FileRow
	Cause      *RowError
	Submission Submission
}

// HashAddress returns the keyed hash of an IP address that is stored in place of the
// address. Without the account's key, the hash can't be inverted by hashing every address.
func HashAddress(key []byte, address string) string {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(address))
	return hex.EncodeToString(sum.Sum(nil)[:16])
}
