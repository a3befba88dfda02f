package sqlstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/trueup-ledger/trueup/ledger"
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

// loadReference draws up what was recorded by an instant.
func (s *session) loadReference(account, by int64) (*ledger.Reference, error) {
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
		slices.SortFunc(versions, func(a, b ledger.Terms) int { return cmp.Compare(a.Version, b.Version) })
	}
	return r, r.Prepare()
}

func emptyReference() *ledger.Reference {
	return &ledger.Reference{
		Campaigns:     make(map[int64]ledger.Campaign),
		EventTypes:    make(map[int64]ledger.EventType),
		Partners:      make(map[int64]ledger.Partner),
		PromoCodes:    make(map[ledger.PromoKey]ledger.PromoCode),
		Contracts:     make(map[int64]ledger.Contract),
		Terms:         make(map[ledger.TermsOf][]ledger.Terms),
		Notifications: make(map[int64]ledger.Notification),
	}
}

// addEntry puts an entry where it belongs; no entry at all is fine.
func addEntry(r *ledger.Reference, kind, document string) error {
	text := []byte(document)
	switch kind {
	case "":
		return nil
	case entryAccount:
		return json.Unmarshal(text, &r.Account)
	case entryCampaign:
		return addTo(r.Campaigns, text, func(c ledger.Campaign) int64 { return c.ID })
	case entryEventType:
		return addTo(r.EventTypes, text, func(e ledger.EventType) int64 { return e.ID })
	case entryPartner:
		return addTo(r.Partners, text, func(p ledger.Partner) int64 { return p.ID })
	case entryPromoCode:
		return addTo(r.PromoCodes, text, ledger.PromoCode.Key)
	case entryContract:
		return addTo(r.Contracts, text, func(c ledger.Contract) int64 { return c.ID })
	case entryNotification:
		return addTo(r.Notifications, text, func(n ledger.Notification) int64 { return n.ID })
	case entryTerms:
		var terms ledger.Terms
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
