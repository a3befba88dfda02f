package httpapi

import (
	"maps"
	"net/http"
	"slices"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// route says which endpoint answers what, to tokens with which scope.
type route struct {
	// path is below the account's root.
	method, path string
	// resource is what the scope is of.
	resource store.Resource
	handle   endpoint
}

// scope is what a caller needs: the verb follows from the method.
func (r route) scope() store.Scope {
	if r.method == http.MethodGet {
		return r.resource.Read()
	}
	return r.resource.Write()
}

// ServeHTTP lets the endpoint answer the call that the request belongs to.
func (r route) ServeHTTP(_ http.ResponseWriter, request *http.Request) {
	c := request.Context().Value(callKey{}).(*call)
	c.r = request
	if scope := r.scope(); !c.token.May(scope) {
		c.err = forbidden("This token lacks the scope " + string(scope))
		return
	}
	if safe(request.Method) {
		c.err = r.handle(c)
	} else {
		c.err = c.once(r.handle)
	}
}

// endpoint answers calls of one route.
type endpoint func(c *call) error

// routes are all that is served below an account.
var routes = slices.Concat([]route{
	{http.MethodPost, "/Conversions", store.ResourceConversions, (*call).postConversion},

	{http.MethodPut, "/Actions", store.ResourceActions, (*call).putAction},
	{http.MethodPut, "/Actions/{action}", store.ResourceActions, (*call).putAction},
	{http.MethodPut, "/Actions/{action}/Items/{sku}", store.ResourceActions, (*call).putAction},
	{http.MethodDelete, "/Actions", store.ResourceActions, (*call).deleteAction},
	{http.MethodGet, "/Actions", store.ResourceActions, (*call).getActions},
	{http.MethodGet, "/Actions/{action}", store.ResourceActions, (*call).getAction},
	{http.MethodGet, "/Actions/{action}/Items", store.ResourceActions, (*call).getItems},
	{http.MethodGet, "/Actions/{action}/Items/{sku}", store.ResourceActions, (*call).getItem},
	{http.MethodGet, "/Actions/{action}/Updates", store.ResourceUpdates, (*call).getActionUpdates},
	{http.MethodGet, "/ActionUpdates", store.ResourceUpdates, (*call).getUpdates},
	{http.MethodGet, "/ActionUpdates/{update}", store.ResourceUpdates, (*call).getUpdate},
	{http.MethodGet, "/APISubmissions", store.ResourceSubmissions, (*call).getSubmissions},
	{http.MethodGet, "/APISubmissions/{submission}", store.ResourceSubmissions, (*call).getSubmission},
	{http.MethodPost, "/APISubmissions/{submission}/Undo", store.ResourceActions, (*call).postUndo},

	{http.MethodPost, filesPath, store.ResourceFiles, (*call).postFile},
	{http.MethodGet, filesPath, store.ResourceFiles, (*call).getFiles},
	{http.MethodGet, filesPath + "/{file}", store.ResourceFiles, (*call).getFile},
	{http.MethodGet, filesPath + "/{file}/ErrorDetails", store.ResourceFiles, (*call).getErrorDetails},
	{http.MethodGet, filesPath + "/{file}/ErrorDetails/{line}", store.ResourceFiles, (*call).getErrorDetail},

	{http.MethodGet, "/ActionInquiries", store.ResourceInquiries, (*call).getInquiries},
	{http.MethodGet, "/ActionInquiries/{inquiry}", store.ResourceInquiries, (*call).getInquiry},
	{http.MethodPut, "/ActionInquiries", store.ResourceInquiries, (*call).putInquiry},
	{http.MethodPut, "/ActionInquiries/{inquiry}", store.ResourceInquiries, (*call).putInquiry},

	{http.MethodGet, "/CompanyInformation", store.ResourceCompany, (*call).getCompany},
	{http.MethodGet, "/Campaigns", store.ResourceCampaigns, (*call).getCampaigns},
	{http.MethodGet, "/Campaigns/{campaign}", store.ResourceCampaigns, (*call).getCampaign},
	{http.MethodGet, "/Campaigns/{campaign}/Contracts", store.ResourceContracts, (*call).getContracts},
	{http.MethodGet, "/MediaPartners", store.ResourcePartners, (*call).getPartners},
	{http.MethodGet, "/MediaPartners/{partner}", store.ResourcePartners, (*call).getPartner},
	{http.MethodGet, "/Contracts/{contract}", store.ResourceContracts, (*call).getContract},
}, emptyCollections())

// emptyCollections are the lists that readers probe before they begin.
func emptyCollections() []route {
	var found []route
	for _, path := range slices.Sorted(maps.Keys(wire.EmptyCollections)) {
		collection := wire.EmptyCollections[path]
		found = append(found, route{http.MethodGet, "/" + path, store.ResourceCollections, func(c *call) error { return c.getNothing(collection) }})
	}
	return found
}
