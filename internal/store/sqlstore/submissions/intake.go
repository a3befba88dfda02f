package submissions

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// intake is the row of an account from which submissions get their numbers and
// instants.
type intake struct {
	account int64
	// number and instant are those of the last submission.
	number  int64
	instant time.Time
	salt    uint32
}

// lockIntake reads the account's intake and locks it until the transaction ends.
func lockIntake(s *sqldb.Session, account int64) (intake, error) {
	i := intake{account: account}
	err := column.QueryRow(s, `SELECT i.number, i.instant, (SELECT a.salt FROM accounts a WHERE a.account = ?)
		FROM intake i WHERE i.account = ?`+s.Dialect().ForUpdate, []any{account, account},
		&i.number, (*column.Instant)(&i.instant), &i.salt)
	return i, err
}

// allocate reserves count numbers. It returns the last of them and their instant,
// which is not before that of any earlier submission.
func (i intake) allocate(s *sqldb.Session, count int, now time.Time) (last int64, at time.Time, err error) {
	last, at = i.number+int64(count), column.MaxTime(now, i.instant)
	return last, at, s.Exec("UPDATE intake SET number = ?, instant = ? WHERE account = ?", last, column.Micros(at), i.account)
}

var insertSubmission = sqldb.BulkInsert("submissions",
	"number", "accepted", "kind text", "order_id text", "action", "payload text", "command text")

// Positions of the columns of insertSubmission that are known only once the intake is
// locked.
const (
	numberColumn   = 1
	acceptedColumn = 2
)

// setPosition sets the number and the instant in a row.
func setPosition(row []any, number int64, at time.Time) {
	row[numberColumn], row[acceptedColumn] = number, column.Micros(at)
}

// encodeRows returns the rows of insertSubmission, without numbers and instants.
func encodeRows(account int64, batch []store.Submission) ([][]any, error) {
	rows := make([][]any, len(batch))
	for i, submission := range batch {
		text, err := encode(submission.Command)
		if err != nil {
			return nil, err
		}
		named := Address(submission.Command)
		rows[i] = []any{
			account, nil, nil, string(submission.Command.Kind()), named.Order, named.Action.Number, submission.Payload, string(text),
		}
	}
	return rows, nil
}

// Enqueue accepts one command in the transaction of another write, and returns its number and
// instant.
func Enqueue(s *sqldb.Session, account int64, now time.Time, c ledger.Command, payload string) (number int64, at time.Time, err error) {
	rows, err := encodeRows(account, []store.Submission{{Submission: ledger.Submission{Command: c}, Payload: payload}})
	if err != nil {
		return 0, time.Time{}, err
	}
	i, err := lockIntake(s, account)
	if err != nil {
		return 0, time.Time{}, err
	}
	number, at, err = i.allocate(s, 1, now)
	if err != nil {
		return 0, time.Time{}, err
	}
	setPosition(rows[0], number, at)
	return number, at, s.WriteRows(insertSubmission, rows)
}

// Rows returns the rows of submissions that have their numbers and instants.
func Rows(account int64, batch []store.Submission) ([][]any, error) {
	rows, err := encodeRows(account, batch)
	if err != nil {
		return nil, err
	}
	for i, s := range batch {
		setPosition(rows[i], s.Number, s.Accepted)
	}
	return rows, nil
}

// InsertRows queues the rows that [Rows] returned.
func InsertRows(s *sqldb.Session, account int64, rows [][]any, at time.Time) error {
	i, err := lockIntake(s, account)
	if err != nil {
		return err
	}
	if _, _, err := i.allocate(s, len(rows), at); err != nil {
		return err
	}
	return s.WriteRows(insertSubmission, rows)
}
