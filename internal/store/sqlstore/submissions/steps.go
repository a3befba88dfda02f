package submissions

import (
	"context"
	"iter"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
)

const selectSteps = "SELECT " + StoredColumns + `, o.completed, o.first_update, coalesce(u.hash_version, 2),
	o.terms_contract, o.terms_event_type, o.terms_version, o.fee_rate, o.cap
	FROM updates u JOIN outcomes o ON o.account = u.account AND o.number = u.submission
	AND o.action = u.action AND o.first_update = u.number
	JOIN submissions s ON s.account = o.account AND s.number = o.number
	WHERE u.account = ? AND u.action = ? AND u.submission <> u.action
	AND u.number > ? AND u.submission <= ? ORDER BY u.number LIMIT ?`

const selectConversions = "SELECT " + StoredColumns + `, o.completed, o.first_update,
	CASE WHEN u.number IS NULL THEN 0 ELSE coalesce(u.hash_version, 2) END,
	o.terms_contract, o.terms_event_type, o.terms_version, o.fee_rate, o.cap
	FROM outcomes o JOIN submissions s ON s.account = o.account AND s.number = o.number
	LEFT JOIN updates u ON u.account = o.account AND u.action = o.action AND u.number = o.first_update
	WHERE o.account = ? AND o.number > ? AND o.action = o.number AND o.first_update <> 0 ORDER BY o.number LIMIT ?`

// Conversions returns the conversions that created an action, by number.
func Conversions(r *account.Snapshot) iter.Seq2[store.Step, error] {
	return listing.Scroll(r.Context, func(last *store.Step) ([]store.Step, error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		return readSteps(r.Session, selectConversions, r.Account, after, int64(listing.WideChunk))
	})
}

// Steps returns the submissions that changed an action after its conversion, up to the
// number upTo.
func Steps(ctx context.Context, s *sqldb.Session, account, action, upTo int64) store.Steps {
	return store.Steps(listing.Scroll(ctx, func(last *store.Step) ([]store.Step, error) {
		after := int64(0)
		if last != nil {
			after = last.Context.Update
		}
		return readSteps(s, selectSteps, account, action, after, upTo, int64(listing.WideChunk))
	}))
}

// readSteps returns the rows of selectSteps or selectConversions.
func readSteps(s *sqldb.Session, text string, args ...any) (steps []store.Step, err error) {
	var q Stored
	var step store.Step
	terms := &step.Basis.Terms
	dest := append(q.Dest(), (*column.Instant)(&step.Context.At), &step.Context.Update, &step.Context.UpdateVersion,
		&terms.Contract, &terms.EventType, &terms.Version, &step.Basis.FeeRate, &step.Basis.ModificationLimit)
	err = s.Rows(text, args, dest, func() error {
		q.Decode()
		step.Submission = q.Submission()
		steps = append(steps, step)
		return q.Err
	})
	return steps, err
}

// Amendment is what a submission did to an action that existed.
type Amendment struct {
	// Action is the number of the action that the submission completed on.
	Action int64
	// FirstUpdate is the number of the first update that it wrote, or 0.
	FirstUpdate int64
	// Undo is the number of the submission that undid it, or 0.
	Undo int64
}

// AmendmentOf returns the amendment that a submission made. For a conversion and for a
// rejected submission it returns [ledger.ErrNotFound].
func AmendmentOf(s *sqldb.Session, account, submission int64) (m Amendment, err error) {
	err = column.QueryRow(s, `SELECT o.action, o.first_update, coalesce(d.undo, 0) FROM outcomes o
		LEFT JOIN undone d ON d.account = o.account AND d.number = o.number
		WHERE o.account = ? AND o.number = ? AND o.error_type = '' AND o.action <> 0 AND o.action <> o.number`,
		[]any{account, submission}, &m.Action, &m.FirstUpdate, &m.Undo)
	return m, err
}
