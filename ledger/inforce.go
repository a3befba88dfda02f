package ledger

import (
	"cmp"
	"time"
)

// termsToTrack answers the terms that price a conversion: of the partner's
// contracts in force at EventDate the one that began last and has terms.
func (r *Reference) termsToTrack(p Partner, e EventType, at time.Time) (Terms, error) {
	bound := false
	for _, c := range r.contractsOf[relation{e.Campaign, p.ID}] {
		if !c.InForce(at) {
			continue
		}
		bound = true
		if t, found := r.newest(TermsOf{c.ID, e.ID}, at); found {
			return t, nil
		}
	}
	if !bound {
		return Terms{}, reject(CodeContractNotFound, "EventDate", "Partner %d had no contract at that date.", p.ID)
	}
	return Terms{}, reject(CodeTermsNotFound, "EventDate", "The contract of partner %d has no terms for event type %d at that date.",
		p.ID, e.ID)
}

// termsFor answers the terms that price a modification accepted at an instant:
// those in force then; if there are none any more, the last that were; in a
// campaign with tracked pricing those that tracked the action.
func (r *Reference) termsFor(a Action, at time.Time) Terms {
	tracked := r.termsBy(a.Terms)
	if r.Campaigns[a.ID.Campaign].Pricing == PricingTracked {
		return tracked
	}
	contracts := r.contractsOf[relation{a.ID.Campaign, a.Partner}]
	for _, c := range contracts {
		if t, found := r.newest(TermsOf{c.ID, a.ID.EventType}, at); found && c.InForce(at) {
			return t
		}
	}
	if last, found := r.lastInForce(contracts, a.ID.EventType, at); found {
		return last
	}
	return tracked
}

// newest answers the version of terms in force at an instant, as far as its
// contract is.
func (r *Reference) newest(of TermsOf, at time.Time) (Terms, bool) {
	versions := r.Terms[of]
	for i := len(versions) - 1; i >= 0; i-- {
		if !versions[i].From.After(at) {
			return versions[i], true
		}
	}
	return Terms{}, false
}

// lastInForce answers the terms that ceased last before an instant; of two that
// ceased together those that began later, then those of the larger contract id.
func (r *Reference) lastInForce(contracts []Contract, eventType int64, at time.Time) (last Terms, found bool) {
	var lastBegin, lastEnd time.Time
	for _, c := range contracts {
		versions := r.Terms[TermsOf{c.ID, eventType}]
		for i, t := range versions {
			begin, end := t.From, c.End
			if begin.Before(c.Start) {
				begin = c.Start
			}
			for _, later := range versions[i+1:] { // an announced version may be brought forward
				if later.From.Before(end) {
					end = later.From
				}
			}
			if !begin.Before(end) || begin.After(at) {
				continue
			}
			order := cmp.Or(end.Compare(lastEnd), begin.Compare(lastBegin), cmp.Compare(c.ID, last.Contract))
			if !found || order > 0 {
				last, lastBegin, lastEnd, found = t, begin, end, true
			}
		}
	}
	return last, found
}

// termsBy answers the version with the key; versions are never removed.
func (r *Reference) termsBy(key TermsKey) Terms {
	for _, t := range r.Terms[key.TermsOf] {
		if t.Version == key.Version {
			return t
		}
	}
	return Terms{TermsKey: key}
}
