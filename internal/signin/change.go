package signin

import (
	"cmp"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Change is a function for [store.People.ChangePerson] by which an operator changes a person.
type Change func(store.PersonRecord) (store.PersonChange, error)

// SetRole returns the change that gives a member of an account another role, or no role, which ends
// the links, and the sessions without a password. It returns [ErrNoMember] for others: they are
// invited.
func SetRole(m people.Membership) Change {
	return func(r store.PersonRecord) (store.PersonChange, error) {
		before, is := r.Member(m.Account)
		if !is {
			return store.PersonChange{}, ErrNoMember
		}
		c := store.PersonChange{Account: m.Account, Detail: "from " + before.String() + " to " + cmp.Or(m.String(), "none")}
		if m.Role == "" {
			r.Person = r.WithoutMember(m.Account)
			// An administrator who has a link for this account must not use it for another one.
			c.EndLinks, c.EndSessions = true, !r.Password
		} else {
			r.Person = r.WithMember(m)
		}
		c.Person = r
		return c, nil
	}
}

// Reset returns the change that removes the password, the one-time codes, the sessions and the
// other links of a person, who signs in by the link next. It returns [ErrDisabled] for a disabled
// person.
func Reset(link store.Link) Change {
	return func(r store.PersonRecord) (store.PersonChange, error) {
		if r.Disabled {
			return store.PersonChange{}, ErrDisabled
		}
		return store.PersonChange{Person: withoutCredentials(r), EndSessions: true, EndLinks: true, Forgive: true, Link: &link}, nil
	}
}

// Disable returns the change after which a person can't sign in. The person stays in the audit log
// and in the list. An invitation enables it.
func Disable(r store.PersonRecord) (store.PersonChange, error) {
	r = withoutCredentials(r)
	r.Disabled = true
	return store.PersonChange{Person: r, EndSessions: true, EndLinks: true}, nil
}

// withoutCredentials returns the record of a person without what signs it in.
func withoutCredentials(r store.PersonRecord) store.PersonRecord {
	r.Hash, r.Secret, r.PendingSecret = "", "", ""
	return r
}
