// Package page is the frame of the console's pages: what a page is, and the request that its handler
// serves.
package page

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/internal/people"
)

// Page is a row of the table of pages. The permission decides who may use it, and what its handler
// can do: the admin API refuses calls that require another one, and the protocol refuses writes of
// a page with the permission to read.
type Page struct {
	// Method and Path are those of the request. The path is below the account.
	Method, Path string
	Title        string
	// Section is the label of the section of the navigation. Key is the key that opens it after g.
	// Only the first page of a section has one.
	Section, Key string
	Permission   people.Permission
	Handle       func(*Request) error
}

// MaxForm is the maximum size of a form of a page.
const MaxForm = 1 << 20

// Request is a request of a person for a page of an account.
type Request struct {
	// W and R are those of the handler. The context of R identifies the person to the protocol and
	// the admin API.
	W http.ResponseWriter
	R *http.Request

	Person people.Person
	Member people.Membership
	// Account is the account of the page, and Company its description.
	Account int64
	Company client.Company
	// Accounts are those of a person who has several.
	Accounts []view.Account
	Zone     *time.Location
	Now      time.Time
	// Client and Admin call the server for the person.
	Client *client.Client
	Admin  *admin.Client
	Log    *slog.Logger
	// ID identifies the request in the log.
	ID string

	Sessions *scs.SessionManager
	Nav      []view.NavItem
	Title    string
}

// Context returns the context of the request.
func (r *Request) Context() context.Context { return r.R.Context() }

// May reports whether the person has a permission in the account.
func (r *Request) May(p people.Permission) bool { return r.Member.Role.May(p) }

// MayOperate reports whether the person may change actions.
func (r *Request) MayOperate() bool { return r.May(people.Operate) }

// Base returns the path of the account's pages.
func (r *Request) Base() string { return Base(r.Account) }

// Base returns the path of an account's pages.
func Base(account int64) string { return fmt.Sprintf("/console/a/%d", account) }

// Path returns the path of a page of the account with escaped segments.
func (r *Request) Path(segments ...string) string {
	path := r.Base()
	for _, s := range segments {
		path += "/" + url.PathEscape(s)
	}
	return path
}

// ReadForm reads the form of a request, which has at most limit bytes, before its handler is called.
func ReadForm(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := r.ParseForm(); err != nil {
		return &Problem{http.StatusBadRequest, "The form can't be read", fmt.Sprintf("Go back and send it again, with at most %d KiB.", limit>>10)}
	}
	return nil
}

// Form returns the form of the request.
func (r *Request) Form() (url.Values, error) {
	if err := r.R.ParseForm(); err != nil {
		return nil, fmt.Errorf("read the form: %w", err)
	}
	return r.R.PostForm, nil
}

// Render writes a page with its data. A request by htmx for a part gets the whole page too, of which
// it selects the part.
func (r *Request) Render(t *view.Template, data any) error {
	return r.RenderStatus(http.StatusOK, t, data)
}

// RenderStatus is like Render, with a status.
func (r *Request) RenderStatus(status int, t *view.Template, data any) error {
	v := r.View(data)
	v.Toasts = r.takeToasts()
	r.W.WriteHeader(status)
	return t.Render(r.W, v)
}

// View returns the dot of a template.
func (r *Request) View(data any) view.View {
	v := view.View{
		Title: r.Title, Base: r.Base(), Zone: r.Zone, Now: r.Now, Nav: r.Nav, Accounts: r.Accounts, Data: data,
		Account: view.Account{ID: r.Account, Name: r.Company.CompanyName, Currency: string(r.Company.Currency)},
		Person:  view.Person{Name: r.Person.Name, Email: r.Person.Email, Role: string(r.Member.Role)},
	}
	return v
}

// Redirect leads the browser to a path after a form was sent.
func (r *Request) Redirect(path string) error {
	http.Redirect(r.W, r.R, path, http.StatusSeeOther)
	return nil
}

// Keys of the session.
const (
	sessionToast = "toast"
	sessionKind  = "toast kind"
)

// Toast keeps a message for the next page. Kind is "good" or "bad".
func (r *Request) Toast(kind, text string) {
	r.Sessions.Put(r.Context(), sessionToast, text)
	r.Sessions.Put(r.Context(), sessionKind, kind)
}

func (r *Request) takeToasts() []view.Toast {
	if text := r.Sessions.PopString(r.Context(), sessionToast); text != "" {
		return []view.Toast{{Kind: r.Sessions.PopString(r.Context(), sessionKind), Text: text}}
	}
	return nil
}

// Problem is an error for the person.
type Problem struct {
	Status          int
	Message, Remedy string
}

// Error returns the message.
func (p *Problem) Error() string { return p.Message }

// NotFound is the error of a page that doesn't exist.
var NotFound = &Problem{http.StatusNotFound, "There is no such page", "It may have been moved, or the address has a typing error."}

// ProblemOf returns the error for the person, or nil if it is for the log: an object that doesn't
// exist, or a response of the server that has a sentence for its caller.
func ProblemOf(err error) *Problem {
	var problem *Problem
	var response *client.Error
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.Is(err, client.ErrNotFound):
		return NotFound
	case !errors.As(err, &response) || response.Status >= http.StatusInternalServerError && response.Status != http.StatusServiceUnavailable:
		return nil
	case response.Status == http.StatusServiceUnavailable:
		return &Problem{response.Status, "The server is busy", "Try again in a moment."}
	case response.Status == http.StatusForbidden:
		return &Problem{response.Status, "Your role doesn't permit this", "Ask an administrator of the account."}
	}
	return &Problem{response.Status, "That was refused", Sentence(err)}
}
