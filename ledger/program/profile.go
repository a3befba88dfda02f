package program

import (
	"bytes"
	"encoding/json"
)

// Profile holds what callers may read about an account, campaign, partner or contract and
// the ledger doesn't know, such as the website of a partner. It is a JSON object in
// canonical form, or empty. No rule reads it. Package published declares the fields.
type Profile string

// NewProfile returns the profile with the values by the names of the fields: strings,
// booleans, numbers, and lists and maps of them.
func NewProfile(values map[string]any) (Profile, error) {
	if len(values) == 0 {
		return "", nil
	}
	text, err := json.Marshal(values) // sorts the names
	return Profile(text), err
}

// Values returns the values by the names of the fields. Numbers are a [json.Number].
func (p Profile) Values() map[string]any {
	values := make(map[string]any)
	d := json.NewDecoder(bytes.NewReader([]byte(p)))
	d.UseNumber()
	if err := d.Decode(&values); err != nil { // it is empty: a stored profile is valid
		return make(map[string]any)
	}
	return values
}

// MarshalJSON returns the profile as a JSON object.
func (p Profile) MarshalJSON() ([]byte, error) {
	if p == "" {
		return []byte("{}"), nil
	}
	return []byte(p), nil
}

// UnmarshalJSON reads the profile from a JSON object.
func (p *Profile) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var values map[string]any
	err := d.Decode(&values)
	if err == nil {
		*p, err = NewProfile(values)
	}
	return err
}
