package query

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// DecodeSubmissions decodes a GET of submissions. A list with a filter but without dates
// covers the last 45 days.
func DecodeSubmissions(p *wire.Params, env wire.Env) (List[search.SubmissionFilter], error) {
	d := wire.NewDecoder(p, env)
	filter := search.SubmissionFilter{
		Kinds:    kindsOf(wire.OneOf(d, "Type", ledger.KindConversion, ledger.KindModification, ledger.KindReversal)),
		Order:    d.OrderID("OrderId", "Oid"),
		Action:   d.ActionID("ActionId"),
		Accepted: d.TimeRange("StartDate", "EndDate"),
		Failed:   d.Bool("HasError"),
	}
	switch wire.OneOf(d, "Status", search.StatusQueued, search.StatusInProgress, search.StatusComplete) {
	case search.StatusQueued:
		filter.Complete = new(false)
	case search.StatusComplete:
		filter.Complete = new(true)
	case search.StatusInProgress: // matches nothing, because a failed submission is complete
		filter.Complete, filter.Failed = new(false), new(true)
	}
	if filter.Accepted == (search.TimeRange{}) && d.Has("Type", "OrderId", "Oid", "ActionId", "HasError", "Status") {
		filter.Accepted = d.PinTimeRange("StartDate", "EndDate", env.Now.In(env.Zone).AddDate(0, 0, -wire.MaxRangeDays), env.Now)
	}
	return newList(d, filter)
}

// kindsOf returns the kinds of submissions that have a type on the wire, where an undo is a
// modification.
func kindsOf(wireType ledger.Kind) []ledger.Kind {
	switch wireType {
	case "":
		return nil
	case ledger.KindModification:
		return []ledger.Kind{ledger.KindModification, ledger.KindUndo}
	default:
		return []ledger.Kind{wireType}
	}
}
