package encode

import (
	"strconv"

	"github.com/trueup-ledger/trueup/ledger/program"
)

const (
	partnersPath   = "/MediaPartners/"
	promoCodesPath = "/PromoCodes/"
)

// PartnerPath returns the path of a partner below the account.
func PartnerPath(id int64) string { return partnersPath + strconv.FormatInt(id, 10) }

// PromoCodePath returns the path of a promo code below the account.
func PromoCodePath(id int64) string { return promoCodesPath + strconv.FormatInt(id, 10) }

// GroupPath returns the path of a group of partners below the account.
func GroupPath(campaign, id int64) string {
	return campaignPath(campaign) + "/MediaPartnerGroups/" + strconv.FormatInt(id, 10)
}

func campaignPath(id int64) string { return "/Campaigns/" + strconv.FormatInt(id, 10) }

// AppendGroup appends a group of partners to dst. All of its scalars are strings in every
// version.
func (e *Encoder) AppendGroup(dst []byte, g program.PartnerGroup) []byte {
	o := e.open(dst, Groups.Element)
	o.idText("Id", g.ID)
	o.text("Name", g.Name)
	base := string(e.appendBase(nil))
	o.array("MediaPartners", "MediaPartner", len(g.Partners), func(o *objectWriter, i int) {
		partner := g.Partners[i]
		o.nested(func() {
			o.idText("PartnerId", partner)
			o.text("PartnerName", e.Reference.Partners[partner].Name)
			o.text("PartnerUri", base+PartnerPath(partner))
		})
	})
	o.uri("", GroupPath(g.Campaign, g.ID))
	return o.close(Groups.Element)
}

// AppendPromoCode appends a promo code to dst. Its deal and discount are not known, except for
// the deal's id and name.
func (e *Encoder) AppendPromoCode(dst []byte, p program.PromoCode) []byte {
	o := e.open(dst, PromoCodes.Element)
	o.integer("Id", p.ID)
	o.text("Code", p.Code)
	o.text("Type", string(p.Type))
	o.text("CreditPolicy", string(p.CreditPolicy))
	o.integer("CampaignId", p.Campaign)
	o.text("CampaignName", e.Reference.Campaigns[p.Campaign].Name)
	o.integer("AssignedPartnerId", p.Partner)
	o.text("AssignedPartnerName", e.Reference.Partners[p.Partner].Name)
	o.timestamp("CreatedDate", p.Created)
	o.timestamp("StartDate", p.Start)
	o.timestamp("EndDate", p.End)
	o.text("State", p.StateAt(e.Now))
	o.integer("DealId", p.Deal)
	o.text("DealName", p.DealName)
	o.empty("DealState", "DealType", "DealScope", "DealStartDate", "DealEndDate", "DiscountType")
	o.noNumber("DiscountAmount")
	o.text("DiscountCurrency", "")
	o.noNumber("DiscountPercent", "MinimumPurchaseAmount", "MaximumSavingsAmount", "PurchaseLimitQuantity", "BogoBuyQuantity")
	o.text("BogoBuyName", "")
	o.noNumber("BogoGetQuantity")
	o.empty("BogoGetName", "BogoGetDiscountType")
	o.boolean("SynchAdsPromoCodes", false)
	o.uri(promoCodesPath, strconv.FormatInt(p.ID, 10))
	return o.close(PromoCodes.Element)
}

// clickElement is the name of a click in XML. Clicks have no list.
const clickElement = "Click"

// AppendClick appends a click to dst. Only the fields that a click is registered with are
// known.
func (e *Encoder) AppendClick(dst []byte, c program.Click) []byte {
	o := e.open(dst, clickElement)
	o.text("Id", c.ID)
	o.integer("CampaignId", c.Campaign)
	o.text("CampaignName", e.Reference.Campaigns[c.Campaign].Name)
	o.text("ProfileId", c.Profile)
	o.text("IpAddress", "")
	o.timestamp("EventDate", c.At)
	o.integer("MediaId", c.Partner)
	o.text("MediaName", e.Reference.Partners[c.Partner].Name)
	o.noNumber("AdId")
	o.empty("AdName", "AdType", "ProductSku")
	o.unknown("BrandRelated", "AdCampaign", "AdGroup", "Keyword", "MatchType", "Channel")
	o.empty("CustomerArea", "CustomerCity", "CustomerRegion", "CustomerCountry", "DeviceType", "DeviceFamily", "Browser", "Os",
		"ReferringUrl", "ReferringDomain", "LandingPageUrl", "SharedId")
	o.boolean("UniqueClick", false)
	o.empty("CpcBid", "DealName", "DealType", "DealScope")
	o.unknown("PartnerRelated", "SubId1", "SubId2", "SubId3")
	o.noNumber("Payout")
	o.empty("TrafficCategory", "TrafficSource", "BidKeyword", "SearchText")
	o.uri(campaignPath(c.Campaign)+"/Clicks/", escapeSegment(c.ID))
	return o.close(clickElement)
}

// empty writes texts that are not known.
func (o *objectWriter) empty(names ...string) {
	for _, name := range names {
		o.text(name, "")
	}
}

// noNumber writes numbers that are not known.
func (o *objectWriter) noNumber(names ...string) {
	for _, name := range names {
		o.integer(name, 0)
	}
}

// unknown writes an object whose fields are empty texts.
func (o *objectWriter) unknown(name string, fields ...string) {
	o.begin(name)
	o.nested(func() { o.empty(fields...) })
	o.end(name)
}
