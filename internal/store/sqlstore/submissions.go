package sqlstore

import (
	"encoding/json"
	"fmt"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

// encodeCommand answers a command as it is kept, and the order and action that
// it names: "" and 0 where it names none.
func encodeCommand(command trueup.Command) (text []byte, order string, action int64, err error) {
	switch c := command.(type) {
	case trueup.Conversion:
		c.EventDate = whole(c.EventDate)
		command, order = c, c.Order
	case trueup.Modification:
		order, action = c.Order, c.Action.Number
	case trueup.Reversal:
		order, action = c.Order, c.Action.Number
	case trueup.Undo:
	default:
		return nil, "", 0, fmt.Errorf("%T is no command that can be kept", command)
	}
	text, err = json.Marshal(command)
	return text, order, action, err
}

func decodeCommand(kind trueup.Kind, text []byte) (trueup.Command, error) {
	switch kind {
	case trueup.KindConversion:
		return decode[trueup.Conversion](text)
	case trueup.KindModification:
		return decode[trueup.Modification](text)
	case trueup.KindReversal:
		return decode[trueup.Reversal](text)
	case trueup.KindUndo:
		return decode[trueup.Undo](text)
	default:
		return nil, fmt.Errorf("%q is no kind of command", kind)
	}
}

func decode[C trueup.Command](text []byte) (trueup.Command, error) {
	var c C
	err := json.Unmarshal(text, &c)
	return c, err
}

// commandRow is a command as a row has it.
type commandRow struct {
	number   int64
	accepted time.Time
	kind     trueup.Kind
	text     []byte
}

const commandColumns = "s.number, s.accepted, s.kind, s.command"

func (r *commandRow) dest() []any {
	return []any{&r.number, (*instant)(&r.accepted), &r.kind, &r.text}
}

func (r *commandRow) submission() (trueup.Submission, error) {
	command, err := decodeCommand(r.kind, r.text)
	if err != nil {
		return trueup.Submission{}, fmt.Errorf("the command of submission %d: %w", r.number, err)
	}
	return trueup.Submission{Number: r.number, Accepted: r.accepted, Command: command}, nil
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
		&o.Judged.Terms.Contract, &o.Judged.Terms.EventType, &o.Judged.Terms.Version, &o.Judged.FeeRate, &o.Judged.Cap,
		&o.Action.Number, &o.Action.Campaign, &o.Action.EventType, &o.Partner)
}

func (r *submissionRow) submission(salt uint32) (store.Submission, error) {
	submission, err := r.commandRow.submission()
	outcome := r.outcome
	outcome.Changed = r.firstUpdate != 0
	return store.Submission{
		Submission: submission, ID: store.NewSubmissionID(salt, r.accepted, r.number), Payload: r.payload, Outcome: outcome,
	}, err
}

const insertSubmission = `INSERT INTO submissions (account, number, accepted, kind, order_id, action, payload, command)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

const insertOutcome = `INSERT INTO outcomes (account, number, completed, action, first_update, error_type, code,
	message, terms_contract, terms_event_type, terms_version, fee_rate, cap)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// complete writes a submission's outcome; firstUpdate is 0 where nothing changed.
func (s *session) complete(account, number int64, o store.Outcome, firstUpdate int64) error {
	j := o.Judged
	return s.exec(insertOutcome, account, number, micros(o.Completed), o.Action.Number, firstUpdate,
		string(o.ErrorType), string(o.Code), o.Message,
		j.Terms.Contract, j.Terms.EventType, int64(j.Terms.Version), int64(j.FeeRate), int64(j.Cap))
}
