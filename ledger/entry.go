package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Entry returns the entry of a locked action on the statement of its partner, and reports
// whether it has one: a reversed action has none (docs/rules.md, section 12). The conversion
// was accepted at an instant.
func (a Action) Entry(accepted time.Time, r *program.Reference) (e invoice.Entry, due bool) {
	return invoice.Entry{
		Kind: invoice.KindAction, ID: a.ID.String(), Partner: a.Partner, Campaign: a.ID.Campaign,
		Date: r.EntryDate(a.Terms, a.LockingDate, accepted), EventDate: a.EventDate, Amount: a.Payout,
	}, !a.Reversed
}

// Entry returns the entry of an adjustment of the action.
func (d Adjustment) Entry(a Action) invoice.Entry {
	return invoice.Entry{
		Kind: invoice.KindAdjustment, ID: d.ID().String(), Partner: a.Partner, Campaign: a.ID.Campaign,
		Date: d.Effective, EventDate: a.EventDate, Amount: d.Payout,
	}
}
