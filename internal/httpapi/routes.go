package httpapi

import (
	"maps"
	"net/http"
	"slices"

	"github.com/trueup-ledger/trueup/wire"
)

// route says which endpoint answers what.
type route struct {
	// path is below the account's root.
	method, path string
	handle       endpoint
}

// routes are all that is served below an account.
var routes = slices.Concat([]route{
	{http.MethodPost, "/Conversions", (*call).postConversion},

	{http.MethodPut, "/Actions", (*call).putAction},
	{http.MethodPut, "/Actions/{action}", (*call).putAction},
	{http.MethodPut, "/Actions/{action}/Items/{sku}", (*call).putAction},
	{http.MethodDelete, "/Actions", (*call).deleteAction},
	{http.MethodGet, "/Actions", (*call).getActions},
	{http.MethodGet, "/Actions/{action}", (*call).getAction},
	{http.MethodGet, "/Actions/{action}/Items", (*call).getItems},
	{http.MethodGet, "/Actions/{action}/Items/{sku}", (*call).getItem},
	{http.MethodGet, "/Actions/{action}/Updates", (*call).getActionUpdates},
	{http.MethodGet, "/ActionUpdates", (*call).getUpdates},
	{http.MethodGet, "/ActionUpdates/{update}", (*call).getUpdate},
	{http.MethodGet, "/APISubmissions", (*call).getSubmissions},
	{http.MethodGet, "/APISubmissions/{submission}", (*call).getSubmission},
	{http.MethodPost, "/APISubmissions/{submission}/Undo", (*call).postUndo},

	{http.MethodGet, "/ActionInquiries", (*call).getInquiries},
	{http.MethodGet, "/ActionInquiries/{inquiry}", (*call).getInquiry},
	{http.MethodPut, "/ActionInquiries", (*call).putInquiry},
	{http.MethodPut, "/ActionInquiries/{inquiry}", (*call).putInquiry},
	{http.MethodGet, "/CompanyInformation", (*call).getCompany},
	{http.MethodGet, "/Campaigns", (*call).getCampaigns},
	{http.MethodGet, "/Campaigns/{campaign}", (*call).getCampaign},
	{http.MethodGet, "/Campaigns/{campaign}/Contracts", (*call).getContracts},
	{http.MethodGet, "/MediaPartners", (*call).getPartners},
	{http.MethodGet, "/MediaPartners/{partner}", (*call).getPartner},
	{http.MethodGet, "/Contracts/{contract}", (*call).getContract},
}, emptyCollections())

// emptyCollections are the lists that readers probe before they begin.
func emptyCollections() []route {
	var found []route
	for _, path := range slices.Sorted(maps.Keys(wire.EmptyCollections)) {
		collection := wire.EmptyCollections[path]
		found = append(found, route{http.MethodGet, "/" + path, func(c *call) error { return c.getNothing(collection) }})
	}
	return found
}
