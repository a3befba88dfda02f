package wire_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/personal"
)

// TestAnErasedPayloadIsThatOfTheErasedCommand decodes the payloads that package personal leaves,
// with every parameter of a customer, and compares the commands.
func TestAnErasedPayloadIsThatOfTheErasedCommand(t *testing.T) {
	const query = forConversion + "MediaPartnerId=9&PromoCode=SAVE&ClickId=secret&CustomerId=secret&CustomProfileId=secret&CustomClickId=secret&UniqueUrl=secret&" +
		"CallerId=secret&GoogAId=secret&AndroidId=secret&AppleIfa=secret&AppleIfv=secret&CustomerEmail=" + hashedSecret + "&PhoneNumber=secret&IpAddress=secret&" +
		"CustomerStatus=NEW&CustomerCity=secret&CustomerPostCode=secret&CustomerCountry=secret&CustomerRegion=secret&CustomerArea=secret&CountryCode=secret&" +
		"UserAgent=secret&DeviceType=secret&AppName=secret&SharedId=secret&Note=secret&SubId1=secret&SubId2=secret&SubId3=secret&LocationId=secret&" +
		"LocationName=secret&LocationType=secret&Text1=secret&Text50=secret&Numeric1=4711&Money1=4711&Date1=2026-01-01&TrackingConsent=true&" +
		"OrderShipping=4.90&OrderTax=1&OrderRebate=1&OrderMargin=2&GiftPurchase=true&PropertyId=3&PaymentType=card&EventCode=e&EventTypeCode=SALE&" +
		"OrderDiscount=1&OrderDiscountRate=1&CurrencyCode=USD&DispositionCode=CHECKED&" +
		"ItemSku1=A&ItemName1=n&ItemCategory1=c&ItemSubCategory1=s&ItemMpn1=m&ItemBrand1=b&ItemPromoCode1=p&ItemQuantity1=2&ItemPrice1=9&" +
		"ItemDiscount1=1&ItemDiscountRate1=1&ItemTotalDiscount1=1&ItemDeliveryType1=d&ItemText1_1=secret&ItemNumeric1_1=4711&ItemDate1_1=2026-01-01&" +
		"Sku2=B&Category2=c&Quantity2=2&Amount2=7"
	p := wiretest.Params(t, query)
	whole, err := wire.DecodeConversion(p, env)
	if err != nil {
		t.Fatal(err)
	}
	left := personal.Payload(p.Payload())
	if strings.Contains(left, "secret") || strings.Contains(left, "4711") || strings.Contains(left, hashedSecret) {
		t.Errorf("the erased payload is %q", left)
	}
	got, err := wire.DecodeConversion(wiretest.Params(t, left), env)
	if err != nil {
		t.Fatal(err)
	}
	want := personal.Command(whole, nil).(ledger.Conversion)
	want.OtherKey = false // it says only that there was another key
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the command of the erased payload (-erased command +erased payload)\n%s", diff)
	}
}

const hashedSecret = "abababababababababababababababababababab"

// TestEachParameterOfCommandsIsKeptOrErased fails for a new parameter until it is decided whether
// it is personal data.
func TestEachParameterOfCommandsIsKeptOrErased(t *testing.T) {
	var erased []string
	for _, name := range wire.CommandNames {
		if personal.Payload(name+"=1") == "" {
			erased = append(erased, strings.TrimRight(name, "0123456789_"))
		}
	}
	const want = "AndroidId AppleIfa AppleIfv CallerId ClickId CountryCode CustomClickId CustomProfileId CustomerArea CustomerCity " +
		"CustomerCountry CustomerEmail CustomerId CustomerPostCode CustomerRegion Date DryRun GoogAId IpAddress ItemDate ItemMoney " +
		"ItemNumeric ItemText LocationId LocationName LocationType Money Note Numeric PhoneNumber SharedId SubId Text " +
		"TrackingConsent UniqueUrl UserAgent"
	if diff := cmp.Diff(want, strings.Join(slices.Compact(erased), " ")); diff != "" {
		t.Errorf("the personal parameters (-want +got)\n%s", diff)
	}
}
