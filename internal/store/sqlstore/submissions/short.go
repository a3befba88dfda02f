package submissions

import (
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// The dictionaries of the columns kind, command and payload. Most of a command's bytes are
// names of its fields, and most of a payload's are names of parameters.
var (
	kinds = column.NewDictionary([]string{
		string(ledger.KindConversion), string(ledger.KindModification), string(ledger.KindReversal), string(ledger.KindUndo),
	}, nil)

	commands = column.NewDictionary([]string{
		`{"Campaign":`, `,"EventType":`, `,"EventDate":"`, `Z","Order":"`, `","Partner":`, `,"Customer":"`, `","Customer":"`,
		`,"Lines":[{"Number":`, `","Lines":[{"Number":`, `,"SKU":"`, `","Category":"`, `","Quantity":`, `,"Amount":"`,
		`,"Price":"`, `,"SubTotal":"`, `"},{"Number":`, `"}]}`, `{"Action":"`, `","Reason":"ORDER_UPDATE`, `","Reason":"`,
		`","Items":[{"Number":`, `}]}`, `},{"Number":`, `","Name":"`, `","Currency":"`, `","Click":"`, `","PromoCode":"`,
		`{"EventType":`, `,"Order":"`,
	}, []string{
		`","CustomerStatus":"`, `","PostCode":"`, `","City":"`, `","Region":"`, `","Country":"`, `","IPHash":"`, `"EventTypeCode":"`,
		`"CallerID":"`, `"Inquiry":`, `"OtherKey":true`, `"Amount":"`, `"Discount":"`, `"DiscountRate":"`, `"LineDiscount":"`,
		`"UnitDiscount":"`, `"PostDiscount":"`, `"Payout":"`, `"Rebate":"`, `"SubCategory":"`, `"MPN":"`, `"Brand":"`, `"Promo":"`,
		`"Disposition":"`, `"SharedID":"`, `"Note":"`, `"Extras":{"`, `"CustomClick":"`, `"UniqueURL":"`, `"Profile":"`,
		`"QuantityDelta":`, `"AmountDelta":"`, `"Expected":"`, `{"Submission":`, `","Reason":"RETURNED`, `","Reason":"ITEM_RETURNED`,
		`","Reason":"REJECTED`, `"SKU":"`, `"Quantity":`, `"Name":"`, `"Category":"`, `"CustomerStatus":"`,
	})

	payloads = column.NewDictionary([]string{
		"CampaignId=", "&CampaignId=", "ActionTrackerId=", "&ActionTrackerId=", "&EventTypeId=", "&CustomerId=", "&EventDate=",
		"&OrderId=", "OrderId=", "&MediaPartnerId=", "&ItemSku", "&ItemQuantity", "&ItemCategory", "&ItemSubTotal", "&ItemPrice",
		"&ItemName", "ActionId=", "&Reason=ORDER_UPDATE", "&Reason=", "&Sku=", "&Quantity=", "&Amount=", "%3A", "&ClickId=",
		"&CustomerStatus=", "&CurrencyCode=", "&OrderPromoCode=", "&PromoCode=", "&EventTypeCode=",
	}, []string{
		"&ItemDiscount", "&ItemBrand", "&ItemSubCategory", "&ItemMpn", "&ItemPromoCode", "&ItemTotalDiscount", "&ItemRebate",
		"&CustomerPostCode=", "&CustomerCity=", "&CustomerRegion=", "&CustomerCountry=", "&CustomerEmail=", "&IpAddress=", "&Note=",
		"&OrderDiscount=", "&OrderSubTotal=", "&OrderSubTotalPostDiscount=", "&FinalPayout=", "&DispositionCode=", "&SharedId=",
		"&CallerId=", "&PropertyId=", "&UserAgent=", "&Rebate=", "&ItemSubTotalDelta=", "&QuantityDelta=", "&Category=",
		"&Reason=ITEM_RETURNED", "&Reason=RETURNED", "&Reason=REJECTED", "BatchId=", "UpdateId=", "%2C", "%40", "%2F",
	})
)
