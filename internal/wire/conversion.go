package wire

import (
	"github.com/trueup-ledger/trueup/ledger"
)

// GeneratedOrderID is the order id that a caller sends to have the server generate one.
const GeneratedOrderID = "IR_AN_64_TS"

// The parameters of an order line. An Amount without a number belongs to the line if
// there is a Sku without a number, and is the total of the order otherwise.
var (
	lineNames          = newNameSet(append(namesRead((*Decoder).decodeLine), "Amount"))
	lineNamesWithTotal = newNameSet(namesRead((*Decoder).decodeLine), "Amount")
)

// DecodeConversion decodes a POST of conversions. The error is an [*Error] that names
// every malformed parameter. [ledger.Conversion.Validate] checks how the parameters fit
// together: discounts, totals, duplicate Skus and the date.
func DecodeConversion(p *Params, env Env) (ledger.Conversion, error) {
	d := NewDecoder(p, env)
	c := d.decodeConversion()
	if err := d.Err(); err != nil {
		return ledger.Conversion{}, err
	}
	return c, nil
}

func (d *Decoder) decodeConversion() ledger.Conversion {
	dry := d.dryRun(d.env.AllowDryRun)
	d.Require("CampaignId")
	d.Require("EventDate")
	d.Require("OrderId", "Oid")
	if !d.Has("EventTypeId", "ActionTrackerId") && !d.Has("EventTypeCode") {
		d.AddError("EventTypeId", "Required: send EventTypeId, which is also called ActionTrackerId, or EventTypeCode")
	}
	eventDate, _ := read(d, d.parseEventDate, "EventDate")
	c := ledger.Conversion{
		Campaign:       d.ID("CampaignId"),
		EventType:      d.ID("EventTypeId", "ActionTrackerId"),
		EventTypeCode:  d.Text("EventTypeCode"),
		EventDate:      eventDate,
		Order:          d.OrderID("OrderId", "Oid"),
		Currency:       d.currency("CurrencyCode", "Currency"),
		CustomerStatus: d.Text("CustomerStatus"),
		PostCode:       d.Text("CustomerPostCode"),
		City:           d.Text("CustomerCity"),
		Region:         d.Text("CustomerRegion"),
		Country:        d.Text("CustomerCountry"),
		Prices: ledger.Prices{
			SubTotal:     d.amount("OrderSubTotal"),
			PostDiscount: d.amount("OrderSubTotalPostDiscount"),
			Discount:     d.amount("OrderDiscount"),
			DiscountRate: d.amount("OrderDiscountRate"),
		},
		Disposition: d.textUpTo(maxCode, "DispositionCode"),
		SharedID:    d.Text("SharedId"),
		Note:        d.Text("Note"),
	}
	d.decodeAttribution(&c)
	d.decodeLines(&c)
	c.IPHash = d.hashed("IpAddress")
	c.Extras = d.decodeExtras()
	if c.Order == GeneratedOrderID && !dry && d.Err() == nil { // a preview reserves no id
		c.Order = d.env.NewOrderID()
	}
	return c
}

// otherReferrerNames lists parameters that identify a referrer, but that Trueup doesn't
// resolve to a partner.
var otherReferrerNames = []string{"GoogAId", "AndroidId", "AppleIfa", "AppleIfv"}

// decodeAttribution reads the parameters that identify the referrer.
func (d *Decoder) decodeAttribution(c *ledger.Conversion) {
	if d.Has("MediaId") && d.Has("MediaPartnerId") {
		d.AddError("MediaId", "Send MediaId or MediaPartnerId, not both")
	}
	c.Partner = d.ID("MediaPartnerId", "MediaId")
	c.PromoCode = d.Text("PromoCode", "OrderPromoCode")
	c.Click = d.textUpTo(maxClick, "ClickId")
	c.CustomClick = d.Text("CustomClickId")
	c.UniqueURL = d.Text("UniqueUrl")
	c.Customer = d.Text("CustomerId")
	c.Profile = d.Text("CustomProfileId")
	c.CallerID = d.Text("CallerId")
	for _, key := range otherReferrerNames {
		c.OtherKey = d.Has(key) || c.OtherKey
	}
	if !c.OtherKey && !d.Has("MediaPartnerId", "MediaId", "PromoCode", "OrderPromoCode", "ClickId", "CustomClickId", "UniqueUrl",
		"CustomerId", "CustomProfileId", "CallerId") {
		d.AddError("ClickId", "Required, or another parameter that identifies the referrer, such as MediaPartnerId or PromoCode")
	}
}

// decodeLines reads the lines of the order. It reads Amount as the total of the order
// if there is no Sku without a number.
func (d *Decoder) decodeLines(c *ledger.Conversion) {
	var numbers []int
	d.fromZero = true
	lineAmount := d.Has(skuNames...)
	if lineAmount {
		numbers = d.itemNumbers(lineNames)
	} else {
		c.Amount = d.amount("Amount")
		numbers = d.itemNumbers(lineNamesWithTotal)
	}
	if len(numbers) > MaxItems {
		d.AddError("ItemSku", "At most %d items can be sent", MaxItems)
		return
	}
	for _, n := range numbers {
		d.selectItem(n)
		line := d.decodeLine()
		d.unnumbered = lineAmount
		line.Amount = d.amount("Amount")
		c.Lines = append(c.Lines, line)
	}
	d.selectItem(0)
}

// decodeLine reads an order line without its Amount.
func (d *Decoder) decodeLine() ledger.ConversionLine {
	return ledger.ConversionLine{
		Number:       d.item,
		SKU:          d.Text("ItemSku", "Sku"),
		Name:         d.Text("ItemName"),
		Category:     d.Text("ItemCategory", "Category"),
		SubCategory:  d.Text("ItemSubCategory"),
		MPN:          d.Text("ItemMpn"),
		Brand:        d.Text("ItemBrand"),
		Promo:        d.Text("ItemPromoCode"),
		Quantity:     d.quantity("ItemQuantity", "Quantity"),
		Price:        d.amount("ItemPrice"),
		SubTotal:     d.amount("ItemSubTotal"),
		UnitDiscount: d.amount("ItemDiscount"),
		DiscountRate: d.amount("ItemDiscountRate"),
		LineDiscount: d.amount("ItemTotalDiscount"),
	}
}

// hashed reads personal data and returns its keyed hash. It also puts the hash into the
// payload: the data itself are never stored.
func (d *Decoder) hashed(name string) string {
	value := d.Text(name)
	if value == "" {
		return ""
	}
	hash := d.env.HashIP(value)
	d.params.find(name, 0).redacted = hash
	return hash
}
