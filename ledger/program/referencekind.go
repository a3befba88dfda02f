package program

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"strconv"
)

// ReferenceKind is a kind of reference data. [ReferenceKinds] lists all of them.
type ReferenceKind struct {
	// Name is singular, as in "event type". It is stored with every entry, so it is never
	// changed or reused.
	Name string
	// List is the name of the kind's list in a reference file and in the URLs of the admin
	// API, as in "event_types". It is empty if the entries are listed within entries of
	// another kind.
	List string
	// Keys are the names of the values that identify an entry in its list.
	Keys []string
	// EndKey is the name of the value that ends an entry: [EndByState], [EndByDate], or
	// empty if entries don't end.
	EndKey string

	// The functions are nil if a Reference doesn't hold the entries.

	// init allocates the kind's field of a Reference.
	init func(r *Reference)
	// merge copies the entries of src to dst.
	merge func(dst, src *Reference)
	// decode adds the entry with the JSON form.
	decode func(r *Reference, document []byte) error
	// entries yields the entries with their stored keys, in no particular order.
	entries func(r *Reference, yield func(key string, value any) bool)
}

// ReferenceKinds lists all kinds of reference data, in the order of a reference file.
// Storage, the reference file, the admin API and its OpenAPI paths derive from it. To add a
// kind, add it here, its entries to [Reference] and a codec to package refdata.
var ReferenceKinds = []ReferenceKind{
	accountKind, campaignKind, eventTypeKind, partnerKind, partnerGroupKind, promoCodeKind, contractKind, termsKind, clickKind, rateTableKind, notificationKind, bridgeKind,
}

// Values of [ReferenceKind.EndKey].
const (
	// EndByState means that an entry ends by a state other than [StateActive].
	EndByState = "state"
	// EndByDate means that an entry ends at an instant.
	EndByDate = "end"
)

// Names of kinds that need special treatment.
const (
	// KindAccount is the kind whose only entry is the account itself.
	KindAccount = "account"
	// KindTerms is the kind of [Terms]. Its entries are never replaced.
	KindTerms = "terms"
	// KindPartner, KindPartnerGroup and KindPromoCode are the kinds that API callers can
	// change.
	KindPartner      = "partner"
	KindPartnerGroup = "partner group"
	KindPromoCode    = "promo code"
	// KindRateTable is the kind of [RateTable]. A table keeps the rates that its replacement
	// omits.
	KindRateTable = "rate table"
	// RateTableList is the list of these tables.
	RateTableList = "rate_tables"
)

// InReference reports whether a [Reference] holds the entries.
func (k ReferenceKind) InReference() bool { return k.entries != nil }

// ReferenceEntry is one entry of reference data as a store keeps it.
type ReferenceEntry struct {
	// Kind is the name of the kind. Key is the entry's key within the kind.
	Kind, Key string
	// Value is the entry, for example a [Campaign]. Its JSON form is stored.
	Value any
}

// inMap returns the kind k with functions for entries that are in a map. field returns
// the map's field of a Reference, key the key of an entry and text the stored form of a
// key.
func inMap[K comparable, V any](k ReferenceKind, field func(*Reference) *map[K]V, key func(V) K, text func(K) string) ReferenceKind {
	k.init = func(r *Reference) { *field(r) = make(map[K]V) }
	k.merge = func(dst, src *Reference) { maps.Copy(*field(dst), *field(src)) }
	k.decode = func(r *Reference, document []byte) error {
		var v V
		err := json.Unmarshal(document, &v)
		(*field(r))[key(v)] = v
		return err
	}
	k.entries = func(r *Reference, yield func(string, any) bool) {
		for key, v := range *field(r) {
			if !yield(text(key), v) {
				return
			}
		}
	}
	return k
}

// The kinds whose entries are in a map of a Reference.
var (
	campaignKind = inMap(ReferenceKind{Name: "campaign", List: "campaigns", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Campaign { return &r.Campaigns }, func(c Campaign) int64 { return c.ID }, decimalKey)
	eventTypeKind = inMap(ReferenceKind{Name: "event type", List: "event_types", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]EventType { return &r.EventTypes }, func(e EventType) int64 { return e.ID }, decimalKey)
	partnerKind = inMap(ReferenceKind{Name: KindPartner, List: "partners", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Partner { return &r.Partners }, func(p Partner) int64 { return p.ID }, decimalKey)
	partnerGroupKind = inMap(ReferenceKind{Name: KindPartnerGroup, List: "partner_groups", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]PartnerGroup { return &r.PartnerGroups }, func(g PartnerGroup) int64 { return g.ID }, decimalKey)
	promoCodeKind = inMap(ReferenceKind{Name: KindPromoCode, List: "promo_codes", Keys: []string{"campaign", "code"}, EndKey: EndByDate},
		func(r *Reference) *map[PromoKey]PromoCode { return &r.PromoCodes }, PromoCode.Key, PromoKey.String)
	contractKind = inMap(ReferenceKind{Name: "contract", List: "contracts", Keys: []string{"id"}, EndKey: EndByDate},
		func(r *Reference) *map[int64]Contract { return &r.Contracts }, func(c Contract) int64 { return c.ID }, decimalKey)
	notificationKind = inMap(ReferenceKind{Name: "notification", List: "notifications", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Notification { return &r.Notifications }, func(n Notification) int64 { return n.ID }, decimalKey)
	bridgeKind = inMap(ReferenceKind{Name: "bridge", List: "bridges", Keys: []string{"id"}, EndKey: EndByState},
		func(r *Reference) *map[int64]Bridge { return &r.Bridges }, func(b Bridge) int64 { return b.ID }, decimalKey)
)

// clickKind is the kind of clicks. A Reference doesn't hold them.
var clickKind = ReferenceKind{Name: "click", List: "clicks", Keys: []string{"id"}}

// rateTableKind is the kind of tables of exchange rates. A Reference doesn't hold them.
var rateTableKind = ReferenceKind{Name: KindRateTable, List: RateTableList, Keys: []string{"date", "base"}}

// accountKind is the kind whose only entry is the account.
var accountKind = ReferenceKind{
	Name: KindAccount, List: "accounts", Keys: []string{"id"},
	init: func(*Reference) {},
	merge: func(dst, src *Reference) {
		if src.Account.ID != 0 {
			dst.Account = src.Account
		}
	},
	decode: func(r *Reference, document []byte) error { return json.Unmarshal(document, &r.Account) },
	entries: func(r *Reference, yield func(string, any) bool) {
		if r.Account.ID != 0 {
			yield("", r.Account)
		}
	},
}

// termsKind is the kind of terms. It has an entry for each version. In a reference file,
// terms are listed within their contract.
var termsKind = ReferenceKind{
	Name: KindTerms,
	init: func(r *Reference) { r.Terms = make(map[TermsOf][]Terms) },
	merge: func(dst, src *Reference) {
		for of, versions := range src.Terms {
			dst.Terms[of] = append(dst.Terms[of], versions...)
		}
	},
	decode: func(r *Reference, document []byte) error {
		var t Terms
		err := json.Unmarshal(document, &t)
		r.Terms[t.TermsOf] = append(r.Terms[t.TermsOf], t)
		return err
	},
	entries: func(r *Reference, yield func(string, any) bool) {
		for _, versions := range r.Terms {
			for _, t := range versions {
				if !yield(t.TermsKey.String(), t) {
					return
				}
			}
		}
	},
}

func decimalKey(id int64) string { return strconv.FormatInt(id, 10) }

// NewReference returns a Reference without entries.
func NewReference() *Reference {
	r := new(Reference)
	for _, k := range ReferenceKinds {
		if k.InReference() {
			k.init(r)
		}
	}
	return r
}

// AddEntry decodes an entry of the kind from its JSON form and adds it. It replaces an
// entry with the same key, except for terms. [Reference.Prepare] must be called afterwards.
func (r *Reference) AddEntry(kind string, document []byte) error {
	for _, k := range ReferenceKinds {
		if k.Name == kind && k.InReference() {
			return k.decode(r, document)
		}
	}
	return fmt.Errorf("unknown kind of reference data %q", kind)
}

// Entries returns an iterator over all entries in the order of [ReferenceKinds].
func (r *Reference) Entries() iter.Seq[ReferenceEntry] {
	return func(yield func(ReferenceEntry) bool) {
		for _, k := range ReferenceKinds {
			if !k.InReference() {
				continue
			}
			more := true
			k.entries(r, func(key string, value any) bool {
				more = yield(ReferenceEntry{Kind: k.Name, Key: key, Value: value})
				return more
			})
			if !more {
				return
			}
		}
	}
}

// Merged returns a Reference with the entries of r and of other. If both have an entry with
// the same key, the result has that of other. The result is not prepared.
func (r *Reference) Merged(other *Reference) *Reference {
	merged := NewReference()
	for _, k := range ReferenceKinds {
		if k.InReference() {
			k.merge(merged, r)
			k.merge(merged, other)
		}
	}
	return merged
}
