package actions

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// loader loads actions without items.
var loader = listing.NewLoader(selectAction, "actions a", listing.Chunk,
	func(a *ledger.Action) int64 { return a.ID.Number }, actionTable.Dest)

// Actions returns a page of the actions that match f, newest first, without items.
func (r Reader) Actions(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[ledger.Action, error], error) {
	l, err := listActions(r.Snapshot, f)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list actions: %w", err)
	}
	info, numbers, err := l.Page(p, listing.UnknownTotal)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list actions: %w", err)
	}
	return info, loader.Stream(r.Snapshot, numbers), nil
}

var updateLoader = listing.NewLoader(selectUpdate, "updates u", listing.Chunk,
	func(u *store.UpdateView) int64 { return u.Number }, updateViewDest)

// Updates returns a page of the updates that match f, newest first.
func (r Reader) Updates(f search.ActionFilter, p search.Page) (search.PageInfo, iter.Seq2[store.UpdateView, error], error) {
	l, err := listUpdates(r.Snapshot, f)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list updates: %w", err)
	}
	info, numbers, err := l.Page(p, listing.UnknownTotal)
	if err != nil {
		return search.PageInfo{}, nil, fmt.Errorf("list updates: %w", err)
	}
	return info, updateLoader.Stream(r.Snapshot, numbers), nil
}

// listActions returns the listing of the actions that match f.
func listActions(r *account.Snapshot, f search.ActionFilter) (*listing.Listing, error) {
	l := listing.New(r, "actions a", "a")
	if f.Action != (ids.ActionID{}) {
		l.AndIndexed("a.number = ? AND a.campaign = ? AND a.event_type = ?", f.Action.Number, f.Action.Campaign, f.Action.EventType)
	}
	if f.Order != "" {
		l.AndIndexed("a.order_id = ?", f.Order)
	}
	if f.SKU != "" {
		l.AndIndexed("a.number IN (SELECT i.action FROM items i WHERE i.account = ? AND i.sku = ?)", r.Account, f.SKU)
	}
	if err := updatedWithin(r, l, f.Updated); err != nil {
		return nil, err
	}
	l.Within("a.event_date", f.EventDate)
	l.Within("a.locking", f.LockingDate)
	if f.LockingDate != (search.TimeRange{}) { // an open-ended action has no locking date before it locks
		l.And("(a.open_ended = 0 OR a.locking + 0 <= ?)", column.Micros(f.Now))
	}
	l.Equal("a.campaign", f.Campaign)
	l.Equal("a.event_type", f.EventType)
	l.Equal("a.partner", f.Partner)
	inState(l, f.State, f.Now)
	return l, nil
}

// updatedWithin adds the bounds of span on the time of the last update. On PostgreSQL, an index
// on that time would keep modifications from being written in place, so that the updates find
// the actions: their times grow with their numbers.
func updatedWithin(r *account.Snapshot, l *listing.Listing, span search.TimeRange) error {
	if r.Dialect().Name != sqldb.PostgreSQL || span == (search.TimeRange{}) {
		l.Within("a.updated", span)
		return nil
	}
	l.Join("updates u ON u.account = a.account AND u.number = a.last_update AND u.action = a.number")
	l.AndIndexed("u.account = ?", r.Account)
	return numberedWithin(r, l, "u.number", span)
}

// numberedWithin adds the bounds of span on the time of updates, whose numbers are in a column.
func numberedWithin(r *account.Snapshot, l *listing.Listing, number string, span search.TimeRange) error {
	if span == (search.TimeRange{}) {
		return nil
	}
	var last int64
	if err := r.Row("SELECT last_update FROM applier WHERE account = ?", []any{r.Account}, &last); err != nil {
		return err
	}
	return l.NumberedWithin(number, selectInstants, last, span)
}

// inState adds the condition that actions have a state at an instant. "+ 0" hides the
// index on locking from the query planner: nearly all actions are on one side of the
// present.
func inState(l *listing.Listing, s ledger.State, now time.Time) {
	switch s {
	case ledger.Reversed:
		l.And("a.reversed = 1")
	case ledger.Approved:
		l.And("a.reversed = 0 AND a.locking + 0 <= ?", column.Micros(now))
	case ledger.Pending:
		l.And("a.reversed = 0 AND a.locking + 0 > ?", column.Micros(now))
	}
}

// listUpdates returns the listing of the updates that match f.
func listUpdates(r *account.Snapshot, f search.ActionFilter) (*listing.Listing, error) {
	l := listing.New(r, "updates u", "u")
	if f.SKU != "" {
		ofActions(l, r.Account, "SELECT k.action FROM items k WHERE k.account = ? AND k.sku = ?", r.Account, f.SKU)
		l.And("EXISTS (SELECT 1 FROM items i WHERE i.account = ? AND i.action = u.action AND i.position = "+itemOf+" AND i.sku = ?)", r.Account, f.SKU)
	}
	if f.State != "" {
		l.And("coalesce(u.state, ?) = ?", string(ledger.Pending), string(f.State))
	}
	recordedLocking(r, l, f.LockingDate)
	ofAction := f
	ofAction.SKU, ofAction.State, ofAction.Updated, ofAction.LockingDate = "", "", search.TimeRange{}, search.TimeRange{}
	ofAction.Now = time.Time{}
	if ofAction != (search.ActionFilter{}) {
		ofAction.Now = f.Now
		matching, err := listActions(r, ofAction)
		if err != nil {
			return nil, err
		}
		if query, args, indexed := matching.Query(); indexed {
			ofActions(l, r.Account, query, args...)
		} else {
			l.AndMatching("u.action", matching)
		}
	}
	return l, numberedWithin(r, l, l.Key(), f.Updated)
}

// selectInstants selects the numbers and instants of updates.
const selectInstants = "SELECT number, instant FROM (SELECT u.account, u.number, " + instantOf + " AS instant FROM updates u " + withSubmission + ") AS timed"

// recordedLocking adds the bounds of span on the locking date that updates record. An
// update of an open-ended action records none before that date. The locking date of an
// action changes at most once, so the indexes on its present and its first one find
// the updates.
func recordedLocking(r *account.Snapshot, l *listing.Listing, span search.TimeRange) {
	if span == (search.TimeRange{}) {
		return
	}
	var present, first strings.Builder
	bounds := []any{r.Account}
	bound := func(condition string, at time.Time) {
		if !at.IsZero() {
			present.WriteString(" AND locking " + condition)
			first.WriteString(" AND tracked_locking " + condition)
			bounds = append(bounds, column.MicrosUp(at))
		}
	}
	bound(">= ?", span.Start)
	bound("< ?", span.End)
	ofActions(l, r.Account, "SELECT number FROM actions WHERE account = ?"+present.String()+
		" UNION ALL SELECT number FROM actions WHERE account = ?"+first.String()+" AND tracked_locking <> locking",
		slices.Concat(bounds, bounds)...)
	l.Join("actions k ON k.account = u.account AND k.number = u.action " + withSubmission)
	l.And("k.account = ?", r.Account)
	l.Within("coalesce(u.locking, k.tracked_locking)", span)
	l.And("(coalesce(u.open_ended, k.tracked_open_ended) = 0 OR coalesce(u.locking, k.tracked_locking) <= " + instantOf + ")")
}
