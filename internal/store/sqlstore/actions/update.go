package actions

import (
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// updateTable declares the columns of an update. The rest of the action's id is read from
// the action.
var updateTable = column.Table[ledger.Update]{
	Name: "updates",
	Key: []column.Column[ledger.Update]{
		column.Int("number", func(u *ledger.Update) *int64 { return &u.Number }),
	},
	Columns: []column.Column[ledger.Update]{
		column.Int("action", func(u *ledger.Update) *int64 { return &u.Action.Number }),
		column.Int("submission", func(u *ledger.Update) *int64 { return &u.Submission }),
		column.Time("instant", func(u *ledger.Update) *time.Time { return &u.At }),
		column.Int("item", func(u *ledger.Update) *int { return &u.Item }),
		column.String("sku", func(u *ledger.Update) *string { return &u.SKU }),
		column.String("disposition", func(u *ledger.Update) *string { return &u.Disposition }),
		column.String("category", func(u *ledger.Update) *string { return &u.Category }),
		column.Int("quantity", func(u *ledger.Update) *int64 { return &u.Quantity }),
		column.Int("delta_amount", func(u *ledger.Update) *money.Amount { return &u.Delta.Amount }),
		column.Int("delta_payout", func(u *ledger.Update) *money.Amount { return &u.Delta.Payout }),
		column.Int("terms_contract", func(u *ledger.Update) *int64 { return &u.Terms.Contract }),
		column.Int("terms_event_type", func(u *ledger.Update) *int64 { return &u.Terms.EventType }),
		column.Int("terms_version", func(u *ledger.Update) *int { return &u.Terms.Version }),
		column.Int("terms_group", func(u *ledger.Update) *int64 { return &u.Group }),
		column.String("level", func(u *ledger.Update) *program.Level { return &u.Level }),
		column.Int("rate", func(u *ledger.Update) *money.Decimal { return &u.Rate }),
		column.Hash("hash", func(u *ledger.Update) *ids.Hash { return &u.Hash }),
		column.Hash("previous", func(u *ledger.Update) *ids.Hash { return &u.Previous }),
		column.String("state", func(u *ledger.Update) *ledger.State { return &u.State }),
		column.String("detail", func(u *ledger.Update) *ledger.StateDetail { return &u.Detail }),
		column.String("description", func(u *ledger.Update) *string { return &u.Description }),
		column.String("customer_status", func(u *ledger.Update) *string { return &u.CustomerStatus }),
		column.Time("locking", func(u *ledger.Update) *time.Time { return &u.LockingDate }),
		column.Bool("open_ended", func(u *ledger.Update) *bool { return &u.OpenEnded }),
		column.Int("hash_version", func(u *ledger.Update) *int { return &u.Version }),
	},
	Joined: []column.Column[ledger.Update]{
		column.Int("coalesce(a.campaign, 0)", func(u *ledger.Update) *int64 { return &u.Action.Campaign }),
		column.Int("coalesce(a.event_type, 0)", func(u *ledger.Update) *int64 { return &u.Action.EventType }),
	},
}

// FromUpdates is the FROM clause of queries that read updates u with their actions a.
const FromUpdates = " FROM updates u JOIN actions a ON a.account = u.account AND a.number = u.action "

// selectAllUpdates also reads updates whose action doesn't exist: [store.Verify] reports
// them.
var selectAllUpdates = "SELECT " + historyTable.List("u") + ` FROM updates u
	LEFT JOIN actions a ON a.account = u.account AND a.number = u.action
	WHERE u.account = ? AND (u.action, u.number) > (?, ?) ORDER BY u.action, u.number LIMIT ?`

// UpdatesAfter returns up to limit updates that follow an action's update, ordered by
// action and number.
func UpdatesAfter(s *sqldb.Session, account, action, number int64, limit int) ([]ledger.Update, error) {
	return column.Collect(s, selectAllUpdates, []any{account, action, number, int64(limit)}, historyTable.Dest)
}

// LastTracked returns the last update that the conversion of an action wrote.
func LastTracked(s *sqldb.Session, account, action int64) (last ids.ChainPosition, err error) {
	err = column.QueryRow(s, `SELECT number, hash FROM (SELECT number, hash, submission FROM updates
		WHERE account = ? AND action = ? ORDER BY number LIMIT ?) AS first WHERE submission = ?
		ORDER BY number DESC LIMIT 1`,
		[]any{account, action, int64(ledger.MaxItems), action}, &last.Number, (*column.Digest)(&last.Hash))
	return last, err
}

var selectUpdate = "SELECT " + updateTable.List("u") + ", " + actionTable.List("a") + FromUpdates

func updateViewDest(u *store.UpdateView) []any {
	return append(updateTable.Dest(&u.Update), actionTable.Dest(&u.Parent)...)
}

// LoadUpdate returns the update with the number, and its action without items.
func LoadUpdate(s *sqldb.Session, account, number int64) (u store.UpdateView, err error) {
	err = column.QueryRow(s, selectUpdate+"WHERE u.account = ? AND u.number = ?", []any{account, number}, updateViewDest(&u)...)
	return u, err
}

// Update returns the update with the id.
func (r Reader) Update(id ids.UpdateID) (store.UpdateView, error) {
	u, err := LoadUpdate(r.Snapshot.Session, r.Snapshot.Account, id.Number)
	if err == nil && u.ID() != id {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return store.UpdateView{}, fmt.Errorf("update %s: %w", id, err)
	}
	return u, nil
}
