package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

// Kinds of entries of reference data. They are on disk; none is ever reused.
const (
	entryAccount      = "account"
	entryCampaign     = "campaign"
	entryEventType    = "event type"
	entryPartner      = "partner"
	entryPromoCode    = "promo code"
	entryContract     = "contract"
	entryTerms        = "terms"
	entryNotification = "notification"
)

// era is a span of time in which an account's reference data did not change.
type era struct {
	account, from, until int64
	reference            *trueup.Reference
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

func (r *references) find(account, from int64) *trueup.Reference {
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
// trueup.ErrNotFound before the first were recorded.
func (st *Store) Reference(ctx context.Context, account int64, at time.Time) (*trueup.Reference, error) {
	look := func() (reference *trueup.Reference, err error) {
		err = st.lookup(ctx, func(s *session) error {
			e, err := st.era(s, account, at)
			reference = e.reference
			return err
		})
		return reference, err
	}
	var reference *trueup.Reference
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
	err := s.row(`SELECT max(recorded), coalesce((SELECT min(recorded) FROM reference WHERE account = ? AND recorded > ?),
		9223372036854775807) FROM reference WHERE account = ? AND recorded <= ?`,
		[]any{account, micros(at), account, micros(at)}, &from, &e.until)
	if err != nil {
		return era{}, err
	}
	if !from.Valid {
		return era{}, trueup.ErrNotFound
	}
	e.from = from.Int64
	if e.reference = st.references.find(account, e.from); e.reference != nil {
		return e, nil
	}
	if e.reference, err = s.loadReference(account, e.from); err != nil {
		return era{}, err
	}
	st.references.keep(e)
	return e, nil
}

// loadReference draws up what was recorded by an instant.
func (s *session) loadReference(account, by int64) (*trueup.Reference, error) {
	r := emptyReference()
	var kind, key, document string
	var keptKind, keptKey, kept string
	err := s.rows(`SELECT kind, key, document FROM reference WHERE account = ? AND recorded <= ?
		ORDER BY kind, key, recorded`, []any{account, by}, []any{&kind, &key, &document}, func() (err error) {
		if kind != keptKind || key != keptKey { // of each entry the last counts
			err = addEntry(r, keptKind, kept)
		}
		keptKind, keptKey, kept = kind, key, document
		return err
	})
	if err == nil {
		err = addEntry(r, keptKind, kept)
	}
	if err != nil {
		return nil, err
	}
	for _, versions := range r.Terms {
		slices.SortFunc(versions, func(a, b trueup.Terms) int { return cmp.Compare(a.Version, b.Version) })
	}
	return r, r.Prepare()
}

func emptyReference() *trueup.Reference {
	return &trueup.Reference{
		Campaigns:     make(map[int64]trueup.Campaign),
		EventTypes:    make(map[int64]trueup.EventType),
		Partners:      make(map[int64]trueup.Partner),
		PromoCodes:    make(map[trueup.PromoKey]trueup.PromoCode),
		Contracts:     make(map[int64]trueup.Contract),
		Terms:         make(map[trueup.TermsOf][]trueup.Terms),
		Notifications: make(map[int64]trueup.Notification),
	}
}

// addEntry puts an entry where it belongs; no entry at all is fine.
func addEntry(r *trueup.Reference, kind, document string) error {
	text := []byte(document)
	switch kind {
	case "":
		return nil
	case entryAccount:
		return json.Unmarshal(text, &r.Account)
	case entryCampaign:
		return addTo(r.Campaigns, text, func(c trueup.Campaign) int64 { return c.ID })
	case entryEventType:
		return addTo(r.EventTypes, text, func(e trueup.EventType) int64 { return e.ID })
	case entryPartner:
		return addTo(r.Partners, text, func(p trueup.Partner) int64 { return p.ID })
	case entryPromoCode:
		return addTo(r.PromoCodes, text, trueup.PromoCode.Key)
	case entryContract:
		return addTo(r.Contracts, text, func(c trueup.Contract) int64 { return c.ID })
	case entryNotification:
		return addTo(r.Notifications, text, func(n trueup.Notification) int64 { return n.ID })
	case entryTerms:
		var terms trueup.Terms
		err := json.Unmarshal(text, &terms)
		r.Terms[terms.TermsOf] = append(r.Terms[terms.TermsOf], terms)
		return err
	default:
		return fmt.Errorf("%q is no kind of reference data", kind)
	}
}

func addTo[K comparable, V any](entries map[K]V, text []byte, key func(V) K) error {
	var v V
	err := json.Unmarshal(text, &v)
	entries[key(v)] = v
	return err
}
