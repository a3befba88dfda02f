package retention

import (
	"errors"
	"iter"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

var (
	insertArchive = sqldb.BulkInsert("archives", "number", "instant", "name text", "hash bytea", "actions", "submissions bytea", "updates",
		"adjustments", "last_update", "removed")
	insertAction = sqldb.BulkInsert("archived_actions", "number", "archive", "campaign", "event_type", "partner", "order_id text",
		"customer text", "event_date", "entries", "amount", "digest")
)

func archiveRow(account int64, a store.Archive) []any {
	return []any{
		account, a.Number, column.Micros(a.At), a.Name, a.Hash[:], a.Actions, encodeNumbers(a.Submissions), a.Updates, a.Adjustments,
		a.LastUpdate, a.Removed,
	}
}

func actionRows(account int64, actions []store.ArchivedAction) (rows [][]any) {
	for _, a := range actions {
		rows = append(rows, []any{
			account, a.ID.Number, a.Archive, a.ID.Campaign, a.ID.EventType, a.Partner, a.Order, a.Customer, column.Micros(a.EventDate),
			a.Entries, int64(a.Amount), int64(a.Digest),
		})
	}
	return rows
}

const selectArchive = "SELECT number, instant, name, hash, actions, submissions, updates, adjustments, last_update, removed FROM archives WHERE account = ? "

// row is a row of selectArchive.
type row struct {
	store.Archive
	hash        column.Digest
	submissions []byte
}

func (r *row) dest() []any {
	return []any{
		&r.Number, (*column.Instant)(&r.At), &r.Name, &r.hash, &r.Actions, &r.submissions, &r.Updates, &r.Adjustments, &r.LastUpdate, &r.Removed,
	}
}

func (r *row) archive() (a store.Archive, err error) {
	a, a.Hash = r.Archive, ids.Hash(r.hash)
	a.Submissions, err = decodeNumbers(r.submissions)
	return a, err
}

// lastArchive returns the account's last archive, or the zero one.
func lastArchive(s *sqldb.Session, account int64) (store.Archive, error) {
	var r row
	err := column.QueryRow(s, selectArchive+"ORDER BY number DESC LIMIT 1", []any{account}, r.dest()...)
	if errors.Is(err, ledger.ErrNotFound) {
		return store.Archive{}, nil
	}
	if err != nil {
		return store.Archive{}, err
	}
	return r.archive()
}

// Archived returns what the account of a snapshot keeps about its archives.
func Archived(r *account.Snapshot) store.Archived {
	return store.Archived{Archives: archives(r), Actions: archivedActions(r)}
}

// archives returns the archives by number.
func archives(r *account.Snapshot) iter.Seq2[store.Archive, error] {
	return listing.Scroll(r.Context, func(last *store.Archive) (found []store.Archive, err error) {
		after := int64(0)
		if last != nil {
			after = last.Number
		}
		var row row
		err = r.Rows(selectArchive+"AND number > ? ORDER BY number LIMIT ?", []any{r.Account, after, int64(listing.WideChunk)}, row.dest(), func() error {
			a, err := row.archive()
			found = append(found, a)
			return err
		})
		return found, err
	})
}

// archivedActions returns the archived actions by number.
func archivedActions(r *account.Snapshot) iter.Seq2[store.ArchivedAction, error] {
	return listing.Scroll(r.Context, func(last *store.ArchivedAction) (found []store.ArchivedAction, err error) {
		after := int64(0)
		if last != nil {
			after = last.ID.Number
		}
		var a store.ArchivedAction
		var digest int64
		err = r.Rows(`SELECT number, archive, campaign, event_type, partner, order_id, customer, event_date, entries, amount, digest
			FROM archived_actions WHERE account = ? AND number > ? ORDER BY number LIMIT ?`, []any{r.Account, after, int64(listing.Chunk)}, []any{
			&a.ID.Number, &a.Archive, &a.ID.Campaign, &a.ID.EventType, &a.Partner, &a.Order, &a.Customer, (*column.Instant)(&a.EventDate),
			&a.Entries, &a.Amount, &digest,
		}, func() error {
			a.Digest = uint64(digest)
			found = append(found, a)
			return nil
		})
		return found, err
	})
}

// HasArchives reports whether the account has archives.
func HasArchives(s *sqldb.Session, account int64) (bool, error) {
	return column.Exists(s, "SELECT number FROM archives WHERE account = ? LIMIT 1", account)
}

// Recorded returns the present record of an archive without its submissions, and reports whether
// there is one. It looks for the archive's number, or if that is 0, for its name.
func Recorded(s *sqldb.Session, account int64, a store.Archive) (store.Archive, bool, error) {
	where, args := "AND number = ?", []any{account, a.Number}
	if a.Number == 0 {
		where, args = "AND name = ?", []any{account, a.Name}
	}
	var r row
	err := column.QueryRow(s, selectArchive+where, args, r.dest()...)
	if errors.Is(err, ledger.ErrNotFound) {
		return store.Archive{}, false, nil
	}
	r.Hash = ids.Hash(r.hash)
	return r.Archive, err == nil, err
}

// Replace records that the file of an archive was written again under another name, without the
// personal data of some actions. It erases the ids of their customers.
func Replace(s *sqldb.Session, account int64, a store.Archive, name string, hash ids.Hash, erased []int64) error {
	for _, number := range erased {
		if err := s.Exec("UPDATE archived_actions SET customer = '' WHERE account = ? AND number = ? AND customer <> ''", account, number); err != nil {
			return err
		}
	}
	return s.Exec("UPDATE archives SET name = ?, hash = ? WHERE account = ? AND number = ? AND name = ?", name, hash[:], account, a.Number, a.Name)
}

// EraseCustomer erases the id of a customer from what is kept of archived actions.
func EraseCustomer(s *sqldb.Session, account int64, customer string) error {
	return s.Exec("UPDATE archived_actions SET customer = '' WHERE account = ? AND customer = ? AND customer <> ''", account, customer)
}
