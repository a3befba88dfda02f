package wire

import "cmp"

// Subject identifies what a row of a batch file is about. Unknown fields are zero.
type Subject struct {
	Campaign, EventType, Partner    int64
	EventCode, Order, Category, SKU string
	// Valid reports whether all parameters of the subject are well-formed.
	Valid bool
}

// DecodeSubject returns the subject of a row that could not be decoded.
func DecodeSubject(p *Params) Subject {
	d := Decoder{params: p, unnumbered: true}
	action, _ := read(&d, parseActionID, "ActionId")
	name := Subject{
		Campaign:  cmp.Or(d.ID("CampaignId"), action.Campaign),
		EventType: cmp.Or(d.ID("EventTypeId", "ActionTrackerId"), action.EventType),
		Partner:   d.ID("MediaPartnerId", "MediaId"),
		EventCode: d.Text("EventTypeCode"),
		Order:     d.OrderID("OrderId", "Oid"),
	}
	d.item = 1
	name.SKU, name.Category = d.Text("Sku", "ItemSku"), d.Text("Category", "ItemCategory")
	name.Valid = len(d.fieldErrors) == 0
	return name
}
