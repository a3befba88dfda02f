package signin_test

import (
	"errors"
	"testing"

	"github.com/alexedwards/scs/v2"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
)

// sessions returns a session manager on the store of the fixture.
func (f *fixture) sessions() *scs.SessionManager {
	m := scs.New()
	m.Store = signin.SessionStore{Store: f.store}
	return m
}

// begin begins a session of a person and returns its token.
func (f *fixture) begin(m *scs.SessionManager, p people.Person) string {
	f.Helper()
	ctx, err := m.Load(f.Context(), "")
	f.must(err)
	m.Put(ctx, signin.SessionPerson, p.ID)
	m.Put(ctx, signin.SessionEpoch, p.Epoch)
	token, _, err := m.Commit(ctx)
	f.must(err)
	return token
}

// person returns the person of a session, or 0.
func (f *fixture) person(m *scs.SessionManager, token string) int64 {
	f.Helper()
	ctx, err := m.Load(f.Context(), token)
	f.must(err)
	return m.GetInt64(ctx, signin.SessionPerson)
}

func TestSessionsEndWithThePasswordOrThePerson(t *testing.T) {
	for name, end := range map[string]func(f *fixture) error{
		"a new password": func(f *fixture) error { return f.setPassword(password + "!") },
		"a reset": func(f *fixture) error {
			link, _ := store.NewLink(people.PurposeReset, f.now)
			_, err := f.store.ChangePerson(f.Context(), f.ann.ID, f.event(), signin.Reset(link))
			return err
		},
		"disabling": func(f *fixture) error {
			_, err := f.store.ChangePerson(f.Context(), f.ann.ID, f.event(), signin.Disable)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			m := f.sessions()
			before := f.ann
			ann, bob := f.begin(m, before), f.begin(m, f.invite("bob@example.com"))
			if f.person(m, ann) != f.ann.ID {
				t.Fatal("the session is not found")
			}
			late, err := m.Load(t.Context(), ann) // a request that began before
			f.must(err)
			f.must(end(f))
			m.Put(late, "page", "actions")
			if _, _, err := m.Commit(late); err != nil {
				t.Error(err)
			}
			if f.person(m, ann) != 0 || f.person(m, bob) != f.ann.ID+1 {
				t.Errorf("the sessions are of %d and %d", f.person(m, ann), f.person(m, bob))
			}
			if f.person(m, f.begin(m, before)) != 0 { // of a sign-in that began before
				t.Error("a session of an earlier epoch is stored")
			}
			_, err = f.SetPassword(t.Context(), before, password+"?")
			if !errors.Is(err, signin.ErrSessionEnded) && !errors.Is(err, signin.ErrDisabled) {
				t.Errorf("a stale session sets a password: %v", err)
			}
		})
	}
}

func TestASessionThatSetThePasswordContinuesWithANewToken(t *testing.T) {
	f := open(t)
	m := f.sessions()
	token := f.begin(m, f.ann)
	ctx, err := m.Load(t.Context(), token)
	f.must(err)
	f.must(f.setPassword(password + "!"))
	m.Put(ctx, signin.SessionEpoch, f.ann.Epoch)
	f.must(m.RenewToken(ctx))
	renewed, _, err := m.Commit(ctx)
	f.must(err)
	if renewed == token || f.person(m, renewed) != f.ann.ID || f.person(m, token) != 0 {
		t.Errorf("the sessions are of %d and %d", f.person(m, renewed), f.person(m, token))
	}
	ctx, err = m.Load(t.Context(), renewed)
	f.must(err)
	f.must(m.Destroy(ctx))
	if f.person(m, renewed) != 0 {
		t.Error("a destroyed session is found")
	}
}

// inviteTo invites a person to an account and returns the secret of the link.
func (f *fixture) inviteTo(email string, account int64) (p people.Person, secret string) {
	f.Helper()
	link, secret := store.NewLink(people.PurposeInvitation, f.now)
	p, err := f.store.InvitePerson(f.Context(), email, "Bob", people.Membership{Account: account, Role: people.RoleAdmin}, link, f.event())
	f.must(err)
	return p, secret
}

func TestALinkOfOneAccountOpensNoOther(t *testing.T) {
	f := open(t)
	f.record(2)
	m := f.sessions()
	leave := func(p people.Person, account int64) {
		_, err := f.store.ChangePerson(t.Context(), p.ID, f.event(), signin.SetRole(people.Membership{Account: account}))
		f.must(err)
	}
	wantNoLink := func(secret string) {
		t.Helper()
		if p, err := f.Redeem(t.Context(), secret); !errors.Is(err, signin.ErrLink) {
			t.Errorf("the link signs in %+v, %v", p, err)
		}
	}
	t.Run("invited to both, then out of the first", func(*testing.T) {
		bob, first := f.inviteTo("bob@example.com", 1)
		_, second := f.inviteTo("bob@example.com", 2)
		wantNoLink(second)
		leave(bob, 1)
		wantNoLink(first)
	})
	t.Run("out of the first, then invited to the second", func(*testing.T) {
		eve, first := f.inviteTo("eve@example.com", 1)
		leave(eve, 1)
		wantNoLink(first)
		_, second := f.inviteTo("eve@example.com", 2)
		if p, err := f.Redeem(t.Context(), second); err != nil || !p.May(2, people.Administer) {
			t.Errorf("the second link signs in %+v, %v", p, err)
		}
	})
	t.Run("a session of the link ends too", func(*testing.T) {
		for email, end := range map[string]func(people.Person){
			"dan@example.com": func(people.Person) { f.inviteTo("dan@example.com", 2) },
			"kim@example.com": func(p people.Person) { leave(p, 1) },
		} {
			_, secret := f.inviteTo(email, 1)
			p, err := f.Redeem(t.Context(), secret)
			f.must(err)
			token := f.begin(m, p)
			if f.person(m, token) != p.ID {
				t.Fatal("the session is not found")
			}
			end(p)
			if f.person(m, token) != 0 {
				t.Errorf("the session of %s is not ended", email)
			}
		}
	})
	t.Run("a session with a password stays", func(*testing.T) {
		token := f.begin(m, f.ann)
		f.inviteTo(email, 2)
		leave(f.ann, 2)
		if f.person(m, token) != f.ann.ID {
			t.Error("the session is ended")
		}
	})
}

func TestOperatorsChangePeople(t *testing.T) {
	f := open(t)
	change := func(c signin.Change) error {
		_, err := f.store.ChangePerson(t.Context(), f.ann.ID, f.event(), c)
		return err
	}
	role := func(account int64, r people.Role) error {
		return change(signin.SetRole(people.Membership{Account: account, Role: r}))
	}
	if err := role(2, people.RoleAdmin); !errors.Is(err, signin.ErrNoMember) {
		t.Errorf("a role in another account: %v", err)
	}
	f.must(role(1, people.RoleAdmin))
	if p, err := f.Person(t.Context(), f.ann.ID); err != nil || !p.May(1, people.Administer) {
		t.Errorf("the person is %+v, %v", p, err)
	}
	f.must(role(1, ""))
	if p, err := f.Person(t.Context(), f.ann.ID); err != nil || len(p.Members) != 0 {
		t.Errorf("without a role the person is %+v, %v", p, err)
	}
	secret := f.enroll()
	f.must(f.ConfirmTOTP(t.Context(), f.ann.ID, f.code(secret, f.now)))
	link, key := store.NewLink(people.PurposeReset, f.now)
	f.must(change(signin.Reset(link)))
	f.wantSignIn(signin.ErrCredentials, signin.Attempt{Email: email, Password: password})
	if p, err := f.Redeem(t.Context(), key); err != nil || p.Password || p.TOTP {
		t.Errorf("after a reset: %+v, %v", p, err)
	}
	f.must(change(signin.Disable))
	for name, err := range map[string]error{
		"reset": change(signin.Reset(link)), "password": f.setPassword(password),
		"confirm": f.ConfirmTOTP(t.Context(), f.ann.ID, "000000"), "remove": f.RemoveTOTP(t.Context(), f.ann.ID),
	} {
		if !errors.Is(err, signin.ErrDisabled) {
			t.Errorf("%s of a disabled person: %v", name, err)
		}
	}
	if got := f.invite(email); got.Disabled || got.Password || !got.May(1, people.Finance) {
		t.Errorf("invited again: %+v", got)
	}
}
