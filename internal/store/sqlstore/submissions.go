package sqlstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// encodeCommand answers a command as it is kept, and the order and action that
// it names: "" and 0 where it names none.
func encodeCommand(command ledger.Command) (text []byte, order string, action int64, err error) {
	switch c := command.(type) {
	case ledger.Conversion:
		c.EventDate = whole(c.EventDate)
		command, order = c, c.Order
	case ledger.Modification:
		order, action = c.Order, c.Action.Number
	case ledger.Reversal:
		order, action = c.Order, c.Action.Number
	case ledger.Undo:
	default:
		return nil, "", 0, fmt.Errorf("%T is no command that can be kept", command)
	}
	text, err = json.Marshal(command)
	return text, order, action, err
}

func decodeCommand(kind ledger.Kind, text []byte) (ledger.Command, error) {
	switch kind {
	case ledger.KindConversion:
		return decode[ledger.Conversion](text)
	case ledger.KindModification:
		return decode[ledger.Modification](text)
	case ledger.KindReversal:
		return decode[ledger.Reversal](text)
	case ledger.KindUndo:
		return decode[ledger.Undo](text)
	default:
		return nil, fmt.Errorf("%q is no kind of command", kind)
	}
}

func decode[C ledger.Command](text []byte) (ledger.Command, error) {
	var c C
	err := json.Unmarshal(text, &c)
	return c, err
}

// commandRow is a command as a row has it.
type commandRow struct {
	number   int64
	accepted time.Time
	kind     ledger.Kind
	text     []byte
	// command is what text says, unless it is unreadable.
	command    ledger.Command
	unreadable error
}

// errUnreadable says that a command was written by another program.
var errUnreadable = errors.New("the command cannot be read")

const commandColumns = "s.number, s.accepted, s.kind, s.command"

func (r *commandRow) dest() []any {
	return []any{&r.number, (*instant)(&r.accepted), &r.kind, &r.text}
}

// decode reads the text.
func (r *commandRow) decode() {
	r.command, r.unreadable = decodeCommand(r.kind, r.text)
	if r.unreadable != nil {
		r.unreadable = fmt.Errorf("submission %d: %w: %w", r.number, errUnreadable, r.unreadable)
	}
}

// submission answers what was decoded.
func (r *commandRow) submission() ledger.Submission {
	return ledger.Submission{Number: r.number, Accepted: r.accepted, Command: r.command}
}

// submissionRow is a submission with its outcome, if it has one.
type submissionRow struct {
	commandRow
	payload     string
	outcome     store.Outcome
	firstUpdate int64
}

const submissionColumns = commandColumns + `, s.payload, o.completed, coalesce(o.first_update, 0),
	coalesce(o.error_type, ''), coalesce(o.code, ''), coalesce(o.message, ''),
	coalesce(o.terms_contract, 0), coalesce(o.terms_event_type, 0), coalesce(o.terms_version, 0),
	coalesce(o.fee_rate, 0), coalesce(o.cap, 0),
	coalesce(a.number, 0), coalesce(a.campaign, 0), coalesce(a.event_type, 0), coalesce(a.partner, 0)`

const submissionsWithOutcomes = ` FROM submissions s
	LEFT JOIN outcomes o ON o.account = s.account AND o.number = s.number
	LEFT JOIN actions a ON a.account = o.account AND a.number = o.action `

func (r *submissionRow) dest() []any {
	o := &r.outcome
	return append(r.commandRow.dest(), &r.payload, (*instant)(&o.Completed), &r.firstUpdate,
		&o.ErrorType, &o.Code, &o.Message,
		&o.Basis.Terms.Contract, &o.Basis.Terms.EventType, &o.Basis.Terms.Version, &o.Basis.FeeRate, &o.Basis.ModificationLimit,
		&o.Action.Number, &o.Action.Campaign, &o.Action.EventType, &o.Partner)
}

func (r *submissionRow) submission(salt uint32) (store.Submission, error) {
	r.decode()
	outcome := r.outcome
	outcome.Changed = r.firstUpdate != 0
	return store.Submission{
		Submission: r.commandRow.submission(), ID: store.NewSubmissionID(salt, r.accepted, r.number), Payload: r.payload, Outcome: outcome,
	}, r.unreadable
}

var (
	newSubmissions = inserting("submissions",
		"number", "accepted", "kind text", "order_id text", "action", "payload text", "command text")
	newOutcomes = inserting("outcomes", "number", "completed", "action", "first_update", "error_type text", "code text",
		"message text", "terms_contract", "terms_event_type", "terms_version", "fee_rate", "cap")
)

// outcomeRow answers a row of newOutcomes; firstUpdate is 0 where nothing changed.
func outcomeRow(account, number int64, o store.Outcome, firstUpdate int64) []any {
	j := o.Basis
	return []any{
		account, number, micros(o.Completed), o.Action.Number, firstUpdate,
		string(o.ErrorType), string(o.Code), o.Message,
		j.Terms.Contract, j.Terms.EventType, int64(j.Terms.Version), int64(j.FeeRate), int64(j.ModificationLimit),
	}
}
