// Package reffile reads accounts and their reference data from a YAML or JSON
// file: campaigns, event types, partners, promo codes, contracts with their terms,
// and clicks. A file states how things are to be: what it names is created or
// replaced, what it does not name stays as it is, and applying it twice records
// nothing the second time. docs/reference-file.md describes the keys.
package refdata

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// Limits of a file.
const (
	// MaxSize is in bytes.
	MaxSize = 16 << 20
	// maxEntries bounds every list, maxNodes all mappings that are read: an alias
	// counts each time. maxDepth bounds brackets within brackets.
	maxEntries = 100_000
	maxNodes   = 1_000_000
	maxDepth   = 64
	// maxText and maxCode are in characters.
	maxText  = 255
	maxCode  = 64
	maxClick = 64
	// maxDigits bounds ids.
	maxDigits = 16
	// maxDays and maxMonths bound windows and locking.
	maxDays   = 36_500
	maxMonths = 1_200
)

// File is a file that was read and has no fault in itself.
type File struct {
	name   string
	drafts []*draft
}

// Parse reads a file; name stands in its faults. Its error is a [*Faults] with
// everything that the file alone shows to be wrong.
func Parse(name string, text []byte) (*File, error) {
	r := reader{faults: Faults{File: name}, root: "accounts"}
	f := &File{name: name}
	if root := r.parse(text); root != nil {
		r.mapping(root, placeOf(root, "accounts"), func(o *object) {
			o.list("accounts", func(o *object) { f.drafts = append(f.drafts, o.account()) })
		})
		if len(r.faults.List) == 0 && len(f.drafts) == 0 {
			r.missing()
		}
	}
	if err := r.faults.err(); err != nil {
		return nil, err
	}
	f.unique(&r.faults)
	return f, r.faults.err()
}

// unique notes accounts that the file has twice.
func (f *File) unique(faults *Faults) {
	lines := make(map[int64]int)
	for _, d := range f.drafts {
		id := d.is.Account.ID
		if line, twice := lines[id]; twice {
			faults.add(d.at, "Account %d is in line %d already: put the two together", id, line)
		}
		lines[id] = d.at.line
	}
}

// Recorded says how much of an account was new or differed from what was there.
type Recorded struct {
	Account int64
	Entries int
}

// errChecked ends a trial run.
var errChecked = errors.New("checked")

// Record records every account of the file, each in a commit of its own. Before
// that all are held against what is there: if one has a fault, none is recorded
// and the error is a [*Faults] with the faults of all.
func (f *File) Record(ctx context.Context, st store.Store, now time.Time, by store.AuditEvent) ([]Recorded, error) {
	all := Faults{File: f.name}
	for _, d := range f.drafts {
		_, err := st.Record(ctx, d.is.Account.ID, now, by, func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
			_, err := d.revise(f.name, was, at)
			return store.ReferenceChange{}, errors.Join(err, errChecked)
		})
		if faults := (*Faults)(nil); errors.As(err, &faults) {
			all.List, all.More = append(all.List, faults.List...), all.More+faults.More
		} else if !errors.Is(err, errChecked) {
			return nil, fmt.Errorf("check %s: %w", f.name, err)
		}
	}
	if excess := len(all.List) - MaxFaults; excess > 0 {
		all.List, all.More = all.List[:MaxFaults], all.More+excess
	}
	if err := all.err(); err != nil {
		return nil, err
	}
	recorded := make([]Recorded, 0, len(f.drafts))
	for _, d := range f.drafts {
		n, err := st.Record(ctx, d.is.Account.ID, now, by, func(was *ledger.Reference, at time.Time) (store.ReferenceChange, error) {
			return d.revise(f.name, was, at)
		})
		if err != nil {
			return recorded, fmt.Errorf("apply %s: %w", f.name, err)
		}
		recorded = append(recorded, Recorded{Account: d.is.Account.ID, Entries: n})
	}
	return recorded, nil
}
