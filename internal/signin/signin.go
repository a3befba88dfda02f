// Package signin signs people in to the console: by a password, with a one-time code for those who
// enrolled, or by a link that works once. Another way to sign in, such as OpenID Connect, would find
// the person by its e-mail address or by an issuer and a subject, and then be the same from there.
package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Attempt is what a person enters to sign in.
type Attempt struct {
	Email, Password string
	// Code is the one-time code, or "".
	Code string
}

// Errors of [Service]. Their texts are for the person who signs in.
var (
	// ErrCredentials reports an unknown e-mail address, a wrong password, a wrong or used code or a
	// disabled person. It doesn't reveal which.
	ErrCredentials = errors.New("the e-mail address, the password or the code is wrong")
	// ErrCodeRequired reports a right password without the one-time code that the person needs.
	ErrCodeRequired = errors.New("enter the code of your authenticator app")
	// ErrLink reports a link that is unknown, was redeemed or has expired.
	ErrLink = errors.New("the link was used or has expired: ask the operator of the server for another one")
	// ErrCode reports a code that doesn't confirm the enrollment.
	ErrCode = errors.New("the code is wrong: check the clock of the device and enter the next code")
	// ErrNotEnrolling reports a confirmation without an enrollment.
	ErrNotEnrolling = errors.New("one-time codes are not being set up: start again")
	// ErrNoMember reports a role in an account of which the person is no member.
	ErrNoMember = errors.New("the person is no member of the account")
	// ErrBusy reports that too many passwords wait to be checked.
	ErrBusy = errors.New("too many people are signing in: try again in a few seconds")
	// ErrSessionEnded reports a change by a session that was ended in the meantime.
	ErrSessionEnded = errors.New("the session has ended: sign in again")
	// ErrDisabled reports a change of a disabled person.
	ErrDisabled = errors.New("the person is disabled")
)

// LockedError reports that attempts with an e-mail address are locked, whether or not anybody has
// it.
type LockedError struct{ Until time.Time }

// Error says until when.
func (e *LockedError) Error() string {
	return fmt.Sprintf("too many attempts: try again after %s, or ask the operator of the server for a link", e.Until.UTC().Format("15:04:05 UTC"))
}

// Attempts that fail before further ones are locked, and for how long: for the first duration, and
// then twice as long after each attempt, up to the last.
const (
	freeAttempts = 5
	firstLock    = time.Minute
	longestLock  = time.Hour
)

// lockAfter returns for how long a number of failed attempts locks further ones.
func lockAfter(attempts int) time.Duration {
	if attempts < freeAttempts {
		return 0
	}
	lock := firstLock
	for range attempts - freeAttempts {
		if lock = min(2*lock, longestLock); lock == longestLock {
			break
		}
	}
	return lock
}

// Service signs people in. Its methods are safe for concurrent use.
type Service struct {
	store  store.People
	now    func() time.Time
	hasher hasher
}

// New returns a service on a store. The clock must be that of the ledger, for the audit log.
func New(st store.People, now func() time.Time) *Service {
	return &Service{store: st, now: now, hasher: newHasher()}
}

// Person returns a person, or [ledger.ErrNotFound].
func (s *Service) Person(ctx context.Context, id int64) (people.Person, error) {
	r, err := s.store.Person(ctx, id)
	return r.Person, err
}

// SignIn returns the person who signs in. It takes as much work for an e-mail address that nobody
// has as for a wrong password.
//
// The attempt counts before the password is checked, so that parallel attempts can't exceed the
// limit. A success, or a right password without the code, isn't counted in the end.
func (s *Service) SignIn(ctx context.Context, a Attempt) (people.Person, error) {
	email := people.NormalizeEmail(a.Email)
	if people.CheckEmail(email) != "" || len(a.Password) > maxPasswordBytes {
		return people.Person{}, ErrCredentials // nobody has it
	}
	leave, err := s.hasher.enter() // before it counts: others must not lock an address by a full queue
	if err != nil {
		return people.Person{}, err
	}
	defer leave()
	now := s.now()
	counted, err := s.store.CountAttempt(ctx, email, now, lockAfter)
	if err != nil {
		return people.Person{}, err
	}
	if counted.Locked {
		return people.Person{}, &LockedError{counted.Until}
	}
	p, err := s.authenticate(ctx, counted.Person, a, now)
	switch {
	case errors.Is(err, ErrCodeRequired):
		if failed := s.store.UncountAttempt(ctx, email, counted.Until); failed != nil {
			err = failed
		}
	case errors.Is(err, ErrCredentials) && !counted.Until.IsZero() && counted.Person.ID != 0:
		if failed := s.logLockOut(ctx, counted.Person.Person, counted.Until, now); failed != nil {
			err = failed
		}
	}
	return p, err
}

// authenticate checks the password and the code against those of a person, which may have no id.
func (s *Service) authenticate(ctx context.Context, r store.PersonRecord, a Attempt, now time.Time) (people.Person, error) {
	matches, err := s.hasher.matches(ctx, a.Password, r.Hash)
	if err != nil {
		return people.Person{}, err
	}
	if !matches || r.Disabled {
		return people.Person{}, ErrCredentials
	}
	hash := r.Hash
	r, err = s.store.ChangePerson(ctx, r.ID, s.event(store.OperationSignIn, r.Person, now), func(r store.PersonRecord) (store.PersonChange, error) {
		if r.Disabled || r.Hash != hash {
			return store.PersonChange{}, ErrCredentials
		}
		detail := "by password"
		if r.Secret != "" {
			step, err := checkCode(r.Secret, a.Code, r.Step, now)
			if err != nil {
				return store.PersonChange{}, err
			}
			r.Step, detail = step, "by password and code"
		}
		return store.PersonChange{Person: r, Detail: detail, Forgive: true}, nil
	})
	for _, known := range []error{ErrCredentials, ErrCodeRequired} {
		if errors.Is(err, known) {
			return people.Person{}, known // without the id that the store adds
		}
	}
	return r.Person, err
}

// logLockOut records that attempts to sign in as a person are locked.
func (s *Service) logLockOut(ctx context.Context, p people.Person, until, now time.Time) error {
	_, err := s.store.ChangePerson(ctx, p.ID, s.event(store.OperationLockOut, p, now), func(r store.PersonRecord) (store.PersonChange, error) {
		return store.PersonChange{Person: r, Detail: "until " + until.UTC().Format(time.RFC3339)}, nil
	})
	return err
}

// Redeem returns the person of a one-time link, who is then signed in. A link works once. The
// console must not call Redeem for a GET: mail programs fetch links to check them.
//
// A person without a password, as [people.Person.Password] reports, should set one next.
func (s *Service) Redeem(ctx context.Context, secret string) (people.Person, error) {
	if len(secret) > maxSecret {
		return people.Person{}, ErrLink
	}
	r, _, err := s.store.RedeemLink(ctx, hashSecret(secret), s.event(store.OperationRedeem, people.Person{}, s.now()))
	if errors.Is(err, ledger.ErrNotFound) {
		err = ErrLink
	}
	return r.Person, err
}

// event returns the audit event of an operation that a person performs.
func (s *Service) event(o store.Operation, p people.Person, at time.Time) store.AuditEvent {
	return store.AuditEvent{Actor: Actor(p), Operation: o, At: at.UTC()}
}

// Actor returns a person as the author of an operation.
func Actor(p people.Person) store.Actor {
	return store.Actor{Source: store.SourceConsole, ID: p.Email, Name: p.Name}
}
