package sqlstore

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// AcceptFile keeps a file; an unknown account is ledger.ErrNotFound.
func (st *Store) AcceptFile(
	ctx context.Context, account int64, now time.Time, f store.NewFile,
) (file store.File, replayed bool, err error) {
	sum := sha256.Sum256(f.Content)
	err = st.operate(ctx, account, func(s *session) error {
		salt, err := s.salt(account)
		if err != nil {
			return err
		}
		if file.ID, replayed, err = s.fileOfKey(account, whole(now), f.Key); err != nil || replayed {
			return err
		}
		if !f.Again {
			if err := s.unknown(account, sum, salt); err != nil {
				return err
			}
		}
		file = store.File{Accepted: whole(now), Name: f.Name, Kind: f.Kind, Records: f.Records}
		return s.insertFile(account, salt, sum, f, &file)
	})
	if err != nil {
		return store.File{}, false, fmt.Errorf("accept a file in account %d: %w", account, err)
	}
	return file, replayed, nil
}

// fileOfKey answers the file that a key was first given to, if there is one.
func (s *session) fileOfKey(account int64, now time.Time, key store.Key) (id store.FileID, seen bool, err error) {
	if key.Text == "" {
		return "", false, nil
	}
	first, err := s.seen(account, now, key)
	if errors.Is(err, ledger.ErrNotFound) {
		return "", false, nil
	}
	text, is := strings.CutPrefix(first.Resource, store.FileResource(""))
	if err == nil && !is { // requests of other kinds have other hashes
		err = store.ErrKeyReused
	}
	return store.FileID(text), err == nil, err
}

// unknown refuses a file whose bytes were accepted before.
func (s *session) unknown(account int64, sum ledger.Hash, salt uint32) error {
	var number int64
	var accepted time.Time
	err := notFound(s.row("SELECT number, accepted FROM files WHERE account = ? AND sum = ? ORDER BY number LIMIT 1",
		[]any{account, sum[:]}, &number, (*instant)(&accepted)))
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return &store.FileKnownError{First: store.NewFileID(salt, accepted, number)}
}

// insertFile gives the file its number and id. Files may have the same instant.
func (s *session) insertFile(account int64, salt uint32, sum ledger.Hash, f store.NewFile, file *store.File) error {
	if err := s.row("SELECT coalesce(max(number), 0) + 1 FROM files WHERE account = ?", []any{account}, &file.Number); err != nil {
		return err
	}
	file.ID = store.NewFileID(salt, file.Accepted, file.Number)
	if err := s.exec(`INSERT INTO files (account, number, accepted, name, kind, sum, records, taken, faults,
		first_submission, last_submission, read) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, NULL)`,
		account, file.Number, micros(file.Accepted), f.Name, string(f.Kind), sum[:], int64(f.Records)); err != nil {
		return err
	}
	if err := s.exec("INSERT INTO file_contents (account, file, content) VALUES (?, ?, ?)", account, file.Number, f.Content); err != nil {
		return err
	}
	if f.Key.Text == "" {
		return nil
	}
	return s.remember(account, file.Accepted, keyRow(account, f.Key, file.Accepted, 0, store.FileResource(file.ID)))
}

// UnreadFiles answers the accounts that have files with rows to be taken.
func (st *Store) UnreadFiles(ctx context.Context) ([]int64, error) {
	accounts, err := st.accounts(ctx, `SELECT a.account FROM accounts a
		WHERE EXISTS (SELECT 1 FROM files f WHERE f.account = a.account AND f.read IS NULL) ORDER BY a.account`)
	if err != nil {
		return nil, fmt.Errorf("look for files to be taken: %w", err)
	}
	return accounts, nil
}

// NextFile answers the oldest file that has rows to be taken, with its bytes.
func (st *Store) NextFile(ctx context.Context, account int64) (f store.File, content []byte, err error) {
	err = st.snapshot(ctx, account, func(r *reader) error {
		var row fileRow
		err := r.row(selectFile+"WHERE f.account = ? AND f.read IS NULL ORDER BY f.number LIMIT 1", []any{account}, row.dest()...)
		if err != nil {
			return notFound(err)
		}
		f = row.file(r.salt)
		return notFound(r.row("SELECT content FROM file_contents WHERE account = ? AND file = ?", []any{account, f.Number}, &content))
	})
	if err != nil {
		return store.File{}, nil, fmt.Errorf("next file of account %d: %w", account, err)
	}
	return f, content, nil
}
