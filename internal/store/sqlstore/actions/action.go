// Package actions stores actions with their items and updates.
package actions

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

type actionColumns = []column.Column[ledger.Action]

// usualReferral is the referral type that most actions have. NULL stands for it, so that it
// never changes.
const usualReferral = "REPORTED_PARTNER_ID"

// numberColumn is the key of an action.
var numberColumn = column.Int("number", func(a *ledger.Action) *int64 { return &a.ID.Number })

// trackedColumns are the columns that the conversion sets and nothing changes.
var trackedColumns = actionColumns{
	column.Int("campaign", func(a *ledger.Action) *int64 { return &a.ID.Campaign }),
	column.Int("event_type", func(a *ledger.Action) *int64 { return &a.ID.EventType }),
	column.Int("partner", func(a *ledger.Action) *int64 { return &a.Partner }),
	column.String("order_id", func(a *ledger.Action) *string { return &a.Order }),
	column.String("currency", func(a *ledger.Action) *money.Currency { return &a.Currency }),
	column.Time("event_date", func(a *ledger.Action) *time.Time { return &a.EventDate }),
	column.Time("created", func(a *ledger.Action) *time.Time { return &a.Created }),
	column.String("referral_type", func(a *ledger.Action) *string { return &a.Referral.Type }).
		Or(func(a *ledger.Action) bool { return a.Referral.Type == usualReferral }, "'"+usualReferral+"'"),
	column.NullTime("referral_date", func(a *ledger.Action) *time.Time { return &a.Referral.Date }),
	column.String("promo_code", func(a *ledger.Action) *string { return &a.Referral.PromoCode }),
	column.String("customer", func(a *ledger.Action) *string { return &a.Customer.ID }),
	column.String("post_code", func(a *ledger.Action) *string { return &a.Customer.PostCode }),
	column.String("city", func(a *ledger.Action) *string { return &a.Customer.City }),
	column.String("region", func(a *ledger.Action) *string { return &a.Customer.Region }),
	column.String("country", func(a *ledger.Action) *string { return &a.Customer.Country }),
	column.JSON("attributes",
		column.Text("CallerID", func(a *ledger.Action) *string { return &a.Referral.CallerID }),
		column.Text("IPHash", func(a *ledger.Action) *string { return &a.Customer.IPHash }),
		column.Text("SharedID", func(a *ledger.Action) *string { return &a.SharedID }),
		column.Text("Note", func(a *ledger.Action) *string { return &a.Note }),
		column.Map("Extras", func(a *ledger.Action) *map[string]string { return &a.Extras }),
		column.Text("Currency", func(a *ledger.Action) *money.Currency { return &a.Original.Currency }),
		column.Text("Rate", func(a *ledger.Action) *money.Rate { return &a.Original.Rate }),
		column.Object("Erased", func(a *ledger.Action) **program.Erased { return &a.Erased }),
	),
	column.String("tracked_customer_status", func(a *ledger.Action) *string { return &a.Tracked.CustomerStatus }),
	column.String("tracked_disposition", func(a *ledger.Action) *string { return &a.Tracked.Disposition }),
	column.Bool("tracked_reversed_whole", func(a *ledger.Action) *bool { return &a.Tracked.ReversedWhole }),
	column.Time("tracked_locking", func(a *ledger.Action) *time.Time { return &a.Tracked.LockingDate }),
	column.Bool("tracked_open_ended", func(a *ledger.Action) *bool { return &a.Tracked.OpenEnded }),
	column.Int("tracked_fee_rate", func(a *ledger.Action) *money.Decimal { return &a.Tracked.FeeRate }).
		Or(func(a *ledger.Action) bool { return a.Tracked.FeeRate == 0 }, "0"),
	column.Int("terms_contract", func(a *ledger.Action) *int64 { return &a.Terms.Contract }),
	column.Int("terms_event_type", func(a *ledger.Action) *int64 { return &a.Terms.EventType }).
		Or(func(a *ledger.Action) bool { return a.Terms.EventType == a.ID.EventType }, ".event_type"),
	column.Int("terms_version", func(a *ledger.Action) *int { return &a.Terms.Version }).
		Or(func(a *ledger.Action) bool { return a.Terms.Version == 1 }, "1"),
	column.Bool("payout_fixed", func(a *ledger.Action) *bool { return &a.PayoutFixed }),
	column.Int("intended_amount", func(a *ledger.Action) *money.Amount { return &a.Intended.Amount }),
	column.Int("intended_payout", func(a *ledger.Action) *money.Amount { return &a.Intended.Payout }),
	column.Int("cap", func(a *ledger.Action) *int { return &a.ModificationLimit }), // SetModificationLimit changes it
}

var (
	actionChanges = column.List("changes", func(a *ledger.Action) []int64 { return a.Changes[:] })
	itemChanges   = column.List("changes", func(i *ledger.Item) []int64 { return i.Changes[:] })
)

// stateColumns are the columns that every change of an action writes.
var stateColumns = actionColumns{
	column.Time("updated", func(a *ledger.Action) *time.Time { return &a.Updated }),
	column.String("customer_status", func(a *ledger.Action) *string { return &a.CustomerStatus }),
	column.String("disposition", func(a *ledger.Action) *string { return &a.Disposition }),
	column.Bool("reversed_whole", func(a *ledger.Action) *bool { return &a.ReversedWhole }),
	column.Int("fee_rate", func(a *ledger.Action) *money.Decimal { return &a.FeeRate }).
		Or(func(a *ledger.Action) bool { return a.FeeRate == a.Tracked.FeeRate }, ".tracked_fee_rate", "0"),
	column.Int("amount", func(a *ledger.Action) *money.Amount { return &a.Amount }),
	column.Int("payout", func(a *ledger.Action) *money.Amount { return &a.Payout }),
	column.Bool("reversed", func(a *ledger.Action) *bool { return &a.Reversed }),
	column.Int("delta_amount", func(a *ledger.Action) *money.Amount { return &a.Delta.Amount }),
	column.Int("delta_payout", func(a *ledger.Action) *money.Amount { return &a.Delta.Payout }),
	column.Int("client_cost", func(a *ledger.Action) *money.Amount { return &a.ClientCost }).
		Or(func(a *ledger.Action) bool { return a.ClientCost == a.Payout }, ".payout"),
	column.Int("original", func(a *ledger.Action) *money.Amount { return &a.Original.Amount }).
		Or(func(a *ledger.Action) bool { return a.Original.Amount == 0 }, "0"),
	column.Int("modifications", func(a *ledger.Action) *int { return &a.Modifications }),
	actionChanges,
	column.Int("last_update", func(a *ledger.Action) *int64 { return &a.Last.Number }),
	column.Hash("last_hash", func(a *ledger.Action) *ids.Hash { return &a.Last.Hash }),
}

// lockingColumns hardly ever change. An UPDATE of their own writes them, so that other
// changes don't touch their index.
var lockingColumns = actionColumns{
	column.Time("locking", func(a *ledger.Action) *time.Time { return &a.LockingDate }),
	column.Bool("open_ended", func(a *ledger.Action) *bool { return &a.OpenEnded }),
}

// actionTable declares the columns of an action. A new field of [ledger.Action] needs a
// row in one of the lists above and a migration, or a key of the column attributes.
var actionTable = column.Table[ledger.Action]{
	Name: "actions", Key: actionColumns{numberColumn}, Columns: slices.Concat(trackedColumns, stateColumns, lockingColumns),
}

var (
	insertAction  = actionTable.Insert()
	updateState   = actionTable.Update(stateColumns...)
	updateLocking = actionTable.Update(lockingColumns...)
)

// Unsealed returns the columns that seals of rows don't cover, by table. Every change of an
// action writes them, and [verify.Store] derives them from the action's submissions.
func Unsealed() map[string][]string {
	return map[string][]string{
		actionTable.Name: column.Names(slices.Concat(stateColumns, lockingColumns)),
		itemTable.Name:   column.Names(itemStateColumns),
	}
}

// Fallbacks returns what NULL stands for in the columns of [Unsealed], by table and column.
// It is the first value that is not NULL: of another column, if it begins with a period, or
// of an SQL literal.
func Fallbacks() map[string]map[string][]string {
	return map[string]map[string][]string{
		actionTable.Name: column.Fallbacks(slices.Concat(stateColumns, lockingColumns)),
		itemTable.Name:   column.Fallbacks(itemStateColumns),
	}
}

var selectAction = "SELECT " + actionTable.List("a") + " FROM actions a "

// Load returns an action with its items.
func Load(s *sqldb.Session, account, number int64) (ledger.Action, error) {
	var a ledger.Action
	err := column.QueryRow(s, selectAction+"WHERE a.account = ? AND a.number = ?", []any{account, number}, actionTable.Dest(&a)...)
	if err != nil {
		return ledger.Action{}, err
	}
	a.Items, err = loadItems(s, account, number)
	return a, err
}

// LoadAfter returns the next actions, up to limit, whose numbers are above after. They are
// ordered by number and have their items.
func LoadAfter(s *sqldb.Session, account, after int64, limit int) ([]ledger.Action, error) {
	actions, err := column.Collect(s, selectAction+"WHERE a.account = ? AND a.number > ? ORDER BY a.number LIMIT ?",
		[]any{account, after, int64(limit)}, actionTable.Dest)
	for i := 0; err == nil && i < len(actions); i++ {
		actions[i].Items, err = loadItems(s, account, actions[i].ID.Number)
	}
	return actions, err
}

// Reader reads the actions and updates of a snapshot. It implements the methods of
// [store.Reader] with the same names.
type Reader struct{ Snapshot *account.Snapshot }

// Action returns the action with the id and its items.
func (r Reader) Action(id ids.ActionID) (ledger.Action, error) {
	a, err := Load(r.Snapshot.Session, r.Snapshot.Account, id.Number)
	if err == nil && a.ID != id {
		err = ledger.ErrNotFound
	}
	if err != nil {
		return ledger.Action{}, fmt.Errorf("action %s: %w", id, err)
	}
	return a, nil
}

type itemColumns = []column.Column[ledger.Item]

// trackedItemColumns are the columns that the conversion sets and nothing changes.
var trackedItemColumns = itemColumns{
	column.String("sku", func(i *ledger.Item) *string { return &i.SKU }),
	column.String("sub_category", func(i *ledger.Item) *string { return &i.SubCategory }),
	column.JSON("attributes",
		column.Text("MPN", func(i *ledger.Item) *string { return &i.MPN }),
		column.Text("Brand", func(i *ledger.Item) *string { return &i.Brand }),
		column.Text("Promo", func(i *ledger.Item) *string { return &i.Promo }),
		column.Number("Original", func(i *ledger.Item) *money.Amount { return &i.Tracked.Original }),
		column.Number("Line", func(i *ledger.Item) *money.Amount { return &i.Tracked.Line.Original }),
		column.Truth("Converted", func(i *ledger.Item) *bool { return &i.Tracked.Converted }),
	),
	column.String("tracked_name", func(i *ledger.Item) *string { return &i.Tracked.Name }),
	column.String("tracked_category", func(i *ledger.Item) *string { return &i.Tracked.Category }),
	column.Int("tracked_quantity", func(i *ledger.Item) *int64 { return &i.Tracked.Quantity }),
	column.Int("tracked_amount", func(i *ledger.Item) *money.Amount { return &i.Tracked.Amount }),
	column.Int("tracked_rebate", func(i *ledger.Item) *money.Amount { return &i.Tracked.Rebate }).
		Or(func(i *ledger.Item) bool { return i.Tracked.Rebate == 0 }, "0"),
	column.Int("tracked_line_amount", func(i *ledger.Item) *money.Amount { return &i.Tracked.Line.Amount }).
		Or(func(i *ledger.Item) bool { return i.Tracked.Line.Amount == i.Tracked.Amount }, ".tracked_amount"),
	column.Int("tracked_line_quantity", func(i *ledger.Item) *int64 { return &i.Tracked.Line.Quantity }).
		Or(func(i *ledger.Item) bool { return i.Tracked.Line.Quantity == i.Tracked.Quantity }, ".tracked_quantity"),
	column.Int("tracked_payout", func(i *ledger.Item) *money.Amount { return &i.Tracked.Payout }),
}

// originals stores the amounts of an item in its order's original currency.
var originals = column.JSON("original",
	column.Number("a", func(i *ledger.Item) *money.Amount { return &i.Original }),
	column.Number("l", func(i *ledger.Item) *money.Amount { return &i.Line.Original }),
	column.Truth("c", func(i *ledger.Item) *bool { return &i.Converted }),
	column.Number("w", func(i *ledger.Item) *money.Amount { return &i.Weight.Original }),
).Or(func(i *ledger.Item) bool {
	return i.Original == 0 && i.Line.Original == 0 && !i.Converted && i.Weight.Original == 0
}, "''")

// itemStateColumns are the columns that a change of the item writes.
var itemStateColumns = itemColumns{
	column.String("name", func(i *ledger.Item) *string { return &i.Name }).
		Or(func(i *ledger.Item) bool { return i.Name == i.Tracked.Name }, ".tracked_name"),
	column.String("category", func(i *ledger.Item) *string { return &i.Category }).
		Or(func(i *ledger.Item) bool { return i.Category == i.Tracked.Category }, ".tracked_category"),
	column.Int("quantity", func(i *ledger.Item) *int64 { return &i.Quantity }).
		Or(func(i *ledger.Item) bool { return i.Quantity == i.Tracked.Quantity }, ".tracked_quantity"),
	column.Int("amount", func(i *ledger.Item) *money.Amount { return &i.Amount }).
		Or(func(i *ledger.Item) bool { return i.Amount == i.Tracked.Amount }, ".tracked_amount"),
	column.Int("rebate", func(i *ledger.Item) *money.Amount { return &i.Rebate }).
		Or(func(i *ledger.Item) bool { return i.Rebate == i.Tracked.Rebate }, ".tracked_rebate", "0"),
	column.Int("line_amount", func(i *ledger.Item) *money.Amount { return &i.Line.Amount }).
		Or(func(i *ledger.Item) bool { return i.Line.Amount == i.Tracked.Line.Amount }, ".tracked_line_amount", ".tracked_amount"),
	column.Int("line_quantity", func(i *ledger.Item) *int64 { return &i.Line.Quantity }).
		Or(func(i *ledger.Item) bool { return i.Line.Quantity == i.Tracked.Line.Quantity }, ".tracked_line_quantity", ".tracked_quantity"),
	column.Int("payout", func(i *ledger.Item) *money.Amount { return &i.Payout }).
		Or(func(i *ledger.Item) bool { return i.Payout == i.Tracked.Payout }, ".tracked_payout"),
	column.Int("weight_amount", func(i *ledger.Item) *money.Amount { return &i.Weight.Amount }).
		Or(func(i *ledger.Item) bool { return i.Weight.Amount == 0 }, "0"),
	column.Int("weight_quantity", func(i *ledger.Item) *int64 { return &i.Weight.Quantity }).
		Or(func(i *ledger.Item) bool { return i.Weight.Quantity == 0 }, "0"),
	originals,
	itemChanges,
	column.NullTime("adjusted", func(i *ledger.Item) *time.Time { return &i.Adjusted }),
	column.String("adjustment_reason", func(i *ledger.Item) *string { return &i.AdjustmentReason }),
}

// itemTable declares the columns of an item. Its key is the action's number and the
// item's position in the action.
var itemTable = column.Table[ledger.Item]{
	Name: "items", Outer: []string{"action", "position"}, Columns: slices.Concat(trackedItemColumns, itemStateColumns),
}

var (
	insertItem      = itemTable.Insert()
	updateItemState = itemTable.Update(itemStateColumns...)
)

var selectItems = "SELECT " + itemTable.List("items") + " FROM items WHERE account = ? AND action = ? ORDER BY position"

// loadItems returns the items of an action, ordered by position.
func loadItems(s *sqldb.Session, account, action int64) (loaded []ledger.Item, err error) {
	var item ledger.Item
	err = s.Rows(selectItems, []any{account, action}, itemTable.Dest(&item), func() error {
		loaded = append(loaded, item)
		return nil
	})
	return loaded, err
}

// Inserts collects new actions, items and updates, to be written together.
type Inserts struct{ actions, items, updates, adjustments, undone [][]any }

// AddAction adds a new action with its items. Neither may change until the rows are
// written.
func (in *Inserts) AddAction(account int64, a *ledger.Action) {
	in.actions = append(in.actions, insertAction.Row(a, account))
	for i := range a.Items {
		in.items = append(in.items, insertItem.Row(&a.Items[i], account, a.ID.Number, int64(i)))
	}
}

// AddUpdates adds new updates of an action, which has its items. Their submission was accepted
// at an instant.
func (in *Inserts) AddUpdates(account int64, a *ledger.Action, accepted time.Time, updates []ledger.Update) {
	for i := range updates {
		in.updates = append(in.updates, insertUpdate.Row(&recorded{&updates[i], a, accepted}, account))
	}
}

// AddUndone adds that a submission was undone, unless it had been undone before.
func (in *Inserts) AddUndone(account, number, undo int64) {
	in.undone = append(in.undone, []any{account, number, undo})
}

// Write writes the rows.
func (in *Inserts) Write(s *sqldb.Session) error {
	return errors.Join(s.WriteRows(insertAction.Bulk, in.actions), s.WriteRows(insertItem.Bulk, in.items),
		s.WriteRows(insertUpdate.Bulk, in.updates), s.WriteRows(insertAdjustment.Bulk, in.adjustments), s.WriteRows(insertUndone, in.undone))
}

// Changes collects changes of stored actions and items, to be written together.
type Changes struct{ state, locking, items [][]any }

// Add adds the change of an action from before, as it is stored, to after. The latter may
// not change until the rows are written.
func (c *Changes) Add(account int64, before, after *ledger.Action) {
	number := after.ID.Number
	c.state = append(c.state, updateState.Row(after, account))
	if !after.LockingDate.Equal(before.LockingDate) || after.OpenEnded != before.OpenEnded {
		c.locking = append(c.locking, updateLocking.Row(after, account))
	}
	for i := range after.Items {
		if after.Items[i] != before.Items[i] {
			c.items = append(c.items, updateItemState.Row(&after.Items[i], account, number, int64(i)))
		}
	}
}

// Write writes the rows.
func (c *Changes) Write(s *sqldb.Session) error {
	return errors.Join(s.WriteRows(updateState.Bulk, c.state), s.WriteRows(updateLocking.Bulk, c.locking),
		s.WriteRows(updateItemState.Bulk, c.items))
}

// SetModificationLimit writes the action's own limit of modifications.
func SetModificationLimit(s *sqldb.Session, account int64, a ledger.Action) error {
	return s.Exec("UPDATE actions SET cap = ? WHERE account = ? AND number = ?", int64(a.ModificationLimit), account, a.ID.Number)
}
