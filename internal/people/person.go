// Package people describes the people who sign in to the console, and their roles.
package people

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a person.
const (
	MaxEmail = 254 // of RFC 5321, in bytes
	MaxName  = 100 // in characters
	// MaxMembers is the number of people in an account, and of accounts of a person.
	MaxMembers = 1000
)

// Person is someone who signs in to the console. Its JSON form is that of the admin API.
type Person struct {
	ID int64 `json:"id"`
	// Email is unique, in the form that [NormalizeEmail] returns.
	Email   string    `json:"email"`
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	// Disabled reports whether the person can't sign in.
	Disabled bool `json:"disabled"`
	// Password reports whether a password is set. Otherwise the person signs in by links only.
	Password bool `json:"password"`
	// TOTP reports whether a one-time code is required with the password.
	TOTP bool `json:"totp"`
	// Epoch is the number of times that the person's sessions were ended. A session of an earlier
	// epoch is worth nothing.
	Epoch int64 `json:"-"`
	// Members lists the memberships by account.
	Members []Membership `json:"members"`
}

// Membership is the role of a person in an account.
type Membership struct {
	Account int64 `json:"account"`
	Role    Role  `json:"role"`
	// Partner is the partner whose records a [RolePartner] sees. It is 0 for other roles.
	Partner int64 `json:"partner,omitzero"`
}

// Member returns the person's membership in an account and whether there is one.
func (p Person) Member(account int64) (Membership, bool) {
	for _, m := range p.Members {
		if m.Account == account {
			return m, true
		}
	}
	return Membership{}, false
}

// May reports whether the person has a permission in an account.
func (p Person) May(account int64, permission Permission) bool {
	m, is := p.Member(account)
	return is && !p.Disabled && m.Role.May(permission)
}

// NeedsLink reports whether an invitation after which the person is p comes with a link: p has no
// password and is a member of one account. Otherwise the link would give the administrator of
// one account the person's other accounts, without the password and the one-time code.
func (p Person) NeedsLink() bool { return !p.Password && !p.Disabled && len(p.Members) == 1 }

// MayManage reports whether p may reset or disable other, which concerns all accounts of other: p
// administers each of them. People without an account are left to operators.
func (p Person) MayManage(other Person) bool {
	for _, m := range other.Members {
		if !p.May(m.Account, Administer) {
			return false
		}
	}
	return len(other.Members) > 0
}

// WithMember returns the person with a membership, in place of one in the same account.
func (p Person) WithMember(m Membership) Person {
	p = p.WithoutMember(m.Account)
	p.Members = append(p.Members, m)
	slices.SortFunc(p.Members, func(a, b Membership) int { return cmp.Compare(a.Account, b.Account) })
	return p
}

// WithoutMember returns the person without a membership in an account.
func (p Person) WithoutMember(account int64) Person {
	p.Members = slices.DeleteFunc(slices.Clone(p.Members), func(m Membership) bool { return m.Account == account })
	return p
}

// String describes the membership for the audit log.
func (m Membership) String() string {
	if m.Partner == 0 {
		return string(m.Role)
	}
	return fmt.Sprintf("%s %d", m.Role, m.Partner)
}

// Check returns the name of the field that is invalid and a sentence with the remedy, or "" twice.
func (m Membership) Check() (field, problem string) {
	switch {
	case !m.Role.Known():
		return "role", "Must be one of " + RoleNames()
	case m.Role == RolePartner && m.Partner <= 0:
		return "partner", "Required for the role partner: the id of the partner whose records the person sees"
	case m.Role != RolePartner && m.Partner != 0:
		return "partner", "Only for the role partner: leave it out, or choose that role"
	}
	return "", ""
}

// NormalizeEmail returns an e-mail address in the form by which it is stored and compared: without
// space around it and in lower case.
func NormalizeEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CheckEmail checks a normalized e-mail address: one @ between a name and a domain, and nothing
// that isn't printed. Only a message that arrives would prove more. It returns a sentence with the
// remedy, or "" if the address is valid.
func CheckEmail(email string) string {
	local, domain, found := strings.Cut(email, "@")
	switch {
	case email == "":
		return "Required: an e-mail address, such as ann@example.com"
	case len(email) > MaxEmail:
		return fmt.Sprintf("Has %d bytes: at most %d", len(email), MaxEmail)
	case !found || local == "" || domain == "" || strings.Contains(domain, "@") || strings.ContainsFunc(email, notInEmail):
		return "Must be an e-mail address, such as ann@example.com"
	}
	return ""
}

// notInEmail reports whether an address can't contain r. Angle brackets and separators would make
// it another address or several in a mail program.
func notInEmail(r rune) bool {
	return r == utf8.RuneError || !unicode.IsPrint(r) || unicode.IsSpace(r) || strings.ContainsRune(`<>()[],;:\"`, r)
}

// CheckName checks the name of a person. It returns a sentence with the remedy, or "" if the name
// is valid.
func CheckName(name string) string {
	switch n := utf8.RuneCountInString(name); {
	case strings.TrimSpace(name) == "":
		return "Required: the name that colleagues see"
	case n > MaxName:
		return fmt.Sprintf("Has %d characters: at most %d", n, MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "Must be one line of text"
	}
	return ""
}
