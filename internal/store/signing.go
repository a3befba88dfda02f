package store

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/signature"
)

// SigningSecret is the secret that signs the requests of a notification. The zero value means that
// there is none.
type SigningSecret struct {
	Current signature.Secret
	// Since is the time at which Current was created.
	Since time.Time
	// Old is the previous secret, which signs too until OldUntil. Both are zero if there is none.
	Old      signature.Secret
	OldUntil time.Time
}

// Valid returns the secrets that sign a request at a time, the current one first.
func (s SigningSecret) Valid(now time.Time) (secrets []signature.Secret) {
	if !s.Since.IsZero() {
		secrets = append(secrets, s.Current)
	}
	if now.Before(s.OldUntil) {
		secrets = append(secrets, s.Old)
	}
	return secrets
}

// Rotate returns s with another secret. The current one, if any, signs too for the overlap. The
// previous one no longer does.
func (s SigningSecret) Rotate(next signature.Secret, now time.Time, overlap time.Duration) SigningSecret {
	rotated := SigningSecret{Current: next, Since: now}
	if !s.Since.IsZero() && overlap > 0 {
		rotated.Old, rotated.OldUntil = s.Current, now.Add(overlap)
	}
	return rotated
}

// String describes the secret for the audit log, without revealing it.
func (s SigningSecret) String() string {
	switch {
	case s.Since.IsZero():
		return "no signing secret"
	case s.OldUntil.IsZero():
		return "signing secret"
	}
	return "signing secret, previous one valid until " + s.OldUntil.UTC().Format(time.RFC3339)
}
