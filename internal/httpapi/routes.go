package httpapi

import (
	"net/http"
	"slices"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
)

// route maps a method and a path to an endpoint and the scope that it requires.
type route struct {
	// path is below the account's root.
	method, path string
	// resource is the resource of the scope.
	resource store.Resource
	handle   endpoint
}

// scope returns the scope that a token needs: read for GET, and write otherwise.
func (r route) scope() store.Scope {
	if r.method == http.MethodGet {
		return r.resource.Read()
	}
	return r.resource.Write()
}

// ServeHTTP checks the scope and calls the endpoint. The writer must be a *headerRecorder.
func (r route) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	c := w.(*headerRecorder).call
	if c == nil {
		return
	}
	c.r, c.pattern = request, request.Pattern
	switch scope := r.scope(); {
	case !c.token.Allows(scope):
		c.err = forbidden("This token lacks the scope " + string(scope))
	case safe(request.Method):
		c.err = r.handle(c)
	default:
		c.err = c.idempotent(r.handle)
	}
}

// endpoint handles the calls of one route.
type endpoint func(c *call) error

// routes are all routes below an account.
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
	{http.MethodGet, "/Actions/{action}/Effective", store.ResourceActions, (*call).getEffective},
	{http.MethodGet, "/Actions/{action}/Effective/Items", store.ResourceActions, (*call).getEffectiveItems},
	{http.MethodGet, "/Actions/{action}/Adjustments", store.ResourceUpdates, (*call).getAdjustments},
	{http.MethodGet, "/Adjustments", store.ResourceUpdates, (*call).getAdjustments},
	{http.MethodGet, "/Adjustments/{adjustment}", store.ResourceUpdates, (*call).getAdjustment},
	{http.MethodGet, "/Invoices", store.ResourceInvoices, (*call).getInvoices},
	{http.MethodGet, "/Invoices/{invoice}", store.ResourceInvoices, (*call).getInvoice},
	{http.MethodGet, "/Invoices/{invoice}" + downloadPath, store.ResourceInvoices, (*call).getInvoiceFile},
	{http.MethodGet, "/Balances", store.ResourceInvoices, (*call).getBalances},
	{http.MethodGet, "/Balances/{partner}", store.ResourceInvoices, (*call).getBalance},
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
	{http.MethodGet, groupsPath, store.ResourceGroups, (*call).getGroups},
	{http.MethodPost, groupsPath, store.ResourceGroups, (*call).postGroup},
	{http.MethodGet, groupsPath + "/{group}", store.ResourceGroups, (*call).getGroup},
	{http.MethodPut, groupsPath + "/{group}", store.ResourceGroups, (*call).putGroup},
	{http.MethodDelete, groupsPath + "/{group}", store.ResourceGroups, (*call).deleteGroup},
	{http.MethodGet, "/Campaigns/{campaign}/Clicks/{click}", store.ResourceClicks, (*call).getClick},
	{http.MethodGet, "/PromoCodes", store.ResourcePromoCodes, (*call).getPromoCodes},
	{http.MethodPost, "/PromoCodes", store.ResourcePromoCodes, (*call).postPromoCode},
	{http.MethodGet, "/PromoCodes/{code}", store.ResourcePromoCodes, (*call).getPromoCode},
	{http.MethodDelete, "/PromoCodes/{code}", store.ResourcePromoCodes, (*call).deletePromoCode},
	{http.MethodGet, "/MediaPartners", store.ResourcePartners, (*call).getPartners},
	{http.MethodGet, "/MediaPartners/{partner}", store.ResourcePartners, (*call).getPartner},
	{http.MethodPut, "/MediaPartners/{partner}", store.ResourcePartners, (*call).putPartner},
	{http.MethodGet, "/Campaigns/{campaign}/Contracts/{contract}", store.ResourceContracts, (*call).getContract},
	{http.MethodGet, "/Contracts/{contract}", store.ResourceContracts, (*call).getContract},
}, exportRoutes(), emptyCollections())

// emptyCollections returns routes for lists that are always empty. Some clients probe all
// collections before they start.
func emptyCollections() []route {
	var empty []route
	for _, collection := range encode.EmptyCollections {
		empty = append(empty, route{http.MethodGet, "/" + collection.Path, store.ResourceCollections, func(c *call) error { return c.getEmptyCollection(collection) }})
	}
	return empty
}

// Routes returns the routes below an account, such as "GET /Actions/{action}".
func Routes() []string {
	patterns := make([]string, 0, len(routes))
	for _, r := range routes {
		patterns = append(patterns, r.method+" "+r.path)
	}
	return patterns
}
