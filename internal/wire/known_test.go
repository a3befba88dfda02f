package wire_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestParametersAreThoseOfTheDecoders(t *testing.T) {
	t.Parallel()
	const known, number, unknown = "known", "number", "unknown"
	for kind, names := range map[ledger.Kind]map[string]string{
		ledger.KindConversion: {
			"CampaignId": known, "oid": known, "EVENTDATE": known, "DryRun": known, "IpAddress": known, "Text50": known, "SubId3": known,
			"AppleIfa": known, "DeviceModel": known, "ItemSku": known, "ItemSku7": known, "Amount": number, "Amount2": number,
			"ItemSubTotal3": number, "ItemQuantity": number, "OrderTax": number, "Numeric10": number, "Money3": number,
			"Text51": unknown, "ItemSku0": unknown, "OrderId2": unknown, "ItemSubTotl": unknown, "DeviceIp": unknown, "": unknown, "7": unknown,
		},
		ledger.KindModification: {
			"ActionId": known, "State": known, "Reason": known, "Sku2": known, "CustomerStatus": known, "Amount": number, "QuantityDelta": number,
			"ItemSubTotalDelta4": number, "EventDate": unknown, "DeviceModel": unknown,
		},
		ledger.KindReversal: {"ActionId": known, "DispositionCode": known, "Amount": unknown},
	} {
		p := wire.ParametersOf(kind)
		for name, want := range names {
			got := unknown
			if p.Has(name) {
				got = known
			}
			if p.IsNumber(name) {
				got = number
			}
			if got != want {
				t.Errorf("%s of a %s is %s, want %s", name, kind, got, want)
			}
		}
	}
}

func TestNearestParameter(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ItemSubTotl": "ItemSubTotal", "itemsubtotl2": "ItemSubTotal", "ItemSubTtl": "ItemSubTotal", "Item Sub-Total": "ItemSubTotal",
		"Amonut": "Amount", "Quantty": "Quantity", "order_id": "OrderId", "Notes": "Note", "EventDat": "EventDate", "MediaPartner": "MediaPartnerId",
		"Text51": "Text1", "SubId": "SubId1", "OrderId2": "OrderId", "Skus": "Sku", "CustomerMail": "CustomerEmail", "Resaon": "Reason",
		"Season": "", "Name": "", "Rate": "", "Status": "", "Size": "", "CustomerName": "", "ItemColor": "", "OrderDate": "", "Warehouse": "", "Größe": "",
		"": "", "42": "", "Total": "", "Country": "", "ItemNote": "", "ItemType": "",
	} {
		if got := wire.NearestParameter(name); got != want {
			t.Errorf("nearest to %q is %q, want %q", name, got, want)
		}
	}
}
