package encode

// Collection holds the names of a collection in the lists of its objects.
type Collection struct {
	// Key is the name of the array in JSON.
	Key string
	// Element is the name of each object in XML.
	Element string
	// listElement is the name of the list in XML if it differs from Key.
	listElement string
}

// The collections that Trueup keeps.
var (
	Actions     = Collection{Key: "Actions", Element: "Action"}
	Items       = Collection{Key: "ActionItems", Element: "ActionItem"}
	Updates     = Collection{Key: "ActionUpdates", Element: "ActionUpdate"}
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

// EmptyCollections maps paths below the account to collections of the Brand API that Trueup
// doesn't keep. Their lists are always empty. {Id} is the id of a campaign.
var EmptyCollections = map[string]Collection{
	"Ads":                     {Key: "Ads", Element: "Ad"},
	"Deals":                   {Key: "Deals", Element: "Deal"},
	"Catalogs":                {Key: "Catalogs", Element: "Catalog"},
	"ExceptionLists":          {Key: "ExceptionLists", Element: "ExceptionList"},
	"Invoices":                {Key: "Invoices", Element: "Invoice"},
	"PhoneNumbers":            {Key: "PhoneNumbers", Element: "PhoneNumber"},
	"Reports":                 {Key: "Reports", Element: "Report"},
	"TrackingValueRequests":   {Key: "TrackingValueRequests", Element: "TrackingValueRequest"},
	"UniqueUrls":              {Key: "UniqueUrls", Element: "UniqueUrl"},
	"Campaigns/{Id}/Contacts": {Key: "Contacts", Element: "Contact"},
	"Campaigns/{Id}/Notes":    {Key: "Notes", Element: "Note"},
}

// xmlName returns the name of the list in XML.
func (c Collection) xmlName() string {
	if c.listElement != "" {
		return c.listElement
	}
	return c.Key
}
