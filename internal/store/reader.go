package store

import (
	"iter"
	"time"

	trueup "github.com/trueup-ledger/trueup"
)

// Reader reads one consistent snapshot of an account. A lookup that finds
// nothing answers trueup.ErrNotFound. The sequences read as they go, hold no
// more than a few hundred objects, and end with the Read they belong to.
type Reader interface {
	// Action answers the action with the id, its items included.
	Action(id trueup.ActionID) (trueup.Action, error)
	// ActionAsOf answers the action as the submissions applied before an instant left
	// it; one that was tracked later is not there.
	ActionAsOf(id trueup.ActionID, before time.Time) (trueup.Action, error)
	// Actions answers a page of the actions that match, newest first, without items.
	Actions(f trueup.ActionFilter, p trueup.Page) (trueup.Found, iter.Seq2[trueup.Action, error], error)
	// Update answers the update with the id.
	Update(id trueup.UpdateID) (UpdateView, error)
	// Updates answers a page of the updates that match, newest first.
	Updates(f trueup.ActionFilter, p trueup.Page) (trueup.Found, iter.Seq2[UpdateView, error], error)
	// Submission answers the submission with the id.
	Submission(id SubmissionID) (Submission, error)
	// Submissions answers a page of the submissions that match, newest first. The
	// unfiltered total comes from a counter.
	Submissions(f trueup.SubmissionFilter, p trueup.Page) (trueup.Found, iter.Seq2[Submission, error], error)
	// Inquiry answers the inquiry with the number, and what became of its conversion.
	Inquiry(number int64) (trueup.Inquiry, error)
	// Inquiries answers a page of the inquiries that match, newest first.
	Inquiries(f trueup.InquiryFilter, p trueup.Page) (trueup.Found, iter.Seq2[trueup.Inquiry, error], error)
	// File answers the batch file with the id.
	File(id FileID) (File, error)
	// Files answers a page of the batch files that match, newest first.
	Files(f trueup.FileFilter, p trueup.Page) (trueup.Found, iter.Seq2[File, error], error)
	// FileErrors answers a page of a file's rows that had no effect, in their order.
	// Pages are counted.
	FileErrors(id FileID, p trueup.Page) (trueup.Found, iter.Seq2[FileError, error], error)
	// FileError answers the one at a line.
	FileError(id FileID, line int) (FileError, error)
}

// UpdateView is an update with the action it belongs to, without items.
type UpdateView struct {
	trueup.Update
	Of trueup.Action
}
