package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

var sids = []struct {
	account int64
	sid     string
}{{Account, SID}, {AccountJapan, SIDJapan}}

// Seed records the reference data, accepts the orders and applies them. An
// account is complete once its token is there, which is made last; then Seed
// leaves it alone. What an earlier Seed did not finish, this one does. Nobody
// else may submit to the accounts before it returns.
func Seed(ctx context.Context, st store.Store, now time.Time) error {
	for _, a := range sids {
		_, err := st.Token(ctx, a.sid)
		if err == nil {
			continue
		}
		if !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		if err := seed(ctx, st, a.account, now); err != nil {
			return fmt.Errorf("seed the demo's account %d: %w", a.account, err)
		}
		if _, err := NewToken(ctx, st, a.sid, now); err != nil {
			return err
		}
	}
	return nil
}

// NewToken gives the demo's token with the SID a new secret, in place of the one
// it had, and answers it.
func NewToken(ctx context.Context, st store.Store, sid string, now time.Time) (secret string, err error) {
	for _, a := range sids {
		if a.sid == sid {
			secret, hash := store.NewSecret()
			return secret, st.SaveToken(ctx, store.Token{
				SID: sid, Account: a.account, Name: "demo", Hash: hash, Version: wire.CurrentVersion,
				Scopes: []store.Scope{store.ScopeAll}, Created: now,
			}, deed(store.OperationCreateToken, now))
		}
	}
	return "", fmt.Errorf("the demo has no token %s", sid)
}

// NewAdminToken gives the demo's token for the admin API a new secret, as [NewToken]
// does.
func NewAdminToken(ctx context.Context, st store.Store, now time.Time) (secret string, err error) {
	secret, hash := store.NewSecret()
	return secret, st.SaveToken(ctx, store.Token{
		SID: SIDAdmin, Account: store.Operator, Name: "demo", Hash: hash, Version: wire.CurrentVersion,
		Scopes: []store.Scope{store.ScopeAdmin}, Created: now,
	}, deed(store.OperationCreateToken, now))
}

// deed answers what the demo's own actor does.
func deed(verb string, at time.Time) store.AuditEvent {
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "demo"}, Operation: verb, At: at}
}

func seed(ctx context.Context, st store.Store, account int64, now time.Time) error {
	file, err := refdata.Parse(ReferenceName, []byte(Reference))
	if err != nil {
		return err
	}
	if _, err := file.Record(ctx, st, now, deed(store.OperationRecord, now)); err != nil {
		return err
	}
	done, start, err := progress(ctx, st, account)
	if err != nil {
		return err
	}
	if done == 0 {
		start = now
	}
	submissions, err := Submissions(account, start)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(submissions[min(done, len(submissions)):], store.MaxBatch) {
		if _, err := st.Accept(ctx, account, start, batch); err != nil {
			return err
		}
	}
	return applier.Drain(ctx, st, account, func() time.Time { return now })
}

// progress answers how many submissions an account has, and when the first was
// accepted.
func progress(ctx context.Context, st store.Store, account int64) (done int, start time.Time, err error) {
	err = st.Read(ctx, account, func(r store.Reader) error {
		found, _, err := r.Submissions(ledger.SubmissionFilter{}, ledger.Page{Size: 1, Number: 1})
		if err != nil || found.Total == 0 {
			return err
		}
		done = found.Total
		_, oldest, err := r.Submissions(ledger.SubmissionFilter{}, ledger.Page{Size: 1, Number: done})
		if err != nil {
			return err
		}
		for s, err := range oldest {
			if err != nil {
				return err
			}
			start = s.Accepted
		}
		return nil
	})
	return done, start, err
}
