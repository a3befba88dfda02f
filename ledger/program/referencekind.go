package program

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"strconv"
)

// ReferenceKind is a kind of reference data. [ReferenceKinds] has one for each.
type ReferenceKind struct {
	// Name is the singular, as "event type". It is stored with every entry, so it
	// is never changed or reused.
	Name string
	// List is the name of the kind's list in a reference file and in the URLs of the
	// admin API, as "event_types". It is empty if the entries are part of another kind's.
	List string
	// Keys are the names of the values that identify an entry in its list.
	Keys []string
	// EndKey is the name of the value that ends an entry: EndByState, EndByDate, or
	// empty if entries don't end.
	EndKey string

	// init allocates the kind's place in a Reference. merge copies the entries of src
	// to dst. All functions are nil if the entries aren't part of a Reference.
	init  func(r *Reference)
	merge func(dst, src *Reference)
	// decode adds the entry with the given JSON form.
	decode func(r *Reference, document []byte) error
	// entries yields the entries with their stored keys, in no order.
	entries func(r *Reference, yield func(key string, value any) bool)
}

// Values of [ReferenceKind.EndKey].
const (
	// EndByState means that an entry ends by a state other than [StateActive].
	EndByState = "state"
	// EndByDate means that an entry ends at an instant.
	EndByDate = "end"
)

// Names of kinds that are treated specially.
const (
	// KindAccount is the kind whose only entry is the account itself.
	KindAccount = "account"
	// KindTerms is the kind of [Terms], whose entries are never replaced.
	KindTerms = "terms"
)

// InReference reports whether a [Reference] holds the entries.
func (k ReferenceKind) InReference() bool { return k.entries != nil }

// ReferenceEntry is one entry of reference data as a store keeps it.
type ReferenceEntry struct {
	// Kind is the name of a kind and Key the entry's key within the kind.
	Kind, Key string
	// Value is the entry, as a [Campaign]. Its JSON form is stored.
	Value any
}

// in returns the kind with its functions set: its entries are in the map that field
// points to, by the keys that key returns. text returns the stored form of a key.
func in[K comparable, V any](k ReferenceKind, field func(*Reference) *map[K]V, key func(V) K, text func(K) string) ReferenceKind {
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

// termsKind is the kind of terms, with an entry for each version. A reference file has
// them in their contract.
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

// NewReference returns a Reference without an entry.
func NewReference() *Reference {
	r := new(Reference)
	for _, k := range ReferenceKinds {
		if k.InReference() {
			k.init(r)
		}
	}
	return r
}

// AddEntry adds the entry of a kind that has the given JSON form, or replaces the
// one with its key. [Reference.Prepare] must be called afterwards.
func (r *Reference) AddEntry(kind string, document []byte) error {
	for _, k := range ReferenceKinds {
		if k.Name == kind && k.InReference() {
			return k.decode(r, document)
		}
	}
	return fmt.Errorf("unknown kind of reference data %q", kind)
}

// Entries returns every entry, kind by kind, the account first.
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

// Merged returns a Reference with the entries of r and of other. Where both have an
// entry with the same key, the result has that of other. The result is not prepared.
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
