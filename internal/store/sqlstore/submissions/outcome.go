package submissions

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

// outcome is a row of the table outcomes.
type outcome struct {
	store.Outcome
	// firstUpdate is the number of the first update that the submission wrote, or 0.
	firstUpdate int64
	// accepted is the submission's. It is zero in a row that is read.
	accepted time.Time
}

// Completed is an SQL expression for the instant at which submission s completed with outcome o,
// or NULL if that is missing. Most complete in the transaction that accepts them.
const (
	Completed    = "coalesce(o.completed, " + atAcceptance + ")"
	atAcceptance = "CASE WHEN o.number IS NOT NULL THEN s.accepted END"
)

// outcomes declares the columns of an outcome. Its key is the submission's number. The
// column action is written only: selectSubmission reads the action's id from the action.
// Usual values are NULL: those of the submission s, those of the action a, and constants.
var outcomes = column.Table[outcome]{
	Name: "outcomes", Outer: []string{"number", "action"},
	Columns: []column.Column[outcome]{
		column.Time("completed", func(o *outcome) *time.Time { return &o.Completed }).
			Or(func(o *outcome) bool { return o.Completed.Equal(o.accepted) }, atAcceptance),
		column.Int("first_update", func(o *outcome) *int64 { return &o.firstUpdate }),
		column.String("error_type", func(o *outcome) *rejection.ErrorType { return &o.ErrorType }).
			Or(func(o *outcome) bool { return o.ErrorType == "" }, "''"),
		column.String("code", func(o *outcome) *rejection.Code { return &o.Code }).
			Or(func(o *outcome) bool { return o.Code == "" }, "''"),
		column.String("message", func(o *outcome) *string { return &o.Message }).
			Or(func(o *outcome) bool { return o.Message == "" }, "''"),
		column.Int("terms_contract", func(o *outcome) *int64 { return &o.Basis.Terms.Contract }),
		column.Int("terms_event_type", func(o *outcome) *int64 { return &o.Basis.Terms.EventType }).
			Or(func(o *outcome) bool { return o.Basis.Terms.EventType == o.Action.EventType }, "a.event_type"),
		column.Int("terms_version", func(o *outcome) *int { return &o.Basis.Terms.Version }).
			Or(func(o *outcome) bool { return o.Basis.Terms.Version == 1 }, "CASE WHEN o.number IS NOT NULL THEN 1 END"),
		column.Int("fee_rate", func(o *outcome) *money.Decimal { return &o.Basis.FeeRate }).
			Or(func(o *outcome) bool { return o.Basis.FeeRate == 0 }, "0"),
		column.Int("cap", func(o *outcome) *int { return &o.Basis.ModificationLimit }),
	},
}

var insertOutcome = outcomes.Insert()

// InsertOutcomes is the statement that writes rows of [OutcomeRow].
var InsertOutcomes = insertOutcome.Bulk

// OutcomeRow returns a row for the outcome of a submission that was accepted at an instant.
// FirstUpdate is the number of the first update that it wrote, or 0.
func OutcomeRow(account, number int64, accepted time.Time, o store.Outcome, firstUpdate int64) []any {
	return insertOutcome.Row(&outcome{o, firstUpdate, accepted}, account, number, o.Action.Number)
}

// row is a submission with its outcome, if it is complete.
type row struct {
	Stored
	payload string
	outcome outcome
}

var selectSubmission = "SELECT " + StoredColumns + ", s.payload, " + outcomes.OuterList("o") + `,
	coalesce(a.number, 0), coalesce(a.campaign, 0), coalesce(a.event_type, 0), coalesce(a.partner, 0) FROM submissions s
	LEFT JOIN outcomes o ON o.account = s.account AND o.number = s.number
	LEFT JOIN actions a ON a.account = o.account AND a.number = o.action `

func rowDest(r *row) []any {
	o := &r.outcome
	dest := append(r.Dest(), &r.payload)
	dest = append(dest, outcomes.Dest(o)...)
	return append(dest, &o.Action.Number, &o.Action.Campaign, &o.Action.EventType, &o.Partner)
}

// submission returns the scanned submission.
func (r *row) submission(salt uint32) (store.Submission, error) {
	r.Decode()
	o := r.outcome.Outcome
	o.Changed = r.outcome.firstUpdate != 0
	return store.Submission{
		Submission: r.Submission(), ID: store.NewSubmissionID(salt, r.Accepted, r.Number), Payload: payloads.Expand(r.payload), Outcome: o,
	}, r.Err
}
