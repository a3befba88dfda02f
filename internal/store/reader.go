package store

import (
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/inquiry"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Reader reads one consistent snapshot of an account. A lookup that finds nothing returns
// [ledger.ErrNotFound]. A list returns one page, newest first unless noted otherwise. Its
// sequence reads from the database while it is ranged over, holds a few hundred objects
// at most, and is valid until the call of [Snapshots.Read] returns.
type Reader interface {
	// Action returns the action with the id and its items.
	Action(id ids.ActionID) (ledger.Action, error)
	// ActionAsOf returns the action with the effects of the submissions that were applied
	// before a time. An action that was created at that time or later is not found.
	ActionAsOf(id ids.ActionID, before time.Time) (ledger.Action, error)
	// Actions returns the actions that match f, without items.
	Actions(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[ledger.Action, error], error)
	// Update returns the update with the id.
	Update(id ids.UpdateID) (UpdateView, error)
	// Updates returns the updates that match f.
	Updates(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[UpdateView, error], error)
	// Effective returns the action with the id and its items as its adjustments leave it.
	Effective(id ids.ActionID) (ledger.Action, error)
	// Adjustments returns the adjustments that match f.
	Adjustments(f search.AdjustmentFilter, p search.Page) (search.PageInfo, iter.Seq2[AdjustmentView, error], error)
	// Submission returns the submission with the id.
	Submission(id SubmissionID) (Submission, error)
	// Submissions returns the submissions that match f. Without a filter, the total is read
	// from a counter.
	Submissions(f search.SubmissionFilter, p search.Page) (search.PageInfo, iter.Seq2[Submission, error], error)
	// Inquiry returns the inquiry with the number and the outcome of its conversion.
	Inquiry(number int64) (inquiry.Inquiry, error)
	// Inquiries returns the inquiries that match f.
	Inquiries(f search.InquiryFilter, p search.Page) (search.PageInfo, iter.Seq2[inquiry.Inquiry, error], error)
	// BatchFiles reads batch files.
	BatchFiles() FileReader
	// Statements reads what the account owes its partners.
	Statements() StatementReader
}

// FileReader reads the batch files of a snapshot. Its methods behave as those of a [Reader].
type FileReader interface {
	// File returns the batch file with the id.
	File(id FileID) (File, error)
	// Files returns the batch files that match f.
	Files(f search.FileFilter, p search.Page) (search.PageInfo, iter.Seq2[File, error], error)
	// FileErrors returns the rows of a file that had no effect, in the order of the file.
	// It supports only pages by number.
	FileErrors(id FileID, p search.Page) (search.PageInfo, iter.Seq2[FailedRow, error], error)
	// FileError returns the row of a file that begins on a line and had no effect.
	FileError(id FileID, line int) (FailedRow, error)
}

// UpdateView is an update with its action, without items.
type UpdateView struct {
	ledger.Update
	Parent ledger.Action
}

// AdjustmentView is an adjustment with the partner of its action and the id of its submission.
// It has neither what it replaced nor a state.
type AdjustmentView struct {
	ledger.Adjustment
	Partner      int64
	SubmissionID SubmissionID
}
