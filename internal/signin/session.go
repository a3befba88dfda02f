package signin

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Keys of a session, under which it holds the id and the epoch of the person, each an int64. The
// store needs them to end the sessions of a person.
const (
	SessionPerson = "person"
	SessionEpoch  = "epoch"
)

// SessionStore stores the sessions of a [scs.SessionManager] with its default codec. It implements
// [scs.CtxStore].
type SessionStore struct {
	Store store.Sessions
}

var _ scs.CtxStore = SessionStore{}

// now is the clock of package scs, which has no other, even while the clock of the ledger stands.
func now() time.Time { return time.Now() }

// FindCtx returns the data of the session with the token and whether there is one.
func (s SessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	data, err = s.Store.Session(ctx, sha256.Sum256([]byte(token)), now())
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx stores the session with the token.
func (s SessionStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return fmt.Errorf("data of a session: %w", err)
	}
	person, _ := values[SessionPerson].(int64)
	epoch, _ := values[SessionEpoch].(int64)
	return s.Store.SaveSession(ctx, store.Session{
		Hash: sha256.Sum256([]byte(token)), Person: person, Epoch: epoch, Expires: expiry, Data: data,
	}, now())
}

// DeleteCtx ends the session with the token.
func (s SessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.Store.EndSession(ctx, sha256.Sum256([]byte(token)))
}

// Find is FindCtx without a context.
func (s SessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s SessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s SessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
