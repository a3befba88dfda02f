package refdata

import (
	"cmp"
	"maps"
	"slices"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// codec decodes and encodes the entries of a kind.
type codec struct {
	// read adds an entry to the draft of its account.
	read func(*object)
	// get returns the entry with the given key in its JSON form, and all returns a
	// slice of all entries in the order of their keys. Both are nil for entries that
	// can't be read back.
	get func(*program.Reference, Key) (any, bool)
	all func(*program.Reference) any
}

// codecs contains the codec of every kind with a list of its own in an account, by the
// name of the kind in [program.ReferenceKinds].
var codecs = map[string]codec{
	"campaign": byID((*object).campaign, func(r *program.Reference) map[int64]program.Campaign { return r.Campaigns },
		plain(func(c program.Campaign) any { return campaignEntry(c) })),
	"event type": byID((*object).eventType, func(r *program.Reference) map[int64]program.EventType { return r.EventTypes },
		plain(func(e program.EventType) any { return newEventTypeEntry(e) })),
	program.KindPartner: byID((*object).partner, func(r *program.Reference) map[int64]program.Partner { return r.Partners },
		plain(func(p program.Partner) any { return newPartnerEntry(p) })),
	program.KindPartnerGroup: byID((*object).partnerGroup, func(r *program.Reference) map[int64]program.PartnerGroup { return r.PartnerGroups },
		plain(func(g program.PartnerGroup) any { return partnerGroupEntry(g) })),
	program.KindPromoCode: {read: (*object).promoCode, get: getPromoCode, all: allPromoCodes},
	"contract": byID((*object).contract, func(r *program.Reference) map[int64]program.Contract { return r.Contracts },
		contractEncoder),
	"click":               {read: (*object).click},
	program.KindRateTable: {read: (*object).rateTable},
	"notification": byID((*object).notification, func(r *program.Reference) map[int64]program.Notification { return r.Notifications },
		plain(func(n program.Notification) any { return notificationEntry(n) })),
	"bridge": byID((*object).bridge, func(r *program.Reference) map[int64]program.Bridge { return r.Bridges }, plain(withoutSecret)),
}

// encoder returns a function that encodes entries of r in their JSON form.
type encoder[V any] func(r *program.Reference) func(V) any

// plain returns an encoder for entries whose form depends on no other entry.
func plain[V any](encode func(V) any) encoder[V] {
	return func(*program.Reference) func(V) any { return encode }
}

// byID returns the codec of a kind whose entries have numeric ids.
func byID[V any](read func(*object), entries func(*program.Reference) map[int64]V, newEncoder encoder[V]) codec {
	return codec{
		read: read,
		get: func(r *program.Reference, k Key) (any, bool) {
			id, err := scalar.ContractID(k.Values["id"])
			v, exists := entries(r)[id]
			if err != nil || !exists {
				return nil, false
			}
			return newEncoder(r)(v), true
		},
		all: func(r *program.Reference) any { return sorted(entries(r), cmp.Compare[int64], newEncoder(r)) },
	}
}

// sorted returns the JSON forms of the entries in the order of their keys.
func sorted[K comparable, V any](entries map[K]V, compare func(a, b K) int, encode func(V) any) []any {
	list := make([]any, 0, len(entries))
	for _, key := range slices.SortedFunc(maps.Keys(entries), compare) {
		list = append(list, encode(entries[key]))
	}
	return list
}
