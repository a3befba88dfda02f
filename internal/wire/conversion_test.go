package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
)

const forConversion = "CampaignId=1000&EventTypeId=2240&EventDate=NOW&OrderId=A1&"

func TestSection17AConversionIsDecoded(t *testing.T) {
	base := ledger.Conversion{Campaign: 1000, EventType: 2240, EventDate: now, Order: "A1", Partner: 9}
	with := func(change func(c *ledger.Conversion)) ledger.Conversion {
		c := base
		change(&c)
		return c
	}
	lines := func(lines ...ledger.ConversionLine) ledger.Conversion {
		return with(func(c *ledger.Conversion) { c.Lines = lines })
	}
	cases := map[string]struct {
		query string
		want  ledger.Conversion
	}{
		"lines": {
			"MediaId=9&ItemSku1=A&ItemQuantity1=2&ItemPrice1=9.6350&ItemCategory1=Shoes&itemsku2=B&ITEMSUBTOTAL2=2.72&ItemTotalDiscount2=.5",
			lines(
				ledger.ConversionLine{Number: 1, SKU: "A", Category: "Shoes", Quantity: new(int64(2)), Price: wiretest.Decimal("9.635")},
				ledger.ConversionLine{Number: 2, SKU: "B", SubTotal: wiretest.Decimal("2.72"), LineDiscount: wiretest.Decimal("0.5")},
			),
		},
		"lines numbered from 0": {
			"MediaId=9&ItemSku0=A&ItemPrice0=9&ItemQuantity0=2&ItemSku1=B&ItemSubTotal1=2.72&ItemSku10=C&ItemPrice10=1",
			lines(
				ledger.ConversionLine{Number: 1, SKU: "A", Quantity: new(int64(2)), Price: wiretest.Decimal("9")},
				ledger.ConversionLine{Number: 2, SKU: "B", SubTotal: wiretest.Decimal("2.72")},
				ledger.ConversionLine{Number: 11, SKU: "C", Price: wiretest.Decimal("1")},
			),
		},
		"a total with lines numbered from 0": {
			"MediaPartnerId=9&ItemSku0=A&ItemSku1=B&Amount=5",
			with(func(c *ledger.Conversion) {
				c.Amount, c.Lines = wiretest.Decimal("5"), []ledger.ConversionLine{{Number: 1, SKU: "A"}, {Number: 2, SKU: "B"}}
			}),
		},
		"the older spellings": {
			"MediaPartnerId=9&Sku=A&Quantity=1&Amount=5&Sku2=B&Category2=c&Amount2=7",
			lines(
				ledger.ConversionLine{Number: 1, SKU: "A", Quantity: new(int64(1)), Amount: wiretest.Decimal("5")},
				ledger.ConversionLine{Number: 2, SKU: "B", Category: "c", Amount: wiretest.Decimal("7")},
			),
		},
		"a total with numbered lines": {
			"MediaPartnerId=9&Sku1=A&Amount=5",
			with(func(c *ledger.Conversion) {
				c.Amount, c.Lines = wiretest.Decimal("5"), []ledger.ConversionLine{{Number: 1, SKU: "A"}}
			}),
		},
		"a total with a numbered amount": {
			"MediaPartnerId=9&Amount1=5&Amount=5",
			with(func(c *ledger.Conversion) {
				c.Amount, c.Lines = wiretest.Decimal("5"), []ledger.ConversionLine{{Number: 1, Amount: wiretest.Decimal("5")}}
			}),
		},
		"an order without lines": {
			"MediaPartnerId=9&Amount=21.99&OrderSubTotalPostDiscount=21.99&ItemSku1=&ItemQuantity1=&PromoCode=",
			with(func(c *ledger.Conversion) {
				c.Amount, c.PostDiscount = wiretest.Decimal("21.99"), wiretest.Decimal("21.99")
			}),
		},
		"discounts and extra parameters": {
			"MediaPartnerId=9&OrderDiscount=1&OrderDiscountRate=10&OrderShipping=4.90&ordertax=1&Text50=t&Money3=-1.5&Date1=2026-10-01&DeviceType=phone&UniqueUrl=u&CustomClickId=k&CustomProfileId=p",
			with(func(c *ledger.Conversion) {
				c.Discount, c.DiscountRate = wiretest.Decimal("1"), wiretest.Decimal("10")
				c.UniqueURL, c.CustomClick, c.Profile = "u", "k", "p"
				c.Extras = map[string]string{
					"OrderShipping": "4.90", "OrderTax": "1", "Text50": "t", "Money3": "-1.5",
					"Date1": "2026-10-01", "DeviceType": "phone", "UniqueUrl": "u", "CustomClickId": "k", "CustomProfileId": "p",
				}
			}),
		},
		"the published minimum": {"MediaPartnerId=9", with(func(*ledger.Conversion) {})},
		"a device": {"MediaPartnerId=9&AndroidId=a", with(func(c *ledger.Conversion) {
			c.OtherKey, c.Extras = true, map[string]string{"AndroidId": "a"}
		})},
		"the customer": {
			"MediaPartnerId=9&CustomerId=c&CustomerStatus=NEW&CustomerCity=Graz&CustomerPostCode=8010&CustomerCountry=AT&CustomerRegion=St&IpAddress=::1&SharedId=s&CallerId=p&Note=n&DispositionCode=d&Currency=eur&EventTypeCode=SALE&CustomerEmail=" + strings.Repeat("aB", 20),
			with(func(c *ledger.Conversion) {
				c.Customer, c.CustomerStatus, c.City, c.PostCode, c.Country, c.Region = "c", "NEW", "Graz", "8010", "AT", "St"
				c.IPHash, c.SharedID, c.CallerID, c.Note, c.Disposition = "h::1", "s", "p", "n", "d"
				c.Currency, c.EventTypeCode = "EUR", "SALE"
				c.Extras = map[string]string{"CustomerEmail": strings.Repeat("aB", 20)}
			}),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := wire.DecodeConversion(wiretest.Params(t, forConversion+c.query), env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSection17TheServerGeneratesAnOrderID(t *testing.T) {
	query := strings.Replace(forConversion, "A1", "IR_AN_64_TS", 1) + "ClickId=c&Amount=1"
	if c, err := wire.DecodeConversion(wiretest.Params(t, query), env); err != nil || c.Order != "generated-1" {
		t.Errorf("the order is %q (%v)", c.Order, err)
	}
}

func TestSection17AConversionErrorNamesItsParameter(t *testing.T) {
	const enough = forConversion + "MediaPartnerId=9&Amount=1&"
	cases := map[string]struct {
		query string
		want  []string
	}{
		"no parameters": {"a=1", []string{"CampaignId: Required", "ClickId: Required", "EventDate: Required", "EventTypeId: Required: send EventTypeId, which is also called ActionTrackerId, or EventTypeCode.", "OrderId: Required"}},
		"two parameters for the partner": {
			forConversion + "MediaId=9&MediaPartnerId=9", []string{"MediaId: Send MediaId or MediaPartnerId, not both"},
		},
		"a long order id":                     {strings.Replace(enough, "A1", strings.Repeat("o", 65), 1), []string{"OrderId: At most 64"}},
		"order ids that differ":               {enough + "Oid=B", []string{"Oid: Contradicts OrderId"}},
		"trackers that differ":                {enough + "ActionTrackerId=1", []string{"ActionTrackerId: Contradicts EventTypeId"}},
		"promo codes that differ":             {enough + "PromoCode=A&OrderPromoCode=B", []string{"OrderPromoCode: Contradicts PromoCode"}},
		"a long click":                        {forConversion + "ClickId=" + strings.Repeat("c", 65), []string{"ClickId: At most 64"}},
		"an email address that is not hashed": {enough + "CustomerEmail=a@example.com", []string{"CustomerEmail: Must be the SHA-1"}},
		"a hash of the wrong length":          {enough + "CustomerEmail=" + strings.Repeat("ab", 16), []string{"CustomerEmail: Must be the SHA-1"}},
		"a long text":                         {enough + "Text1=" + strings.Repeat("t", 65), []string{"Text1: At most 64"}},
		"a malformed number":                  {enough + "Numeric10=x", []string{"Numeric10: Not a decimal"}},
		"a malformed date":                    {enough + "Date2=x", []string{"Date2: Not a timestamp"}},
		"a negative price":                    {enough + "ItemPrice1=-1", []string{"ItemPrice1: Must not be negative"}},
		"quantities that differ":              {enough + "ItemQuantity2=1&Quantity2=2", []string{"Quantity2: Contradicts ItemQuantity2"}},
		"a fractional quantity":               {enough + "ItemQuantity2=1.5", []string{"ItemQuantity2: Not a whole number"}},
		"a malformed campaign id":             {strings.Replace(enough, "1000", "shop", 1), []string{"CampaignId: Not a whole number"}},
		"a malformed shipping amount":         {enough + "OrderShipping=free", []string{"OrderShipping: Not a decimal"}},
		"too many device fields":              {enough + deviceFields(101), []string{"Device100: Send at most 100"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := wire.DecodeConversion(wiretest.Params(t, c.query), env)
			wiretest.CheckErrors(t, err, c.want...)
		})
	}
}

func deviceFields(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Device%d=x&", i)
	}
	return b.String()
}

func TestSection17ARejectionNamesAParameterNumberedFromZero(t *testing.T) {
	p := wiretest.Params(t, forConversion+"MediaPartnerId=9&ItemSku0=A&ItemPrice0=1&ItemSku1=B&ItemPrice1=3&ItemQuantity1=0")
	c, err := wire.DecodeConversion(p, env)
	if err != nil {
		t.Fatal(err)
	}
	rejections := c.Validate(now, wiretest.Reference(t).Account)
	if len(rejections) != 1 {
		t.Fatal("a quantity of 0 is accepted")
	}
	wiretest.CheckErrors(t, wire.Rejected(p, rejections[0]), "ItemQuantity1: ")
}

func TestSection17ARejectionNamesTheParameterAsSent(t *testing.T) {
	p := wiretest.Params(t, forConversion+"MediaPartnerId=9&Sku1=A&Quantity1=0&Amount1=3")
	c, err := wire.DecodeConversion(p, env)
	if err != nil {
		t.Fatal(err)
	}
	rejections := c.Validate(now, wiretest.Reference(t).Account)
	if len(rejections) != 1 {
		t.Fatal("a quantity of 0 is accepted")
	}
	wiretest.CheckErrors(t, wire.Rejected(p, rejections[0]), "Quantity1: ")
}
