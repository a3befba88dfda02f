package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// instant reads and [micros] writes a column of microseconds since 1970 in UTC;
// NULL is the zero instant.
type instant time.Time

// Scan implements [database/sql.Scanner].
func (i *instant) Scan(from any) error {
	switch value := from.(type) {
	case int64:
		*i = instant(time.UnixMicro(value).UTC())
	case nil:
		*i = instant{}
	default:
		return fmt.Errorf("%T is not an instant", from)
	}
	return nil
}

func micros(t time.Time) int64 { return t.UnixMicro() }

// microsOrNull is for instants that need not be there.
func microsOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// whole cuts an instant down to what a column holds.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func later(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}

// digest reads and [digestOrNull] writes a column with a hash; NULL is the zero hash.
type digest ledger.Hash

// Scan implements [database/sql.Scanner].
func (d *digest) Scan(from any) error {
	if from == nil {
		*d = digest{}
		return nil
	}
	value, is := from.([]byte)
	if !is || len(value) != len(d) {
		return fmt.Errorf("%T of another length than a hash", from)
	}
	copy(d[:], value)
	return nil
}

func digestOrNull(h ledger.Hash) any {
	if h == (ledger.Hash{}) {
		return nil
	}
	return h[:]
}

// scopes reads a column with scopes, separated by spaces.
type scopes []store.Scope

// Scan implements [database/sql.Scanner].
func (s *scopes) Scan(from any) error {
	value, is := text(from)
	if !is {
		return fmt.Errorf("%T is not a list of scopes", from)
	}
	*s = nil // a new one: the last row's is in use
	for scope := range strings.FieldsSeq(value) {
		*s = append(*s, store.Scope(scope))
	}
	return nil
}

// extras reads a column with parameters as JSON; an empty text is none.
type extras map[string]string

// Scan implements [database/sql.Scanner].
func (e *extras) Scan(from any) error {
	*e = nil
	value, is := text(from)
	if !is || value == "" {
		return nil
	}
	return json.Unmarshal([]byte(value), (*map[string]string)(e))
}

// text answers a text as either database hands it over.
func text(from any) (string, bool) {
	if value, is := from.([]byte); is {
		return string(value), true
	}
	value, is := from.(string)
	return value, is
}

func extrasText(m map[string]string) (string, error) {
	if len(m) == 0 {
		return "", nil
	}
	text, err := json.Marshal(m)
	return string(text), err
}

// flag writes a column of 0 and 1.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
