package adminapi

import (
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// accountPath is the path of an account.
const accountPath = "/accounts/{account}"

// Access of people to a route. Routes without one concern the whole server.
var (
	mayRead       = principal.Access{Permission: people.Read}
	mayOperate    = principal.Access{Permission: people.Operate}
	mayFinance    = principal.Access{Permission: people.Finance}
	mayAdminister = principal.Access{Permission: people.Administer}
)

// routes returns all documented routes, relative to [Root].
func (h *handler) routes() []httpapi.OperatorRoute {
	routes := []httpapi.OperatorRoute{
		{Method: http.MethodGet, Path: "/accounts", Handle: h.getAccounts},
		{Method: http.MethodPost, Path: "/apply", Handle: h.postApply},

		{Method: http.MethodPost, Path: accountPath + "/whatif", Handle: forAccount(h.postWhatIf), AnyClock: true, Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/erase", Handle: forAccount(h.postErase), Access: mayAdminister},
		{Method: http.MethodPost, Path: accountPath + "/retain", Handle: forAccount(h.postRetain), Access: mayAdminister},
		{Method: http.MethodPost, Path: accountPath + "/actions/{action}/cap", Handle: forAccount(h.postCap), Access: mayOperate},
		{Method: http.MethodPost, Path: accountPath + "/submissions/{submission}/park", Handle: forAccount(h.postPark), Access: mayOperate},
		{Method: http.MethodPost, Path: accountPath + "/submissions/{submission}/retry", Handle: forAccount(h.postRetry), Access: mayOperate},
		{Method: http.MethodPost, Path: accountPath + "/inquiries", Handle: forAccount(h.postInquiry), Access: mayOperate},
		{Method: http.MethodGet, Path: accountPath + "/inquiries", Handle: forAccount(h.getInquiries), Access: mayRead},
		{Method: http.MethodGet, Path: accountPath + "/inquiries/{inquiry}", Handle: forAccount(h.getInquiry), Access: mayRead},

		{Method: http.MethodGet, Path: accountPath + "/notifications/{id}/deliveries", Handle: forAccount(h.getDeliveries), Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/notifications/{id}/resend", Handle: forAccount(h.postResend), Access: mayAdminister},
		{Method: http.MethodGet, Path: accountPath + "/notifications/{id}/secret", Handle: forAccount(h.getSecret), Access: mayAdminister},
		{Method: http.MethodPost, Path: accountPath + "/notifications/{id}/secret", Handle: forAccount(h.postSecret), Access: mayAdminister},

		{Method: http.MethodGet, Path: accountPath + "/bridges/{id}/orders", Handle: forAccount(h.getBridgeOrders), Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/bridges/{id}/retry", Handle: forAccount(h.postBridgeRetry), Access: mayOperate},

		{Method: http.MethodGet, Path: accountPath + "/" + program.RateTableList, Handle: forAccount(h.getRateTables), Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/" + program.RateTableList + "/import", Handle: forAccount(h.postRates), Access: mayFinance},

		{Method: http.MethodGet, Path: accountPath + "/invoices", Handle: h.forBooks(getInvoices), Access: mayRead},
		{Method: http.MethodGet, Path: accountPath + "/invoices/export", Handle: h.forBooks(getInvoiceExport), Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/invoices/issue", Handle: h.forBooks(postIssue), Access: mayFinance},
		{Method: http.MethodGet, Path: accountPath + "/invoices/{invoice}", Handle: h.forBooks(getInvoice), Access: mayRead},
		{Method: http.MethodGet, Path: accountPath + "/invoices/{invoice}/pdf", Handle: h.forBooks(h.getInvoicePDF), Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/invoices/{invoice}/payment", Handle: h.forBooks(postPayment), Access: mayFinance},
		{Method: http.MethodPost, Path: accountPath + "/payments/import", Handle: h.forBooks(h.postPayments), Access: mayFinance},
		{Method: http.MethodPost, Path: accountPath + "/bonuses", Handle: h.forBooks(postBonus), Access: mayFinance},
		{Method: http.MethodGet, Path: accountPath + "/balances", Handle: h.forBooks(getBalances), Access: mayRead},
		{Method: http.MethodGet, Path: accountPath + "/balances/{partner}", Handle: h.forBooks(getBalance), Access: mayRead},
		{Method: http.MethodPost, Path: accountPath + "/balances/{partner}/write_off", Handle: h.forBooks(postWriteOff), Access: mayFinance},

		{Method: http.MethodGet, Path: "/tokens", Handle: h.getTokens},
		{Method: http.MethodPost, Path: "/tokens", Handle: h.postToken},
		{Method: http.MethodPost, Path: "/tokens/{sid}/rotate", Handle: h.postRotate},
		{Method: http.MethodPost, Path: "/tokens/{sid}/expire", Handle: h.postExpire},
		{Method: http.MethodPost, Path: "/tokens/{sid}/strict", Handle: h.postStrict},
		{Method: http.MethodPost, Path: "/tokens/{sid}/disable", Handle: h.postDisable},

		{Method: http.MethodGet, Path: "/audit", Handle: h.getAuditEvents, Access: principal.Access{Permission: people.Read, AccountInQuery: true}},

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
	routes := []httpapi.OperatorRoute{{Method: http.MethodPut, Path: path, Handle: forAccount(h.put(kind)), Access: mayAdminister}}
	if kind.InReference() {
		routes = append(routes, httpapi.OperatorRoute{Method: http.MethodGet, Path: path, Handle: forAccount(h.get(kind)), Access: mayRead})
	}
	if kind.EndKey != "" {
		routes = append(routes, httpapi.OperatorRoute{Method: http.MethodPost, Path: path + "/end", Handle: forAccount(h.postEnd(kind)), Access: mayAdminister})
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
