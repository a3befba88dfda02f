package refdata

import (
	"reflect"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// draft is an account of a file before it is checked against the store.
type draft struct {
	pos    position
	zone   *time.Location
	change store.ReferenceChange
	// terms have no versions yet: those depend on the versions in the store.
	terms []termsDraft
	// checks run once the recorded reference data are known.
	checks []check
	// lines holds the line of each entry. The keys of each kind have a type of their own,
	// such as campaignKey, so that ids of different kinds don't collide.
	lines map[any]int
	// force permits implausible terms.
	force bool
}

// check is a deferred check of a value. conflict returns a message if the value conflicts
// with the reference data before or after the change, and "" otherwise.
type check struct {
	pos      position
	conflict func(before, after *program.Reference) string
}

// checkLater defers a check of a key's value.
func (o *object) checkLater(key string, conflict func(before, after *program.Reference) string) {
	o.draft.checks = append(o.draft.checks, check{o.position(key), conflict})
}

// unique adds an error if an entry with the same id was read before. It skips a zero id,
// which was reported as invalid already.
func (o *object) unique(key string, id any) {
	if reflect.ValueOf(id).IsZero() {
		return
	}
	if line, exists := o.draft.lines[id]; exists {
		o.errorf(key, "Is already in line %d: list each once", line)
		return
	}
	o.draft.lines[id] = o.position(key).line
}

// newDraft returns a draft of an account without entries.
func newDraft(account program.Account, pos position) *draft {
	d := &draft{pos: pos, zone: time.UTC, lines: make(map[any]int)}
	d.change.Reference = *program.NewReference()
	d.change.Account = account
	if z, err := scalar.Zone(account.Zone); err == nil {
		d.zone = z
	}
	return d
}

// amend returns the change that records the draft at an instant, given the reference
// data before it. name is the file name in error messages; the error is a [*FileError].
func (d *draft) amend(name string, before *program.Reference, at time.Time) (store.ReferenceChange, error) {
	errs := FileError{File: name}
	after := before.Merged(&d.change.Reference)
	for _, c := range d.checks {
		if message := c.conflict(before, after); message != "" {
			errs.add(c.pos, "%s", message)
		}
	}
	change := d.change
	change.Bridges = keepSecrets(before.Bridges, change.Bridges)
	change.Terms = make(map[program.TermsOf][]program.Terms)
	for _, t := range d.terms {
		version, message := t.nextVersion(before, at, d.zone)
		switch {
		case message != "":
			errs.add(t.pos, "%s", message)
		case version != nil && !d.force && len(t.implausible) > 0:
			for _, i := range t.implausible {
				errs.add(i.pos, "%s", i.message)
			}
		case version != nil:
			change.Terms[version.TermsOf] = []program.Terms{*version}
		}
	}
	if err := errs.orNil(); err != nil {
		return store.ReferenceChange{}, err
	}
	return change, nil
}
