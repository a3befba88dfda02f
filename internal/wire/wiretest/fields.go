package wiretest

import (
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// fieldLists has the fields of each object as docs/protocol.md lists them. An n or i
// after a name marks a number of version 14. A "+" precedes the version that added the
// field.
var fieldLists = map[string]string{
	"Action": `Id CampaignId,i CampaignName ActionTrackerId,i ActionTrackerName EventCode+12 MediaPartnerId,i
		MediaPartnerName State AdId,i ClientCost+12,n Payout,n DeltaPayout,n IntendedPayout,n Amount,n DeltaAmount,n
		IntendedAmount,n Currency ReferringDate EventDate CreationDate LockingDate ClearedDate ReferringType
		ReferringDomain PromoCode Oid CustomerId CustomerStatus CustomerPostCode CustomerArea CustomerCity CustomerRegion
		CustomerCountry IpAddress SharedId CallerId Note Uri`,
	"ActionItem": `Sku ItemName Category Quantity SaleAmount SaleAmountCurrency Payout,n PayoutCurrency Rebate,n
		RebateCurrency AdjustmentDate AdjustmentReason Uri`,
	"ActionUpdate": `Id ActionId CampaignId,i ActionTrackerId,i EventTypeId+12 EventTypeName+12 EventCode+12
		MediaPartnerId,i State StateDetail StateDetailDescription AdId,i Disposition DeltaPayout,n DeltaAmount,n Currency
		Category Sku Quantity CatalogName CatalogCategory CatalogDescription CatalogManufacturer
		CatalogOriginalFormatCategory CatalogSubCategory PayoutLevel DefaultPayoutRate ContractId UpdateDate LockingDate
		ClearingDate ActionDate Oid CustomerId CustomerStatus SharedId ActionUri Uri`,
	"APISubmission": `BatchId AccountId,i SubmissionDate CampaignId,i ActionTrackerId+12,i MediaPartnerId,i EventCode+12
		OrderId Payload Type Status CompletionDate ErrorType ErrorReason ErrorMessage ActionId ActionUri Uri`,
	"Campaign":           `Id Name State Type+14 Uri`,
	"Partner":            `Id Name State Currency Timezone PartnerType Uri`,
	"CompanyInformation": `CompanyName Currency Timezone Uri`,
}

// Fields returns the fields that an object has in a version, in JSON and in XML. It marks
// the JSON numbers.
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

// FieldNames returns the fields that an object has in the current version, separated by
// spaces.
func FieldNames(element string) string {
	_, names := Fields(element, wire.CurrentVersion)
	return strings.Join(names, " ")
}
