// Package persons serves the routes of the admin API for people who sign in to the console.
package persons

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/principal"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// personForm is the JSON form of a person. Link is present only in the response to the request that
// creates it.
type personForm struct {
	people.Person
	Link string `json:"link,omitempty"`
}

// WithoutSecrets implements [httpapi.Redacted].
func (f personForm) WithoutSecrets() any { return f.Person }

// References is the part of a store that has the reference data of accounts.
type References interface {
	CurrentReference(ctx context.Context, account int64) (*program.Reference, error)
}

// handler handles requests for people.
type handler struct {
	people     store.People
	references References
}

// Routes returns the routes, relative to the root of the admin API, which maps their errors.
func Routes(members store.People, references References) []httpapi.OperatorRoute {
	h := handler{members, references}
	return []httpapi.OperatorRoute{
		{Method: http.MethodGet, Path: "/people", Handle: h.getPeople, Access: principal.Access{Permission: people.Administer, AccountInQuery: true}},
		{Method: http.MethodPost, Path: "/people", Handle: h.postPerson},
		{Method: http.MethodPost, Path: "/people/{person}/role", Handle: forPerson(h.postRole)},
		{Method: http.MethodPost, Path: "/people/{person}/reset", Handle: forPerson(h.postReset)},
		{Method: http.MethodPost, Path: "/people/{person}/disable", Handle: forPerson(h.postDisable)},
	}
}

// forPerson returns a handler that calls handle with the person in the path. An invalid id is
// handled like that of an unknown person.
func forPerson(handle func(httpapi.OperatorRequest, int64) error) func(httpapi.OperatorRequest) error {
	return func(o httpapi.OperatorRequest) error {
		person, err := scalar.ID(o.Path("person"))
		if err != nil {
			return ledger.ErrNotFound
		}
		return handle(o, person)
	}
}

// readBody calls read with the JSON object in the body.
func readBody(o httpapi.OperatorRequest, read func(refdata.Entry)) error {
	text, err := o.Body(wire.MaxBody)
	if err != nil {
		return err
	}
	return refdata.ParseEntry("", text, read)
}

func optionalReason(e refdata.Entry) string {
	return refdata.Optional(e, "reason", "", scalar.Text(store.MaxReason))
}

// readReason reads a body that may contain a reason only.
func readReason(o httpapi.OperatorRequest) (reason string, err error) {
	err = readBody(o, func(e refdata.Entry) { reason = optionalReason(e) })
	return reason, err
}

// getPeople lists people. A person sees of the others only the memberships of the own account.
func (h handler) getPeople(o httpapi.OperatorRequest) error {
	query, err := o.Query("account")
	if err != nil {
		return err
	}
	account := store.Operator // of all accounts
	if text, sent := query["account"]; sent {
		if account, err = scalar.ID(text); err != nil {
			return wire.Invalid(wire.FieldError{Field: "account", Message: err.Error()})
		}
	}
	list, err := h.people.ListPeople(o.Context(), account)
	if err != nil {
		return err
	}
	if _, internal := principal.From(o.Context()); internal {
		for i, p := range list {
			list[i].Members = slices.DeleteFunc(p.Members, func(m people.Membership) bool { return m.Account != account })
		}
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"people": list})
}

// postPerson invites a person to an account.
func (h handler) postPerson(o httpapi.OperatorRequest) error {
	var email, name, reason string
	var m people.Membership
	err := readBody(o, func(e refdata.Entry) {
		email = people.NormalizeEmail(refdata.Required(e, "email", scalar.Text(people.MaxEmail)))
		name = refdata.Required(e, "name", scalar.Text(people.MaxName))
		m, reason = readMembership(e), optionalReason(e)
		for key, problem := range map[string]string{"email": people.CheckEmail(email), "name": people.CheckName(name)} {
			if e.Has(key) && problem != "" {
				e.Errorf(key, "%s", problem)
			}
		}
		checkMembership(e, m)
	})
	if err == nil {
		err = h.checkExists(o, m)
	}
	if err != nil {
		return err
	}
	link, secret := store.NewLink(people.PurposeInvitation, o.Now())
	p, err := h.people.InvitePerson(o.Context(), email, name, m, link, o.AuditEvent(store.OperationInvite, reason))
	if err != nil {
		return err
	}
	form := personForm{Person: p}
	if p.NeedsLink() {
		form.Link = people.LinkPath(secret)
	}
	return o.WriteJSON(http.StatusCreated, form)
}

// maxRole is the maximum length of a role in a request.
const maxRole = 64

// readMembership reads the membership in a body.
func readMembership(e refdata.Entry) people.Membership {
	return people.Membership{
		Account: refdata.Required(e, "account", scalar.ID),
		Role:    people.Role(refdata.Optional(e, "role", "", scalar.Text(maxRole))),
		Partner: refdata.Optional(e, "partner", 0, scalar.ID),
	}
}

func checkMembership(e refdata.Entry, m people.Membership) {
	if field, problem := m.Check(); problem != "" {
		e.Errorf(field, "%s", problem)
	}
}

// checkExists checks that the account of a membership exists, and its partner there.
func (h handler) checkExists(o httpapi.OperatorRequest, m people.Membership) error {
	current, err := h.references.CurrentReference(o.Context(), m.Account)
	if errors.Is(err, ledger.ErrNotFound) {
		return wire.Invalid(wire.FieldError{Field: "account", Message: fmt.Sprintf("There is no account %d", m.Account)})
	}
	if err != nil {
		return err
	}
	if _, exists := current.Partners[m.Partner]; !exists && m.Partner != 0 {
		return wire.Invalid(wire.FieldError{Field: "partner", Message: fmt.Sprintf("Account %d has no partner %d", m.Account, m.Partner)})
	}
	return nil
}

// postRole changes the role of a person in an account, or ends the membership without a role.
func (h handler) postRole(o httpapi.OperatorRequest, person int64) error {
	var m people.Membership
	var reason string
	err := readBody(o, func(e refdata.Entry) {
		m, reason = readMembership(e), optionalReason(e)
		remove := refdata.Optional(e, "remove", false, scalar.Boolean)
		switch {
		case !remove:
			checkMembership(e, m)
		case m.Role != "" || m.Partner != 0:
			e.Errorf("remove", "Without role and partner: leave those out to end the membership")
		}
	})
	if err == nil {
		err = h.checkExists(o, m)
	}
	if err != nil {
		return err
	}
	return h.changePerson(o, person, o.AuditEvent(store.OperationSetRole, reason), signin.SetRole(m), "")
}

// postReset removes what signs a person in and creates a link.
func (h handler) postReset(o httpapi.OperatorRequest, person int64) error {
	reason, err := readReason(o)
	if err != nil {
		return err
	}
	link, secret := store.NewLink(people.PurposeReset, o.Now())
	return h.changePerson(o, person, o.AuditEvent(store.OperationResetPerson, reason), signin.Reset(link), people.LinkPath(secret))
}

func (h handler) postDisable(o httpapi.OperatorRequest, person int64) error {
	reason, err := readReason(o)
	if err != nil {
		return err
	}
	return h.changePerson(o, person, o.AuditEvent(store.OperationDisablePerson, reason), signin.Disable, "")
}

// changePerson changes a person and writes the response.
func (h handler) changePerson(o httpapi.OperatorRequest, person int64, e store.AuditEvent, change signin.Change, link string) error {
	r, err := h.people.ChangePerson(o.Context(), person, e, change)
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, personForm{r.Person, link})
}
