package adminapi

import (
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// accountPath is the path of an account.
const accountPath = "/accounts/{account}"

// routes returns all documented routes, relative to [Root].
func (h *handler) routes() []httpapi.OperatorRoute {
	routes := []httpapi.OperatorRoute{
		{Method: http.MethodGet, Path: "/accounts", Handle: h.getAccounts},
		{Method: http.MethodPost, Path: "/apply", Handle: h.postApply},

		{Method: http.MethodPost, Path: accountPath + "/whatif", Handle: forAccount(h.postWhatIf), AnyClock: true},
		{Method: http.MethodPost, Path: accountPath + "/erase", Handle: forAccount(h.postErase)},
		{Method: http.MethodPost, Path: accountPath + "/retain", Handle: forAccount(h.postRetain)},
		{Method: http.MethodPost, Path: accountPath + "/actions/{action}/cap", Handle: forAccount(h.postCap)},
		{Method: http.MethodPost, Path: accountPath + "/submissions/{submission}/park", Handle: forAccount(h.postPark)},
		{Method: http.MethodPost, Path: accountPath + "/submissions/{submission}/retry", Handle: forAccount(h.postRetry)},
		{Method: http.MethodPost, Path: accountPath + "/inquiries", Handle: forAccount(h.postInquiry)},
		{Method: http.MethodGet, Path: accountPath + "/inquiries", Handle: forAccount(h.getInquiries)},
		{Method: http.MethodGet, Path: accountPath + "/inquiries/{inquiry}", Handle: forAccount(h.getInquiry)},

		{Method: http.MethodGet, Path: accountPath + "/notifications/{id}/deliveries", Handle: forAccount(h.getDeliveries)},
		{Method: http.MethodPost, Path: accountPath + "/notifications/{id}/resend", Handle: forAccount(h.postResend)},
		{Method: http.MethodGet, Path: accountPath + "/notifications/{id}/secret", Handle: forAccount(h.getSecret)},
		{Method: http.MethodPost, Path: accountPath + "/notifications/{id}/secret", Handle: forAccount(h.postSecret)},

		{Method: http.MethodGet, Path: accountPath + "/bridges/{id}/orders", Handle: forAccount(h.getBridgeOrders)},
		{Method: http.MethodPost, Path: accountPath + "/bridges/{id}/retry", Handle: forAccount(h.postBridgeRetry)},

		{Method: http.MethodGet, Path: accountPath + "/" + program.RateTableList, Handle: forAccount(h.getRateTables)},
		{Method: http.MethodPost, Path: accountPath + "/" + program.RateTableList + "/import", Handle: forAccount(h.postRates)},

		{Method: http.MethodGet, Path: accountPath + "/invoices", Handle: h.forBooks(getInvoices)},
		{Method: http.MethodGet, Path: accountPath + "/invoices/export", Handle: h.forBooks(getInvoiceExport)},
		{Method: http.MethodPost, Path: accountPath + "/invoices/issue", Handle: h.forBooks(postIssue)},
		{Method: http.MethodGet, Path: accountPath + "/invoices/{invoice}", Handle: h.forBooks(getInvoice)},
		{Method: http.MethodGet, Path: accountPath + "/invoices/{invoice}/pdf", Handle: h.forBooks(h.getInvoicePDF)},
		{Method: http.MethodPost, Path: accountPath + "/invoices/{invoice}/payment", Handle: h.forBooks(postPayment)},
		{Method: http.MethodPost, Path: accountPath + "/payments/import", Handle: h.forBooks(h.postPayments)},
		{Method: http.MethodPost, Path: accountPath + "/bonuses", Handle: h.forBooks(postBonus)},
		{Method: http.MethodGet, Path: accountPath + "/balances", Handle: h.forBooks(getBalances)},
		{Method: http.MethodGet, Path: accountPath + "/balances/{partner}", Handle: h.forBooks(getBalance)},
		{Method: http.MethodPost, Path: accountPath + "/balances/{partner}/write_off", Handle: h.forBooks(postWriteOff)},

		{Method: http.MethodGet, Path: "/tokens", Handle: h.getTokens},
		{Method: http.MethodPost, Path: "/tokens", Handle: h.postToken},
		{Method: http.MethodPost, Path: "/tokens/{sid}/rotate", Handle: h.postRotate},
		{Method: http.MethodPost, Path: "/tokens/{sid}/expire", Handle: h.postExpire},
		{Method: http.MethodPost, Path: "/tokens/{sid}/strict", Handle: h.postStrict},
		{Method: http.MethodPost, Path: "/tokens/{sid}/disable", Handle: h.postDisable},

		{Method: http.MethodGet, Path: "/audit", Handle: h.getAuditEvents, AccountInQuery: true},

		{Method: http.MethodGet, Path: "/clock", Handle: h.getClock},
		{Method: http.MethodPost, Path: "/clock", Handle: h.postClock},
		{Method: http.MethodPost, Path: "/clock/accept", Handle: h.postAcceptClock, AnyClock: true},
	}
	for _, kind := range program.ReferenceKinds {
		routes = append(routes, h.referenceRoutes(kind)...)
	}
	return routes
}

// referenceRoutes returns the routes for entries of a kind. It returns none for a kind whose
// entries are part of entries of another kind.
func (h *handler) referenceRoutes(kind program.ReferenceKind) []httpapi.OperatorRoute {
	if kind.List == "" {
		return nil
	}
	path := accountPath
	if kind.Name != program.KindAccount {
		path += "/" + kind.List + "/{" + strings.Join(kind.Keys, "}/{") + "}"
	}
	routes := []httpapi.OperatorRoute{{Method: http.MethodPut, Path: path, Handle: forAccount(h.put(kind))}}
	if kind.InReference() {
		routes = append(routes, httpapi.OperatorRoute{Method: http.MethodGet, Path: path, Handle: forAccount(h.get(kind))})
	}
	if kind.EndKey != "" {
		routes = append(routes, httpapi.OperatorRoute{Method: http.MethodPost, Path: path + "/end", Handle: forAccount(h.postEnd(kind))})
	}
	return routes
}

// Routes returns the documented routes, such as "GET /admin/v1/accounts".
func Routes() []string {
	routes := new(handler).routes()
	patterns := make([]string, 0, len(routes))
	for _, r := range routes {
		patterns = append(patterns, r.Method+" "+Root+r.Path)
	}
	return patterns
}
