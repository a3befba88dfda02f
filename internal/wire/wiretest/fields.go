package wiretest

import (
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// fieldLists holds the fields of each object as docs/protocol.md lists them. ",n" marks a
// field that is a number or a boolean in version 14. Of nested objects it holds their fields. "+" precedes the version that added the field.
var fieldLists = map[string]string{
	"Action": `Id CampaignId,n CampaignName ActionTrackerId,n ActionTrackerName EventCode+12 MediaPartnerId,n
		MediaPartnerName State AdId,n ClientCost+12,n Payout,n DeltaPayout,n IntendedPayout,n Amount,n DeltaAmount,n
		IntendedAmount,n Currency ReferringDate EventDate CreationDate LockingDate ClearedDate ReferringType
		ReferringDomain PromoCode Oid CustomerId CustomerStatus CustomerPostCode CustomerArea CustomerCity CustomerRegion
		CustomerCountry IpAddress SharedId CallerId Note Uri StateDetail`,
	"ActionItem": `Sku ItemName Category Quantity SaleAmount SaleAmountCurrency Payout,n PayoutCurrency Rebate,n
		RebateCurrency AdjustmentDate AdjustmentReason Uri`,
	"ActionUpdate": `Id ActionId CampaignId,n ActionTrackerId,n EventTypeId+12 EventTypeName+12 EventCode+12
		MediaPartnerId,n State StateDetail StateDetailDescription AdId,n Disposition DeltaPayout,n DeltaAmount,n Currency
		Category Sku Quantity CatalogName CatalogCategory CatalogDescription CatalogManufacturer
		CatalogOriginalFormatCategory CatalogSubCategory PayoutLevel DefaultPayoutRate ContractId UpdateDate LockingDate
		ClearingDate ActionDate Oid CustomerId CustomerStatus SharedId ActionUri Uri`,
	"APISubmission": `BatchId AccountId,n SubmissionDate CampaignId,n ActionTrackerId+12,n MediaPartnerId,n EventCode+12
		OrderId Payload Type Status CompletionDate ErrorType ErrorReason ErrorMessage ActionId ActionUri Uri`,
	"Group": `Id Name PartnerId PartnerName PartnerUri Uri`,
	"PromoCode": `Id,n Code Type CreditPolicy CampaignId,n CampaignName AssignedPartnerId,n AssignedPartnerName CreatedDate
		StartDate EndDate State DealId,n DealName DealState DealType DealScope DealStartDate DealEndDate DiscountType
		DiscountAmount,n DiscountCurrency DiscountPercent,n MinimumPurchaseAmount,n MaximumSavingsAmount,n
		PurchaseLimitQuantity,n BogoBuyQuantity,n BogoBuyName BogoGetQuantity,n BogoGetName BogoGetDiscountType
		SynchAdsPromoCodes,n Uri`,
	"Invoice": `Id CreatedDate MediaId,n MediaName Currency TotalAmount,n TotalVatAmount,n
		CampaignId,n CampaignName Description EventMonthYear Actions,n NetItemAmount,n VatItemAmount,n TotalItemAmount,n
		Status DueDate PaidDate AccountId,n Name ProgramId,n ProgramName EventMonthYear ActionAmount,n OtherAmount,n
		TotalAmount,n PDF Uri ConvertedCurrency ConversionRate ConvertedTotal,n`,
	"Balance": `MediaPartnerId,n Currency Pending,n Locked,n Cleared,n Carried,n Invoiced,n Paid,n WrittenOff,n Owed,n Uri`,
	"Click": `Id CampaignId,n CampaignName ProfileId IpAddress EventDate MediaId,n MediaName AdId,n AdName AdType ProductSku
		AdCampaign AdGroup Keyword MatchType Channel CustomerArea CustomerCity CustomerRegion CustomerCountry DeviceType DeviceFamily Browser Os
		ReferringUrl ReferringDomain LandingPageUrl SharedId UniqueClick,n CpcBid DealName DealType DealScope
		SubId1 SubId2 SubId3 Payout,n TrafficCategory TrafficSource BidKeyword SearchText Uri`,
}

// Fields returns the names of the fields that an object has in a version, in JSON and in XML.
// It appends " is a number" to the names of JSON numbers.
func Fields(element string, version int) (asJSON, asXML []string) {
	for _, field := range strings.Fields(fieldLists[element]) {
		name, kind, _ := strings.Cut(field, ",")
		name, since, _ := strings.Cut(name, "+")
		if since == "12" && version < 12 || since == "14" && version < 14 {
			continue
		}
		asXML = append(asXML, name)
		if kind != "" && version == 14 {
			name += " is a number"
		}
		asJSON = append(asJSON, name)
	}
	return asJSON, asXML
}

// FieldNames returns the names of the fields that an object has in the current version,
// separated by spaces.
func FieldNames(element string) string {
	_, names := Fields(element, wire.CurrentVersion)
	return strings.Join(names, " ")
}
