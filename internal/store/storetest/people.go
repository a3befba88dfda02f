package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

var (
	asFinance = people.Membership{Account: account, Role: people.RoleFinance}
	asPartner = people.Membership{Account: otherAccount, Role: people.RolePartner, Partner: partner}
)

var peopleGuarantees = []guarantee{
	{"an invited person is found with all memberships, and listed by account", func(f *fixture) {
		ann := invite(f, "ann@example.com", asFinance)
		bob := invite(f, "bob@example.com", asPartner)
		want := people.Person{ID: 1, Email: "ann@example.com", Name: "Of ann@example.com", Created: f.now, Epoch: 1, Members: []people.Membership{asFinance}}
		same(f, want, ann, "ann")
		same(f, int64(2), bob.ID, "bob's id")
		want.Members = append(want.Members, people.Membership{Account: otherAccount, Role: people.RoleViewer})
		want.Epoch++ // since there is no password
		same(f, want, invite(f, "ann@example.com", want.Members[1]), "ann in two accounts")
		same(f, want, must(f.Person(f.Context(), 1))(f).Person, "ann")
		same(f, []people.Person{want}, must(f.ListPeople(f.Context(), account))(f), "of the account")
		same(f, []people.Person{want, bob}, must(f.ListPeople(f.Context(), otherAccount))(f), "of the other account")
		same(f, []people.Person{want, bob}, must(f.ListPeople(f.Context(), 0))(f), "all")
		_, err := f.Person(f.Context(), 3)
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an invitation is refused for a member and for an unknown account", func(f *fixture) {
		invite(f, "ann@example.com", asFinance)
		link, _ := store.NewLink(people.PurposeInvitation, f.now)
		for want, m := range map[error]people.Membership{store.ErrMember: asFinance, ledger.ErrNotFound: {Account: 99, Role: people.RoleViewer}} {
			_, err := f.InvitePerson(f.Context(), "ann@example.com", "Ann", m, link, f.auditEvent(store.OperationInvite))
			wantError(f, want, err)
		}
		same(f, 1, len(must(f.AuditEvents(f.Context(), account, 0, 100))(f))-recordedBefore(f, account), "events")
	}},
	{"a change of a person is stored and recorded in the log that it names", func(f *fixture) {
		invite(f, "ann@example.com", asFinance)
		r := must(f.Person(f.Context(), 1))(f)
		r.Name, r.Hash, r.Secret, r.PendingSecret, r.Step = "Ann", "hash", "secret", "pending", 7
		r.Members = []people.Membership{{Account: account, Role: people.RoleAdmin}, asPartner}
		want := r
		want.Password, want.TOTP = true, true
		r.Email, r.ID = "eve@example.com", 9 // they can't change
		same(f, want, changePerson(f, store.PersonChange{Person: r, Account: otherAccount, Detail: "a detail"}), "returned")
		same(f, want, must(f.Person(f.Context(), 1))(f), "stored")
		e := must(f.AuditEvents(f.Context(), otherAccount, 0, 1))(f)[0]
		same(f, "person 1, ann@example.com: a detail", e.Subject+": "+e.Detail, "event")
		r = want
		r.Members = r.Members[:1]
		changePerson(f, store.PersonChange{Person: r})
		same(f, r.Members, must(f.Person(f.Context(), 1))(f).Members, "memberships")
		_, err := f.ChangePerson(f.Context(), 1, f.auditEvent(store.OperationSetRole), func(r store.PersonRecord) (store.PersonChange, error) {
			r.Name = "lost"
			return store.PersonChange{Person: r}, errBug
		})
		wantError(f, errBug, err)
		same(f, "Ann", must(f.Person(f.Context(), 1))(f).Name, "name after an error")
		_, err = f.ChangePerson(f.Context(), 9, f.auditEvent(store.OperationSetRole), func(r store.PersonRecord) (store.PersonChange, error) {
			return store.PersonChange{Person: r}, nil
		})
		wantError(f, ledger.ErrNotFound, err)
	}},
	{"an invitation enables a disabled person, without the former memberships", func(f *fixture) {
		invite(f, "ann@example.com", asFinance)
		r := must(f.Person(f.Context(), 1))(f)
		r.Disabled = true
		changePerson(f, store.PersonChange{Person: r})
		same(f, true, must(f.Person(f.Context(), 1))(f).Disabled, "disabled")
		p := invite(f, "ann@example.com", asPartner)
		same(f, false, p.Disabled, "disabled after an invitation")
		same(f, []people.Membership{asPartner}, p.Members, "memberships")
		same(f, p, must(f.Person(f.Context(), 1))(f).Person, "stored")
	}},
	{"an invitation of a person with a password or another account stores no link", func(f *fixture) {
		invite(f, "ann@example.com", asFinance)
		changePerson(f, store.PersonChange{Person: must(f.Person(f.Context(), 1))(f), EndLinks: true})
		refused := func(label string) {
			link, _ := store.NewLink(people.PurposeInvitation, f.now)
			p := must(f.InvitePerson(f.Context(), "ann@example.com", "Ann", asPartner, link, f.auditEvent(store.OperationInvite)))(f)
			same(f, false, p.NeedsLink(), label)
			_, _, err := f.RedeemLink(f.Context(), link.Hash, f.auditEvent(store.OperationRedeem))
			wantError(f, ledger.ErrNotFound, err)
		}
		refused("of a member of another account")
		r := must(f.Person(f.Context(), 1))(f)
		r.Hash, r.Members = "hash", nil
		changePerson(f, store.PersonChange{Person: r})
		refused("with a password")
	}},
	{"an invitation ends links of before, and sessions without a password", func(f *fixture) {
		for i, password := range []string{"", "hash"} {
			first, _ := store.NewLink(people.PurposeInvitation, f.now)
			email := fmt.Sprintf("%d@example.com", i)
			ann := must(f.InvitePerson(f.Context(), email, "Ann", asFinance, first, f.auditEvent(store.OperationInvite)))(f)
			r := must(f.ChangePerson(f.Context(), ann.ID, f.auditEvent(store.OperationSetPassword), func(r store.PersonRecord) (store.PersonChange, error) {
				r.Hash = password
				return store.PersonChange{Person: r}, nil
			}))(f)
			session := store.Session{Hash: ids.Hash{byte(i)}, Person: ann.ID, Epoch: r.Epoch, Expires: f.now.Add(time.Hour), Data: []byte("a")}
			wantError(f, nil, f.SaveSession(f.Context(), session, f.now))
			invite(f, email, asPartner)
			_, _, err := f.RedeemLink(f.Context(), first.Hash, f.auditEvent(store.OperationRedeem))
			wantError(f, ledger.ErrNotFound, err)
			want := error(nil)
			if password == "" {
				want = ledger.ErrNotFound
			}
			_, err = f.Session(f.Context(), session.Hash, f.now)
			wantError(f, want, err)
		}
	}},
	{"concurrent invitations give people different ids", func(f *fixture) {
		var wait sync.WaitGroup
		for i := range 8 {
			link, _ := store.NewLink(people.PurposeInvitation, f.now)
			wait.Go(func() {
				m := people.Membership{Account: account + int64(i%2), Role: people.RoleViewer}
				_, err := f.InvitePerson(f.Context(), fmt.Sprintf("%d@example.com", i/2), "Name", m, link, f.auditEvent(store.OperationInvite))
				if err != nil {
					f.Error(err)
				}
			})
		}
		wait.Wait()
		list := must(f.ListPeople(f.Context(), 0))(f)
		same(f, 4, len(list), "people")
		for i, p := range list {
			same(f, int64(i+1), p.ID, "id")
			same(f, 2, len(p.Members), "memberships")
		}
	}},
	{"a link is redeemed once, even by concurrent calls", func(f *fixture) {
		link, _ := store.NewLink(people.PurposeInvitation, f.now)
		must(f.InvitePerson(f.Context(), "ann@example.com", "Ann", asFinance, link, f.auditEvent(store.OperationInvite)))(f)
		var redeemed, refused atomic.Int32
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				r, purpose, err := f.RedeemLink(f.Context(), link.Hash, f.auditEvent(store.OperationRedeem))
				if err != nil {
					refused.Add(1)
					return
				}
				redeemed.Add(1)
				if r.Email != "ann@example.com" || purpose != people.PurposeInvitation {
					f.Errorf("the link is of %s for %s", r.Email, purpose)
				}
			})
		}
		wait.Wait()
		same(f, []int32{1, 7}, []int32{redeemed.Load(), refused.Load()}, "redeemed and refused")
		e := must(f.AuditEvents(f.Context(), store.Operator, 0, 1))(f)[0]
		same(f, "Ann, ann@example.com: redeem link, invitation", fmt.Sprintf("%s, %s: %s, %s", e.Actor.Name, e.Actor.ID, e.Operation, e.Detail), "event")
	}},
	{"a link is not redeemed when it is unknown, expired or removed, or its person is disabled", func(f *fixture) {
		invite(f, "ann@example.com", asFinance)
		r := must(f.Person(f.Context(), 1))(f)
		unknown := ids.Hash{1}
		expired, _ := store.NewLink(people.PurposeReset, f.now.Add(-people.PurposeReset.Validity()))
		changePerson(f, store.PersonChange{Person: r, Link: &expired})
		removed, _ := store.NewLink(people.PurposeReset, f.now)
		changePerson(f, store.PersonChange{Person: r, Link: &removed})
		valid, _ := store.NewLink(people.PurposeReset, f.now)
		changePerson(f, store.PersonChange{Person: r, EndLinks: true, Link: &valid})
		for _, hash := range []ids.Hash{unknown, expired.Hash, removed.Hash} {
			_, _, err := f.RedeemLink(f.Context(), hash, f.auditEvent(store.OperationRedeem))
			wantError(f, ledger.ErrNotFound, err)
		}
		r.Disabled = true
		changePerson(f, store.PersonChange{Person: r})
		_, _, err := f.RedeemLink(f.Context(), valid.Hash, f.auditEvent(store.OperationRedeem))
		wantError(f, ledger.ErrNotFound, err)
		r.Disabled = false
		changePerson(f, store.PersonChange{Person: r})
		_, purpose, err := f.RedeemLink(f.Context(), valid.Hash, f.auditEvent(store.OperationRedeem))
		wantError(f, nil, err)
		same(f, people.PurposeReset, purpose, "purpose")
	}},
	{"attempts are locked by e-mail address, whether or not anybody has it, until they are forgotten", func(f *fixture) {
		ann := invite(f, "ann@example.com", asFinance)
		for _, email := range []string{"ann@example.com", "nobody@example.com"} {
			now := f.now
			for n := range 3 {
				a := attempt(f, email, now)
				same(f, n == 2, !a.Until.IsZero(), "locks")
				same(f, false, a.Locked, "locked")
				same(f, email == ann.Email, a.Person.ID == ann.ID, "is found")
			}
			until := now.Add(3 * time.Minute)
			same(f, store.Attempt{Locked: true, Until: until}, attempt(f, email, until.Add(-time.Microsecond)), "during the lock")
			next := until.Add(4 * time.Minute)
			same(f, next, attempt(f, email, until).Until, "the next lock")
			wantError(f, nil, f.UncountAttempt(f.Context(), email, time.Time{})) // one before
			same(f, store.Attempt{Locked: true, Until: next}, attempt(f, email, until), "the lock by another attempt")
			wantError(f, nil, f.UncountAttempt(f.Context(), email, next))
			same(f, until.Add(3*time.Minute), attempt(f, email, until).Until, "after both were forgotten")
			wantError(f, nil, f.UncountAttempt(f.Context(), email, until.Add(3*time.Minute)))
			same(f, until.Add(3*time.Minute), attempt(f, email, until).Until, "after the last was forgotten")
			same(f, time.Time{}, attempt(f, email, until.Add(4*time.Minute+store.AttemptRetention)).Until, "later")
		}
		wantError(f, nil, f.UncountAttempt(f.Context(), "another@example.com", f.now))
	}},
	{"a sign-in or a link forgives failed attempts", func(f *fixture) {
		ann := invite(f, "ann@example.com", asFinance)
		link, _ := store.NewLink(people.PurposeSignIn, f.now)
		changePerson(f, store.PersonChange{Person: must(f.Person(f.Context(), 1))(f), Link: &link})
		for _, forgive := range []func(){
			func() {
				changePerson(f, store.PersonChange{Person: must(f.Person(f.Context(), 1))(f), Forgive: true})
			},
			func() {
				_, _, err := f.RedeemLink(f.Context(), link.Hash, f.auditEvent(store.OperationRedeem))
				wantError(f, nil, err)
			},
		} {
			for range 4 {
				attempt(f, ann.Email, f.now)
			}
			same(f, true, attempt(f, ann.Email, f.now).Locked, "locked")
			forgive()
			same(f, time.Time{}, attempt(f, ann.Email, f.now).Until, "the lock")
		}
	}},
	{"concurrent attempts are all counted", func(f *fixture) {
		var wait sync.WaitGroup
		var counted atomic.Int32
		for range 8 {
			wait.Go(func() {
				a, err := f.CountAttempt(f.Context(), "ann@example.com", f.now, delayAfter3)
				if err != nil {
					f.Error(err)
				}
				if !a.Locked {
					counted.Add(1)
				}
			})
		}
		wait.Wait()
		same(f, int32(3), counted.Load(), "attempts before the lock")
	}},
	{"a session of another epoch than its person's is not saved", func(f *fixture) {
		ann := invite(f, "ann@example.com", asFinance)
		r := changePerson(f, store.PersonChange{Person: must(f.Person(f.Context(), 1))(f), EndSessions: true})
		same(f, ann.Epoch+1, r.Epoch, "epoch")
		same(f, r.Epoch, changePerson(f, store.PersonChange{Person: store.PersonRecord{Person: people.Person{Epoch: 9}}}).Epoch, "epoch without an end of sessions")
		for epoch, want := range map[int64]error{ann.Epoch: ledger.ErrNotFound, r.Epoch: nil, r.Epoch + 1: ledger.ErrNotFound} {
			n := store.Session{Hash: ids.Hash{byte(epoch)}, Person: 1, Epoch: epoch, Expires: f.now.Add(time.Hour), Data: []byte("a")}
			wantError(f, nil, f.SaveSession(f.Context(), n, f.now))
			_, err := f.Session(f.Context(), n.Hash, f.now)
			wantError(f, want, err)
		}
	}},
	{"a session is found until it expires or is ended, and is then not saved again", func(f *fixture) {
		invite(f, "ann@example.com", asFinance)
		invite(f, "bob@example.com", asFinance)
		a := store.Session{Hash: ids.Hash{1}, Person: 1, Epoch: 1, Expires: f.now.Add(time.Hour), Data: []byte("a")}
		b := store.Session{Hash: ids.Hash{2}, Person: 2, Epoch: 1, Expires: f.now.Add(time.Hour), Data: []byte("b\x00\xff")}
		for _, s := range []store.Session{a, b} {
			wantError(f, nil, f.SaveSession(f.Context(), s, f.now))
		}
		same(f, b.Data, must(f.Session(f.Context(), b.Hash, f.now.Add(time.Hour-time.Microsecond)))(f), "data")
		b.Data = []byte("c")
		wantError(f, nil, f.SaveSession(f.Context(), b, f.now))
		same(f, b.Data, must(f.Session(f.Context(), b.Hash, f.now))(f), "changed data")
		changePerson(f, store.PersonChange{Person: must(f.Person(f.Context(), 1))(f), EndSessions: true})
		wantError(f, nil, f.SaveSession(f.Context(), a, f.now))
		same(f, b.Data, must(f.Session(f.Context(), b.Hash, f.now))(f), "another person's")
		wantError(f, nil, f.EndSession(f.Context(), b.Hash))
		wantError(f, nil, f.EndSession(f.Context(), ids.Hash{9}))
		wantError(f, nil, f.SaveSession(f.Context(), b, f.now))
		c := store.Session{Hash: ids.Hash{3}, Expires: f.now.Add(time.Hour), Data: []byte("c")}
		wantError(f, nil, f.SaveSession(f.Context(), c, f.now))
		for hash, at := range map[ids.Hash]time.Time{a.Hash: f.now, b.Hash: f.now, c.Hash: c.Expires, {9}: f.now} {
			_, err := f.Session(f.Context(), hash, at)
			wantError(f, ledger.ErrNotFound, err)
		}
		if err := f.SaveSession(f.Context(), store.Session{Hash: ids.Hash{4}, Expires: c.Expires, Data: make([]byte, store.MaxSession+1)}, f.now); err == nil {
			f.Error("a session that is too large was saved")
		}
	}},
}

// invite invites a person to an account.
func invite(f *fixture, email string, m people.Membership) people.Person {
	f.Helper()
	link, _ := store.NewLink(people.PurposeInvitation, f.now)
	return must(f.InvitePerson(f.Context(), email, "Of "+email, m, link, f.auditEvent(store.OperationInvite)))(f)
}

// changePerson changes the first person.
func changePerson(f *fixture, c store.PersonChange) store.PersonRecord {
	f.Helper()
	return must(f.ChangePerson(f.Context(), 1, f.auditEvent(store.OperationSetRole), func(store.PersonRecord) (store.PersonChange, error) {
		return c, nil
	}))(f)
}

// attempt counts an attempt to sign in. The third one and later ones lock.
func attempt(f *fixture, email string, now time.Time) store.Attempt {
	f.Helper()
	return must(f.CountAttempt(f.Context(), email, now, delayAfter3))(f)
}

func delayAfter3(attempts int) time.Duration {
	if attempts < 3 {
		return 0
	}
	return time.Duration(attempts) * time.Minute
}

// recordedBefore returns the number of events of an account that recorded reference data.
func recordedBefore(f *fixture, account int64) (count int) {
	for _, e := range must(f.AuditEvents(f.Context(), account, 0, 100))(f) {
		if e.Operation == store.OperationRecord {
			count++
		}
	}
	return count
}
