package submissions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// expiredPerKey is the number of expired keys that are deleted for each new key. So the
// table shrinks to the keys of the last [store.KeyRetention] without a cleanup job.
const expiredPerKey = 2

// FindKey implements [store.Keys].
func (q *Queue) FindKey(ctx context.Context, account int64, now time.Time, key store.Key) (first store.KeyUse, err error) {
	err = q.DB.Lookup(ctx, func(s *sqldb.Session) error {
		first, err = FirstUse(s, account, column.Truncate(now), key)
		return err
	})
	if err != nil {
		return first, fmt.Errorf("look up a key in account %d: %w", account, err)
	}
	return first, nil
}

// KeepResponse implements [store.Keys].
func (q *Queue) KeepResponse(ctx context.Context, key store.Key, response string) error {
	err := q.DB.Write(ctx, func(s *sqldb.Session) error {
		return s.Exec("UPDATE keys SET resource = ? WHERE account = ? AND key = ? AND request = ?",
			response, store.Operator, key.Text, key.Request[:])
	})
	if err != nil {
		return fmt.Errorf("keep the response of a key: %w", err)
	}
	return nil
}

// FirstUse is like FindKey within a transaction. If it returns
// [ledger.ErrNotFound], the key is unused: a write that uses it calls [RememberKey] in
// the same transaction.
func FirstUse(s *sqldb.Session, accountID int64, now time.Time, key store.Key) (first store.KeyUse, err error) {
	var request ids.Hash
	var number int64
	err = column.QueryRow(s, "SELECT request, submission, resource FROM keys WHERE account = ? AND key = ? AND given > ?",
		[]any{accountID, key.Text, column.Micros(now.Add(-store.KeyRetention))}, (*column.Digest)(&request), &number, &first.Resource)
	switch {
	case err != nil:
		return store.KeyUse{}, err
	case request != key.Request:
		return store.KeyUse{Resource: first.Resource}, store.ErrKeyReused
	case number == 0:
		return first, nil
	}
	salt, err := account.Salt(s, accountID)
	if err == nil {
		first.Submission, err = Load(s, accountID, number, salt)
	}
	if errors.Is(err, ledger.ErrNotFound) { // callers would take the key for unused
		err = fmt.Errorf("submission %d of a key is missing", number)
	}
	return first, err
}

// accountKey is an idempotency key of an account.
type accountKey struct {
	account int64
	text    string
}

// LookUpKeys looks up the keys of batches that are to be accepted. If each lookup costs a
// round trip, one query looks up all keys. On a distributed database the batches must be of
// one account.
func (rows *Inserts) LookUpKeys(s *sqldb.Session, now time.Time, batches []store.Batch) error {
	var accounts []int64
	var keys []string
	rows.used = make(map[accountKey]bool)
	for _, b := range batches {
		for _, submission := range b.Submissions {
			if text := submission.Key.Text; text != "" {
				accounts, keys = append(accounts, b.Account), append(keys, text)
			}
		}
	}
	if !s.Dialect().Arrays || len(keys) < 2 {
		return nil
	}
	for i, text := range keys {
		rows.used[accountKey{accounts[i], text}] = false
	}
	text, arg := selectUsedKeys, any(accounts)
	if s.Dialect().Distributed {
		text, arg = selectUsedKeysInOne, accounts[0]
	}
	var used accountKey
	return s.Rows(text, []any{arg, column.Micros(now.Add(-store.KeyRetention)), keys}, []any{&used.account, &used.text}, func() error {
		rows.used[used] = true
		return nil
	})
}

// selectUsedKeys looks up each key. selectUsedKeysInOne is for the one account of a
// distributed database, whose planner must see it.
const (
	selectUsedKeys = `SELECT v.account, v.key FROM unnest(?1::bigint[], ?3::text[]) AS v (account, key)
		CROSS JOIN LATERAL (SELECT given FROM keys WHERE account = v.account AND key = v.key OFFSET 0) k WHERE k.given > ?2`
	selectUsedKeysInOne = "SELECT account, key FROM keys WHERE account = ?1 AND given > ?2 AND key = ANY (?3::text[])"
)

var insertKey = sqldb.BulkInsert("keys", "key text", "request bytea", "given", "submission", "resource text").
	OnConflict(`(account, key) DO UPDATE SET request = excluded.request, given = excluded.given,
		submission = excluded.submission, resource = excluded.resource`)

// expiredKeys are the keys of an account that expired before an instant, some of which are
// deleted.
type expiredKeys struct{ account, before, limit int64 }

// addKey adds the first use of a key, for the submission with the number or, if that is 0,
// for the resource.
func (rows *Inserts) addKey(account int64, key store.Key, at time.Time, number int64, resource string) {
	rows.keys = append(rows.keys, []any{account, key.Text, key.Request[:], column.Micros(at), number, resource})
	if last := len(rows.expired) - 1; last >= 0 && rows.expired[last].account == account {
		rows.expired[last].limit += expiredPerKey
		return
	}
	rows.expired = append(rows.expired, expiredKeys{account, column.Micros(at.Add(-store.KeyRetention)), expiredPerKey})
}

// RememberKey stores the first use of a key by a write without a submission.
func RememberKey(s *sqldb.Session, account int64, at time.Time, key store.Key, resource string) error {
	var rows Inserts
	rows.addKey(account, key, at, 0, resource)
	return rows.Write(s)
}

// deleteExpired deletes some expired keys.
func deleteExpired(s *sqldb.Session, expired []expiredKeys) error {
	for _, e := range expired {
		err := s.Exec(`DELETE FROM keys WHERE account = ? AND key IN
			(SELECT key FROM keys WHERE account = ? AND given <= ? ORDER BY given LIMIT ?)`, e.account, e.account, e.before, e.limit)
		if err != nil {
			return err
		}
	}
	return nil
}
