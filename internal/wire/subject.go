package wire

import "cmp"

// Subject holds the identifiers in a command or in a row of a batch file. Unknown fields
// are zero.
type Subject struct {
	Campaign, EventType, Partner    int64
	EventCode, Order, Category, SKU string
	// Valid reports whether all parameters of a row's subject are well-formed.
	Valid bool
}

// DecodeSubject returns the subject of a row of a batch file, as far as its parameters are
// well-formed.
func DecodeSubject(p *Params) Subject {
	d := Decoder{params: p, unnumbered: true, firstItem: 1}
	action, _ := read(&d, parseActionID, "ActionId")
	s := Subject{
		Campaign:  cmp.Or(d.ID("CampaignId"), action.Campaign),
		EventType: cmp.Or(d.ID("EventTypeId", "ActionTrackerId"), action.EventType),
		Partner:   d.ID("MediaPartnerId", "MediaId"),
		EventCode: d.Text("EventTypeCode"),
		Order:     d.OrderID("OrderId", "Oid"),
	}
	d.item = 1
	s.SKU, s.Category = d.Text("Sku", "ItemSku"), d.Text("Category", "ItemCategory")
	s.Valid = len(d.fieldErrors) == 0
	return s
}
