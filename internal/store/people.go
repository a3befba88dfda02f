package store

import (
	"context"
	"errors"
	"time"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// People stores the people who sign in to the console. They belong to no account and can be members
// of several. Changes of people don't overlap.
type People interface {
	// Person returns a person, or [ledger.ErrNotFound].
	Person(ctx context.Context, id int64) (PersonRecord, error)

	// ListPeople returns the members of an account, or all people if account is 0, oldest first.
	ListPeople(ctx context.Context, account int64) ([]people.Person, error)

	// InvitePerson makes the person with the e-mail a member of an account. It creates the person,
	// or enables a disabled one with the new name and without former memberships. It removes other
	// links of the person, and ends the sessions if there is no password. It stores the link if the
	// person that it returns needs one, by [people.Person.NeedsLink]. The event is one of the
	// account. It returns [ErrMember] if the person is a member of the account, [ErrTooManyMembers],
	// or [ledger.ErrNotFound] for an unknown account.
	InvitePerson(ctx context.Context, email, name string, m people.Membership, l Link, e AuditEvent) (people.Person, error)

	// ChangePerson calls change with a person and stores the result in one commit, at the time of e.
	// If change returns an error, ChangePerson returns it and changes nothing. It returns
	// [ledger.ErrNotFound] for an unknown person.
	ChangePerson(ctx context.Context, id int64, e AuditEvent, change func(PersonRecord) (PersonChange, error)) (PersonRecord, error)

	// RedeemLink removes a link, forgets the failed attempts of its person to sign in, and returns
	// the person and the purpose. Of concurrent calls, one succeeds. The event has the time at which
	// the link must be valid, and gets the person as its actor. It returns [ledger.ErrNotFound] for
	// an unknown or expired link and for that of a disabled person.
	RedeemLink(ctx context.Context, hash ids.Hash, e AuditEvent) (PersonRecord, people.Purpose, error)

	// CountAttempt counts an attempt to sign in with an e-mail address, whether or not anybody has
	// it, unless attempts are locked. From the attempts that have failed since the last success, and
	// this one, delay returns for how long it locks further ones. Attempts are forgotten after
	// [AttemptRetention].
	CountAttempt(ctx context.Context, email string, now time.Time, delay func(attempts int) time.Duration) (Attempt, error)

	// UncountAttempt forgets an attempt, and the lock until a time if the attempt caused it. A lock by
	// another attempt stays.
	UncountAttempt(ctx context.Context, email string, until time.Time) error
}

// Sessions stores the sessions of the console. Its clock is that of the session manager.
type Sessions interface {
	// Session returns the data of a session, or [ledger.ErrNotFound] if it is unknown, expired or
	// ended.
	Session(ctx context.Context, hash ids.Hash, now time.Time) ([]byte, error)

	// SaveSession stores a session or replaces its data. A session that was ended stays ended, and
	// one of another epoch than its person's isn't stored: a request that began before the sessions
	// were ended can't begin one.
	SaveSession(ctx context.Context, s Session, now time.Time) error

	// EndSession ends a session. It does nothing if the session is unknown.
	EndSession(ctx context.Context, hash ids.Hash) error
}

// AttemptRetention is the time after which failed attempts to sign in are forgotten, unless there
// is another one or a lock in the meantime.
const AttemptRetention = 2 * time.Hour

// MaxSession is the largest number of bytes of a session's data.
const MaxSession = 16 << 10

// Errors of [People].
var (
	// ErrMember reports that a person is a member of the account.
	ErrMember = errors.New("the person is a member of the account: change the role instead")
	// ErrTooManyMembers reports that an account has [people.MaxMembers] members, or a person as
	// many memberships.
	ErrTooManyMembers = errors.New("the account has too many members")
)

// PersonRecord is a person with what signs it in.
type PersonRecord struct {
	people.Person
	// Hash is the encoded argon2id hash of the password, or "".
	Hash string
	// Secret makes the one-time codes that are required, or is "". PendingSecret replaces it once a
	// code of it was confirmed.
	Secret, PendingSecret string
	// Step is the time step of the last accepted code. No code of it or before is accepted.
	Step int64
}

// PersonChange is a change of a person.
type PersonChange struct {
	// Person is the changed person. Its id, e-mail, date and epoch can't change.
	Person PersonRecord
	// Account is the account to whose audit log the change belongs, or [Operator].
	Account int64
	// Detail describes the change in the audit log.
	Detail string
	// EndSessions ends the sessions and begins an epoch of the person. EndLinks removes the links,
	// before Link is stored.
	EndSessions, EndLinks bool
	// Forgive forgets failed attempts to sign in.
	Forgive bool
	// Link is a new link, or nil.
	Link *Link
}

// Link is a link that can be redeemed once. Its secret is not stored.
type Link struct {
	Hash    ids.Hash // of the secret, as of a [Token]
	Purpose people.Purpose
	Expires time.Time
}

// NewLink returns a link that is valid from now, and its secret.
func NewLink(p people.Purpose, now time.Time) (Link, string) {
	secret, hash := NewSecret()
	return Link{hash, p, now.Add(p.Validity()).UTC()}, secret
}

// Attempt is an attempt to sign in.
type Attempt struct {
	// Person has the e-mail, or has no id if nobody has it.
	Person PersonRecord
	// Locked reports that the attempt was not counted, because a lock lasts until Until. Otherwise
	// Until is the end of the lock that the attempt caused, or zero.
	Locked bool
	Until  time.Time
}

// Session is a session of the console.
type Session struct {
	Hash ids.Hash // of the token
	// Person is who signed in, or 0, in the epoch of that time.
	Person  int64
	Epoch   int64
	Expires time.Time
	Data    []byte
}
