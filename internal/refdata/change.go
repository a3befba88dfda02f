package refdata

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// FieldChange is the change of one field of an entry, or a new entry.
type FieldChange struct {
	// Kind and Key identify the entry, as in "event type" and "2240". The key of terms is
	// that of their new version. The key of an account is empty.
	Kind, Key string
	// Field is the key of the value in a file, as in "default.rate". It is empty for a new
	// entry.
	Field string
	// Old and New are the values as text. Both are empty for a new entry and for a value
	// that may contain secrets.
	Old, New string
}

// String returns the change as one line of text.
func (c FieldChange) String() string {
	entry := strings.TrimSpace(c.Kind + " " + c.Key)
	switch {
	case c.Field == "":
		return entry + ": new"
	case c.Old == c.New:
		return fmt.Sprintf("%s, %s: changed", entry, c.Field)
	default:
		return fmt.Sprintf("%s, %s: %s → %s", entry, c.Field, c.Old, c.New)
	}
}

// absent is the text of a value that an entry doesn't have.
const absent = "none"

// maxValue is the maximum length of a printed value in characters.
const maxValue = 100

// secretFields are the fields whose values may contain secrets, such as an API key in a URL.
var secretFields = []string{"url", "body"}

// fieldChanges returns the changes that change makes to the reference data before, ordered
// by kind, key and field, and the number of entries that are new or changed. Clicks and rate
// tables are not included.
func fieldChanges(before *program.Reference, change store.ReferenceChange) (changes []FieldChange, entries int, err error) {
	type entryKey struct{ kind, key string }
	old := make(map[entryKey]any)
	for e := range before.Entries() {
		old[entryKey{e.Kind, e.Key}] = e.Value
	}
	for e := range change.Entries() {
		previous := old[entryKey{e.Kind, e.Key}]
		if t, ok := e.Value.(program.Terms); ok { // a version is new; its predecessor has another key
			if versions := before.Terms[t.TermsOf]; len(versions) > 0 {
				previous = versions[len(versions)-1]
			}
		}
		fields, err := compareEntries(previous, e.Value)
		if err != nil {
			return nil, 0, err
		}
		for _, f := range fields {
			f.Kind, f.Key = e.Kind, e.Key
			changes = append(changes, f)
		}
		if len(fields) > 0 {
			entries++
		}
	}
	slices.SortStableFunc(changes, func(a, b FieldChange) int {
		return cmp.Or(cmp.Compare(kindIndex(a.Kind), kindIndex(b.Kind)), cmp.Compare(len(a.Key), len(b.Key)), strings.Compare(a.Key, b.Key))
	})
	return changes, entries, nil
}

func kindIndex(name string) int {
	return slices.IndexFunc(program.ReferenceKinds, func(k program.ReferenceKind) bool { return k.Name == name })
}

// compareEntries returns the fields in which two entries differ, in alphabetical order. If
// previous is nil, it returns one change without a field.
func compareEntries(previous, next any) ([]FieldChange, error) {
	if previous == nil {
		return []FieldChange{{}}, nil
	}
	before, err := fieldsOf(previous)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(next)
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool)
	for name := range before {
		names[name] = true
	}
	for name := range after {
		names[name] = true
	}
	var changes []FieldChange
	for _, name := range slices.Sorted(maps.Keys(names)) {
		c := FieldChange{Field: name, Old: cmp.Or(before[name], absent), New: cmp.Or(after[name], absent)}
		if c.Old == c.New {
			continue
		}
		if slices.Contains(secretFields, name) {
			c.Old, c.New = "", ""
		}
		c.Old, c.New = shorten(c.Old), shorten(c.New)
		changes = append(changes, c)
	}
	return changes, nil
}

// fieldsOf returns the values of an entry as text by their keys in a file. Nested keys are
// joined by dots, and elements of lists are numbered from 1.
func fieldsOf(entry any) (map[string]string, error) {
	text, err := json.Marshal(fileForm(entry))
	if err != nil {
		return nil, err
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	fields := make(map[string]string)
	addFields(fields, "", value)
	return fields, nil
}

// addFields adds the scalars in a JSON value to fields.
func addFields(fields map[string]string, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, nested := range v {
			addFields(fields, strings.TrimPrefix(path+"."+key, "."), nested)
		}
	case []any:
		for i, nested := range v {
			addFields(fields, fmt.Sprintf("%s[%d]", path, i+1), nested)
		}
	case string:
		if quoted := strconv.Quote(v); v == "" || v == absent || quoted != `"`+v+`"` {
			v = quoted
		}
		fields[path] = v
	default:
		fields[path] = fmt.Sprint(v)
	}
}

// shorten returns the first maxValue characters of a text.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > maxValue {
		return string(runes[:maxValue]) + "…"
	}
	return text
}

// accountFields is the JSON form of an account without its entries.
type accountFields struct {
	ID                int64           `json:"id"`
	Name              string          `json:"name"`
	Currency          money.Currency  `json:"currency"`
	Zone              string          `json:"zone"`
	ModificationLimit int             `json:"cap"`
	Profile           program.Profile `json:"profile,omitempty"`
}

// fileForm returns the form of an entry in a file. Terms are entries of their own, and those
// of a contract are omitted.
func fileForm(entry any) any {
	switch e := entry.(type) {
	case program.Account:
		return accountFields(e)
	case program.Campaign:
		return campaignEntry(e)
	case program.EventType:
		return newEventTypeEntry(e)
	case program.Partner:
		return newPartnerEntry(e)
	case program.PartnerGroup:
		return partnerGroupEntry(e)
	case program.PromoCode:
		return newPromoCodeEntry(e)
	case program.Contract:
		return contractEntry{ID: e.ID, Campaign: e.Campaign, Partner: e.Partner, Start: e.Start, End: e.End, Profile: e.Profile}
	case program.Terms:
		return newTermsEntry(e)
	case program.Notification:
		return notificationEntry(e)
	}
	return entry
}
