package client

import (
	"encoding/json"
	"time"

	"github.com/trueup-ledger/trueup/money"
)

// Company describes the account.
type Company struct {
	CompanyName                                                                       string
	Industry                                                                          Industry
	Website, PrimaryPhoneNumber, PrimaryPhoneNumberCountry, SecondaryPhoneNumber      string
	SecondaryPhoneNumberCountry, MinimumContactRating, Timezone                       string
	Currency                                                                          money.Currency
	RegisteredForIndirectTax, IndirectTaxNumber, OrganizationType, EinSsnForeignTaxID string
	CorporateAddress, BillingAddress                                                  CompanyAddress
	FinancialContact, TechnicalContact, CommercialContact, SecurityContact            CompanyContact
	URI                                                                               string
}

// Industry is the industry of a [Company].
type Industry struct{ IndustryID, IndustryName string }

// CompanyAddress is an address of a [Company].
type CompanyAddress struct {
	AddressLine1, AddressLine2, City, State, PostalCode, Country string
}

// CompanyContact is a contact of a [Company].
type CompanyContact struct {
	UserID, Name, Email, WorkPhoneNumber, WorkPhoneNumberCountry, CellPhoneNumber, CellPhoneNumberCountry string
}

// Campaign is a partner program of the account.
type Campaign struct {
	ID                                                  int
	Name, State, Type                                   string
	Categories                                          Categories
	ShortDescription, LongDescription                   string
	ListInMarketplace, DisplayServicingAgency           bool
	Rating                                              int
	SearchKeywords                                      string
	ShippingRegions                                     []string
	Resources                                           CampaignResources
	CompanyContacts                                     []CampaignContact
	GiftCardPayouts, TrademarkBidding                   bool
	ThirdPartyImpressionPixel                           string
	MobileReadyAds, DisplayFutureAds, PromoCodeTracking bool
	TrackingDomain, SiteDefinition                      string
	ImpressionTracking, ViewThroughCrediting            bool
	IdentityMatching                                    string
	HasStandDownPolicy                                  bool
	GatewayTrackingSettings                             GatewayTracking
	DirectTrackingSettings                              DirectTracking
	URI                                                 string
}

// Categories are the categories of a [Campaign].
type Categories struct {
	PrimaryCategory         string
	PrimarySubCategories    []string
	AdditionalCategory      string
	AdditionalSubCategories []string
}

// CampaignResources are links of a [Campaign].
type CampaignResources struct {
	CompanyHomepage, ExampleLandingPage, InformationPage string
	AdditionalRelatedLinks                               []RelatedLink
}

// RelatedLink is a link of a [Campaign]. LinkType is URL or PDF.
type RelatedLink struct {
	LinkType, LinkDisplayName, LinkURL string
}

// CampaignContact is a contact of a [Campaign].
type CampaignContact struct {
	FirstName, LastName, EmailAddress, PhoneNumber string
}

// GatewayTracking are the settings of tracking by redirects.
type GatewayTracking struct {
	DefaultLandingPage, MediaPartnerTrackingTemplate, CampaignTrackingTemplate    string
	SSLSupport, DeepLinking                                                       bool
	DeepLinkDomains, ThirdPartyGatewayURL, ThirdPartyGatewayQueryStringParameters string
	UniqueClickWindowLength, UniqueClickWindowType                                string
}

// DirectTracking are the settings of tracking without redirects.
type DirectTracking struct {
	UnidentifiedName    string
	SessionWindowLength int
}

// Partner is a media partner.
type Partner struct {
	ID                                int
	Name, Description, Website, State string
	Address                           PartnerAddress
	Phone                             CountryNumber
	Currency                          money.Currency
	Timezone                          string
	IndirectTax                       CountryNumber
	PartnerType                       string
	PromotionalMethods                []PromotionalMethod
	PromotionalCountries              []string
	Properties                        []Property
	PromotionalCategories             []string
	Programs                          []PartnerProgram
	Contacts                          []PartnerContact
	LinkedAccounts                    []LinkedAccount
	PartnerValues                     PartnerValues
	AccountManager                    string
	DateCreated, DateLastUpdated      time.Time
	CreatedBy, LastUpdatedBy, URI     string
}

// PartnerAddress is the address of a [Partner].
type PartnerAddress struct {
	Country, Address1, Address2, City, State, PostalCode string
}

// CountryNumber is a phone or tax number of a [Partner].
type CountryNumber struct {
	Country, Number string
}

// PromotionalMethod is how a [Partner] promotes.
type PromotionalMethod struct {
	Type      string
	IsPrimary bool
}

// Property is a website, an app or a channel of a [Partner].
type Property struct {
	ID, Name, Type, Platform, URL string
}

// PartnerProgram is a campaign in which a [Partner] has a contract.
type PartnerProgram struct {
	ID, Name, ContractID, ContractName string
	JoinDate, ExpirationDate           time.Time
}

// PartnerContact is a contact of a [Partner].
type PartnerContact struct {
	FirstName, LastName, Email string
	IsPrimary                  bool
}

// LinkedAccount is an account that belongs to a [Partner].
type LinkedAccount struct {
	ID, Reason string
	Date       time.Time
}

// PartnerValues are values that the account gives to a [Partner].
type PartnerValues struct {
	Value1, Value2, Value3 string
}

// Contract has the terms by which a partner is paid in a campaign.
type Contract struct {
	ID                                                 string
	PartnerID                                          int
	PartnerValue1, Status                              string
	StartDate, EndDate                                 time.Time
	BrandSignatory                                     string
	BrandSignatoryDate                                 time.Time
	PartnerSignatory                                   string
	PartnerSignatoryDate, DateCreated, DateLastUpdated time.Time
	TemplateTerms                                      TemplateTerms
	ScheduledTerms                                     []ScheduledTerms
	CampaignTerms                                      []CampaignTerms
	HasCampaignTerms                                   bool
	PDFURI                                             string `wire:"PdfUri"`
	URI                                                string
	CampaignID                                         int
	CampaignName, PartnerName                          string
}

// TemplateTerms are the terms in force of a [Contract].
type TemplateTerms struct {
	TemplateID, VersionID int
	Name                  string
	Labels                []string
	Currency              money.Currency
	EventPayouts          []EventPayout
	PromotionalTerms      []PromotionalTerms
}

// PromotionalTerms are rules for promotions.
type PromotionalTerms struct {
	TermsName, TermsType, TermsContent string
	TermsPDFURI                        string `wire:"TermsPdfUri"`
}

// ScheduledTerms are terms of a [Contract] that will take effect.
type ScheduledTerms struct {
	Status, Name       string
	StartDate, EndDate time.Time
	Repeat             Repeat
	EventPayouts       []EventPayout
}

// Repeat is when [ScheduledTerms] apply.
type Repeat struct {
	Days               []string
	StartTime, EndTime string
}

// CampaignTerms are terms of a campaign. Trueup has none.
type CampaignTerms struct {
	Name, ID           string
	StartDate, EndDate time.Time
	EventPayouts       []EventPayout
}

// EventPayout is what a contract pays for events of a type: an amount or a rate in percent.
type EventPayout struct {
	EventTypeID                      int
	EventTypeName, EventCategory     string
	DefaultPayout, DefaultPayoutRate money.Decimal
	PayoutLevel                      string // ITEM or ORDER
	PayoutGroups                     []PayoutGroup
}

// PayoutGroup is what a contract pays for events that match all rules.
type PayoutGroup struct {
	ID                 string
	Rank               int
	Rules              []PayoutRule
	Payout, PayoutRate money.Decimal
	Limits, Tiers      []json.RawMessage // Trueup has none
}

// PayoutRule is a condition of a [PayoutGroup].
type PayoutRule struct {
	Variable, Operator string
	Values             []string
}

// Group is a group of partners of a campaign.
type Group struct {
	ID            int
	Name          string
	MediaPartners []GroupPartner
	URI           string
}

// GroupPartner is a member of a [Group].
type GroupPartner struct {
	PartnerID               int
	PartnerName, PartnerURI string
}

// PromoCode is a promo code that credits orders to a partner.
type PromoCode struct {
	ID                                                           int
	Code                                                         string
	Type                                                         string // LI or RE
	CreditPolicy                                                 string // ALWAYS, INVOLVED or WINNER
	CampaignID                                                   int
	CampaignName                                                 string
	AssignedPartnerID                                            int
	AssignedPartnerName                                          string
	CreatedDate, StartDate, EndDate                              time.Time
	State                                                        string // ACTIVE or INACTIVE
	DealID                                                       int
	DealName, DealState, DealType, DealScope                     string
	DealStartDate, DealEndDate                                   time.Time
	DiscountType                                                 string
	DiscountAmount                                               money.Decimal
	DiscountCurrency                                             money.Currency
	DiscountPercent, MinimumPurchaseAmount, MaximumSavingsAmount money.Decimal
	PurchaseLimitQuantity, BogoBuyQuantity                       int
	BogoBuyName                                                  string
	BogoGetQuantity                                              int
	BogoGetName, BogoGetDiscountType                             string
	SynchAdsPromoCodes                                           bool
	URI                                                          string
}

// Click is a click on a link of a partner.
type Click struct {
	ID                                                                                    string
	CampaignID                                                                            int
	CampaignName, ProfileID                                                               string
	IPAddress                                                                             string `wire:"IpAddress"`
	EventDate                                                                             time.Time
	MediaID                                                                               int
	MediaName                                                                             string
	AdID                                                                                  int
	AdName, AdType, ProductSKU                                                            string
	BrandRelated                                                                          BrandRelated
	CustomerArea, CustomerCity, CustomerRegion, CustomerCountry, DeviceType, DeviceFamily string
	Browser, Os, ReferringURL, ReferringDomain, LandingPageURL, SharedID                  string
	UniqueClick                                                                           bool
	CpcBid, DealName, DealType, DealScope                                                 string
	PartnerRelated                                                                        PartnerRelated
	Payout                                                                                money.Decimal
	TrafficCategory, TrafficSource, BidKeyword, SearchText, URI                           string
}

// BrandRelated is the advertising that led to a [Click].
type BrandRelated struct {
	AdCampaign, AdGroup, Keyword, MatchType, Channel string
}

// PartnerRelated are the values that the partner gave a [Click].
type PartnerRelated struct {
	SubID1, SubID2, SubID3 string
}
