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
)

// ErrFileMoved says that somebody else took the rows of a file meanwhile.
var ErrFileChanged = errors.New("the rows of the file were taken meanwhile")

// UnusableFile says that a batch file is refused as a whole, and what to do about
// it, in a sentence for the caller.
type UnusableFile string

// Error answers the sentence.
func (u UnusableFile) Error() string { return string(u) }

// FileKnownError says that a file with the same bytes was accepted before.
type FileKnownError struct {
	// First is the one that was.
	First FileID
}

// Error names the first file.
func (e *FileKnownError) Error() string {
	return fmt.Sprintf("the very same file was handed in before, as %s", e.First)
}

// Files keeps batch files. Their bytes are kept until their rows are in the
// queue; from then on the submissions tell what was in them.
type Files interface {
	// AcceptFile keeps a file and answers it with its number, instant and id, in one
	// commit; or the id of the file that its key was first given to, then it is
	// replayed, or ErrKeyReused. The same bytes a second time are a *FileKnownError,
	// unless again.
	AcceptFile(ctx context.Context, account int64, now time.Time, f NewFile) (file File, replayed bool, err error)

	// UnreadFiles answers the accounts that have files with rows to be taken.
	UnreadFiles(ctx context.Context) ([]int64, error)

	// NextFile answers an account's oldest file that has rows to be taken, with its
	// bytes; ledger.ErrNotFound if there is none.
	NextFile(ctx context.Context, account int64) (File, []byte, error)

	// QueueRows puts the entries of a file that follow the first so many into the queue,
	// keeps which rows they were, and moves the file on, in one commit: no row is
	// taken twice. ErrFileMoved if the file stands elsewhere. With the last of them
	// the file's bytes are forgotten.
	QueueRows(ctx context.Context, account int64, now time.Time, t RowBatch) error
}

// FileResource answers a file's path below the account's root.
func FileResource(id FileID) string { return "/FTPFileSubmissions/" + string(id) }

// NewFile is a file as it is handed in.
type NewFile struct {
	Name    string
	Kind    ledger.Kind
	Records int
	Content []byte
	// Again takes bytes that were taken before.
	Again bool
	// Key has it accepted once, however often it is sent.
	Key Key
}

// File is a batch file and how far it is.
type File struct {
	Number   int64
	ID       FileID
	Accepted time.Time
	Name     string
	Kind     ledger.Kind
	// Records is how many rows it has, Errors how many of them had no effect so far.
	Records, Errors int
	// Taken is how many entries are in the queue, or have a fault.
	Taken int
	// Read is when the last row was taken, zero before.
	Read time.Time
	// Completed is when the last of its submissions was applied, zero before.
	Completed time.Time
}

// RowBatch is what follows the first From entries of a file.
type RowBatch struct {
	File    int64
	From    int
	Entries []FileEntry
	// Last says that no more follow.
	Last bool
}

// FileEntry is what became of a row, or of the rows of one order.
type FileEntry struct {
	Rows []FileRow
	// Submission is to be queued, unless there is a Fault.
	Submission Submission
	Fault      *RowFault
}

// FileRow is a row's place in its file: of the line it begins on, or in XML the
// how manieth element it is. Item is the number of the item it reports, 0 if it
// is not of one item.
type FileRow struct{ Line, Item int }

// RowFault is why rows became no submission. Its JSON is kept on disk.
type RowFault struct {
	Campaign  int64       `json:",omitzero"`
	EventType int64       `json:",omitzero"`
	EventCode string      `json:",omitzero"`
	Partner   int64       `json:",omitzero"`
	Order     string      `json:",omitzero"`
	Category  string      `json:",omitzero"`
	SKU       string      `json:",omitzero"`
	Code      ledger.Code `json:",omitzero"`
	Message   string      `json:",omitzero"`
}

// FileError is a row that had no effect: either it has a Fault, or its submission
// ended with an error.
type FileError struct {
	FileRow
	Fault      *RowFault
	Submission Submission
}

// HashAddress answers the keyed hash of an IP address that is kept in its place:
// without the account's key nobody finds the address by trying all there are.
func HashAddress(key []byte, address string) string {
	sum := hmac.New(sha256.New, key)
	sum.Write([]byte(address))
	return hex.EncodeToString(sum.Sum(nil)[:16])
}
