package actions

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/fieldgroup"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

type attribute = column.Attribute[ledger.Before]

// itemBefore and actionBefore store what a submission replaced, with short keys for what
// nearly every modification writes. A new field of [ledger.ItemState] or
// [ledger.ActionState] needs a row here.
var (
	itemBefore = []attribute{
		column.Number("g", func(b *ledger.Before) *fieldgroup.Groups { return &b.Item.Groups }),
		column.Numbers("c", func(b *ledger.Before) []int64 { return b.Item.Changes[:] }),
		column.Text("name", func(b *ledger.Before) *string { return &b.Item.State.Name }),
		column.Text("category", func(b *ledger.Before) *string { return &b.Item.State.Category }),
		column.Number("q", func(b *ledger.Before) *int64 { return &b.Item.State.Quantity }),
		column.Number("a", func(b *ledger.Before) *money.Amount { return &b.Item.State.Amount }),
		column.Number("rebate", func(b *ledger.Before) *money.Amount { return &b.Item.State.Rebate }),
		column.Number("la", func(b *ledger.Before) *money.Amount { return &b.Item.State.Line.Amount }),
		column.Number("lq", func(b *ledger.Before) *int64 { return &b.Item.State.Line.Quantity }),
		column.Number("wa", func(b *ledger.Before) *money.Amount { return &b.Item.State.Weight.Amount }),
		column.Number("wq", func(b *ledger.Before) *int64 { return &b.Item.State.Weight.Quantity }),
		column.Number("o", func(b *ledger.Before) *money.Amount { return &b.Item.State.Original }),
		column.Number("lo", func(b *ledger.Before) *money.Amount { return &b.Item.State.Line.Original }),
		column.Truth("lc", func(b *ledger.Before) *bool { return &b.Item.State.Converted }),
		column.Number("wo", func(b *ledger.Before) *money.Amount { return &b.Item.State.Weight.Original }),
		column.Moment("at", func(b *ledger.Before) *time.Time { return &b.Adjusted }),
		column.Text("why", func(b *ledger.Before) *string { return &b.AdjustmentReason }),
	}
	actionBefore = []attribute{
		column.Slice("weights", func(b *ledger.Before) *[]ledger.ReplacedWeight { return &b.Weights }),
		column.Number("ag", func(b *ledger.Before) *fieldgroup.Groups { return &b.Action.Groups }),
		column.Numbers("ac", func(b *ledger.Before) []int64 { return b.Action.Changes[:] }),
		column.Text("status", func(b *ledger.Before) *string { return &b.Action.State.CustomerStatus }),
		column.Text("disposition", func(b *ledger.Before) *string { return &b.Action.State.Disposition }),
		column.Truth("reversed", func(b *ledger.Before) *bool { return &b.Action.State.ReversedWhole }),
		column.Moment("locking", func(b *ledger.Before) *time.Time { return &b.Action.State.LockingDate }),
		column.Truth("open", func(b *ledger.Before) *bool { return &b.Action.State.OpenEnded }),
		column.Number("fee", func(b *ledger.Before) *money.Decimal { return &b.Action.State.FeeRate }),
	}
)

var replacedColumn = column.OptionalJSON("replaced", func(u *recorded) **ledger.Before { return &u.Before },
	slices.Concat(itemBefore, actionBefore)...).Shortened(replacedTexts)

// replacedTexts is the dictionary of the column replaced.
var replacedTexts = column.NewDictionary([]string{
	`{"g":`, `,"c":"`, `,"q":`, `","q":`, `,"a":`, `","a":`, `,"la":`, `,"lq":`, `{"g":1,"q":`, `{"g":1,"c":"`, `,"at":`, `,"why":"`,
	`","ag":`, `,"ag":`, `{"ag":`, `,"ac":"`, `,"status":"`, `","status":"`, `,"disposition":"`, `","disposition":"`,
	`{"ag":1,"status":"`,
}, []string{
	`"name":"`, `"category":"`, `"rebate":`, `"wa":`, `"wq":`, `"weights":[`, `{"Item":`, `"Weight":{`, `"Change":`, `"Amount":"`, `"Quantity":`,
	`"reversed":true`, `"locking":`, `"open":true`, `"fee":`, `ORDER_UPDATE"`, `ITEM_RETURNED"`, `RETURNED"`, `REJECTED"`, `IR_BLANK"`,
})

// historyTable is [updateTable] with what the submission replaced, which lists don't show.
var historyTable = column.Table[recorded]{
	Name: "updates", Key: updateTable.Key, Columns: append(slices.Clone(updateTable.Columns), replacedColumn), Joined: updateTable.Joined,
}

func historyDest(u *ledger.Update) []any { return historyTable.Dest(&recorded{Update: u}) }

// replacedTable reads only what is needed to undo.
var replacedTable = column.Table[recorded]{
	Columns: []column.Column[recorded]{itemColumn, replacedColumn},
}

var (
	insertUpdate   = historyTable.Insert()
	insertUndone   = sqldb.BulkInsert("undone", "number", "undo").OnConflict("DO NOTHING")
	selectReplaced = "SELECT " + replacedTable.List("u") + ` FROM updates u
		WHERE u.account = ? AND u.number >= ? AND u.number <= ? AND u.submission = ? ORDER BY u.number`
	selectBackwards = "SELECT " + historyTable.List("u") + FromUpdates + withItem +
		"WHERE u.account = ? AND u.action = ? AND u.number <= ? AND " + isChange + " ORDER BY u.number DESC LIMIT ?"
	selectChangesOf = "SELECT " + historyTable.List("u") + FromUpdates + withItem +
		"WHERE u.account = ? AND u.action = ? AND " + isChange + " ORDER BY u.number"
	selectFirstBackwards = "SELECT " + historyTable.List("u") + fromTracked + "AND u.number <= ? ORDER BY u.number DESC"
)

// Replaced calls visit with what a submission replaced, for each of its updates with the
// index of the item, until visit returns false. FirstUpdate is its first update.
func Replaced(s *sqldb.Session, account, submission, firstUpdate int64, visit func(item int, b ledger.Before) bool) error {
	var u ledger.Update
	last := firstUpdate + 2*ledger.MaxItems // it wrote fewer
	return s.Rows(selectReplaced, []any{account, firstUpdate, last, submission}, replacedTable.Dest(&recorded{Update: &u}), func() error {
		switch {
		case u.Before == nil:
			return fmt.Errorf("submission %d: %w", submission, ledger.ErrNoHistory)
		case !visit(u.Item, *u.Before):
			return sqldb.ErrStop
		}
		return nil
	})
}

// UpdatesOf returns the updates of an action by number, with their hashes and what they replaced.
func UpdatesOf(s *sqldb.Session, account, action int64) ([]ledger.Update, error) {
	tracked, err := column.Collect(s, selectFirstBackwards, []any{account, action, int64(math.MaxInt64)}, historyDest)
	slices.Reverse(tracked)
	if err != nil {
		return nil, err
	}
	changes, err := column.Collect(s, selectChangesOf, []any{account, action}, historyDest)
	updates, last := slices.Concat(tracked, changes), ids.Hash{}
	for i := range updates {
		updates[i].Follow(last)
		last = updates[i].Hash
	}
	return updates, err
}

// CountUndone returns the number of submissions that were undone.
func CountUndone(s *sqldb.Session, account int64) (count int64, err error) {
	err = s.Row("SELECT count(*) FROM undone WHERE account = ?", []any{account}, &count)
	return count, err
}

// Rewind returns an action as it was after the last of its earlier updates for which kept
// returns true. It reads the updates from the action's last one back to that.
func Rewind(ctx context.Context, s *sqldb.Session, account int64, a ledger.Action, kept func(ledger.Update) bool) (ledger.Action, error) {
	return a.Rewind(backwards(ctx, s, account, a.ID.Number, a.Last.Number), kept)
}

// backwards returns the updates of an action up to a number, newest first.
func backwards(ctx context.Context, s *sqldb.Session, account, action, upTo int64) iter.Seq2[ledger.Update, error] {
	return listing.Scroll(ctx, func(last *ledger.Update) ([]ledger.Update, error) {
		if last != nil {
			upTo = last.Number - 1
		}
		updates, err := column.Collect(s, selectBackwards, []any{account, action, upTo, int64(listing.Chunk)}, historyDest)
		if err != nil || len(updates) > 0 {
			return updates, err
		}
		return column.Collect(s, selectFirstBackwards, []any{account, action, upTo}, historyDest)
	})
}
