package encode

// Collection holds the names of a collection in the lists of its objects.
type Collection struct {
	// Key is the name of the array in JSON.
	Key string
	// Element is the name of each object in XML.
	Element string
	// listElement is the name of the list in XML if it differs from Key.
	listElement string
	// plainMetadata reports whether JSON lists also have the metadata as Page, NumPages and
	// so on, without an at sign and with numbers.
	plainMetadata bool
}

// The collections that Trueup keeps.
var (
	Actions     = Collection{Key: "Actions", Element: "Action"}
	Items       = Collection{Key: "ActionItems", Element: "ActionItem"}
	Updates     = Collection{Key: "ActionUpdates", Element: "ActionUpdate"}
	Adjustments = Collection{Key: "Adjustments", Element: "Adjustment"}
	Invoices    = Collection{Key: "Invoices", Element: "Invoice"}
	Balances    = Collection{Key: "Balances", Element: "Balance"}
	Inquiries   = Collection{Key: "ActionInquiries", Element: "ActionInquiry"}
	Submissions = Collection{Key: "APISubmission", Element: "APISubmission", listElement: "APISubmissions"}
	Campaigns   = Collection{Key: "Campaigns", Element: "Campaign"}
	Partners    = Collection{Key: "Partners", Element: "Partner"}
	Groups      = Collection{Key: "Groups", Element: "Group"}
	PromoCodes  = Collection{Key: "PromoCodes", Element: "PromoCode"}
	Contracts   = Collection{Key: "Contracts", Element: "Contract"}
	Files       = Collection{Key: "FTPFileSubmissions", Element: "FTPFileSubmission"}

	ErrorDetails = Collection{Key: "ErrorDetail", Element: "ErrorDetail", listElement: "ErrorDetails"}
)

// EmptyCollection is a collection of the Brand API that Trueup doesn't keep. Its lists are
// always empty.
type EmptyCollection struct {
	// Path is below the account. {Id} is the id of a campaign.
	Path string
	Collection
	// Filters are the published parameters of a list. They have no effect.
	Filters []string
}

// EmptyCollections lists every EmptyCollection.
var EmptyCollections = []EmptyCollection{
	{Path: "Ads", Collection: Collection{Key: "Ads", Element: "Ad"}},
	{Path: "Deals", Collection: Collection{Key: "Deals", Element: "Deal"}},
	{Path: "Catalogs", Collection: Collection{Key: "Catalogs", Element: "Catalog"}},
	{Path: "ExceptionLists", Collection: Collection{Key: "ExceptionLists", Element: "ExceptionList"}},
	{Path: "Jobs", Collection: Collection{Key: "Jobs", Element: "Job"}, Filters: []string{"CreatedAfter", "CreatedBefore"}},
	{Path: "LegalEntities", Collection: Collection{Key: "LegalEntities", Element: "LegalEntity"}},
	{Path: "PhoneNumbers", Collection: Collection{Key: "PhoneNumbers", Element: "PhoneNumber"}},
	{Path: "PromoCodeExceptionLists", Collection: Collection{Key: "PromoCodeExceptionLists", Element: "PromoCodeExceptionList"}},
	{Path: "Reports", Collection: Collection{Key: "Reports", Element: "Report"}},
	{Path: "TrackingValueRequests", Collection: Collection{Key: "TrackingValueRequests", Element: "TrackingValueRequest"}},
	{Path: "UniqueUrls", Collection: Collection{Key: "UniqueUrls", Element: "UniqueUrl"}},
	{Path: "Campaigns/{Id}/Contacts", Collection: Collection{Key: "Contacts", Element: "Contact"}},
	{Path: "Campaigns/{Id}/Notes", Collection: Collection{Key: "Notes", Element: "Note"}},
	{
		Path: "Campaigns/{Id}/UnsubscribedContacts", Filters: []string{"PartnerId", "UserEmail"},
		Collection: Collection{Key: "Results", Element: "UnsubscribedContact", plainMetadata: true},
	},
	{Path: "Programs/{Id}/BlockRedirectRules", Collection: Collection{Key: "BlockRedirectRules", Element: "BlockRedirectRule"}},
	{
		Path: "Programs/{Id}/Tasks", Collection: Collection{Key: "Tasks", Element: "Task"},
		Filters: []string{"Type", "SubtypeName", "DateCreatedAfter", "DateCreatedBefore", "DateLastUpdatedAfter", "DateLastUpdatedBefore"},
	},
	{Path: "Programs/{Id}/TrackingLinks", Collection: Collection{Key: "TrackingLinks", Element: "TrackingLink"}, Filters: []string{"MediaPartnerId"}},
}

// xmlName returns the name of the list in XML.
func (c Collection) xmlName() string {
	if c.listElement != "" {
		return c.listElement
	}
	return c.Key
}
