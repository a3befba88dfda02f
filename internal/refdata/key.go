package refdata

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Key identifies an entry of an account, or the account.
type Key struct {
	Kind program.ReferenceKind
	// Values are the values of Kind.Keys.
	Values map[string]string
}

// NewKey returns the key of an entry of the kind with the given name. values are those of the
// kind's keys, in order.
func NewKey(kind string, values ...string) Key {
	i := slices.IndexFunc(program.ReferenceKinds, func(k program.ReferenceKind) bool { return k.Name == kind })
	k := Key{Kind: program.ReferenceKinds[i], Values: make(map[string]string, len(values))}
	for i, value := range values {
		k.Values[k.Kind.Keys[i]] = value
	}
	return k
}

// PutOptions are the options of [Key.Put].
type PutOptions struct {
	// Force permits terms that are valid but implausible, such as a rate over 100 %.
	Force bool
}

// Put returns a function that creates or replaces the entry. text has the form of an entry
// in a file and may omit the values of the key. If the text of an account is invalid by
// itself, Put returns a [*FileError]. The function returns a [*FileError] for all other
// errors in the text, and ledger.ErrNotFound if the account doesn't exist.
func (k Key) Put(text []byte, p PutOptions) (store.AmendReference, error) {
	if k.Kind.Name != program.KindAccount {
		return func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
			return k.put(text, p, before, at)
		}, nil
	}
	f, err := k.parseAccount(text)
	if err != nil {
		return nil, err
	}
	d := f.drafts[0]
	d.force = p.Force
	return func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
		return d.amend("", before, at)
	}, nil
}

// ParseAccount parses the entry of an account, as [Key.Put] does.
func ParseAccount(account int64, text []byte) (*File, error) {
	return NewKey(program.KindAccount, strconv.FormatInt(account, 10)).parseAccount(text)
}

func (k Key) parseAccount(text []byte) (*File, error) {
	f := &File{}
	err := parseMapping("", text, func(o *object) {
		o.identify(k)
		f.drafts = append(f.drafts, o.account())
	})
	return f, err
}

func (k Key) put(text []byte, p PutOptions, before *program.Reference, at time.Time) (store.ReferenceChange, error) {
	if before.Account.ID == 0 {
		return store.ReferenceChange{}, ledger.ErrNotFound
	}
	d := newDraft(before.Account, position{line: 1, column: 1})
	d.force = p.Force
	err := parseMapping("", text, func(o *object) {
		o.draft = d
		o.identify(k)
		codecs[k.Kind.Name].read(o)
	})
	if err != nil {
		return store.ReferenceChange{}, err
	}
	return d.amend("", before, at)
}

// Get returns a value that json.Marshal encodes in the form of an entry in a file. Putting
// it back changes nothing. An account includes all entries except clicks, and a contract
// the newest version of its terms. If there is no such entry, or if entries of the kind
// can't be read back, Get returns ledger.ErrNotFound.
func (k Key) Get(r *program.Reference) (any, error) {
	if k.Kind.Name == program.KindAccount {
		return accountEntry{r}, nil
	}
	get := codecs[k.Kind.Name].get
	if get == nil {
		return nil, ledger.ErrNotFound
	}
	entry, exists := get(r, k)
	if !exists {
		return nil, ledger.ErrNotFound
	}
	return entry, nil
}

// EndOptions are the options of [Key.End].
type EndOptions struct {
	// At is the end of an entry that ends by date. The default is the time of recording.
	At time.Time
	// State is the new state of an entry that ends by state, such as StateEnded.
	State string
}

// StateEnded is the usual state of an ended entry.
const StateEnded = "ENDED"

// End returns a function that ends the entry by date or by state, depending on the
// kind. The function returns ledger.ErrNotFound if there is no such entry, or if entries of
// the kind don't end.
func (k Key) End(e EndOptions) store.AmendReference {
	return func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
		entry, err := k.Get(before)
		if err == nil && k.Kind.EndKey == "" {
			err = ledger.ErrNotFound
		}
		if err != nil {
			return store.ReferenceChange{}, err
		}
		value := e.State
		if k.Kind.EndKey == program.EndByDate {
			end := e.At
			if end.IsZero() {
				end = at
			}
			value = end.UTC().Format(time.RFC3339Nano)
		}
		return k.putWith(entry, map[string]any{k.Kind.EndKey: value}, before, at)
	}
}

// Set returns a function that changes values of the entry, or creates the entry if there is
// none. values holds the values by their keys in a file; nil removes a value.
func (k Key) Set(values map[string]any) store.AmendReference {
	return func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
		entry, err := k.Get(before)
		if errors.Is(err, ledger.ErrNotFound) {
			entry, err = struct{}{}, nil
		}
		if err != nil {
			return store.ReferenceChange{}, err
		}
		return k.putWith(entry, values, before, at)
	}
}

// putWith puts an entry with some of its values replaced.
func (k Key) putWith(entry any, values map[string]any, before *program.Reference, at time.Time) (store.ReferenceChange, error) {
	text, err := json.Marshal(entry)
	if err != nil {
		return store.ReferenceChange{}, err
	}
	fields := make(map[string]any)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return store.ReferenceChange{}, err
	}
	maps.Copy(fields, values)
	if text, err = json.Marshal(fields); err != nil {
		return store.ReferenceChange{}, err
	}
	return k.put(text, PutOptions{}, before, at)
}

// identify adds the values of the key to the mapping where they are missing, and checks
// them where they are present.
func (o *object) identify(k Key) {
	for _, key := range k.Kind.Keys {
		value := k.Values[key]
		f, exists := o.value(key)
		if !exists {
			at := token.Position{Line: o.pos.line, Column: o.pos.column}
			f = field{keyPos: o.pos, pos: position{o.pos.line, o.pos.column, key}, node: ast.String(token.New(value, value, &at))}
			o.fields[key] = f
			continue
		}
		if text, ok := o.scalar(f.node, f.pos); ok && !k.equal(key, text, value) {
			o.errorf(key, "Must be %s, as in the address", value)
		}
	}
}

// equal reports whether a and b spell the same value of a key.
func (k Key) equal(key, a, b string) bool {
	switch {
	case k.Kind.Name == "contract":
		return strings.TrimPrefix(a, "S-") == strings.TrimPrefix(b, "S-")
	case key == "code":
		return strings.EqualFold(a, b)
	}
	return a == b
}
