package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// forgetting is how many keys that are too old go for each that comes: there are
// never many more than were given in [store.KeyLife], with no job that cleans up.
const forgetting = 2

// Seen answers what a key was first given to.
func (st *Store) Seen(ctx context.Context, account int64, now time.Time, key store.Key) (first store.KeyUse, err error) {
	err = st.lookup(ctx, func(s *session) error {
		first, err = s.seen(account, whole(now), key)
		return err
	})
	if err != nil {
		return store.KeyUse{}, fmt.Errorf("look for a key in account %d: %w", account, err)
	}
	return first, nil
}

// seen is for the transaction of a write: if it answers ledger.ErrNotFound, the
// write goes on and ends with [session.remember].
func (s *session) seen(account int64, now time.Time, key store.Key) (first store.KeyUse, err error) {
	var request ledger.Hash
	var number int64
	err = s.row("SELECT request, submission, resource FROM keys WHERE account = ? AND key = ? AND given > ?",
		[]any{account, key.Text, micros(now.Add(-store.KeyLife))}, (*digest)(&request), &number, &first.Resource)
	switch {
	case err != nil:
		return store.KeyUse{}, notFound(err)
	case request != key.Request:
		return store.KeyUse{}, store.ErrKeyReused
	case number == 0:
		return first, nil
	}
	salt, err := s.salt(account)
	if err == nil {
		first.Submission, err = s.submissionNumbered(account, number, salt)
	}
	if errors.Is(err, ledger.ErrNotFound) { // which would say that the key is new
		err = fmt.Errorf("submission %d is gone, and a key was given to it", number)
	}
	return first, err
}

// seenAny answers those of an account's keys that were seen.
func (s *session) seenAny(account int64, now time.Time, keys []string) (map[string]bool, error) {
	seen := make(map[string]bool)
	var key string
	err := s.rows("SELECT key FROM keys WHERE account = ?1 AND given > ?2 AND key = ANY (?3::text[])",
		[]any{account, micros(now.Add(-store.KeyLife)), keys}, []any{&key}, func() error {
			seen[key] = true
			return nil
		})
	return seen, err
}

var newKeys = inserting("keys", "key text", "request bytea", "given", "submission", "resource text").
	unless(`(account, key) DO UPDATE SET request = excluded.request, given = excluded.given,
		submission = excluded.submission, resource = excluded.resource`)

// keyRow answers a row of newKeys: a key with the number of the submission that it was
// given to, or with the resource of a write that took effect at once.
func keyRow(account int64, key store.Key, at time.Time, number int64, resource string) []any {
	return []any{account, key.Text, key.Request[:], micros(at), number, resource}
}

// remember keeps keys that were given at an instant, and forgets old ones.
func (s *session) remember(account int64, at time.Time, keys ...[]any) error {
	if len(keys) == 0 {
		return nil
	}
	if err := s.write(newKeys, keys); err != nil {
		return err
	}
	return s.exec(`DELETE FROM keys WHERE account = ? AND key IN
		(SELECT key FROM keys WHERE account = ? AND given <= ? ORDER BY given LIMIT ?)`,
		account, account, micros(at.Add(-store.KeyLife)), int64(forgetting*len(keys)))
}
