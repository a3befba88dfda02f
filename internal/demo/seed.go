package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
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
	store.Biller
	store.Snapshots
	RecordPayments(ctx context.Context, account int64, now time.Time, payments []store.Payment, e store.AuditEvent) error
	Token(ctx context.Context, sid string) (store.Token, error)
	SaveToken(ctx context.Context, t store.Token, e store.AuditEvent) error
}

// Seed records the reference data, accepts the orders, applies them, issues the invoices and
// records payments. It resumes a Seed
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

// Email is that of the person who signs in to the demo's console.
const Email = "demo@example.com"

// NewSignIn returns the path of a link that signs in to the console once, as an administrator of all
// accounts. Links of before end.
func NewSignIn(ctx context.Context, st store.People, now time.Time) (path string, err error) {
	for _, a := range accounts {
		m := people.Membership{Account: a.account, Role: people.RoleAdmin}
		invitation, _ := store.NewLink(people.PurposeInvitation, now) // the link below replaces it
		_, err := st.InvitePerson(ctx, Email, "Demo", m, invitation, auditEvent(store.OperationInvite, now))
		if err != nil && !errors.Is(err, store.ErrMember) {
			return "", err
		}
	}
	members, err := st.ListPeople(ctx, Account)
	if err != nil {
		return "", err
	}
	for _, p := range members {
		if p.Email != Email {
			continue
		}
		link, secret := store.NewLink(people.PurposeSignIn, now)
		_, err := st.ChangePerson(ctx, p.ID, auditEvent(store.OperationLink, now), func(r store.PersonRecord) (store.PersonChange, error) {
			return store.PersonChange{Person: r, Detail: "link to sign in", EndLinks: true, Forgive: true, Link: &link}, nil
		})
		return people.LinkPath(secret), err
	}
	return "", fmt.Errorf("the demo has no person %s", Email)
}

// auditEvent returns an audit event of the demo.
func auditEvent(operation store.Operation, at time.Time) store.AuditEvent {
	return store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "demo"}, Operation: operation, At: at}
}

func seed(ctx context.Context, st Store, account int64, now time.Time) error {
	start, done, err := progress(ctx, st, account, now)
	if err != nil {
		return err
	}
	if done == 0 {
		if err := record(ctx, st, start); err != nil {
			return err
		}
	}
	steps, err := Steps(account, start)
	if err != nil {
		return err
	}
	for _, step := range steps {
		accepted := min(done, len(step.Submissions))
		done -= accepted
		if done > 0 { // the next step has begun
			continue
		}
		step.Submissions = step.Submissions[accepted:]
		if err := do(ctx, st, account, step); err != nil {
			return fmt.Errorf("step of %s: %w", step.At, err)
		}
	}
	return bill(ctx, st, account, now)
}

// record records the reference data as of the beginning of the history.
func record(ctx context.Context, st Store, start time.Time) error {
	file, err := refdata.Parse(ReferenceName, []byte(Reference))
	if err != nil {
		return err
	}
	begin := start.Add(-historyLength)
	event := auditEvent(store.OperationRecord, begin)
	if _, err := file.Record(ctx, st, begin, event); err != nil {
		return err
	}
	_, err = st.Record(ctx, Account, begin, event, func(r *program.Reference, _ time.Time) (store.ReferenceChange, error) {
		return store.ReferenceChange{RateTables: rateTables(start, r.Zone())}, nil
	})
	return err
}

// do does what is left of a step.
func do(ctx context.Context, st Store, account int64, step Step) error {
	for batch := range slices.Chunk(step.Submissions, store.MaxBatch) {
		if _, err := st.Accept(ctx, account, step.At, batch); err != nil {
			return err
		}
	}
	if err := applier.Drain(ctx, st, account, func() time.Time { return step.At }); err != nil {
		return err
	}
	if err := bill(ctx, st, account, step.At); err != nil {
		return err
	}
	for _, p := range step.Payments {
		if err := pay(ctx, st, account, step.At, p); err != nil {
			return err
		}
	}
	return nil
}

// bill issues the invoices that are due at an instant.
func bill(ctx context.Context, st Store, account int64, at time.Time) error {
	for {
		billed, err := st.Bill(ctx, account, at)
		if err != nil || !billed.Progress {
			return err
		}
	}
}

// pay records the payment of an invoice unless it is recorded.
func pay(ctx context.Context, st Store, account int64, at time.Time, p invoice.Payment) error {
	var present invoice.Record
	err := st.Read(ctx, account, func(snapshot store.Reader) (err error) {
		r := snapshot.Statements()
		present, err = r.Invoice(p.Invoice)
		return err
	})
	if errors.Is(err, ledger.ErrNotFound) { // on a test clock before the contracts start
		return nil
	}
	if err != nil || present.Payment != nil {
		return err
	}
	e := auditEvent(store.OperationPay, at)
	e.Reason = "paid by bank transfer"
	return st.RecordPayments(ctx, account, at, []store.Payment{{Payment: p, Amount: present.Total}}, e)
}

// progress returns the time of the first start, which is now unless submissions were accepted,
// and the number of these.
func progress(ctx context.Context, st Store, account int64, now time.Time) (start time.Time, done int, err error) {
	start = now
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
			if account == Account {
				start = start.Add(historyLength)
			}
		}
		return nil
	})
	if errors.Is(err, ledger.ErrNotFound) { // the reference data are not recorded
		err = nil
	}
	return start, done, err
}
