package batchfile

import (
	"errors"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// maxMessage bounds what is kept of what is wrong with a row, in bytes.
const maxMessage = 1000

// entry answers what becomes of the rows of an entry. Rows on which the program
// fails are parked at once: they must not hold up those behind them for ever.
func (f *File) entry(n int, account ledger.Account, env wire.Env) (entry store.FileEntry) {
	defer func() {
		if p := recover(); p != nil {
			entry = store.FileEntry{
				Rows:  []store.FileRow{{Line: f.rows[f.entries[n][0]].line}},
				Fault: &store.RowFault{Code: ledger.CodeParked, Message: "The row could not be read and changed nothing; tell the operator."},
			}
		}
	}()
	rows := f.entries[n]
	if fault := f.rows[rows[0]].fault; fault != "" {
		return store.FileEntry{
			Rows:  []store.FileRow{{Line: f.rows[rows[0]].line}},
			Fault: &store.RowFault{Code: ledger.CodeMalformed, Message: fault},
		}
	}
	p, places, err := f.params(rows)
	var command ledger.Command
	if err == nil {
		command, err = f.decode(p, account, env)
	}
	if err != nil {
		fault := f.fault(rows, err)
		return store.FileEntry{Rows: places, Fault: &fault}
	}
	return store.FileEntry{Rows: places, Submission: store.Submission{
		Submission: ledger.Submission{Command: command}, Payload: p.Payload(),
	}}
}

// decode reads the parameters as the request of the file's kind does.
func (f *File) decode(p *wire.Params, account ledger.Account, env wire.Env) (ledger.Command, error) {
	switch f.Kind {
	case ledger.KindConversion:
		c, err := wire.DecodeConversion(p, env)
		if err == nil {
			err = c.Check(env.Now, account)
		}
		return c, err
	case ledger.KindReversal:
		return wire.DecodeReversal(p, env)
	default:
		return wire.DecodeModification(p, env)
	}
}

// fault answers what is wrong with rows, and as much of what they are about as can
// be read.
func (f *File) fault(rows []int, err error) store.RowFault {
	said := f.said(f.rows[rows[0]])
	of := wire.RowNames(said)
	fault := store.RowFault{
		Campaign: of.Campaign, EventType: of.EventType, EventCode: of.EventCode, Partner: of.Partner,
		Order: of.Order, Code: ledger.CodeMalformed,
	}
	if len(rows) == 1 { // else each row is about an item of its own, and one fault tells of all
		fault.Category, fault.SKU = of.Category, of.SKU
	}
	var refusal *ledger.Rejection
	var told *wire.Error
	switch {
	case errors.As(err, &refusal):
		fault.Code, fault.Message = refusal.Code, refusal.Message
		if refusal.Field != "" {
			fault.Message = refusal.Field + ": " + refusal.Message
		}
	case errors.As(err, &told):
		fault.Message = messages(told)
	default:
		fault.Message = err.Error()
	}
	if f.Kind == ledger.KindConversion && of.Order == "" && fault.Code == ledger.CodeMalformed && told != nil && of.Readable {
		fault.Code = ledger.CodeOrderMissing
	}
	if len(fault.Message) > maxMessage {
		fault.Message = strings.ToValidUTF8(fault.Message[:maxMessage], "") + "..."
	}
	return fault
}

func messages(e *wire.Error) string {
	if len(e.Faults) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		parts[i] = f.Field + ": " + f.Message
	}
	return strings.Join(parts, "; ")
}

// said answers a row's cells that can be read.
func (f *File) said(r row) *wire.Params {
	p, err := wire.ParseParams("", "", nil)
	if err != nil {
		return &wire.Params{}
	}
	for _, c := range slices.Clone(r.cells) {
		_ = p.Add(f.columns[c.column], c.text) // what cannot be read is the fault
	}
	return p
}
