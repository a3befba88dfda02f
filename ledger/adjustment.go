package ledger

import (
	"encoding/hex"
	"time"

	"github.com/trueup-ledger/trueup/ledger/fieldgroup"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// Adjustment is the change that one submission made to one item of a locked action. The
// action, its items and its updates stay as they are. Adjustments continue its hash chain, are
// numbered like its updates, and are never modified.
type Adjustment struct {
	ids.ChainPosition
	// Previous is the hash of the preceding adjustment of the action, or of its last update.
	Previous ids.Hash

	Action ids.ActionID
	// Submission is the number of the submission that caused the adjustment.
	Submission int64
	// At is the instant of application.
	At time.Time
	// Item is the item's index in the action.
	Item int
	SKU  string
	// Reason is like [Update.Disposition].
	Reason string
	// From and To are the amount and quantity of the item before and after. Payout is the
	// change of its payout.
	From, To Line
	Payout   money.Amount
	Currency money.Currency
	// Effective is the instant that determines the invoice.
	Effective time.Time
	// Terms and Group are like those of an [Update].
	Terms program.TermsKey
	Group int64
	// Version selects the fields that Sum hashes.
	Version int

	// Before is what the submission replaced in the effective action, or nil if it was read
	// without it. State is the effective action after the submission, in its last adjustment.
	// The hash includes neither.
	Before *Before
	State  *AdjustedState
}

// AdjustmentVersion is the [Adjustment.Version] of new adjustments.
const AdjustmentVersion = 1

// Delta returns the changes of the item's amount and payout.
func (d Adjustment) Delta() Totals {
	return Totals{Amount: d.To.Amount - d.From.Amount, Payout: d.Payout}
}

// ID returns the adjustment's id.
func (d Adjustment) ID() ids.AdjustmentID {
	return ids.AdjustmentID{Action: d.Action, Number: d.Number}
}

// Follow appends the adjustment to the hash chain that ends with previous.
func (d *Adjustment) Follow(previous ids.Hash) {
	d.Previous = previous
	d.Hash = d.Sum()
}

// Sum returns the hash of the adjustment. It hashes Previous and the fields that Version
// selects. None of them is personal data, so that personal data can be erased.
func (d Adjustment) Sum() ids.Hash {
	text := append(make(ids.HashText, 0, 512), "trueup-adjustment-"...).Ints(int64(d.Version)).Strings(hex.EncodeToString(d.Previous[:]), d.Action.String())
	text = text.Ints(d.Number, d.Submission, d.At.UnixMicro(), int64(d.Item)).Quoted(d.SKU, d.Reason)
	text = text.Ints(d.From.Quantity, int64(d.From.Amount), d.To.Quantity, int64(d.To.Amount), int64(d.Payout))
	text = text.Strings(string(d.Currency)).Ints(d.Effective.UnixMicro()).Strings(d.Terms.String()).Ints(d.Group)
	return text.Sum()
}

// Effective is a locked action with its adjustments.
type Effective struct {
	// Action is the action as if the adjustments had been updates.
	Action Action
	// First is the number of the submission that made the first adjustment, or 0.
	First int64
	// Pricing identifies the terms that gave the locked action its payouts.
	Pricing program.TermsKey
	// Accepted is the instant at which the conversion was accepted.
	Accepted time.Time
}

// AdjustedState is the part of an effective action that differs from the locked one. Its JSON
// form is stored.
type AdjustedState struct {
	First         int64              `json:"first"`
	Modifications int                `json:"mods"`
	Updated       time.Time          `json:"at"`
	ReversedWhole bool               `json:"whole,omitempty"`
	Delta         Totals             `json:"delta"`
	Changes       fieldgroup.Changes `json:"ac"`
	Items         []AdjustedItem     `json:"items"`
}

// AdjustedItem is an item of an effective action that differs from that of the locked one.
type AdjustedItem struct {
	// Item is the item's index.
	Item             int                `json:"i"`
	State            ItemState          `json:"s"`
	Changes          fieldgroup.Changes `json:"c"`
	Adjusted         time.Time          `json:"at,omitzero"`
	AdjustmentReason string             `json:"why,omitempty"`
}

func (e Effective) state(locked Action) AdjustedState {
	s := AdjustedState{
		First: e.First, Modifications: e.Action.Modifications, Updated: e.Action.Updated,
		ReversedWhole: e.Action.ReversedWhole, Delta: e.Action.Delta, Changes: e.Action.Changes,
	}
	for i, item := range e.Action.Items {
		if item == locked.Items[i] {
			continue
		}
		s.Items = append(s.Items, AdjustedItem{i, item.ItemState, item.Changes, item.Adjusted, item.AdjustmentReason})
	}
	return s
}

// WithAdjustments returns the locked action with its adjustments. The state and the position
// are those of the last adjustment.
func (a Action) WithAdjustments(s AdjustedState, last ids.ChainPosition) (Action, error) {
	a = a.clone()
	a.Modifications, a.Updated, a.ReversedWhole, a.Delta, a.Changes, a.Last = s.Modifications, s.Updated, s.ReversedWhole, s.Delta, s.Changes, last
	for _, adjusted := range s.Items {
		item := &a.Items[adjusted.Item]
		item.ItemState, item.Changes, item.Adjusted, item.AdjustmentReason = adjusted.State, adjusted.Changes, adjusted.Adjusted, adjusted.AdjustmentReason
	}
	return a, a.sum()
}
