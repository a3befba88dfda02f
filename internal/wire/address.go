package wire

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// decodeAddress reads the action that a request names: an ActionId, or an
// ActionTrackerId and an OrderId. If a request has all of them, only the ledger knows
// whether they agree.
func (d *Decoder) decodeAddress() ledger.Address {
	action, byID := read(d, parseActionID, "ActionId")
	a := ledger.Address{
		Action:    action,
		EventType: d.ID("ActionTrackerId", "EventTypeId"),
		Order:     d.OrderID("OrderId", "Oid"),
	}
	tracker, order := d.Has("ActionTrackerId", "EventTypeId"), d.Has("OrderId", "Oid")
	switch {
	case byID || tracker && order:
	case tracker:
		d.AddError("OrderId", "Required with ActionTrackerId, unless ActionId is given")
	case order:
		d.AddError("ActionTrackerId", "Required with OrderId, unless ActionId is given")
	default:
		d.AddError("ActionId", "Required, or ActionTrackerId and OrderId")
	}
	return a
}

// decodeReason reads a required reason code.
func (d *Decoder) decodeReason(names ...string) string {
	d.Require(names...)
	return d.textUpTo(maxCode, names...)
}

// expectedUpdate reads the id of the last update that the caller has seen.
func (d *Decoder) expectedUpdate() ids.UpdateID {
	id, _ := read(d, parseUpdateID, "ExpectedUpdateId")
	return id
}
