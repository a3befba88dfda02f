// Package actions stores actions with their items and updates.
package actions

import (
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

type actionColumns = []column.Column[ledger.Action]

// number is the key of an action.
var number = column.Int("number", func(a *ledger.Action) *int64 { return &a.ID.Number })

// tracked are the columns that the conversion sets and nothing changes.
var tracked = actionColumns{
	column.Int("campaign", func(a *ledger.Action) *int64 { return &a.ID.Campaign }),
	column.Int("event_type", func(a *ledger.Action) *int64 { return &a.ID.EventType }),
	column.Int("partner", func(a *ledger.Action) *int64 { return &a.Partner }),
	column.String("order_id", func(a *ledger.Action) *string { return &a.Order }),
	column.String("currency", func(a *ledger.Action) *money.Currency { return &a.Currency }),
	column.Time("event_date", func(a *ledger.Action) *time.Time { return &a.EventDate }),
	column.Time("created", func(a *ledger.Action) *time.Time { return &a.Created }),
	column.String("referral_type", func(a *ledger.Action) *string { return &a.Referral.Type }),
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
	),
	column.String("tracked_customer_status", func(a *ledger.Action) *string { return &a.Tracked.CustomerStatus }),
	column.String("tracked_disposition", func(a *ledger.Action) *string { return &a.Tracked.Disposition }),
	column.Bool("tracked_reversed_whole", func(a *ledger.Action) *bool { return &a.Tracked.ReversedWhole }),
	column.Time("tracked_locking", func(a *ledger.Action) *time.Time { return &a.Tracked.LockingDate }),
	column.Bool("tracked_open_ended", func(a *ledger.Action) *bool { return &a.Tracked.OpenEnded }),
	column.Int("tracked_fee_rate", func(a *ledger.Action) *money.Decimal { return &a.Tracked.FeeRate }),
	column.Int("terms_contract", func(a *ledger.Action) *int64 { return &a.Terms.Contract }),
	column.Int("terms_event_type", func(a *ledger.Action) *int64 { return &a.Terms.EventType }),
	column.Int("terms_version", func(a *ledger.Action) *int { return &a.Terms.Version }),
	column.Int("intended_amount", func(a *ledger.Action) *money.Amount { return &a.Intended.Amount }),
	column.Int("intended_payout", func(a *ledger.Action) *money.Amount { return &a.Intended.Payout }),
}

// state are the columns that every change writes.
var state = actionColumns{
	column.Time("updated", func(a *ledger.Action) *time.Time { return &a.Updated }),
	column.String("customer_status", func(a *ledger.Action) *string { return &a.CustomerStatus }),
	column.String("disposition", func(a *ledger.Action) *string { return &a.Disposition }),
	column.Bool("reversed_whole", func(a *ledger.Action) *bool { return &a.ReversedWhole }),
	column.Int("fee_rate", func(a *ledger.Action) *money.Decimal { return &a.FeeRate }),
	column.Int("amount", func(a *ledger.Action) *money.Amount { return &a.Amount }),
	column.Int("payout", func(a *ledger.Action) *money.Amount { return &a.Payout }),
	column.Bool("reversed", func(a *ledger.Action) *bool { return &a.Reversed }),
	column.Int("delta_amount", func(a *ledger.Action) *money.Amount { return &a.Delta.Amount }),
	column.Int("delta_payout", func(a *ledger.Action) *money.Amount { return &a.Delta.Payout }),
	column.Int("client_cost", func(a *ledger.Action) *money.Amount { return &a.ClientCost }),
	column.Int("modifications", func(a *ledger.Action) *int { return &a.Modifications }),
	column.Int("cap", func(a *ledger.Action) *int { return &a.ModificationLimit }),
	column.Int("last_update", func(a *ledger.Action) *int64 { return &a.Last.Number }),
	column.Hash("last_hash", func(a *ledger.Action) *ledger.Hash { return &a.Last.Hash }),
}

// locking are columns of an index of their own that hardly ever change. They have an
// UPDATE of their own, so that other changes don't write the index.
var locking = actionColumns{
	column.Time("locking", func(a *ledger.Action) *time.Time { return &a.LockingDate }),
	column.Bool("open_ended", func(a *ledger.Action) *bool { return &a.OpenEnded }),
}

// table declares the columns of an action. A new field of [ledger.Action] is a row in
// one of the lists above and a migration.
var table = column.Table[ledger.Action]{
	Name: "actions", Key: actionColumns{number}, Columns: slices.Concat(tracked, state, locking),
}

var (
	insertAction  = table.Insert()
	updateState   = table.Update(state...)
	updateLocking = table.Update(locking...)
)

var selectAction = "SELECT " + table.List("a") + " FROM actions a "

// Load returns an action with its items.
func Load(s *sqldb.Session, account, number int64) (ledger.Action, error) {
	var a ledger.Action
	err := column.QueryRow(s, selectAction+"WHERE a.account = ? AND a.number = ?", []any{account, number}, table.Dest(&a)...)
	if err != nil {
		return ledger.Action{}, err
	}
	a.Items, err = loadItems(s, account, number)
	return a, err
}

// LoadAfter returns up to limit actions with numbers above a number, in order, with
// their items.
func LoadAfter(s *sqldb.Session, account, after int64, limit int) ([]ledger.Action, error) {
	actions, err := column.Collect(s, selectAction+"WHERE a.account = ? AND a.number > ? ORDER BY a.number LIMIT ?",
		[]any{account, after, int64(limit)}, table.Dest)
	for i := 0; err == nil && i < len(actions); i++ {
		actions[i].Items, err = loadItems(s, account, actions[i].ID.Number)
	}
	return actions, err
}
