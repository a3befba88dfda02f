package wire_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
)

// publishedConversion lists the fields of a conversion in the published description of
// version 14, with their types. {i} stands for the number of an item; a range such as
// Text1..50 stands for its names.
const publishedConversion = `EventTypeId int, EventTypeCode str, ClickId str, CustomerId str, CustomProfileId str,
	OrderPromoCode str, UniqueUrl str, GoogAId str, AppleIfa str, AppleIfv str, MediaId int, MediaPartnerId int, SubId1..3 str,
	SharedId str, PhoneNumber str, CallerId str, CountryCode str, IpAddress str, EventDate time, CampaignId int, OrderId str,
	CustomerEmail hash, CustomerStatus str, CustomerCity str, CustomerPostCode str, CustomerCountry str, CustomerRegion str,
	OrderDiscount num, OrderSubTotalPostDiscount num, OrderShipping num, OrderTax num, OrderMargin num, OrderDiscountRate num,
	PaymentType str, GiftPurchase bool, CurrencyCode currency, Amount num, ItemSku{i} str, ItemPromoCode{i} str, ItemName{i} str,
	ItemCategory{i} str, ItemSubCategory{i} str, ItemMpn{i} str, ItemBrand{i} str, ItemQuantity{i} int, ItemPrice{i} num,
	ItemSubTotal{i} num, ItemDiscount{i} num, ItemDiscountRate{i} num, ItemTotalDiscount{i} num, ItemDeliveryType{i} str,
	ItemText{i}_1..50 str, ItemNumeric{i}_1..10 num, ItemDate{i}_1..10 time, ItemMoney{i}_1..3 num, UserAgent str, DeviceMfr str,
	DeviceModel str, PropertyId int, AppPackage str, AppInstallRef str, AppVer str, LocationId str, LocationName str,
	LocationType str, TrackingConsent bool, Note str, DispositionCode str, Text1..50 str, Numeric1..10 num, Money1..3 num,
	Date1..10 time`

// publishedFields returns the names and types of publishedConversion, with the number of item 2.
func publishedFields(t *testing.T) map[string]string {
	t.Helper()
	fields := make(map[string]string)
	for field := range strings.SplitSeq(publishedConversion, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(field), " ")
		name, last, isRange := strings.Cut(strings.ReplaceAll(name, "{i}", "2"), "..")
		if !isRange {
			fields[name] = kind
			continue
		}
		n, err := strconv.Atoi(last)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			fields[strings.TrimSuffix(name, "1")+strconv.Itoa(i+1)] = kind
		}
	}
	return fields
}

func TestSection17EveryPublishedFieldIsReadAndChecked(t *testing.T) {
	// The values of each type: one that is accepted, and one that is malformed.
	samples := map[string][2]string{
		"str": {"x", strings.Repeat("x", 256)}, "int": {"2", "two"}, "num": {"1.50", "1,50"}, "time": {"2026-10-01T10:00:00Z", "yesterday"},
		"bool": {"true", "maybe"}, "currency": {"USD", "dollars"}, "hash": {strings.Repeat("0a", 20), "a@example.com"},
	}
	fields := publishedFields(t)
	if len(fields) != 212 {
		t.Errorf("%d fields are tested, want 212", len(fields))
	}
	for name, kind := range fields {
		t.Run(name, func(t *testing.T) {
			good, bad := samples[kind][0], samples[kind][1]
			p := wiretest.Params(t, name+"="+good)
			_, err := wire.DecodeConversion(p, env)
			for _, message := range wiretest.Errors(t, err) {
				if strings.HasPrefix(message, name+":") {
					t.Errorf("%s is rejected: %s", good, message)
				}
			}
			if ignored := p.Ignored(); ignored != "" {
				t.Errorf("%s is ignored", ignored)
			}
			if !strings.EqualFold(name, "IpAddress") && name != "PhoneNumber" && !strings.HasSuffix(p.Payload(), url.QueryEscape(good)) {
				t.Errorf("the payload is %s", p.Payload())
			}
			_, err = wire.DecodeConversion(wiretest.Params(t, name+"="+bad), env)
			if !strings.Contains("\n"+strings.Join(wiretest.Errors(t, err), "\n"), "\n"+name+": ") {
				t.Errorf("%s is accepted: %v", bad, err)
			}
		})
	}
}

func TestSection17FieldsThatNoRuleUsesAreStoredAsSent(t *testing.T) {
	sent := "OrderMargin=-1.50&GiftPurchase=TRUE&PropertyId=07&LocationId=L&LocationName=Mall&LocationType=store&TrackingConsent=false" +
		"&EventCode=E&CountryCode=AT&UserAgent=u&AppPackage=p&AppInstallRef=r&AppVer=1.0&PaymentType=card" +
		"&itemdeliverytype2=pickup&ItemText2_50=t&ItemNumeric2_10=1.0&ItemDate2_1=2026-10-01&ItemMoney2_3=2.50&ItemText_1=first&PhoneNumber=%2B1+555"
	p := wiretest.Params(t, forConversion+"MediaPartnerId=9&Amount=1&"+sent)
	c, err := wire.DecodeConversion(p, env)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"OrderMargin": "-1.50", "GiftPurchase": "TRUE", "PropertyId": "07", "LocationId": "L", "LocationName": "Mall", "LocationType": "store",
		"TrackingConsent": "false", "EventCode": "E", "CountryCode": "AT", "UserAgent": "u", "AppPackage": "p", "AppInstallRef": "r",
		"AppVer": "1.0", "PaymentType": "card", "ItemDeliveryType2": "pickup", "ItemText2_50": "t", "ItemNumeric2_10": "1.0",
		"ItemDate2_1": "2026-10-01", "ItemMoney2_3": "2.50", "ItemText1_1": "first", "PhoneNumber": "h+1 555",
	}
	if diff := cmp.Diff(want, c.Extras); diff != "" {
		t.Error(diff)
	}
	if payload := p.Payload(); !strings.HasSuffix(payload, "PhoneNumber=h%2B1+555") || strings.Contains(payload, "PhoneNumber=%2B") {
		t.Errorf("the payload is %s", payload)
	}
}

func TestSection17NumbersOfItemFieldsAreChecked(t *testing.T) {
	for query, want := range map[string]string{
		"ItemText2_51=x":              "ItemText2_51",
		"ItemText2_0=x":               "ItemText2_0",
		"ItemText2_01=x":              "ItemText2_01",
		"ItemText2=x":                 "ItemText2",
		"ItemText0_1=x":               "ItemText0_1",
		"ItemText1000000_1=x":         "ItemText1000000_1",
		"ItemDeliveryType2_1=x":       "ItemDeliveryType2_1",
		"ItemMoney2_4=1":              "ItemMoney2_4",
		"ItemText1_1=a&ItemText_1=a":  "",
		"ItemMoney999999_3=1&Text1=a": "",
	} {
		p := wiretest.Params(t, forConversion+"MediaPartnerId=9&Amount=1&"+query)
		if _, err := wire.DecodeConversion(p, env); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		if got := p.Ignored(); got != want {
			t.Errorf("%s: %q is ignored, want %q", query, got, want)
		}
	}
	_, err := wire.DecodeConversion(wiretest.Params(t, forConversion+"MediaPartnerId=9&Amount=1&ItemText1_1=a&ItemText_1=b"), env)
	wiretest.CheckErrors(t, err, "ItemText_1: Contradicts ItemText1_1")
}

func TestLineParametersAreSplit(t *testing.T) {
	for name, want := range map[string][3]string{
		"ItemSku":          {"ItemSku", "", ""},
		"itemsku12":        {"itemsku", "12", ""},
		"Amount3":          {"Amount", "3", ""},
		"ItemText_7":       {"ItemText", "", "_7"},
		"ItemText2_7":      {"ItemText", "2", "_7"},
		"ItemDeliveryType": {"ItemDeliveryType", "", ""},
	} {
		stem, number, rest, ok := wire.SplitLineParameter(name)
		if got := [3]string{stem, number, rest}; got != want || ok != (name != "Amount3") {
			t.Errorf("%s is split into %q, %t", name, got, ok)
		}
	}
	if _, _, _, ok := wire.SplitLineParameter("OrderId"); ok {
		t.Error("OrderId is a parameter of an order line")
	}
}
