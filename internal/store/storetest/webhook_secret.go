package storetest

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/signature"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func webhookSecret(f *fixture) {
	f.recordNotification(program.Notification{})
	secret := func() store.SigningSecret { return must(f.SigningSecret(f.Context(), account, 1))(f) }
	rotate := func(overlap time.Duration) store.SigningSecret {
		f.Helper()
		return must(f.RotateSecret(f.Context(), account, 1, f.now, overlap, f.auditEvent(store.OperationRotateSecret)))(f)
	}
	same(f, store.SigningSecret{}, secret(), "before there is a secret")
	first := rotate(time.Hour)
	same(f, store.SigningSecret{Current: first.Current, Since: f.now}, first, "the first secret")
	f.restart()
	same(f, first, secret(), "the first secret as stored")
	f.now = f.now.Add(time.Minute)
	second := rotate(time.Hour)
	same(f, store.SigningSecret{Current: second.Current, Since: f.now, Old: first.Current, OldUntil: f.now.Add(time.Hour)}, second, "the second secret")
	same(f, second, secret(), "the second secret as stored")
	if first.Current == second.Current {
		f.Error("two secrets are equal")
	}
	same(f, []signature.Secret{second.Current, first.Current}, second.Valid(second.OldUntil.Add(-1)), "at the end of the overlap")
	same(f, []signature.Secret{second.Current}, second.Valid(second.OldUntil), "after the overlap")
	third := rotate(0)
	same(f, store.SigningSecret{Current: third.Current, Since: f.now}, third, "the third secret, without an overlap")
	same(f, third, secret(), "the third secret as stored")
	for i, want := range []string{"signing secret", "signing secret, previous one valid until " + second.OldUntil.Format(time.RFC3339), "signing secret"} {
		e := f.auditEvents(account)[i]
		same(f, "notification 1: "+want, e.Subject+": "+e.Detail, "an audit event")
		for _, s := range []store.SigningSecret{first, second, third} {
			if strings.Contains(e.Subject+e.Detail+e.Reason, strings.TrimPrefix(s.Current.Reveal(), "whsec_")) {
				f.Errorf("the audit log has a secret: %+v", e)
			}
		}
	}
	f.recordNotification(program.Notification{State: "ENDED"})
	same(f, third, secret(), "the secret of an ended notification")
}
