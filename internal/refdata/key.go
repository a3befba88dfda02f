package refdata

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Key names one entry: the list of a file in which it would stand, and the values
// of the keys that tell it apart there.
type Key struct {
	List   List
	Values map[string]string
}

// List is a list of entries, as a file names it.
type List string

// The lists. An account stands in the first, the others in an account.
const (
	Accounts      List = "accounts"
	Campaigns     List = "campaigns"
	EventTypes    List = "event_types"
	Partners      List = "partners"
	PromoCodes    List = "promo_codes"
	Contracts     List = "contracts"
	Clicks        List = "clicks"
	Notifications List = "notifications"
)

// readers read an entry of each list within an account.
var readers = map[List]func(*object){
	Campaigns:     (*object).campaign,
	EventTypes:    (*object).eventType,
	Partners:      (*object).partner,
	PromoCodes:    (*object).promoCode,
	Contracts:     (*object).contract,
	Clicks:        (*object).click,
	Notifications: (*object).notification,
}

// Keys answers the keys that tell entries of the list apart.
func (l List) Keys() []string {
	if l == PromoCodes {
		return []string{"campaign", "code"}
	}
	return []string{"id"}
}

// Put answers the change that makes the entry what the text says, which is one
// entry as it stands in a file, for its account; the keys that name it may be left
// out. What the text alone shows to be wrong with an account is told at once, all
// else by the change, as a [*Faults]; ledger.ErrNotFound if there is no account.
func (k Key) Put(text []byte) (store.AmendReference, error) {
	if k.List != Accounts {
		return func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
			return k.put(text, was, at)
		}, nil
	}
	var d *draft
	err := parseMapping("", text, func(o *object) {
		o.named(k)
		d = o.account()
	})
	if err != nil {
		return nil, err
	}
	return func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
		return d.revise("", was, at)
	}, nil
}

func (k Key) put(text []byte, was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
	if was.Account.ID == 0 {
		return store.ReferenceChange{}, ledger.ErrNotFound
	}
	d := newDraft(was.Account, place{line: 1, column: 1})
	err := parseMapping("", text, func(o *object) {
		o.draft = d
		o.named(k)
		readers[k.List](o)
	})
	if err != nil {
		return store.ReferenceChange{}, err
	}
	return d.revise("", was, at)
}

// Ending says how an entry ends.
type Ending struct {
	// At is when a contract or a promo code ends; zero is the instant of recording.
	At time.Time
	// State is that of a campaign, an event type, a partner or a notification from then on.
	State string
}

// StateEnded is the state of what was ended, unless another is asked for.
const StateEnded = "ENDED"

// End answers the change that ends the entry: a contract or a promo code at an
// instant, anything else by a state that is not ACTIVE. ledger.ErrNotFound if there
// is no such entry, or if it is of a list without an end.
func (k Key) End(e Ending) store.AmendReference {
	return func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
		entry, err := k.Of(was)
		if err != nil {
			return store.ReferenceChange{}, err
		}
		key, value := "state", e.State
		if k.List == Contracts || k.List == PromoCodes {
			key, value = "end", given(at, e.At).UTC().Format(time.RFC3339Nano)
		}
		text, err := changed(entry, key, value)
		if err != nil {
			return store.ReferenceChange{}, err
		}
		return k.put(text, was, at)
	}
}

// given answers the second instant, if it was given, or else the first.
func given(otherwise, at time.Time) time.Time {
	if at.IsZero() {
		return otherwise
	}
	return at
}

// changed answers an entry's text with another value of a key.
func changed(entry any, key, value string) ([]byte, error) {
	text, err := json.Marshal(entry)
	if err != nil {
		return nil, err
	}
	fields := make(map[string]json.RawMessage)
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	if fields[key], err = json.Marshal(value); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}

// named has the mapping be of the entry that the key names: what it leaves out is
// supplied, what it says must agree.
func (o *object) named(k Key) {
	for _, key := range k.List.Keys() {
		value := k.Values[key]
		f, found := o.take(key)
		if !found {
			at := token.Position{Line: o.at.line, Column: o.at.column}
			f = field{key: o.at, at: place{o.at.line, o.at.column, key}, node: ast.String(token.New(value, value, &at))}
			o.fields[key] = f
			continue
		}
		if text, is := o.scalar(f.node, f.at); is && !k.same(key, text, value) {
			o.fault(key, "Must be %s, as in the address", value)
		}
	}
}

// same reports whether two spellings of a key name the same.
func (k Key) same(key, a, b string) bool {
	switch {
	case k.List == Contracts:
		return strings.TrimPrefix(a, "S-") == strings.TrimPrefix(b, "S-")
	case key == "code":
		return strings.EqualFold(a, b)
	}
	return a == b
}
