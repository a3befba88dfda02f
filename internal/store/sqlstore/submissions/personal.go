package submissions

import (
	"encoding/json"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// Traced is a submission with what shows whose personal data it has.
type Traced struct {
	Stored
	// Payload is that of [store.Submission].
	Payload string
	// Action is the number of the action that it completed on, or 0. Customer is that of the
	// action.
	Action   int64
	Customer string
	// Related reports whether the action was erased, or if there is none, whether an action of its
	// order was or is the customer's.
	Related bool
}

// isErased is an SQL condition on an action: its personal data were erased.
func isErased(action string) string { return action + `.attributes LIKE '%"Erased":{%'` }

// Erased is an SQL condition on an action a: its personal data were erased.
var Erased = isErased("a")

var selectTraced = "SELECT " + StoredColumns + `, s.payload, coalesce(a.number, 0), coalesce(a.customer, ''),
	CASE WHEN a.number IS NOT NULL AND ` + Erased + ` OR a.number IS NULL AND s.order_id <> '' AND EXISTS (SELECT 1 FROM actions b
		WHERE b.account = ?1 AND b.order_id = s.order_id AND (b.customer = ?2 OR ` + isErased("b") + `)) THEN 1 ELSE 0 END
	FROM submissions s LEFT JOIN outcomes o ON o.account = s.account AND o.number = s.number
	LEFT JOIN actions a ON a.account = o.account AND a.number = o.action WHERE s.account = ?1 `

// Trace returns up to limit submissions of an account with numbers above after and up to upTo, in
// their order.
func Trace(s *sqldb.Session, account int64, customer string, after, upTo int64, limit int) ([]Traced, error) {
	return trace(s, "AND s.number > ?3 AND s.number <= ?4 ORDER BY s.number LIMIT ?5", account, customer, after, upTo, int64(limit))
}

// TraceBack returns up to limit submissions of an account with numbers below the given one, newest
// first.
func TraceBack(s *sqldb.Session, account int64, customer string, below int64, limit int) ([]Traced, error) {
	return trace(s, "AND s.number < ?3 ORDER BY s.number DESC LIMIT ?4", account, customer, below, int64(limit))
}

func trace(s *sqldb.Session, clause string, args ...any) ([]Traced, error) {
	traced, err := column.Collect(s, selectTraced+clause, args, func(t *Traced) []any {
		return append(t.Dest(), &t.Payload, &t.Action, &t.Customer, (*column.Boolean)(&t.Related))
	})
	for i := range traced {
		t := &traced[i]
		t.Decode()
		t.Payload = payloads.Expand(t.Payload)
		if err == nil {
			err = t.Err
		}
	}
	return traced, err
}

var updateContent = sqldb.BulkUpdate("submissions", 1, "number", "payload text", "command text")

// Rewrites collects submissions whose contents are replaced.
type Rewrites struct{ rows [][]any }

// Add replaces the contents of a submission.
func (w *Rewrites) Add(account, number int64, payload string, command ledger.Command) error {
	text, err := json.Marshal(command)
	if err == nil {
		w.rows = append(w.rows, []any{account, number, payloads.Shorten(payload), commands.Shorten(string(text))})
	}
	return err
}

// Write writes the contents.
func (w *Rewrites) Write(s *sqldb.Session) error { return s.WriteRows(updateContent, w.rows) }

// IsErased reports whether the submission or its action was erased.
func (t *Traced) IsErased() bool {
	c, ok := t.Command.(ledger.Conversion)
	return ok && c.Erased != nil || t.Related
}
