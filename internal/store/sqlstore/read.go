package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/billing"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/files"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/inquiries"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/reference"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Read implements [store.Snapshots].
func (st *Store) Read(ctx context.Context, accountID int64, f func(store.Reader) error) error {
	return account.Read(ctx, st.db, accountID, func(s *account.Snapshot) error { return f(newReader(s, st.versions)) })
}

// Export implements [store.Exports].
func (st *Store) Export(ctx context.Context, accountID int64, f func(store.ExportReader) error) error {
	return account.ReadLong(ctx, st.db, accountID, func(s *account.Snapshot) error { return f(newReader(s, st.versions)) })
}

// The readers of each aggregate, under names that one struct can embed.
type (
	actionReader     = actions.Reader
	submissionReader = submissions.Reader
	inquiryReader    = inquiries.Reader
)

// reader implements [store.Reader].
type reader struct {
	actionReader
	submissionReader
	inquiryReader

	snapshot *account.Snapshot
	versions *reference.Versions
}

func newReader(s *account.Snapshot, versions *reference.Versions) reader {
	return reader{
		actionReader: actionReader{Snapshot: s}, submissionReader: submissionReader{Snapshot: s},
		inquiryReader: inquiryReader{Snapshot: s},
		snapshot:      s, versions: versions,
	}
}

// BatchFiles implements [store.Reader].
func (r reader) BatchFiles() store.FileReader { return files.Reader{Snapshot: r.snapshot} }

// Statements implements [store.Reader].
func (r reader) Statements() store.StatementReader {
	return billing.Reader{Snapshot: r.snapshot, Versions: r.versions}
}

// ActionAsOf implements [store.Reader]. It reverts later updates.
func (r reader) ActionAsOf(id ids.ActionID, before time.Time) (ledger.Action, error) {
	a, err := r.Action(id)
	switch {
	case err != nil:
		return ledger.Action{}, err
	case !a.Created.Before(before):
		return ledger.Action{}, fmt.Errorf("action %s as of %s: %w", id, before, ledger.ErrNotFound)
	case a.Updated.Before(before):
		return a, nil
	}
	a, err = actions.Rewind(r.snapshot.Context, r.snapshot.Session, r.snapshot.Account, a,
		func(u ledger.Update) bool { return u.At.Before(before) })
	if err != nil {
		return ledger.Action{}, fmt.Errorf("action %s as of %s: %w", id, before, err)
	}
	return a, nil
}
