package encode

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// FilePreview is the effect that a batch file would have.
type FilePreview struct {
	Kind ledger.Kind
	// Records is the number of rows that are not blank, and Blank that of the others.
	Records, Blank int
	// Decided is the number of rows whose effect is known. The others were only decoded,
	// because the file is too long for a preview.
	Decided int
	// Errors is the number of rows that would fail. Failed holds the first of them.
	Errors int
	Failed []FailedRow
	// Partners holds the effect on each partner whose actions would change, by id.
	Partners []PartnerEffect
	// Format describes how the file is written, as in "semicolons, Windows-1252, 12 columns".
	Format string
	// IgnoredColumns are the columns with values that no parameter has the name of.
	// DecimalSeparator is the one that was requested or detected, or empty. Unpriced is the
	// number of valid order lines without a price, in orders without an amount.
	IgnoredColumns   []string
	DecimalSeparator string
	Unpriced         int
}

// FailedRow is a row of a batch file that would fail.
type FailedRow struct {
	Line    int
	Code    rejection.Code
	Message string
}

// PartnerEffect is the effect of a batch file on a partner.
type PartnerEffect struct {
	Partner int64
	// Actions is the number of actions that are created or changed.
	Actions int
	// Before holds the sums of their totals before the file, and Delta the changes.
	Before, Delta ledger.Totals
}
