package ledger

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/ledger/fieldgroup"
)

// itemGroups are the groups of an item's fields, without the payout, which derives from
// them. Their positions are stored: a new field joins a group, or a group is appended.
var itemGroups = []fieldgroup.Group[ItemState]{
	func(to, from ItemState) ItemState {
		w := to.WeightOrLine() // is kept, although it may be stored as the line
		to.Quantity, to.Amount, to.Original = from.Quantity, from.Amount, from.Original
		to.Line, to.Converted = from.Line, from.Converted
		to.SetWeight(w)
		return to
	},
	func(to, from ItemState) ItemState { to.Category = from.Category; return to },
	func(to, from ItemState) ItemState { to.Name = from.Name; return to },
	func(to, from ItemState) ItemState { to.Rebate = from.Rebate; return to },
	weightGroup: func(to, from ItemState) ItemState { to.SetWeight(from.WeightOrLine()); return to },
}

// weightGroup is the group of an item's weight.
const weightGroup = 4

// actionGroups are the groups of an action's own fields. Like those of items, they are
// never moved. An undo restores only [restoredGroups].
var actionGroups = []fieldgroup.Group[ActionState]{
	func(to, from ActionState) ActionState { to.CustomerStatus = from.CustomerStatus; return to },
	func(to, from ActionState) ActionState { to.Disposition = from.Disposition; return to },
	reversalGroup: func(to, from ActionState) ActionState { to.ReversedWhole = from.ReversedWhole; return to },
	func(to, from ActionState) ActionState {
		to.LockingDate, to.OpenEnded = from.LockingDate.UTC(), from.OpenEnded
		return to
	},
	func(to, from ActionState) ActionState { to.FeeRate = from.FeeRate; return to },
}

// reversalGroup is the group of an action's mark of a reversal as a whole.
const reversalGroup = 2

// restoredGroups are the groups of an action's own fields that an undo restores.
const restoredGroups fieldgroup.Groups = 1<<(reversalGroup+1) - 1

// Before is what the submission of an update replaced. It allows undoing the submission and
// deriving older states of the action without deciding again.
type Before struct {
	Item fieldgroup.Replaced[ItemState]
	// Adjusted and AdjustmentReason are those of the item.
	Adjusted         time.Time
	AdjustmentReason string
	// Action and Weights are set in the first update of the submission.
	Action fieldgroup.Replaced[ActionState]
	// Weights are those of the items that have no update, since only their weights changed.
	Weights []ReplacedWeight
}

// ReplacedWeight is the weight of an item before a submission.
type ReplacedWeight struct {
	// Item is the item's index, and Change the number of the submission that set the weight.
	Item   int
	Weight Line
	Change int64
}

// VisitReplaced calls visit for each of the updates or adjustments of an amendment, as Replaced
// of a [Lookup] does.
func VisitReplaced(updates []Update, adjustments []Adjustment, visit func(item int, b Before) bool) {
	for _, u := range updates {
		if !visit(u.Item, *u.Before) {
			return
		}
	}
	for _, d := range adjustments {
		if !visit(d.Item, *d.Before) {
			return
		}
	}
}

// replacedItem returns what the change of an item replaced and records it in the item's Changes.
func (m *amendment) replacedItem(i int) Before {
	old, item := m.before.Items[i], &m.after.Items[i]
	return Before{
		Item:     fieldgroup.Replace(itemGroups, old.ItemState, item.ItemState, &item.Changes, m.submission.Number),
		Adjusted: old.Adjusted, AdjustmentReason: old.AdjustmentReason,
	}
}

func (m *amendment) replacedAction() fieldgroup.Replaced[ActionState] {
	return fieldgroup.Replace(actionGroups, m.before.ActionState, m.after.ActionState, &m.after.Changes, m.submission.Number)
}

// ErrNoHistory reports that an update doesn't record the replaced values.
var ErrNoHistory = errors.New("what the update replaced is not recorded; verify the store")

// Rewind returns the action as it was after an earlier submission. The updates are those of
// the action from its last one on, newest first, with what they replaced. Rewind reverts
// them up to the first for which kept returns true, which must exist. The hash of the
// result's last update is zero if the updates were read from a store.
func (a Action) Rewind(updates iter.Seq2[Update, error], kept func(Update) bool) (Action, error) {
	a = a.clone()
	var newer, last Update
	for u, err := range updates {
		switch {
		case err != nil:
			return Action{}, err
		case last.Number != 0 && u.Submission != last.Submission:
			return a, a.sum()
		case last.Number != 0:
			a.Delta.Amount += u.Delta.Amount
			a.Delta.Payout += u.Delta.Payout
			continue
		case kept(u):
			last = u
			a.Delta, a.Updated, a.Last = u.Delta, u.At, u.ChainPosition
			continue
		case u.Before == nil || u.Item >= len(a.Items):
			return Action{}, fmt.Errorf("update %s: %w", u.ID(), ErrNoHistory)
		}
		if u.Submission != newer.Submission {
			a.Modifications--
		}
		a.revert(u)
		newer = u
	}
	if last.Number == 0 {
		return Action{}, fmt.Errorf("action %s has no such update: %w", a.ID, ErrNoHistory)
	}
	return a, a.sum()
}

// revert sets what the update replaced. It doesn't update the totals.
func (a *Action) revert(u Update) {
	item := &a.Items[u.Item]
	u.Before.Item.Revert(&item.ItemState, &item.Changes, itemGroups)
	u.Before.Action.Revert(&a.ActionState, &a.Changes, actionGroups)
	for _, w := range u.Before.Weights {
		other := &a.Items[w.Item]
		other.SetWeight(w.Weight)
		other.Changes[weightGroup] = w.Change
	}
	item.Payout -= u.Delta.Payout
	item.Adjusted, item.AdjustmentReason = u.Before.Adjusted, u.Before.AdjustmentReason
}
