package refdata

import (
	"fmt"
	"reflect"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// termsDraft are terms as a file states them, without a version.
type termsDraft struct {
	ledger.Terms
	contract ledger.Contract
	// from is zero if the file does not say it.
	from time.Time
	// at is where from stands, or else event_type.
	at place
}

// version answers the version that the terms become when they are recorded at an
// instant: none if the newest one says the same, or a fault. Terms are in force no
// earlier than they were recorded, but for a campaign's first load
// (docs/rules.md, section 3).
func (d termsDraft) version(was *ledger.Reference, at time.Time, zone *time.Location) (*ledger.Terms, string) {
	var newest ledger.Terms
	if versions := was.Terms[d.TermsOf]; len(versions) > 0 {
		newest = versions[len(versions)-1]
	}
	show := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
	next := d.Terms
	next.Version, next.From = newest.Version+1, d.from
	_, loaded := was.Campaigns[d.contract.Campaign]
	if next.From.IsZero() {
		next.From = at
		if !loaded {
			next.From = d.contract.Start
		}
	}
	if newest.Version > 0 && sameContent(next, newest) {
		switch inForce := !newest.From.After(at); {
		case d.from.IsZero(), d.from.Equal(newest.From), inForce && d.from.After(newest.From):
			return nil, ""
		case d.from.After(newest.From):
			return nil, fmt.Sprintf("These terms are recorded to be in force from %s, which is never taken back: "+
				"apply the terms that are to hold until then first", show(newest.From))
		}
	}
	if loaded && next.From.Before(at) {
		return nil, fmt.Sprintf("Terms are not dated back: it is %s; give a later instant, or leave it out to have them in force at once",
			show(at))
	}
	return &next, ""
}

// sameContent reports whether two versions say the same, whenever they are in force.
func sameContent(a, b ledger.Terms) bool {
	a.TermsKey, b.TermsKey = ledger.TermsKey{}, ledger.TermsKey{}
	a.From, b.From = time.Time{}, time.Time{}
	return reflect.DeepEqual(a, b)
}
