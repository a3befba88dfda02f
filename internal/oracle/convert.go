package oracle

import "github.com/trueup-ledger/trueup/ledger"

// Convert returns the ledger's action in the oracle's types, for a comparison.
func Convert(a ledger.Action) Action {
	converted := Action{ActionFields: ActionFields{
		ID: a.ID, Partner: a.Partner, Order: a.Order, Promo: a.Referral.PromoCode, ReferralType: a.Referral.Type, Currency: a.Currency,
		OriginalCurrency: a.Original.Currency, Rate: a.Original.Rate, OriginalAmount: int64(a.Original.Amount),
		EventDate: nanos(a.EventDate), Created: nanos(a.Created), Updated: nanos(a.Updated), Last: a.Last.Number,
		Customer: a.Customer, State: convertState(a.ActionState), Tracked: convertState(a.Tracked), Terms: a.Terms,
		Amount: int64(a.Amount), Payout: int64(a.Payout), ClientCost: int64(a.ClientCost),
		DeltaAmount: int64(a.Delta.Amount), DeltaPayout: int64(a.Delta.Payout),
		IntendedAmount: int64(a.Intended.Amount), IntendedPayout: int64(a.Intended.Payout),
		Modifications: a.Modifications, ModificationLimit: a.ModificationLimit, Fixed: a.PayoutFixed,
		Erased: a.Erased,
	}}
	for _, item := range a.Items {
		converted.Items = append(converted.Items, Item{
			SKU: item.SKU, SubCategory: item.SubCategory, Now: convertItem(item.ItemState), Tracked: convertItem(item.Tracked),
			Adjusted: nanos(item.Adjusted), Reason: item.AdjustmentReason,
		})
	}
	return converted
}

func convertState(s ledger.ActionState) ActionState {
	return ActionState{
		CustomerStatus: s.CustomerStatus, Disposition: s.Disposition, ReversedWhole: s.ReversedWhole,
		Locking: nanos(s.LockingDate), OpenEnded: s.OpenEnded, FeeRate: s.FeeRate,
	}
}

func convertItem(s ledger.ItemState) ItemState {
	weight := s.Weight
	if weight == (ledger.Line{}) {
		weight = s.Line
	}
	return ItemState{
		Name: s.Name, Category: s.Category, Quantity: s.Quantity, Amount: int64(s.Amount), Rebate: int64(s.Rebate),
		LineAmount: int64(s.Line.Amount), LineQuantity: s.Line.Quantity, Payout: int64(s.Payout),
		WeightAmount: int64(weight.Amount), WeightQuantity: weight.Quantity,
		Original: int64(s.Original), LineOriginal: int64(s.Line.Original), WeightOriginal: int64(weight.Original), Converted: s.Converted,
	}
}

// ConvertUpdates returns the ledger's updates in the oracle's types. Updates of a
// RESET lose their group, because a RESET prices nothing.
func ConvertUpdates(updates []ledger.Update) (converted []Update) {
	for _, u := range updates {
		group := u.Group
		if u.Disposition == ledger.ReasonReset {
			group = 0
		}
		converted = append(converted, Update{
			Item: u.Item, SKU: u.SKU, Disposition: u.Disposition, Category: u.Category, Quantity: u.Quantity,
			DeltaAmount: int64(u.Delta.Amount), DeltaPayout: int64(u.Delta.Payout),
			Terms: u.Terms, Group: group, Number: u.Number, Submission: u.Submission, Recorded: nanos(u.At),
			State: u.State, Detail: string(u.Detail), Description: u.Description,
			CustomerStatus: u.CustomerStatus, Locking: nanos(u.LockingDate), OpenEnded: u.OpenEnded,
		})
	}
	return converted
}

// ConvertAdjustments returns the ledger's adjustments in the oracle's types.
func ConvertAdjustments(adjustments []ledger.Adjustment) (converted []Adjustment) {
	for _, d := range adjustments {
		converted = append(converted, Adjustment{
			Item: d.Item, SKU: d.SKU, Reason: d.Reason, FromQuantity: d.From.Quantity, FromAmount: int64(d.From.Amount),
			ToQuantity: d.To.Quantity, ToAmount: int64(d.To.Amount), DeltaPayout: int64(d.Payout), Effective: nanos(d.Effective),
			Terms: d.Terms, Group: d.Group, Number: d.Number, Submission: d.Submission, Recorded: nanos(d.At),
		})
	}
	return converted
}
