package people_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/people"
)

func TestRolesMayDoWhatTheTableSays(t *testing.T) {
	all := map[string]people.Permission{
		"own": people.ReadOwn, "read": people.Read, "operate": people.Operate, "finance": people.Finance, "administer": people.Administer,
	}
	for role, want := range map[people.Role][]string{
		people.RoleViewer:   {"read"},
		people.RoleOperator: {"operate", "read"},
		people.RoleFinance:  {"finance", "read"},
		people.RoleAdmin:    {"administer", "finance", "operate", "read"},
		people.RolePartner:  {"own"},
		"owner":             nil,
		"":                  nil,
	} {
		var got []string
		for name, p := range all {
			if role.May(p) {
				got = append(got, name)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%q may %v, want %v", role, got, want)
		}
		if role.May(0) {
			t.Errorf("%q may do what needs no permission", role)
		}
		if role.Known() != (want != nil) {
			t.Errorf("%q is known: %t", role, role.Known())
		}
	}
	if people.RoleOperator.May(people.Operate | people.Finance) {
		t.Error("one of two permissions is enough")
	}
}

func TestWhoMayChangeMayRead(t *testing.T) {
	for name, test := range map[string]struct {
		p, required people.Permission
		want        bool
	}{
		"a reader, to read":               {people.Read, people.Read, true},
		"a reader, to operate":            {people.Read, people.Operate, false},
		"an operator, to read":            {people.Operate, people.Read, true},
		"an operator, to record payments": {people.Operate, people.Finance, false},
		"an operator, to do both":         {people.Operate, people.Operate | people.Finance, false},
		"a partner, to read everything":   {people.ReadOwn, people.Read, false},
		"an administrator, for nothing":   {people.Administer, 0, false},
		"somebody without permissions":    {0, people.Read, false},
	} {
		if got := test.p.Includes(test.required); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestAPersonMayOnlyActAsAMember(t *testing.T) {
	p := people.Person{}.WithMember(people.Membership{Account: 2, Role: people.RoleAdmin}).WithMember(people.Membership{Account: 1, Role: people.RoleViewer})
	if got := p.Members; len(got) != 2 || got[0].Account != 1 {
		t.Errorf("the memberships are %v", got)
	}
	if p.May(1, people.Operate) || !p.May(1, people.Read) || !p.May(2, people.Operate) || p.May(3, people.Read) {
		t.Error("a role counts in another account")
	}
	changed := p.WithMember(people.Membership{Account: 1, Role: people.RoleOperator})
	if !changed.May(1, people.Operate) || p.May(1, people.Operate) || len(changed.Members) != 2 {
		t.Errorf("after a change the memberships are %v, before %v", changed.Members, p.Members)
	}
	if removed := p.WithoutMember(2); removed.May(2, people.Read) || len(removed.Members) != 1 || !p.May(2, people.Read) {
		t.Errorf("after a removal the memberships are %v, before %v", removed.Members, p.Members)
	}
	if p.Disabled = true; p.May(2, people.Read) {
		t.Error("a disabled person may read")
	}
}

func TestOnlyAPersonWithoutPasswordAndOtherAccountsNeedsALink(t *testing.T) {
	viewer, admin := people.Membership{Account: 1, Role: people.RoleViewer}, people.Membership{Account: 2, Role: people.RoleAdmin}
	for name, test := range map[string]struct {
		p    people.Person
		want bool
	}{
		"a new person":             {people.Person{Members: []people.Membership{viewer}}, true},
		"a person with a password": {people.Person{Password: true, Members: []people.Membership{viewer}}, false},
		"a member of two accounts": {people.Person{Members: []people.Membership{viewer, admin}}, false},
		"a disabled person":        {people.Person{Disabled: true, Members: []people.Membership{viewer}}, false},
		"a person without account": {people.Person{}, false},
	} {
		if got := test.p.NeedsLink(); got != test.want {
			t.Errorf("%s needs a link: %t", name, got)
		}
	}
}

func TestPeopleAreManagedByAdministratorsOfAllTheirAccounts(t *testing.T) {
	in := func(members ...people.Membership) people.Person { return people.Person{Members: members} }
	viewer1, viewer2 := people.Membership{Account: 1, Role: people.RoleViewer}, people.Membership{Account: 2, Role: people.RoleViewer}
	admin1, admin2 := people.Membership{Account: 1, Role: people.RoleAdmin}, people.Membership{Account: 2, Role: people.RoleAdmin}
	for name, test := range map[string]struct {
		p, other people.Person
		want     bool
	}{
		"an administrator of the account":            {in(admin1), in(viewer1), true},
		"an administrator of both accounts":          {in(admin1, admin2), in(viewer1, admin2), true},
		"an administrator of one of two accounts":    {in(admin1, viewer2), in(viewer1, viewer2), false},
		"an administrator of another account":        {in(admin1), in(viewer2), false},
		"a viewer":                                   {in(viewer1), in(viewer1), false},
		"an administrator, for one without accounts": {in(admin1), in(), false},
		"a disabled administrator":                   {people.Person{Disabled: true, Members: []people.Membership{admin1}}, in(viewer1), false},
	} {
		if got := test.p.MayManage(test.other); got != test.want {
			t.Errorf("%s may: %t", name, got)
		}
	}
}

func TestMembershipsAreChecked(t *testing.T) {
	for name, test := range map[string]struct {
		m     people.Membership
		field string
	}{
		"a role":                             {people.Membership{Role: people.RoleFinance}, ""},
		"a partner":                          {people.Membership{Role: people.RolePartner, Partner: 10}, ""},
		"an unknown role is refused":         {people.Membership{Role: "owner"}, "role"},
		"no role is refused":                 {people.Membership{}, "role"},
		"a partner without an id is refused": {people.Membership{Role: people.RolePartner}, "partner"},
		"another role with an id is refused": {people.Membership{Role: people.RoleViewer, Partner: 10}, "partner"},
		"a negative partner is refused":      {people.Membership{Role: people.RolePartner, Partner: -1}, "partner"},
	} {
		if field, problem := test.m.Check(); field != test.field || (problem == "") != (field == "") {
			t.Errorf("%s: %q, %q", name, field, problem)
		}
	}
}

func TestEmailAddressesAndNamesAreChecked(t *testing.T) {
	for email, valid := range map[string]bool{
		" Ann@Example.COM ": true, "o'hara+x@sub.example.co.uk": true, "jürgen@exämple.de": true, "": false, "ann": false, "@example.com": false, "ann@": false,
		"a@b@c": false, "ann @example.com": false, "<ann@example.com>": false, "ann@example.com\nBcc:x@y.z": false, "ann@exa\u202emple.com": false,
		"a,b@example.com": false, "\xff@example.com": false, strings.Repeat("a", 250) + "@b.cd": false,
	} {
		if problem := people.CheckEmail(people.NormalizeEmail(email)); (problem == "") != valid {
			t.Errorf("%q: %q", email, problem)
		}
	}
	if got := people.NormalizeEmail(" Ann@Example.COM "); got != "ann@example.com" {
		t.Errorf("normalized: %q", got)
	}
	for name, valid := range map[string]bool{
		"Ann": true, "山田 太郎": true, strings.Repeat("é", people.MaxName): true, "": false, "  ": false, "a\nb": false, "\xff": false, strings.Repeat("é", people.MaxName+1): false,
	} {
		if problem := people.CheckName(name); (problem == "") != valid {
			t.Errorf("%q: %q", name, problem)
		}
	}
}
