// Package view converts the records of a store to the objects of the protocol.
package view

import (
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/settle"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Submission returns the object of a submission of an account.
func Submission(account int64, s store.Submission) encode.Submission {
	return encode.Submission{
		ID: string(s.ID), Account: account, Accepted: s.Accepted, Command: s.Command, Payload: s.Payload,
		Completed: s.Outcome.Completed, Action: s.Outcome.Action, Partner: s.Outcome.Partner,
		ErrorType: string(s.Outcome.ErrorType), ErrorCode: string(s.Outcome.Code), ErrorMessage: s.Outcome.Message,
	}
}

// File returns the object of a batch file of an account.
func File(account int64, f store.File) encode.File {
	return encode.File{
		ID: string(f.ID), Account: account, Accepted: f.Accepted, Name: f.Name, Kind: f.Kind,
		Begun: f.Processed > 0, Records: f.Records, Applied: f.Applied, Errors: f.Errors, Completed: f.Completed,
	}
}

// ErrorDetail returns the object of a row that had no effect, in a batch file of an account.
func ErrorDetail(account int64, file string, f store.FailedRow) encode.ErrorDetail {
	d := encode.ErrorDetail{File: file, Line: f.Line}
	if f.Cause == nil {
		o := f.Submission.Outcome
		d.Subject = encode.RowSubject(Submission(account, f.Submission), f.Item)
		d.Status, d.Reason, d.Message = string(o.ErrorType), string(o.Code), o.Message
		return d
	}
	d.Subject = wire.Subject{
		Campaign: f.Cause.Campaign, EventType: f.Cause.EventType, Partner: f.Cause.Partner, EventCode: f.Cause.EventCode,
		Order: f.Cause.Order, Category: f.Cause.Category, SKU: f.Cause.SKU,
	}
	d.Status, d.Reason, d.Message = string(rejection.ErrorValidation), string(f.Cause.Code), f.Cause.Message
	return d
}

// Preview returns the object of a preview.
func Preview(p store.Preview) encode.Preview {
	v := encode.Preview{Rejection: p.Rejection, Adjustments: p.Adjustments, Queued: max(p.Accepted-p.Applied, 0)}
	if p.Before.ID != (ids.ActionID{}) {
		v.Before = &p.Before
	}
	if p.After.ID != (ids.ActionID{}) {
		v.After = &p.After
	}
	if v.Before == nil && v.After != nil { // a new action has no number yet
		v.After.ID.Number = 0
	}
	return v
}

// Adjustment returns the object of an adjustment.
func Adjustment(d settle.Adjustment) encode.Adjustment {
	return encode.Adjustment{Adjustment: d.Adjustment, Partner: d.Partner, Submission: string(d.SubmissionID), Invoice: d.Invoice}
}

// Balances returns the balances of partners at an instant.
func Balances(r store.StatementReader, partners []int64, at time.Time) iter.Seq2[encode.Balance, error] {
	return func(yield func(encode.Balance, error) bool) {
		balances, err := r.Balances(partners, at)
		if err != nil {
			yield(encode.Balance{}, err)
			return
		}
		for _, b := range balances {
			if !yield(encode.Balance(b), nil) {
				return
			}
		}
	}
}
