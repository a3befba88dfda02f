package operate

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/render"
	"github.com/trueup-ledger/trueup/internal/people"
)

// PersonInvite invites a person to an account.
type PersonInvite struct {
	Account int64  `required:"" placeholder:"ID" help:"Account of the person."`
	Email   string `required:"" placeholder:"ADDRESS" help:"E-mail address, by which the person signs in."`
	Name    string `required:"" placeholder:"TEXT" help:"Name that colleagues see."`
	Role    string `required:"" placeholder:"ROLE" help:"Role: viewer, operator, finance, admin or partner."`
	Partner int    `placeholder:"ID" help:"Partner of the role partner."`
	Reason  string `placeholder:"TEXT" help:"Reason for the audit log."`
}

// ID returns the account.
func (c PersonInvite) ID() int64 { return c.Account }

// Do invites the person and prints the path of the link, if there is one.
func (c PersonInvite) Do(ctx context.Context, s *cli.Session) error {
	p, err := s.Admin.InvitePerson(ctx, admin.Invitation{
		Account: s.Account, Email: c.Email, Name: c.Name, Role: c.Role, Partner: c.Partner,
	}, admin.WriteOptions{Reason: c.Reason})
	if err != nil {
		return err
	}
	if p.Link == "" {
		s.Printf("%s signs in as before, and has the roles: %s\n", p.Email, roles(p.Members))
		return nil
	}
	printLink(s, p, people.PurposeInvitation)
	return nil
}

// printLink prints the path of a link, which works once.
func printLink(s *cli.Session, p *admin.Person, purpose people.Purpose) {
	s.Notef("The link works once, within %d hours. Add it to the URL of the console and send it to person %d, %s:\n",
		int(purpose.Validity().Hours()), p.ID, p.Email)
	s.Printf("%s\n", p.Link)
}

// PersonList lists people.
type PersonList struct {
	Account int64 `placeholder:"ID" help:"List only the members of this account."`
}

// ID returns the account, or 0.
func (c PersonList) ID() int64 { return c.Account }

// Do lists the people with their roles, oldest first.
func (c PersonList) Do(ctx context.Context, s *cli.Session) error {
	var rows [][]string
	for p, err := range s.Admin.People(ctx, admin.PersonFilter{Account: s.Account}) {
		if err != nil {
			return err
		}
		rows = append(rows, []string{
			strconv.Itoa(p.ID), p.Email, roles(p.Members), yes(strconv.FormatBool(p.Password)), yes(strconv.FormatBool(p.TOTP)), yes(strconv.FormatBool(p.Disabled)), date(p.Created), p.Name,
		})
	}
	return render.Rows(s.Out, s.Terminal, []string{"ID", "EMAIL", "ROLES", "PASSWORD", "CODES", "DISABLED", "CREATED", "NAME"}, rows)
}

// roles returns memberships such as "1:finance,2:partner(10)".
func roles(members []admin.Membership) string {
	list := make([]string, len(members))
	for i, m := range members {
		list[i] = strconv.Itoa(m.Account) + ":" + m.Role
		if m.Partner != 0 {
			list[i] += "(" + strconv.Itoa(m.Partner) + ")"
		}
	}
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ",")
}

// personChange are the arguments of commands that change a person.
type personChange struct {
	Person int    `arg:"" name:"person" help:"Id of the person."`
	Reason string `placeholder:"TEXT" help:"Reason for the audit log."`
}

// change calls f, which changes the person.
func (c personChange) change(f func(admin.WriteOptions) (*admin.Person, error)) (*admin.Person, error) {
	p, err := f(admin.WriteOptions{Reason: c.Reason})
	if errors.Is(err, client.ErrNotFound) {
		err = cli.NotFound("no person %d; see: trueup person list", c.Person)
	}
	return p, err
}

// PersonRole changes the role of a person in an account.
type PersonRole struct {
	personChange
	Account int64  `required:"" placeholder:"ID" help:"Account of the membership."`
	Role    string `xor:"role" required:"" placeholder:"ROLE" help:"Role: viewer, operator, finance, admin or partner."`
	Remove  bool   `xor:"role" required:"" help:"End the membership."`
	Partner int    `placeholder:"ID" help:"Partner of the role partner."`
}

// ID returns the account.
func (c PersonRole) ID() int64 { return c.Account }

// Do changes the role, or ends the membership.
func (c PersonRole) Do(ctx context.Context, s *cli.Session) error {
	if c.Remove && c.Partner != 0 {
		return cli.Usage("--partner: only with --role partner")
	}
	p, err := c.change(func(o admin.WriteOptions) (*admin.Person, error) {
		if c.Remove {
			return s.Admin.RemoveMember(ctx, c.Person, s.Account, o)
		}
		return s.Admin.SetRole(ctx, c.Person, admin.Membership{Account: s.Account, Role: c.Role, Partner: c.Partner}, o)
	})
	if err == nil {
		s.Printf("%s has the roles: %s\n", p.Email, roles(p.Members))
	}
	return err
}

// PersonReset removes what signs a person in.
type PersonReset struct{ personChange }

// ID returns 0: the command names no account.
func (PersonReset) ID() int64 { return 0 }

// Do resets the person and prints the path of the link.
func (c PersonReset) Do(ctx context.Context, s *cli.Session) error {
	p, err := c.change(func(o admin.WriteOptions) (*admin.Person, error) { return s.Admin.ResetPerson(ctx, c.Person, o) })
	if err != nil {
		return err
	}
	printLink(s, p, people.PurposeReset)
	return nil
}

// PersonDisable disables a person.
type PersonDisable struct{ personChange }

// ID returns 0: the command names no account.
func (PersonDisable) ID() int64 { return 0 }

// Do disables the person.
func (c PersonDisable) Do(ctx context.Context, s *cli.Session) error {
	p, err := c.change(func(o admin.WriteOptions) (*admin.Person, error) { return s.Admin.DisablePerson(ctx, c.Person, o) })
	if err == nil {
		s.Printf("%s is disabled.\n", p.Email)
	}
	return err
}
