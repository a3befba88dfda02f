package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// accounts lists the accounts with the SIDs of their tokens.
var accounts = []struct {
	account int64
	sid     string
}{{Account, SID}, {AccountJapan, SIDJapan}}

// Store is the part of a store that the demo needs.
type Store interface {
	applier.Store
	refdata.Recorder
	Accept(ctx context.Context, account int64, now time.Time, batch []store.Submission) ([]store.Accepted, error)
	Read(ctx context.Context, account int64, f func(store.Reader) error) error
	Token(ctx context.Context, sid string) (store.Token, error)
	SaveToken(ctx context.Context, t store.Token, e store.AuditEvent) error
}

// Seed records the reference data, accepts the orders and applies them. It resumes a Seed
// that was interrupted, and skips accounts that have their token, which is created last.
// Nothing else may submit to the accounts before Seed returns.
func Seed(ctx context.Context, st Store, now time.Time) error {
	for _, a := range accounts {
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

// NewToken creates the demo's token with the given SID, or replaces its secret. It returns
// the secret.
func NewToken(ctx context.Context, st Store, sid string, now time.Time) (secret string, err error) {
	for _, a := range accounts {
		if a.sid == sid {
			secret, hash := store.NewSecret()
			return secret, st.SaveToken(ctx, store.Token{
				SID: sid, Account: a.account, Name: "demo", Hash: hash, Version: wire.CurrentVersion,
				Scopes: []store.Scope{store.ScopeAll}, Created: now,
			}, auditEvent(store.OperationCreateToken, now))
		}
	}
	return "", fmt.Errorf("the demo has no token %s", sid)
}

// NewAdminToken is like [NewToken], for the token of the admin API.
func NewAdminToken(ctx context.Context, st Store, now time.Time) (secret string, err error) {
	secret, hash := store.NewSecret()
	return secret, st.SaveToken(ctx, store.Token{
		SID: SIDAdmin, Account: store.Operator, Name: "demo", Hash: hash, Version: wire.CurrentVersion,
		Scopes: []store.Scope{store.ScopeAdmin}, Created: now,
	}, auditEvent(store.OperationCreateToken, now))
}

// auditEvent returns an audit event of the demo.
func auditEvent(operation store.Operation, at time.Time) store.AuditEvent {
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "demo"}, Operation: operation, At: at}
}

func seed(ctx context.Context, st Store, account int64, now time.Time) error {
	file, err := refdata.Parse(ReferenceName, []byte(Reference))
	if err != nil {
		return err
	}
	if _, err := file.Record(ctx, st, now, auditEvent(store.OperationRecord, now)); err != nil {
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

// progress returns the number of submissions of an account and the time at which the
// first was accepted.
func progress(ctx context.Context, st Store, account int64) (done int, start time.Time, err error) {
	err = st.Read(ctx, account, func(r store.Reader) error {
		found, _, err := r.Submissions(search.SubmissionFilter{}, search.Page{Size: 1, Number: 1})
		if err != nil || found.Total == 0 {
			return err
		}
		done = found.Total
		_, oldest, err := r.Submissions(search.SubmissionFilter{}, search.Page{Size: 1, Number: done})
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
