package submissions

import (
	"context"
	"iter"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
)

// selectSteps and selectConversions read an outcome o with its submission s and its action a.
var selectSteps = "SELECT " + stepColumns + fromSteps + `
	WHERE u.account = ? AND u.action = ? AND u.submission <> u.action
	AND u.number > ? AND u.submission <= ? ORDER BY u.number LIMIT ?`

// selectStepsOf is selectSteps for an array of actions.
var selectStepsOf = "SELECT u.action, " + stepColumns + fromSteps + `
	WHERE u.account = ?1 AND u.action = ANY (?2::bigint[]) AND u.submission <> u.action ORDER BY u.action, u.number`

var stepColumns = StoredColumns + ", coalesce(u.hash_version, 2), " + outcomes.List("o")

const fromSteps = `
	FROM updates u JOIN outcomes o ON o.account = u.account AND o.number = u.submission
	AND o.action = u.action AND o.first_update = u.number
	JOIN submissions s ON s.account = o.account AND s.number = o.number
	JOIN actions a ON a.account = u.account AND a.number = u.action`

var selectConversions = "SELECT " + StoredColumns + `,
	CASE WHEN u.number IS NULL THEN 0 ELSE coalesce(u.hash_version, 2) END, ` + outcomes.List("o") + `
	FROM outcomes o JOIN submissions s ON s.account = o.account AND s.number = o.number
	LEFT JOIN actions a ON a.account = o.account AND a.number = o.action
	LEFT JOIN updates u ON u.account = o.account AND u.action = o.action AND u.number = o.first_update
	WHERE o.account = ? AND o.number > ? AND o.action = o.number AND o.first_update <> 0 ORDER BY o.number LIMIT ?`

// Conversions returns the conversions that created an action, by number.
func Conversions(r *account.Snapshot) iter.Seq2[replay.Step, error] {
	return listing.Scroll(r.Context, func(last *replay.Step) ([]replay.Step, error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		return readSteps(r.Session, selectConversions, r.Account, after, int64(listing.WideChunk))
	})
}

// Steps returns the submissions that changed an action after its conversion, up to the
// number upTo.
func Steps(ctx context.Context, s *sqldb.Session, account, action, upTo int64) replay.Steps {
	return func(yield func(replay.Step, error) bool) {
		ended := false // most actions have few steps: a chunk that is not full is the last one
		listing.Scroll(ctx, func(last *replay.Step) (steps []replay.Step, err error) {
			after := int64(0)
			if last != nil {
				after = last.Context.Update
			}
			if !ended {
				steps, err = readSteps(s, selectSteps, account, action, after, upTo, int64(listing.WideChunk))
				ended = len(steps) < listing.WideChunk
			}
			return steps, err
		})(yield)
	}
}

// StepsOf returns what [Steps] returns for each of the actions that has steps, in one round
// trip. It holds all of them in memory. The database must support arrays.
func StepsOf(s *sqldb.Session, account int64, actions []int64) (map[int64][]replay.Step, error) {
	steps := make(map[int64][]replay.Step, len(actions))
	var action int64
	err := scanSteps(s, selectStepsOf, []any{account, actions}, []any{&action}, func(step replay.Step) { steps[action] = append(steps[action], step) })
	return steps, err
}

var selectLateSteps = "SELECT " + StoredColumns + ", 0, " + outcomes.List("o") + `
	FROM adjustments d JOIN outcomes o ON o.account = d.account AND o.number = d.submission
	AND o.action = d.action AND o.first_update = d.number
	JOIN submissions s ON s.account = o.account AND s.number = o.number
	JOIN actions a ON a.account = d.account AND a.number = d.action
	WHERE d.account = ? AND d.action = ? AND d.number > ? ORDER BY d.number LIMIT ?`

// LateSteps returns the submissions that adjusted a locked action.
func LateSteps(ctx context.Context, s *sqldb.Session, account, action int64) replay.Steps {
	return replay.Steps(listing.Scroll(ctx, func(last *replay.Step) ([]replay.Step, error) {
		after := int64(0)
		if last != nil {
			after = last.Context.Update
		}
		return readSteps(s, selectLateSteps, account, action, after, int64(listing.WideChunk))
	}))
}

// readSteps returns the rows of selectSteps or selectConversions.
func readSteps(s *sqldb.Session, text string, args ...any) (steps []replay.Step, err error) {
	err = scanSteps(s, text, args, nil, func(step replay.Step) { steps = append(steps, step) })
	return steps, err
}

// scanSteps calls add with each step. The first columns are scanned into dest.
func scanSteps(s *sqldb.Session, text string, args, dest []any, add func(replay.Step)) error {
	var q Stored
	var o outcome
	var step replay.Step
	dest = append(append(dest, q.Dest()...), &step.Context.UpdateVersion)
	return s.Rows(text, args, append(dest, outcomes.Dest(&o)...), func() error {
		q.Decode()
		step.Submission, step.Basis = q.Submission(), o.Basis
		step.Context.At, step.Context.Update = o.Completed, o.firstUpdate
		add(step)
		return q.Err
	})
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
		WHERE o.account = ? AND o.number = ? AND coalesce(o.error_type, '') = '' AND o.action <> 0 AND o.action <> o.number`,
		[]any{account, submission}, &m.Action, &m.FirstUpdate, &m.Undo)
	return m, err
}
