package ledger_test

import (
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
)

// viewOf is an action in the oracle's terms.
func viewOf(a ledger.Action) oracleAction {
	view := oracleAction{oracleOrder: oracleOrder{
		ID: a.ID, Partner: a.Partner, Order: a.Order, Promo: a.Referral.PromoCode, Currency: a.Currency,
		EventDate: stamp(a.EventDate), Created: stamp(a.Created), Updated: stamp(a.Updated), Last: a.Last.Number,
		Customer: a.Customer, Head: headOf(a.ActionState), Tracked: headOf(a.Tracked), Terms: a.Terms,
		Amount: int64(a.Amount), Payout: int64(a.Payout), ClientCost: int64(a.ClientCost),
		DeltaAmount: int64(a.Delta.Amount), DeltaPayout: int64(a.Delta.Payout),
		IntendedAmount: int64(a.Intended.Amount), IntendedPayout: int64(a.Intended.Payout),
		Modifications: a.Modifications, Cap: a.ModificationLimit,
	}}
	for _, item := range a.Items {
		view.Items = append(view.Items, oracleItem{
			SKU: item.SKU, SubCategory: item.SubCategory, Now: stateOf(item.ItemState), Tracked: stateOf(item.Tracked),
			Adjusted: stamp(item.Adjusted), Reason: item.AdjustmentReason,
		})
	}
	return view
}

func headOf(s ledger.ActionState) oracleHead {
	return oracleHead{
		CustomerStatus: s.CustomerStatus, Disposition: s.Disposition, ReversedWhole: s.ReversedWhole,
		Locking: stamp(s.Locking), OpenEnded: s.OpenEnded, FeeRate: s.FeeRate,
	}
}

func stateOf(s ledger.ItemState) oracleState {
	return oracleState{
		Name: s.Name, Category: s.Category, Quantity: s.Quantity, Amount: int64(s.Amount), Rebate: int64(s.Rebate),
		LineAmount: int64(s.Line.Amount), LineQuantity: s.Line.Quantity, Payout: int64(s.Payout),
	}
}

func viewsOf(updates []ledger.Update) (views []oracleUpdate) {
	for _, u := range updates {
		views = append(views, oracleUpdate{
			Item: u.Item, SKU: u.SKU, Disposition: u.Disposition, Category: u.Category, Quantity: u.Quantity,
			DeltaAmount: int64(u.Delta.Amount), DeltaPayout: int64(u.Delta.Payout),
			Terms: u.Terms, Group: u.Group, Number: u.Number, Submission: u.Submission, Recorded: stamp(u.At),
		})
	}
	return views
}

func (a oracleAction) equal(b oracleAction) bool {
	return a.oracleOrder == b.oracleOrder && slices.Equal(a.Items, b.Items)
}
