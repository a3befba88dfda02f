package actions

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// recorded is an update as a row of the table updates. Its parent is the action as of the
// update, with items, and accepted the instant of its submission. A row that is read has
// neither.
type recorded struct {
	*ledger.Update
	parent   *ledger.Action
	accepted time.Time
}

// item returns the item of the update.
func (u *recorded) item() *ledger.Item { return &u.parent.Items[u.Item] }

// updateTable declares the columns of an update. What hardly ever differs from the
// action, its item or a constant is NULL where it doesn't. The hashes of the chain are not
// stored: the rows give them again, and the action has the last one.
var updateTable = column.Table[recorded]{
	Name: "updates",
	Key: []column.Column[recorded]{
		column.Int("number", func(u *recorded) *int64 { return &u.Number }),
	},
	Columns: []column.Column[recorded]{
		column.Int("action", func(u *recorded) *int64 { return &u.Action.Number }),
		column.Int("submission", func(u *recorded) *int64 { return &u.Submission }).
			Or(func(u *recorded) bool { return u.Submission == u.Action.Number }, ".action"),
		column.Time("instant", func(u *recorded) *time.Time { return &u.At }).
			Or(func(u *recorded) bool { return u.At.Equal(u.accepted) }, "s.accepted"),
		itemColumn,
		column.String("disposition", func(u *recorded) *string { return &u.Disposition }).
			Or(func(u *recorded) bool { return u.Disposition == ledger.DispositionTracked }, "'"+ledger.DispositionTracked+"'"),
		column.String("category", func(u *recorded) *string { return &u.Category }).
			Or(func(u *recorded) bool { return u.Category == u.item().Tracked.Category }, "i.tracked_category"),
		column.Int("quantity", func(u *recorded) *int64 { return &u.Quantity }).
			Or(func(u *recorded) bool { return u.Quantity == u.item().Tracked.Quantity }, "i.tracked_quantity"),
		column.Int("delta_amount", func(u *recorded) *money.Amount { return &u.Delta.Amount }).
			Or(func(u *recorded) bool { return u.Delta.Amount == u.item().Tracked.Amount }, "i.tracked_amount"),
		column.Int("delta_payout", func(u *recorded) *money.Amount { return &u.Delta.Payout }).
			Or(func(u *recorded) bool { return u.Delta.Payout == u.item().Tracked.Payout }, "i.tracked_payout"),
		column.Int("terms_contract", func(u *recorded) *int64 { return &u.Terms.Contract }).
			Or(func(u *recorded) bool { return u.Terms.Contract == u.parent.Terms.Contract }, "a.terms_contract"),
		column.Int("terms_event_type", func(u *recorded) *int64 { return &u.Terms.EventType }).
			Or(func(u *recorded) bool { return u.Terms.EventType == u.parent.Terms.EventType }, "a.terms_event_type", "a.event_type"),
		column.Int("terms_version", func(u *recorded) *int { return &u.Terms.Version }).
			Or(func(u *recorded) bool { return u.Terms.Version == u.parent.Terms.Version }, "a.terms_version", "1"),
		column.Int("terms_group", func(u *recorded) *int64 { return &u.Group }).
			Or(func(u *recorded) bool { return u.Group == 0 }, "0"),
		column.String("level", func(u *recorded) *program.Level { return &u.Level }).
			Or(func(u *recorded) bool { return u.Level == program.LevelItem }, "'"+string(program.LevelItem)+"'"),
		column.Int("rate", func(u *recorded) *money.Decimal { return &u.Rate }),
		column.String("state", func(u *recorded) *ledger.State { return &u.State }).
			Or(func(u *recorded) bool { return u.State == ledger.Pending }, "'"+string(ledger.Pending)+"'"),
		column.String("detail", func(u *recorded) *ledger.StateDetail { return &u.Detail }).
			Or(func(u *recorded) bool { return u.Detail == "" }, "''"),
		column.String("description", func(u *recorded) *string { return &u.Description }).
			Or(func(u *recorded) bool { return u.Description == usualDescription }, "'"+usualDescription+"'"),
		column.String("customer_status", func(u *recorded) *string { return &u.CustomerStatus }).
			Or(func(u *recorded) bool { return u.CustomerStatus == u.parent.Tracked.CustomerStatus }, "a.tracked_customer_status"),
		column.Time("locking", func(u *recorded) *time.Time { return &u.LockingDate }).
			Or(func(u *recorded) bool { return u.LockingDate.Equal(u.parent.Tracked.LockingDate) }, "a.tracked_locking"),
		column.Bool("open_ended", func(u *recorded) *bool { return &u.OpenEnded }).
			Or(func(u *recorded) bool { return u.OpenEnded == u.parent.Tracked.OpenEnded }, "a.tracked_open_ended"),
		column.Int("hash_version", func(u *recorded) *int { return &u.Version }).
			Or(func(u *recorded) bool { return u.Version == 2 }, currentVersion),
	},
	Joined: []column.Column[recorded]{
		column.Int("coalesce(a.campaign, 0)", func(u *recorded) *int64 { return &u.Action.Campaign }),
		column.Int("coalesce(a.event_type, 0)", func(u *recorded) *int64 { return &u.Action.EventType }),
		column.String("coalesce(i.sku, '')", func(u *recorded) *string { return &u.SKU }),
	},
}

// Values that most updates have. They are what NULL stands for, so they never change.
const (
	usualDescription = "Pending"
	currentVersion   = "2"
)

// itemColumn is the index of the item.
var itemColumn = column.Int("item", func(u *recorded) *int { return &u.Item }).
	Or(func(u *recorded) bool { return u.Item == 0 }, "0")

// SQL expressions for the submission, the item and the instant of an update u with the
// submission s.
const (
	SubmissionOf = "coalesce(u.submission, u.action)"
	itemOf       = "coalesce(u.item, 0)"
	instantOf    = "coalesce(u.instant, s.accepted)"
)

// FromUpdates is the FROM clause of queries that read updates u with their actions a.
const FromUpdates = " FROM updates u JOIN actions a ON a.account = u.account AND a.number = u.action "

// withSubmission joins the submission s of an update, and withItem also its item i.
const (
	withSubmission = "LEFT JOIN submissions s ON s.account = u.account AND s.number = " + SubmissionOf + " "
	withItem       = withSubmission + "LEFT JOIN items i ON i.account = u.account AND i.action = u.action AND i.position = " + itemOf + " "
)

// The updates of a conversion have consecutive numbers, one for each item, from that in its
// outcome. So the index on the actions of updates has only those of other submissions.
const (
	isChange    = "u.submission <> u.action"
	isTracked   = SubmissionOf + " = u.action"
	fromTracked = ` FROM outcomes o JOIN items i ON i.account = o.account AND i.action = o.number
	JOIN updates u ON u.account = o.account AND u.number = o.first_update + i.position AND ` + isTracked + `
	JOIN actions a ON a.account = u.account AND a.number = u.action ` + withSubmission + `
	WHERE o.account = ? AND o.number = ? `
)

// ofActions adds the condition that updates belong to actions whose numbers a query selects.
func ofActions(l *listing.Listing, account int64, query string, args ...any) {
	l.AndIndexed(`u.number IN (SELECT u.number FROM updates u WHERE u.account = ? AND `+isChange+` AND u.action IN (`+query+`)
		UNION ALL SELECT o.first_update + i.position FROM outcomes o JOIN items i ON i.account = o.account AND i.action = o.number
		WHERE o.account = ? AND o.action = o.number AND o.first_update <> 0 AND o.number IN (`+query+`))`,
		slices.Concat([]any{account}, args, []any{account}, args)...)
}

// Queries that also read updates whose action doesn't exist: [verify.Store] reports them.
var (
	selectAllTracked = selectAll + "AND u.number > ? AND " + isTracked + " ORDER BY u.number LIMIT ?"
	selectAllChanges = selectAll + "AND (u.action, u.number) > (?, ?) AND " + isChange + " ORDER BY u.action, u.number LIMIT ?"

	selectAll = "SELECT " + historyTable.List("u") + ` FROM updates u
	LEFT JOIN actions a ON a.account = u.account AND a.number = u.action ` + withItem + "WHERE u.account = ? "
)

// All returns all updates of an account, ordered by the number of their action and their own.
// They have no hashes. Those of conversions are read by their numbers, in which order actions
// were created, and are merged with the others.
func All(r *account.Snapshot) iter.Seq2[ledger.Update, error] {
	return func(yield func(ledger.Update, error) bool) {
		next, stop := iter.Pull2(scroll(r, selectAllChanges, func(u *ledger.Update) []any { return []any{u.Action.Number, u.Number} }))
		defer stop()
		change, changeErr, more := next()
		// before yields the changes of actions with smaller numbers.
		before := func(action int64) bool {
			for ; more && (changeErr != nil || change.Action.Number < action); change, changeErr, more = next() {
				if !yield(change, changeErr) || changeErr != nil {
					return false
				}
			}
			return true
		}
		for u, err := range scroll(r, selectAllTracked, func(u *ledger.Update) []any { return []any{u.Number} }) {
			if !before(u.Action.Number) || !yield(u, err) || err != nil {
				return
			}
		}
		before(math.MaxInt64)
	}
}

// scroll returns the updates that a query selects after a key.
func scroll(r *account.Snapshot, query string, key func(*ledger.Update) []any) iter.Seq2[ledger.Update, error] {
	return listing.Scroll(r.Context, func(last *ledger.Update) ([]ledger.Update, error) {
		after := key(cmp.Or(last, new(ledger.Update)))
		return column.Collect(r.Session, query, slices.Concat([]any{r.Account}, after, []any{int64(listing.Chunk)}), historyDest)
	})
}

var selectFirst = "SELECT " + updateTable.List("u") + fromTracked + "ORDER BY u.number"

// LastTracked returns the last update that the conversion of an action wrote.
func LastTracked(s *sqldb.Session, account, action int64) (last ids.ChainPosition, err error) {
	var u ledger.Update
	err = s.Rows(selectFirst, []any{account, action}, updateTable.Dest(&recorded{Update: &u}), func() error {
		u.Follow(last.Hash)
		last = u.ChainPosition
		return nil
	})
	if err == nil && last.Number == 0 {
		err = ledger.ErrNotFound
	}
	return last, err
}

var selectUpdate = "SELECT " + updateTable.List("u") + ", " + actionTable.List("a") + FromUpdates + withItem

func updateViewDest(u *store.UpdateView) []any {
	return append(updateTable.Dest(&recorded{Update: &u.Update}), actionTable.Dest(&u.Parent)...)
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
