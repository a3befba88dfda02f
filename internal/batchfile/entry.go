package batchfile

import (
	"errors"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// maxMessage bounds the stored error message of a row, in bytes.
const maxMessage = 1000

// entry decodes an entry into a submission or an error. If decoding panics, entry returns
// an error with [rejection.CodeParked], so that the entry doesn't block the entries after it.
func (f *parsedFile) entry(n int, account program.Account, env wire.Env) (entry store.FileEntry) {
	defer func() {
		if p := recover(); p != nil {
			entry = store.FileEntry{
				Rows:  []store.FileRow{{Line: f.rows[f.entries[n][0]].line}},
				Error: &store.RowError{Code: rejection.CodeParked, Message: "The row could not be read and changed nothing; contact the operator."},
			}
		}
	}()
	rows := f.entries[n]
	if problem := f.rows[rows[0]].problem; problem != "" {
		return store.FileEntry{
			Rows:  []store.FileRow{{Line: f.rows[rows[0]].line}},
			Error: &store.RowError{Code: rejection.CodeMalformed, Message: problem},
		}
	}
	p, fileRows, err := f.params(rows)
	var command ledger.Command
	if err == nil {
		command, err = wire.Decode(f.kind, p, env, account)
	}
	if err != nil {
		rowErr := f.rowError(rows, err)
		return store.FileEntry{Rows: fileRows, Error: &rowErr}
	}
	return store.FileEntry{Rows: fileRows, Submission: store.Submission{
		Submission: ledger.Submission{Command: command}, Payload: p.Payload(),
	}}
}

// rowError returns err as the error of an entry, with the identifiers in its first row that
// are well-formed.
func (f *parsedFile) rowError(rows []int, err error) store.RowError {
	subject := wire.DecodeSubject(f.rowParams(f.rows[rows[0]]))
	rowErr := store.RowError{
		Campaign: subject.Campaign, EventType: subject.EventType, EventCode: subject.EventCode, Partner: subject.Partner,
		Order: subject.Order, Code: rejection.CodeMalformed,
	}
	if len(rows) == 1 { // several rows have different items
		rowErr.Category, rowErr.SKU = subject.Category, subject.SKU
	}
	var rejected *rejection.Rejection
	var invalid *wire.Error
	switch {
	case errors.As(err, &rejected):
		rowErr.Code, rowErr.Message = rejected.Code, rejected.Message
		if rejected.Field != "" {
			rowErr.Message = rejected.Field + ": " + rejected.Message
		}
	case errors.As(err, &invalid):
		rowErr.Message = messages(invalid)
	default:
		rowErr.Message = err.Error()
	}
	if f.kind == ledger.KindConversion && subject.Order == "" && rowErr.Code == rejection.CodeMalformed && invalid != nil && subject.Valid {
		rowErr.Code = rejection.CodeOrderMissing
	}
	if len(rowErr.Message) > maxMessage {
		rowErr.Message = strings.ToValidUTF8(rowErr.Message[:maxMessage], "") + "..."
	}
	return rowErr
}

// messages returns the field errors, or the message of an error without them.
func messages(e *wire.Error) string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + ": " + strings.TrimSuffix(f.Message, ".")
	}
	return strings.Join(parts, "; ")
}

// rowParams returns the cells of a row as parameters. It leaves out invalid ones.
func (f *parsedFile) rowParams(r row) *wire.Params {
	p := new(wire.Params)
	for _, c := range r.cells {
		_ = p.Add(f.columns[c.column], c.text) // the error is reported by params
	}
	return p
}
