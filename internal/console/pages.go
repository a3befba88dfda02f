package console

import (
	"net/http"

	"github.com/trueup-ledger/trueup/internal/console/actions"
	"github.com/trueup-ledger/trueup/internal/console/invoices"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/submissions"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/internal/people"
)

// Pages are all pages of an account. The navigation, the permissions and the tests derive from it.
var Pages = []page.Page{
	{Method: http.MethodGet, Path: "/actions", Title: "Actions", Section: "Actions", Key: "a", Permission: people.Read, Handle: actions.List},
	{Method: http.MethodGet, Path: "/actions/{action}", Title: "Action", Section: "Actions", Permission: people.Read, Handle: actions.Get},
	{Method: http.MethodPost, Path: "/actions/{action}/preview", Title: "Action", Section: "Actions", Permission: people.Operate, Handle: actions.Preview},
	{Method: http.MethodPost, Path: "/actions/{action}/change", Title: "Action", Section: "Actions", Permission: people.Operate, Handle: actions.Change},

	{Method: http.MethodGet, Path: "/submissions", Title: "Submissions", Section: "Submissions", Key: "s", Permission: people.Read, Handle: submissions.List},
	{Method: http.MethodGet, Path: "/submissions/{submission}", Title: "Submission", Section: "Submissions", Permission: people.Read, Handle: submissions.Get},
	{Method: http.MethodPost, Path: "/submissions/{submission}/park", Title: "Submission", Section: "Submissions", Permission: people.Operate, Handle: submissions.Park},
	{Method: http.MethodPost, Path: "/submissions/{submission}/retry", Title: "Submission", Section: "Submissions", Permission: people.Operate, Handle: submissions.Retry},
	{Method: http.MethodGet, Path: "/adjustments/{adjustment}", Title: "Submission", Section: "Submissions", Permission: people.Read, Handle: submissions.OfAdjustment},

	{Method: http.MethodGet, Path: "/invoices", Title: "Invoices", Section: "Invoices", Key: "i", Permission: people.Read, Handle: invoices.List},
	{Method: http.MethodGet, Path: "/invoices/export", Title: "Invoices", Section: "Invoices", Permission: people.Read, Handle: invoices.Export},
	{Method: http.MethodGet, Path: "/invoices/{invoice}", Title: "Invoice", Section: "Invoices", Permission: people.Read, Handle: invoices.Get},
	{Method: http.MethodGet, Path: "/invoices/{invoice}/pdf", Title: "Invoice", Section: "Invoices", Permission: people.Read, Handle: invoices.PDF},
	{Method: http.MethodGet, Path: "/invoices/{invoice}/csv", Title: "Invoice", Section: "Invoices", Permission: people.Read, Handle: invoices.CSV},
	{Method: http.MethodPost, Path: "/invoices/{invoice}/payment", Title: "Invoice", Section: "Invoices", Permission: people.Finance, Handle: invoices.Pay},

	{Method: http.MethodGet, Path: "/balances", Title: "Balances", Section: "Balances", Key: "b", Permission: people.Read, Handle: invoices.Balances},
	{Method: http.MethodGet, Path: "/balances/{partner}", Title: "Balance", Section: "Balances", Permission: people.Read, Handle: invoices.Balance},
	{Method: http.MethodPost, Path: "/balances/{partner}/write-off", Title: "Balance", Section: "Balances", Permission: people.Finance, Handle: invoices.WriteOff},
}

// navigation returns the sections that a member may see.
func navigation(m people.Membership, current string) (nav []view.NavItem) {
	for _, p := range Pages {
		if p.Key != "" && m.Role.May(p.Permission) {
			nav = append(nav, view.NavItem{Label: p.Section, Path: page.Base(m.Account) + p.Path, Key: p.Key, Current: p.Section == current})
		}
	}
	return nav
}
