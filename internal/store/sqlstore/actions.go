package sqlstore

import (
	"github.com/trueup-ledger/trueup/ledger"
)

// Columns of an action in the order of actionRow and newAction.
const actionColumns = `a.number, a.campaign, a.event_type, a.partner, a.order_id, a.currency, a.event_date, a.created,
	a.referral_type, a.referral_date, a.promo_code, a.caller_id,
	a.customer, a.post_code, a.city, a.region, a.country, a.ip_hash, a.shared_id, a.extras,
	a.tracked_customer_status, a.tracked_disposition, a.tracked_reversed_whole, a.tracked_locking,
	a.tracked_open_ended, a.tracked_fee_rate,
	a.terms_contract, a.terms_event_type, a.terms_version, a.intended_amount, a.intended_payout,
	a.updated, a.note, a.customer_status, a.disposition, a.reversed_whole, a.locking, a.open_ended, a.fee_rate,
	a.amount, a.payout, a.reversed, a.delta_amount, a.delta_payout, a.client_cost, a.modifications, a.cap,
	a.last_update, a.last_hash`

// actionRow answers where the columns of a row go.
func actionRow(a *ledger.Action) []any {
	return []any{
		&a.ID.Number, &a.ID.Campaign, &a.ID.EventType, &a.Partner, &a.Order, &a.Currency,
		(*instant)(&a.EventDate), (*instant)(&a.Created),
		&a.Referral.Type, (*instant)(&a.Referral.Date), &a.Referral.PromoCode, &a.Referral.CallerID,
		&a.Customer.ID, &a.Customer.PostCode, &a.Customer.City, &a.Customer.Region, &a.Customer.Country,
		&a.Customer.IPHash, &a.SharedID, (*extras)(&a.Extras),
		&a.Tracked.CustomerStatus, &a.Tracked.Disposition, &a.Tracked.ReversedWhole, (*instant)(&a.Tracked.Locking),
		&a.Tracked.OpenEnded, &a.Tracked.FeeRate,
		&a.Terms.Contract, &a.Terms.EventType, &a.Terms.Version, &a.Intended.Amount, &a.Intended.Payout,
		(*instant)(&a.Updated), &a.Note, &a.CustomerStatus, &a.Disposition, &a.ReversedWhole,
		(*instant)(&a.Locking), &a.OpenEnded, &a.FeeRate,
		&a.Amount, &a.Payout, &a.Reversed, &a.Delta.Amount, &a.Delta.Payout, &a.ClientCost, &a.Modifications, &a.ModificationLimit,
		&a.Last.Number, (*digest)(&a.Last.Hash),
	}
}

var newActions = inserting("actions", "number", "campaign", "event_type", "partner", "order_id text", "currency text",
	"event_date", "created", "referral_type text", "referral_date", "promo_code text", "caller_id text",
	"customer text", "post_code text", "city text", "region text", "country text", "ip_hash text", "shared_id text", "extras text",
	"tracked_customer_status text", "tracked_disposition text", "tracked_reversed_whole", "tracked_locking",
	"tracked_open_ended", "tracked_fee_rate",
	"terms_contract", "terms_event_type", "terms_version", "intended_amount", "intended_payout",
	"updated", "note text", "customer_status text", "disposition text", "reversed_whole", "locking", "open_ended", "fee_rate",
	"amount", "payout", "reversed", "delta_amount", "delta_payout", "client_cost", "modifications", "cap",
	"last_update", "last_hash bytea")

// newActionRow answers a row of newActions.
func newActionRow(account int64, a ledger.Action) ([]any, error) {
	text, err := extrasText(a.Extras)
	return []any{
		account, a.ID.Number, a.ID.Campaign, a.ID.EventType, a.Partner, a.Order,
		string(a.Currency), micros(a.EventDate), micros(a.Created),
		a.Referral.Type, microsOrNull(a.Referral.Date), a.Referral.PromoCode, a.Referral.CallerID,
		a.Customer.ID, a.Customer.PostCode, a.Customer.City, a.Customer.Region, a.Customer.Country,
		a.Customer.IPHash, a.SharedID, text,
		a.Tracked.CustomerStatus, a.Tracked.Disposition, flag(a.Tracked.ReversedWhole), micros(a.Tracked.Locking),
		flag(a.Tracked.OpenEnded), int64(a.Tracked.FeeRate),
		a.Terms.Contract, a.Terms.EventType, int64(a.Terms.Version), int64(a.Intended.Amount), int64(a.Intended.Payout),
		micros(a.Updated), a.Note, a.CustomerStatus, a.Disposition, flag(a.ReversedWhole),
		micros(a.Locking), flag(a.OpenEnded), int64(a.FeeRate),
		int64(a.Amount), int64(a.Payout), flag(a.Reversed), int64(a.Delta.Amount), int64(a.Delta.Payout),
		int64(a.ClientCost), int64(a.Modifications), int64(a.ModificationLimit), a.Last.Number, a.Last.Hash[:],
	}, err
}

// Locking has an index of its own and hardly ever moves, so that its columns are
// written by a statement of their own.
var (
	changedActions = updating("actions", 1, "number", "updated", "note text", "customer_status text", "disposition text",
		"reversed_whole", "fee_rate", "amount", "payout", "reversed", "delta_amount", "delta_payout", "client_cost",
		"modifications", "cap", "last_update", "last_hash bytea")
	changedLocking = updating("actions", 1, "number", "locking", "open_ended")
)

// Where a dialect has them: the table that finds actions by their last update.
var (
	newLatest     = inserting("latest", "updated", "action")
	changedLatest = func() writing {
		names, types := split([]string{"action", "was", "now"})
		w := updatingMany("latest", "updated = v.now", "latest.action = v.action AND latest.updated = v.was", names, types)
		w.each = "UPDATE latest SET updated = ?4 WHERE account = ?1 AND action = ?2 AND updated = ?3"
		return w
	}()
)

// changedActionRow answers a row of changedActions.
func changedActionRow(account int64, a ledger.Action) []any {
	return []any{
		account, a.ID.Number, micros(a.Updated), a.Note, a.CustomerStatus, a.Disposition, flag(a.ReversedWhole),
		int64(a.FeeRate), int64(a.Amount), int64(a.Payout), flag(a.Reversed), int64(a.Delta.Amount),
		int64(a.Delta.Payout), int64(a.ClientCost), int64(a.Modifications), int64(a.ModificationLimit), a.Last.Number, a.Last.Hash[:],
	}
}

// action loads an action with its items.
func (s *session) action(account, number int64) (ledger.Action, error) {
	var a ledger.Action
	err := s.row("SELECT "+actionColumns+" FROM actions a WHERE a.account = ? AND a.number = ?",
		[]any{account, number}, actionRow(&a)...)
	if err != nil {
		return ledger.Action{}, notFound(err)
	}
	a.Items, err = s.items(account, number)
	return a, err
}
