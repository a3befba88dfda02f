package signin

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	passwordvalidator "github.com/wagslane/go-password-validator"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Limits of passwords, in characters, and of texts that can't be one or the secret of a link.
const (
	MinPassword = 12
	MaxPassword = 128

	maxPasswordBytes = MaxPassword * utf8.UTFMax
	maxSecret        = 128
	// minEntropy is the number of bits of a password that is neither a sequence nor repetitions.
	minEntropy = 50
	// minTrace is the length from which a password must not contain parts of the name.
	minTrace = 3
)

// PasswordError reports a password that breaks a rule.
type PasswordError struct {
	// Rule is the rule, as a sentence for the person.
	Rule string
}

// Error returns the rule.
func (e *PasswordError) Error() string { return e.Rule }

// CheckPassword returns a [*PasswordError] if a person can't have the password.
func CheckPassword(password string, p people.Person) error {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return &PasswordError{"The password must be text."}
	case n < MinPassword:
		return &PasswordError{fmt.Sprintf("The password must have at least %d characters; it has %d.", MinPassword, n)}
	case n > MaxPassword:
		return &PasswordError{fmt.Sprintf("The password must have at most %d characters; it has %d.", MaxPassword, n)}
	}
	rest := strings.ToLower(password)
	for _, part := range strings.FieldsFunc(strings.ToLower(p.Email+" "+p.Name), func(r rune) bool { return strings.ContainsRune(" @.-_+", r) }) {
		if utf8.RuneCountInString(part) >= minTrace {
			rest = strings.ReplaceAll(rest, part, "")
		}
	}
	if passwordvalidator.Validate(rest, minEntropy) != nil {
		return &PasswordError{"The password is easy to guess. Use more and different words, and neither your name, a sequence nor repetitions."}
	}
	return nil
}

// SetPassword sets the password of the person p of a session, ends all sessions of that person and
// returns the person in the new epoch, with which the caller begins another session. It returns a
// [*PasswordError] for a password that breaks a rule, and [ErrSessionEnded] if the person's sessions
// were ended since p was read: a stale session must not set a password.
func (s *Service) SetPassword(ctx context.Context, p people.Person, password string) (people.Person, error) {
	if err := CheckPassword(password, p); err != nil {
		return people.Person{}, err
	}
	leave, err := s.hasher.enter()
	if err != nil {
		return people.Person{}, err
	}
	defer leave()
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return people.Person{}, err
	}
	r, err := s.change(ctx, p, store.OperationSetPassword, func(r store.PersonRecord) (store.PersonChange, error) {
		if r.Epoch != p.Epoch {
			return store.PersonChange{}, ErrSessionEnded
		}
		r.Hash = hash
		return store.PersonChange{Person: r, EndSessions: true, EndLinks: true}, nil
	})
	return r.Person, err
}

// change changes a person who is signed in, unless it was disabled.
func (s *Service) change(
	ctx context.Context, p people.Person, o store.Operation, change func(store.PersonRecord) (store.PersonChange, error),
) (store.PersonRecord, error) {
	return s.store.ChangePerson(ctx, p.ID, s.event(o, p, s.now()), func(r store.PersonRecord) (store.PersonChange, error) {
		if r.Disabled {
			return store.PersonChange{}, ErrDisabled
		}
		return change(r)
	})
}

// hashSecret returns the hash of the secret of a link.
func hashSecret(secret string) ids.Hash { return sha256.Sum256([]byte(secret)) }

// parameters are those of the second recommendation of OWASP for argon2id: 19 MiB, so that a small
// server can check several passwords at once.
var parameters = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hasher hashes passwords. Each takes memory and a core, so that only a few run at once.
type hasher struct {
	slots chan struct{}
	// queue has a place for each caller that waits for a slot or has one.
	queue chan struct{}
	// decoy is the hash of a password that nobody has.
	decoy string
}

// Limits of callers who are not signed in: maxHashers passwords are hashed at once, for at most 76
// MiB, on at most half of the cores, and maxQueue callers wait or are served.
const (
	maxHashers = 4
	maxQueue   = 64
)

func newHasher() hasher {
	_, hash := store.NewSecret()
	decoy, err := argon2id.CreateHash(string(hash[:]), parameters)
	if err != nil {
		panic(err) // only randomness can fail, which ends the program
	}
	slots := min(maxHashers, max(1, runtime.GOMAXPROCS(0)/2))
	return hasher{make(chan struct{}, slots), make(chan struct{}, maxQueue), decoy}
}

// enter takes a place in the queue and returns the function that leaves it, or [ErrBusy].
func (h hasher) enter() (leave func(), err error) {
	select {
	case h.queue <- struct{}{}:
		return func() { <-h.queue }, nil
	default:
		return nil, ErrBusy
	}
}

// inSlot calls f when a slot is free.
func (h hasher) inSlot(ctx context.Context, f func() error) error {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
		return f()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h hasher) hash(ctx context.Context, password string) (hash string, err error) {
	err = h.inSlot(ctx, func() error {
		hash, err = argon2id.CreateHash(password, parameters)
		return err
	})
	return hash, err
}

// matches reports whether a password has a hash. With an empty hash it does the same work and
// reports false.
func (h hasher) matches(ctx context.Context, password, hash string) (matches bool, err error) {
	none := hash == ""
	if none {
		hash = h.decoy
	}
	err = h.inSlot(ctx, func() error {
		matches, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	if err != nil && !errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("stored password: %w", err)
	}
	return matches && !none, err
}
