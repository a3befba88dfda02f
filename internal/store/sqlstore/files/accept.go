// Package files stores batch files, and for each row its submission or its error.
package files

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Inbox accepts batch files and queues their rows.
type Inbox struct{ DB *sqldb.DB }

// AcceptFile implements [store.Files].
func (in *Inbox) AcceptFile(
	ctx context.Context, accountID int64, now time.Time, f store.NewFile,
) (file store.File, replayed bool, err error) {
	sum := sha256.Sum256(f.Content)
	err = account.Exclusive(ctx, in.DB, accountID, func(s *sqldb.Session) error {
		salt, err := account.Salt(s, accountID)
		if err != nil {
			return err
		}
		if file.ID, replayed, err = fileOfKey(s, accountID, column.Truncate(now), f.Key); err != nil || replayed {
			return err
		}
		if !f.Again {
			if err := checkNew(s, accountID, sum, salt); err != nil {
				return err
			}
		}
		file = store.File{Accepted: column.Truncate(now), Name: f.Name, Kind: f.Kind, Records: f.Records}
		if err := insert(s, accountID, salt, sum, f, &file); err != nil {
			return err
		}
		return account.LogEvent(s, f.Event, accountID, file.Accepted, "file "+string(file.ID), fmt.Sprintf("%q, %d rows", f.Name, f.Records))
	})
	if err != nil {
		return store.File{}, false, fmt.Errorf("accept a file in account %d: %w", accountID, err)
	}
	return file, replayed, nil
}

// fileOfKey returns the id of the file for which an idempotency key was first used, and
// reports whether there is one.
func fileOfKey(s *sqldb.Session, account int64, now time.Time, key store.Key) (id store.FileID, used bool, err error) {
	if key.Text == "" {
		return "", false, nil
	}
	first, err := submissions.FirstUse(s, account, now, key)
	if errors.Is(err, ledger.ErrNotFound) {
		return "", false, nil
	}
	text, ok := strings.CutPrefix(first.Resource, store.FilePath(""))
	if err == nil && !ok { // can't happen: requests of other kinds have other hashes
		err = store.ErrKeyReused
	}
	return store.FileID(text), err == nil, err
}

// checkNew returns a [*store.DuplicateFileError] if a file with the same content was
// accepted before. Of several, it names one that isn't complete.
func checkNew(s *sqldb.Session, account int64, sum ids.Hash, salt uint32) error {
	var number int64
	var accepted time.Time
	err := column.QueryRow(s, "SELECT f.number, f.accepted FROM "+fromFiles+
		" WHERE f.account = ? AND f.sum = ? ORDER BY "+completed+" IS NULL DESC, f.number LIMIT 1", []any{account, sum[:]}, &number, (*column.Instant)(&accepted))
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return &store.DuplicateFileError{First: store.NewFileID(salt, accepted, number)}
}

// insert stores a file and sets its number and id. Several files may have the same
// instant.
func insert(s *sqldb.Session, account int64, salt uint32, sum ids.Hash, f store.NewFile, file *store.File) error {
	if err := s.Row("SELECT coalesce(max(number), 0) + 1 FROM files WHERE account = ?", []any{account}, &file.Number); err != nil {
		return err
	}
	file.ID = store.NewFileID(salt, file.Accepted, file.Number)
	if err := s.Exec(`INSERT INTO files (account, number, accepted, name, kind, sum, records, taken, faults,
		first_submission, last_submission, read) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, NULL)`,
		account, file.Number, column.Micros(file.Accepted), f.Name, string(f.Kind), sum[:], int64(f.Records)); err != nil {
		return err
	}
	if err := s.Exec("INSERT INTO file_contents (account, file, content, decimal_separator) VALUES (?, ?, ?, ?)",
		account, file.Number, f.Content, f.DecimalSeparator); err != nil {
		return err
	}
	if f.Key.Text == "" {
		return nil
	}
	return submissions.RememberKey(s, account, file.Accepted, f.Key, store.FilePath(file.ID))
}

// UnreadFileAccounts implements [store.Files].
func (in *Inbox) UnreadFileAccounts(ctx context.Context) ([]int64, error) {
	accounts, err := account.List(ctx, in.DB, `SELECT a.account FROM accounts a
		WHERE EXISTS (SELECT 1 FROM files f WHERE f.account = a.account AND f.read IS NULL) ORDER BY a.account`)
	if err != nil {
		return nil, fmt.Errorf("list accounts with unread files: %w", err)
	}
	return accounts, nil
}

// NextFile implements [store.Files].
func (in *Inbox) NextFile(ctx context.Context, accountID int64) (f store.File, content store.FileContent, err error) {
	err = account.Read(ctx, in.DB, accountID, func(r *account.Snapshot) error {
		var row row
		err := column.QueryRow(r.Session, selectFile+"WHERE f.account = ?1 AND f.read IS NULL ORDER BY f.number LIMIT 1", []any{accountID}, row.dest()...)
		if err != nil {
			return err
		}
		f = row.file(r.Salt)
		return column.QueryRow(r.Session, "SELECT content, decimal_separator FROM file_contents WHERE account = ? AND file = ?",
			[]any{accountID, f.Number}, &content.Bytes, &content.DecimalSeparator)
	})
	if err != nil {
		return store.File{}, store.FileContent{}, fmt.Errorf("next file of account %d: %w", accountID, err)
	}
	return f, content, nil
}
