package store

import (
	"context"
	"iter"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Exports reads whole lists.
type Exports interface {
	// Export calls f with a consistent snapshot of an account and returns its error. The
	// snapshot ends when f returns: f must not wait for anyone for long. If ctx ends, the
	// sequences return its cause. Export returns [ledger.ErrNotFound] for an unknown account.
	Export(ctx context.Context, account int64, f func(ExportReader) error) error
}

// ExportReader reads all objects of a snapshot that match a filter, newest first. Its
// sequences read from the database while they are ranged over, hold a few megabytes
// however many objects match, and are valid until the call of [Exports.Export] returns.
type ExportReader interface {
	// ExportActions returns the actions, with their items if withItems is true.
	ExportActions(f search.ActionFilter, withItems bool) iter.Seq2[ledger.Action, error]
	// ExportAdjusted returns the actions without their items, with the sums of their adjustments.
	ExportAdjusted(f search.ActionFilter) iter.Seq2[AdjustedAction, error]
	// ExportUpdates returns the updates.
	ExportUpdates(f search.ActionFilter) iter.Seq2[UpdateView, error]
	// ExportAdjustments returns the adjustments.
	ExportAdjustments(f search.AdjustmentFilter) iter.Seq2[AdjustmentView, error]
	// Statements reads what the account owes its partners.
	Statements() StatementReader
}

// AdjustedAction is an action with the sums of the changes that its adjustments make.
type AdjustedAction struct {
	ledger.Action
	DeltaAmount, DeltaPayout money.Amount
}
