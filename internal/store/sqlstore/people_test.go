package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// signIn calls every method for people. It leaves links, sessions and attempts to sign in of two
// people, of whom one is disabled.
func signIn(t *testing.T, st *sqlstore.Store) error {
	t.Helper()
	var errs []error
	change := func(id int64, change func(r store.PersonRecord) store.PersonChange) {
		_, err := st.ChangePerson(t.Context(), id, byTest, func(r store.PersonRecord) (store.PersonChange, error) { return change(r), nil })
		errs = append(errs, err)
	}
	for i, m := range []people.Membership{
		{Account: account, Role: people.RoleFinance}, {Account: account, Role: people.RolePartner, Partner: 501}, {Account: otherAccount, Role: people.RoleAdmin},
	} {
		email := fmt.Sprintf("p%d@example.com", i%2)
		invitation, _ := store.NewLink(people.PurposeInvitation, now)
		p, err := st.InvitePerson(t.Context(), email, "Name", m, invitation, byTest)
		var redeemErr error
		if p.NeedsLink() {
			_, _, redeemErr = st.RedeemLink(t.Context(), invitation.Hash, byTest)
		}
		session := store.Session{Hash: ids.Hash{byte(i)}, Person: p.ID, Epoch: p.Epoch, Expires: now.Add(time.Hour), Data: []byte{byte(i)}}
		_, countErr := st.CountAttempt(t.Context(), email, now, func(int) time.Duration { return time.Duration(i) * time.Minute })
		errs = append(errs, err, redeemErr, st.SaveSession(t.Context(), session, now), countErr, st.UncountAttempt(t.Context(), "nobody", now))
		reset, _ := store.NewLink(people.PurposeReset, now)
		change(p.ID, func(r store.PersonRecord) store.PersonChange {
			r.Hash, r.Secret, r.PendingSecret, r.Step = "hash", "secret", "pending", int64(i+1)
			return store.PersonChange{Person: r, Link: &reset}
		})
	}
	signIn, _ := store.NewLink(people.PurposeSignIn, now)
	change(1, func(r store.PersonRecord) store.PersonChange {
		r.Disabled, r.Person = true, r.WithoutMember(otherAccount)
		return store.PersonChange{Person: r, EndSessions: true, EndLinks: true, Forgive: true, Link: &signIn}
	})
	_, countErr := st.CountAttempt(t.Context(), "nobody", now, func(int) time.Duration { return time.Minute })
	_, sessionErr := st.Session(t.Context(), ids.Hash{1}, now)
	_, allErr := st.ListPeople(t.Context(), 0)
	_, listErr := st.ListPeople(t.Context(), account)
	_, personErr := st.Person(t.Context(), 2)
	return errors.Join(append(errs, countErr, sessionErr, allErr, listErr, personErr, st.EndSession(t.Context(), ids.Hash{2}))...)
}
