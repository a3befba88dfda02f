// Package refdata reads accounts and their reference data from a YAML or JSON file:
// campaigns, event types, partners, promo codes, contracts with their terms, clicks, exchange
// rates and notifications. A file is declarative: Record creates or replaces the entries in the
// file and leaves all others unchanged, so recording a file twice changes nothing the
// second time. docs/reference-file.md describes the keys.
package refdata

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Limits of a file.
const (
	// MaxSize is the maximum size of a file in bytes.
	MaxSize = 16 << 20
	// maxEntries bounds every list. maxNodes bounds all mappings that are read; a
	// mapping counts once for each alias. maxDepth bounds the nesting of brackets.
	maxEntries  = 100_000
	maxMappings = 1_000_000
	maxDepth    = 64
	// maxText and maxClick are maximum lengths in characters.
	maxText  = 255
	maxClick = 64
	// maxDays and maxMonths bound duplicate windows and locking, and maxPaymentDays the days
	// until an invoice is due.
	maxDays        = 36_500
	maxMonths      = 1_200
	maxPaymentDays = 365
)

// File is a parsed file. It is valid by itself but may conflict with the reference data
// in a store.
type File struct {
	name   string
	drafts []*draft
}

// Parse parses a file; name is the file name in error messages. The error is a
// [*FileError] with all errors that can be found without a store.
func Parse(name string, text []byte) (*File, error) {
	r := reader{errs: FileError{File: name}, root: "accounts"}
	f := &File{name: name}
	if len(text) > MaxSize {
		r.errs.add(position{line: 1, column: 1}, "The file has more than %d MiB: split it", MaxSize>>20)
	} else if root := r.parse(text); root != nil {
		r.mapping(root, positionOf(root, "accounts"), func(o *object) {
			o.list("accounts", func(o *object) { f.drafts = append(f.drafts, o.account()) })
		})
		if len(r.errs.Diagnostics) == 0 && len(f.drafts) == 0 {
			r.addMissing()
		}
	}
	if err := r.errs.orNil(); err != nil {
		return nil, err
	}
	f.checkUnique(&r.errs)
	return f, r.errs.orNil()
}

// checkUnique adds an error for each account that is in the file twice.
func (f *File) checkUnique(errs *FileError) {
	lines := make(map[int64]int)
	for _, d := range f.drafts {
		id := d.change.Account.ID
		if line, exists := lines[id]; exists {
			errs.add(d.pos, "Account %d is already in line %d: merge the two", id, line)
		}
		lines[id] = d.pos.line
	}
}

// Recorder is the part of a store that records reference data.
type Recorder interface {
	Record(ctx context.Context, account int64, now time.Time, e store.AuditEvent, amend store.AmendReference) (int, error)
}

// Recorded describes the entries of an account that were new or changed.
type Recorded struct {
	Account int64
	// Entries is the number of entries.
	Entries int
	// Changes lists the changes of all entries except clicks and rate tables.
	Changes []FieldChange
	// Unlisted is the number of clicks and rate tables among the entries.
	Unlisted int
}

// Terms returns the terms in the file by account, without versions and times.
func (f *File) Terms() map[int64]map[program.TermsOf]program.Terms {
	terms := make(map[int64]map[program.TermsOf]program.Terms, len(f.drafts))
	for _, d := range f.drafts {
		of := make(map[program.TermsOf]program.Terms, len(d.terms))
		for _, t := range d.terms {
			of[t.TermsOf] = t.Terms
		}
		terms[d.change.Account.ID] = of
	}
	return terms
}

// Force permits terms that are valid but implausible, such as a rate over 100 %.
func (f *File) Force() {
	for _, d := range f.drafts {
		d.force = true
	}
}

// errDryRun rolls back a dry run.
var errDryRun = errors.New("dry run")

// Record stores every account of the file, each in a transaction of its own. It
// checks all accounts against the store first: if one is invalid, Record stores
// nothing and returns a [*FileError] with the errors of all accounts.
func (f *File) Record(ctx context.Context, st Recorder, now time.Time, event store.AuditEvent) ([]Recorded, error) {
	if err := f.check(ctx, st, now, event); err != nil {
		return nil, err
	}
	recorded := make([]Recorded, 0, len(f.drafts))
	for _, d := range f.drafts {
		r := Recorded{Account: d.change.Account.ID}
		n, err := st.Record(ctx, r.Account, now, event, func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
			change, err := d.amend(f.name, before, at)
			if err == nil {
				r.Changes, r.Entries, err = fieldChanges(before, change)
			}
			return change, err
		})
		if err != nil {
			return recorded, fmt.Errorf("apply %s: %w", f.name, err)
		}
		r.Entries, r.Unlisted = n, n-r.Entries
		recorded = append(recorded, r)
	}
	return recorded, nil
}

// check checks all accounts against the store by dry runs.
func (f *File) check(ctx context.Context, st Recorder, now time.Time, event store.AuditEvent) error {
	all := FileError{File: f.name}
	for _, d := range f.drafts {
		_, err := st.Record(ctx, d.change.Account.ID, now, event, func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
			_, err := d.amend(f.name, before, at)
			return store.ReferenceChange{}, errors.Join(err, errDryRun)
		})
		if invalid := (*FileError)(nil); errors.As(err, &invalid) {
			all.Diagnostics, all.More = append(all.Diagnostics, invalid.Diagnostics...), all.More+invalid.More
		} else if !errors.Is(err, errDryRun) {
			return fmt.Errorf("check %s: %w", f.name, err)
		}
	}
	if excess := len(all.Diagnostics) - MaxDiagnostics; excess > 0 {
		all.Diagnostics, all.More = all.Diagnostics[:MaxDiagnostics], all.More+excess
	}
	return all.orNil()
}
