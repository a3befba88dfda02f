package admin

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Person is someone who signs in to the console.
type Person struct {
	ID       int          `wire:"id"`
	Email    string       `wire:"email"`
	Name     string       `wire:"name"`
	Created  time.Time    `wire:"created"`
	Disabled bool         `wire:"disabled"`
	Password bool         `wire:"password"` // whether one is set
	TOTP     bool         `wire:"totp"`     // whether one-time codes are required
	Members  []Membership `wire:"members"`
	// Link is the path of the page that signs the person in once. Only InvitePerson and ResetPerson
	// return it, the former only for people without a password and another account.
	Link string `wire:"link"`
}

// Membership is the role of a person in an account.
type Membership struct {
	Account int    `wire:"account"`
	Role    string `wire:"role"`    // viewer, operator, finance, admin or partner
	Partner int    `wire:"partner"` // of the role partner, otherwise 0
}

// ErrLinkLost is the error of a repeated write whose first response had a link.
var ErrLinkLost = errors.New("admin: the link was in a response that was lost: reset the person for another one")

// PersonFilter selects people.
type PersonFilter struct {
	Account int `wire:"account"` // 0 for all people
}

// People returns the people that match.
func (c *Client) People(ctx context.Context, f PersonFilter) iter.Seq2[Person, error] {
	return list[Person](ctx, c, "/people", "people", f)
}

// Invitation describes a person to invite to an account.
type Invitation struct {
	Account int    `wire:"account"`
	Email   string `wire:"email"`
	Name    string `wire:"name"`
	Role    string `wire:"role"`
	Partner int    `wire:"partner"` // required for the role partner
}

// InvitePerson makes a person a member of an account and returns it, with a link unless the person
// has a password or is a member of another account, and signs in as before. If the server had the
// write already, by its idempotency key, there is no link, and the error is [ErrLinkLost].
func (c *Client) InvitePerson(ctx context.Context, i Invitation, o WriteOptions) (*Person, error) {
	p, err := post[Person](ctx, c, "/people", i, "", o)
	if err == nil && (p.Password || len(p.Members) > 1) {
		return p, nil
	}
	return withLink(p, err)
}

func withLink(p *Person, err error) (*Person, error) {
	if err == nil && p.Link == "" {
		err = fmt.Errorf("%w (%d)", ErrLinkLost, p.ID)
	}
	return p, err
}

func personPath(id int, operation string) string {
	return transport.Path("people", strconv.Itoa(id), operation)
}

// SetRole gives a member of an account another role.
func (c *Client) SetRole(ctx context.Context, person int, m Membership, o WriteOptions) (*Person, error) {
	return post[Person](ctx, c, personPath(person, "role"), m, "", o)
}

// RemoveMember ends the membership of a person in an account.
func (c *Client) RemoveMember(ctx context.Context, person, account int, o WriteOptions) (*Person, error) {
	return post[Person](ctx, c, personPath(person, "role"), struct {
		Account int  `wire:"account"`
		Remove  bool `wire:"remove"`
	}{account, true}, "", o)
}

// ResetPerson removes the password, the one-time codes and the sessions of a person, and returns it
// with a link. Its error can be that of [Client.InvitePerson].
func (c *Client) ResetPerson(ctx context.Context, person int, o WriteOptions) (*Person, error) {
	return withLink(post[Person](ctx, c, personPath(person, "reset"), struct{}{}, "", o))
}

// DisablePerson ends the sessions of a person, who can't sign in until there is another invitation.
func (c *Client) DisablePerson(ctx context.Context, person int, o WriteOptions) (*Person, error) {
	return post[Person](ctx, c, personPath(person, "disable"), struct{}{}, "", o)
}
