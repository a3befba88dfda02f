package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// era is a span of time in which an account's reference data did not change.
type era struct {
	account, from, until int64
	reference            *ledger.Reference
}

func (e era) holds(at int64) bool { return e.reference != nil && e.from <= at && at < e.until }

// references keeps what was loaded last. Entries are never changed and a later
// recording has a later instant, so that what was recorded by an instant stays
// right for ever.
type references struct {
	mu   sync.Mutex
	kept []era
}

// maxReferences bounds how many states of reference data are kept in memory; of
// one account the two that were loaded last.
const maxReferences = 64

func (r *references) find(account, from int64) *ledger.Reference {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.kept {
		if e.account == account && e.from == from {
			return e.reference
		}
	}
	return nil
}

func (r *references) keep(e era) {
	r.mu.Lock()
	defer r.mu.Unlock()
	same := func(k era) bool { return k.account == e.account }
	if slices.ContainsFunc(r.kept, func(k era) bool { return same(k) && k.from == e.from }) {
		return // another caller loaded it at the same time
	}
	if older := slices.IndexFunc(r.kept, same); older >= 0 && slices.ContainsFunc(r.kept[older+1:], same) {
		r.kept = slices.Delete(r.kept, older, older+1)
	}
	if len(r.kept) == maxReferences {
		r.kept = slices.Delete(r.kept, 0, 1)
	}
	r.kept = append(r.kept, e)
}

// Reference answers an account's reference data as they stood at an instant;
// ledger.ErrNotFound before the first were recorded.
func (st *Store) Reference(ctx context.Context, account int64, at time.Time) (*ledger.Reference, error) {
	look := func() (reference *ledger.Reference, err error) {
		err = st.lookup(ctx, func(s *session) error {
			e, err := st.era(s, account, at)
			reference = e.reference
			return err
		})
		return reference, err
	}
	var reference *ledger.Reference
	var err error
	if at.Equal(store.Latest) {
		reference, err = st.latest.get(account, look)
	} else {
		reference, err = look()
	}
	if err != nil {
		return nil, fmt.Errorf("reference data of account %d: %w", account, err)
	}
	return reference, nil
}

// era answers the era of an instant. It must not be asked in a transaction that
// has recorded something itself.
func (st *Store) era(s *session, account int64, at time.Time) (era, error) {
	e := era{account: account}
	var from sql.NullInt64
	if err := s.row(eraOfInstant, eraArgs(account, at), &from, &e.until); err != nil {
		return era{}, err
	}
	if !from.Valid {
		return era{}, ledger.ErrNotFound
	}
	e.from = from.Int64
	if e.reference = st.references.find(account, e.from); e.reference != nil {
		return e, nil
	}
	reference, err := s.loadReference(account, e.from)
	if err != nil {
		return era{}, err
	}
	e.reference = reference
	st.references.keep(e)
	return e, nil
}

const eraOfInstant = `SELECT max(recorded), coalesce((SELECT min(recorded) FROM reference WHERE account = ? AND recorded > ?),
	9223372036854775807) FROM reference WHERE account = ? AND recorded <= ?`

func eraArgs(account int64, at time.Time) []any {
	return []any{account, micros(at), account, micros(at)}
}

// eraAhead is era for who asks for something else next: by then e is the era, if what
// was recorded in it is still in memory.
func (st *Store) eraAhead(s *session, account int64, at time.Time, e *era) error {
	is := era{account: account}
	var from sql.NullInt64
	return s.rowsLater(eraOfInstant, eraArgs(account, at), []any{&from, &is.until}, func() error {
		is.from = from.Int64
		if is.reference = st.references.find(account, is.from); is.reference != nil {
			*e = is
		}
		return nil
	})
}
