package store

import (
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Reader reads one consistent snapshot of an account. A lookup that finds
// nothing answers ledger.ErrNotFound. The sequences read as they go, hold no
// more than a few hundred objects, and end with the Read they belong to.
type Reader interface {
	// Action answers the action with the id, its items included.
	Action(id ledger.ActionID) (ledger.Action, error)
	// ActionAsOf answers the action as the submissions applied before an instant left
	// it; one that was tracked later is not there.
	ActionAsOf(id ledger.ActionID, before time.Time) (ledger.Action, error)
	// Actions answers a page of the actions that match, newest first, without items.
	Actions(f ledger.ActionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[ledger.Action, error], error)
	// Update answers the update with the id.
	Update(id ledger.UpdateID) (UpdateView, error)
	// Updates answers a page of the updates that match, newest first.
	Updates(f ledger.ActionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[UpdateView, error], error)
	// Submission answers the submission with the id.
	Submission(id SubmissionID) (Submission, error)
	// Submissions answers a page of the submissions that match, newest first. The
	// unfiltered total comes from a counter.
	Submissions(f ledger.SubmissionFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[Submission, error], error)
	// Inquiry answers the inquiry with the number, and what became of its conversion.
	Inquiry(number int64) (ledger.Inquiry, error)
	// Inquiries answers a page of the inquiries that match, newest first.
	Inquiries(f ledger.InquiryFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[ledger.Inquiry, error], error)
	// File answers the batch file with the id.
	File(id FileID) (File, error)
	// Files answers a page of the batch files that match, newest first.
	Files(f ledger.FileFilter, p ledger.Page) (ledger.PageInfo, iter.Seq2[File, error], error)
	// FileErrors answers a page of a file's rows that had no effect, in their order.
	// Pages are counted.
	FileErrors(id FileID, p ledger.Page) (ledger.PageInfo, iter.Seq2[FileError, error], error)
	// FileError answers the one at a line.
	FileError(id FileID, line int) (FileError, error)
}

// UpdateView is an update with the action it belongs to, without items.
type UpdateView struct {
	ledger.Update
	Of ledger.Action
}
