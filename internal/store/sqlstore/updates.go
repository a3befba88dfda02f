package sqlstore

import "github.com/trueup-ledger/trueup/ledger"

// updateColumns need the action beside the update: its id is not repeated there.
const updateColumns = `u.number, u.action, a.campaign, a.event_type, u.submission, u.instant, u.item, u.sku,
	u.disposition, u.category, u.quantity, u.delta_amount, u.delta_payout,
	u.terms_contract, u.terms_event_type, u.terms_version, u.terms_group, u.level, u.rate, u.hash, u.previous`

const updatesWithActions = ` FROM updates u JOIN actions a ON a.account = u.account AND a.number = u.action `

func updateRow(u *ledger.Update) []any {
	return []any{
		&u.Number, &u.Action.Number, &u.Action.Campaign, &u.Action.EventType, &u.Submission, (*instant)(&u.At),
		&u.Item, &u.SKU, &u.Disposition, &u.Category, &u.Quantity, &u.Delta.Amount, &u.Delta.Payout,
		&u.Terms.Contract, &u.Terms.EventType, &u.Terms.Version, &u.Group, &u.Level, &u.Rate,
		(*digest)(&u.Hash), (*digest)(&u.Previous),
	}
}

var newUpdates = inserting("updates", "number", "action", "submission", "instant", "item", "sku text", "disposition text",
	"category text", "quantity", "delta_amount", "delta_payout", "terms_contract", "terms_event_type", "terms_version",
	"terms_group", "level text", "rate", "hash bytea", "previous bytea")

// newUpdateRow answers a row of newUpdates.
func newUpdateRow(account int64, u ledger.Update) []any {
	return []any{
		account, u.Number, u.Action.Number, u.Submission, micros(u.At), int64(u.Item), u.SKU,
		u.Disposition, u.Category, u.Quantity, int64(u.Delta.Amount), int64(u.Delta.Payout),
		u.Terms.Contract, u.Terms.EventType, int64(u.Terms.Version), u.Group, string(u.Level), int64(u.Rate),
		u.Hash[:], u.Previous[:],
	}
}
