package wire

import "github.com/trueup-ledger/trueup/ledger"

// address reads which action is meant: ActionId, or ActionTrackerId and OrderId.
// Whether they agree, where both are given, only the ledger can tell.
func (f *fields) address() ledger.Address {
	action, byID := take(f, parseActionID, "ActionId")
	a := ledger.Address{
		Action:    action,
		EventType: f.id("ActionTrackerId", "EventTypeId"),
		Order:     f.text(maxOrder, "OrderId", "Oid"),
	}
	tracker, order := f.has("ActionTrackerId", "EventTypeId"), f.has("OrderId", "Oid")
	switch {
	case byID || tracker && order:
	case tracker:
		f.fault("OrderId", "Required with ActionTrackerId, unless ActionId is given")
	case order:
		f.fault("ActionTrackerId", "Required with OrderId, unless ActionId is given")
	default:
		f.fault("ActionId", "Required, or ActionTrackerId and OrderId")
	}
	return a
}

// reason reads the code under either of its names; first is the one to ask for.
func (f *fields) reason(first, second string) string {
	f.require(first, second)
	return f.text(maxCode, first, second)
}

// expected reads the id of the last update that the caller has seen.
func (f *fields) expected() ledger.UpdateID {
	id, _ := take(f, parseUpdateID, "ExpectedUpdateId")
	return id
}

// dryRun reports whether the write is to be shown only, and refuses that where it
// cannot be: nobody who only wants to look may change something.
func (f *fields) dryRun(shown bool) (dry bool) {
	if dry, _ = take(f, parseBool, "DryRun"); dry && !shown {
		f.fault("DryRun", "Not served: leave it out to have the request carried out")
	}
	return dry
}
