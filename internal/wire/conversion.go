package wire

import "github.com/trueup-ledger/trueup/ledger"

// MadeUpOrder is the order id with which a caller leaves it to the server to make one.
const MadeUpOrder = "IR_AN_64_TS"

// lineFields are the names that make a line of an order, each behind its number.
var lineFields = []string{
	"ItemSku", "ItemName", "ItemCategory", "ItemSubCategory", "ItemMpn", "ItemBrand", "ItemQuantity",
	"ItemPrice", "ItemSubTotal", "ItemDiscount", "ItemDiscountRate", "ItemTotalDiscount", "ItemPromoCode",
	"Sku", "Category", "Quantity", // the older spellings
}

// With an unnumbered Sku, an unnumbered Amount is its line's; else the order's.
var (
	lineSet  = setOf(append([]string{"Amount"}, lineFields...))
	totalSet = setOf(lineFields, "Amount")
)

// DecodeConversion reads a POST of conversions. Its error is an [*Error] with the
// faults of all parameters. What the lines make of each other (discounts, totals,
// doubled Skus) and of the clock is for [ledger.Conversion.Check] to say.
func DecodeConversion(p *Params, env Env) (ledger.Conversion, error) {
	f := fields{params: p, env: env}
	dry := f.dryRun(env.Previews)
	f.require("CampaignId")
	f.require("EventDate")
	f.require("OrderId", "Oid")
	if !f.has("EventTypeId", "ActionTrackerId") {
		f.require("EventTypeCode", "EventTypeId", "ActionTrackerId")
	}
	eventDate, _ := take(&f, f.parseEventDate, "EventDate")
	c := ledger.Conversion{
		Campaign:       f.id("CampaignId"),
		EventType:      f.id("EventTypeId", "ActionTrackerId"),
		EventTypeCode:  f.text(maxText, "EventTypeCode"),
		EventDate:      eventDate,
		Order:          f.text(maxOrder, "OrderId", "Oid"),
		Currency:       f.currency("CurrencyCode", "Currency"),
		CustomerStatus: f.text(maxText, "CustomerStatus"),
		PostCode:       f.text(maxText, "CustomerPostCode"),
		City:           f.text(maxText, "CustomerCity"),
		Region:         f.text(maxText, "CustomerRegion"),
		Country:        f.text(maxText, "CustomerCountry"),
		SubTotal:       f.amount("OrderSubTotal"),
		PostDiscount:   f.amount("OrderSubTotalPostDiscount"),
		Discount:       f.amount("OrderDiscount"),
		DiscountRate:   f.amount("OrderDiscountRate"),
		Disposition:    f.text(maxCode, "DispositionCode"),
		SharedID:       f.text(maxText, "SharedId"),
		Note:           f.text(maxText, "Note"),
	}
	f.attribution(&c)
	f.lines(&c)
	c.IPHash = f.addressHash()
	c.Extras = f.extras()
	if err := f.err(); err != nil {
		return ledger.Conversion{}, err
	}
	if c.Order == MadeUpOrder && !dry { // what is only shown promises no id
		c.Order = env.NewOrder()
	}
	return c, nil
}

// otherKeys say who referred an order in ways that credit nobody here.
var otherKeys = []string{
	"CustomProfileId", "CustomClickId", "UniqueUrl", "CallerId", "GoogAId", "AndroidId", "AppleIfa", "AppleIfv",
}

// attribution reads who referred the order.
func (f *fields) attribution(c *ledger.Conversion) {
	if f.has("MediaId") && f.has("MediaPartnerId") {
		f.fault("MediaId", "Send MediaId or MediaPartnerId, not both")
	}
	c.Partner = f.id("MediaPartnerId", "MediaId")
	c.PromoCode = f.text(maxText, "PromoCode", "OrderPromoCode")
	c.Click = f.text(maxClick, "ClickId")
	c.Customer = f.text(maxText, "CustomerId")
	c.CallerID = f.text(maxText, "CallerId")
	for _, key := range otherKeys {
		c.OtherKey = f.has(key) || c.OtherKey
	}
	if !c.OtherKey && !f.has("MediaPartnerId", "MediaId", "PromoCode", "OrderPromoCode", "ClickId", "CustomerId") {
		f.fault("ClickId", "Required, or another key that says who referred the order, as MediaPartnerId or PromoCode")
	}
}

// lines reads the order's lines, and Amount, which without an unnumbered Sku is
// the order's total.
func (f *fields) lines(c *ledger.Conversion) {
	var numbers []int
	ofLine := f.has(skuNames...)
	if ofLine {
		numbers = f.numbers(lineSet)
	} else {
		c.Amount = f.amount("Amount")
		numbers = f.numbers(totalSet)
	}
	if len(numbers) > MaxItems {
		f.fault("ItemSku", "At most %d items can be sent", MaxItems)
		return
	}
	for _, n := range numbers {
		f.enter(n)
		line := f.line()
		f.bare = ofLine
		line.Amount = f.amount("Amount")
		c.Lines = append(c.Lines, line)
	}
	f.enter(0)
}

// line reads one line but for its Amount.
func (f *fields) line() ledger.ConversionLine {
	sku, _ := take(f, textUpTo(maxText), "ItemSku", "Sku")
	return ledger.ConversionLine{
		Number:       f.number,
		SKU:          sku,
		Name:         f.text(maxText, "ItemName"),
		Category:     f.text(maxText, "ItemCategory", "Category"),
		SubCategory:  f.text(maxText, "ItemSubCategory"),
		MPN:          f.text(maxText, "ItemMpn"),
		Brand:        f.text(maxText, "ItemBrand"),
		Promo:        f.text(maxText, "ItemPromoCode"),
		Quantity:     f.quantity("ItemQuantity", "Quantity"),
		Price:        f.amount("ItemPrice"),
		SubTotal:     f.amount("ItemSubTotal"),
		UnitDiscount: f.amount("ItemDiscount"),
		DiscountRate: f.amount("ItemDiscountRate"),
		LineDiscount: f.amount("ItemTotalDiscount"),
	}
}

// addressHash reads the buyer's address; only its hash is kept, in the payload too.
func (f *fields) addressHash() string {
	address := f.text(maxText, "IpAddress")
	if address == "" {
		return ""
	}
	hash := f.env.HashIP(address)
	f.params.find("IpAddress", 0).shown = hash
	return hash
}
