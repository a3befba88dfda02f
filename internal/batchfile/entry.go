package batchfile

import (
	"errors"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxMessage bounds the stored error message of a row, in bytes.
const maxMessage = 1000

// entry decodes an entry into a submission or an error. If decoding panics, the entry is
// parked at once, so that it doesn't block the entries behind it.
func (f *File) entry(n int, account program.Account, env wire.Env) (entry store.FileEntry) {
	defer func() {
		if p := recover(); p != nil {
			entry = store.FileEntry{
				Rows:  []store.FileRow{{Line: f.rows[f.entries[n][0]].line}},
				Error: &store.RowError{Code: ledger.CodeParked, Message: "The row could not be read and changed nothing; contact the operator."},
			}
		}
	}()
	rows := f.entries[n]
	if problem := f.rows[rows[0]].problem; problem != "" {
		return store.FileEntry{
			Rows:  []store.FileRow{{Line: f.rows[rows[0]].line}},
			Error: &store.RowError{Code: ledger.CodeMalformed, Message: problem},
		}
	}
	p, fileRows, err := f.params(rows)
	var command ledger.Command
	if err == nil {
		command, err = wire.Decode(f.Kind, p, env, account)
	}
	if err != nil {
		fault := f.rowError(rows, err)
		return store.FileEntry{Rows: fileRows, Error: &fault}
	}
	return store.FileEntry{Rows: fileRows, Submission: store.Submission{
		Submission: ledger.Submission{Command: command}, Payload: p.Payload(),
	}}
}

// rowError returns the error of an entry, with the fields of its rows that can be read.
func (f *File) rowError(rows []int, err error) store.RowError {
	params := f.rowParams(f.rows[rows[0]])
	of := wire.DecodeSubject(params)
	fault := store.RowError{
		Campaign: of.Campaign, EventType: of.EventType, EventCode: of.EventCode, Partner: of.Partner,
		Order: of.Order, Code: ledger.CodeMalformed,
	}
	if len(rows) == 1 { // several rows have different items
		fault.Category, fault.SKU = of.Category, of.SKU
	}
	var rejection *ledger.Rejection
	var invalid *wire.Error
	switch {
	case errors.As(err, &rejection):
		fault.Code, fault.Message = rejection.Code, rejection.Message
		if rejection.Field != "" {
			fault.Message = rejection.Field + ": " + rejection.Message
		}
	case errors.As(err, &invalid):
		fault.Message = messages(invalid)
	default:
		fault.Message = err.Error()
	}
	if f.Kind == ledger.KindConversion && of.Order == "" && fault.Code == ledger.CodeMalformed && invalid != nil && of.Valid {
		fault.Code = ledger.CodeOrderMissing
	}
	if len(fault.Message) > maxMessage {
		fault.Message = strings.ToValidUTF8(fault.Message[:maxMessage], "") + "..."
	}
	return fault
}

func messages(e *wire.Error) string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + ": " + f.Message
	}
	return strings.Join(parts, "; ")
}

// rowParams returns the cells of a row that can be read, as parameters.
func (f *File) rowParams(r row) *wire.Params {
	p, err := wire.ParseParams("", "", nil)
	if err != nil {
		return &wire.Params{}
	}
	for _, c := range slices.Clone(r.cells) {
		_ = p.Add(f.columns[c.column], c.text) // the error is reported by params
	}
	return p
}
