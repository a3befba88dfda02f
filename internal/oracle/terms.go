package oracle

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// inForce reports whether the contract is in force at an instant.
func inForce(c program.Contract, at time.Time) bool {
	return !c.Start.After(at) && (c.End.IsZero() || c.End.After(at))
}

// newestTerms returns the newest version of the terms with From at or before an
// instant, or nil.
func newestTerms(ref *program.Reference, contract, eventType int64, at time.Time) *program.Terms {
	var newest *program.Terms
	for _, t := range ref.Terms[program.TermsOf{Contract: contract, EventType: eventType}] {
		if !t.From.After(at) && (newest == nil || t.Version > newest.Version) {
			newest = &t
		}
	}
	return newest
}

// contractInForce returns, of the contracts in force that qualify, the one that began
// last, then the one with the largest id. It returns nil if there is none.
func contractInForce(ref *program.Reference, campaign, partner int64, at time.Time, qualifies func(program.Contract) bool) *program.Contract {
	var best *program.Contract
	for _, c := range ref.Contracts {
		if c.Campaign != campaign || c.Partner != partner || !inForce(c, at) || !qualifies(c) {
			continue
		}
		if best == nil || c.Start.After(best.Start) || c.Start.Equal(best.Start) && c.ID > best.ID {
			best = &c
		}
	}
	return best
}

// TermsOfConversion returns the terms of the contract in force at EventDate, or the
// code of the rejection.
func TermsOfConversion(ref *program.Reference, campaign, eventType, partner int64, at time.Time) (*program.Terms, rejection.Code) {
	if contractInForce(ref, campaign, partner, at, func(program.Contract) bool { return true }) == nil {
		return nil, rejection.CodeContractNotFound
	}
	contract := contractInForce(ref, campaign, partner, at, func(c program.Contract) bool {
		return newestTerms(ref, c.ID, eventType, at) != nil
	})
	if contract == nil {
		return nil, rejection.CodeTermsNotFound
	}
	return newestTerms(ref, contract.ID, eventType, at), ""
}

// termsOfModification returns the terms in force when the submission was accepted. If
// there are none, it returns the last that were, and at last those that tracked the
// action.
func termsOfModification(ref *program.Reference, a Action, at time.Time) program.Terms {
	tracked := ref.Terms[a.Terms.TermsOf][a.Terms.Version-1]
	if ref.Campaigns[a.ID.Campaign].Pricing == program.PricingTracked {
		return tracked
	}
	contract := contractInForce(ref, a.ID.Campaign, a.Partner, at, func(c program.Contract) bool {
		return newestTerms(ref, c.ID, a.ID.EventType, at) != nil
	})
	if contract != nil {
		return *newestTerms(ref, contract.ID, a.ID.EventType, at)
	}
	if last := lastInForce(ref, a, at); last != nil {
		return *last
	}
	return tracked
}

// lastInForce returns the terms whose time in force ended last before an instant, or
// nil.
func lastInForce(ref *program.Reference, a Action, at time.Time) *program.Terms {
	var last *program.Terms
	var lastBegin, lastEnd time.Time
	for _, c := range ref.Contracts {
		if c.Campaign != a.ID.Campaign || c.Partner != a.Partner {
			continue
		}
		versions := ref.Terms[program.TermsOf{Contract: c.ID, EventType: a.ID.EventType}]
		for i, t := range versions {
			begin, end := timeInForce(c, t, versions[i+1:])
			if end.IsZero() || end.After(at) || !begin.Before(end) {
				continue
			}
			if last == nil || end.After(lastEnd) || end.Equal(lastEnd) && (begin.After(lastBegin) ||
				begin.Equal(lastBegin) && t.Contract > last.Contract) {
				last, lastBegin, lastEnd = &t, begin, end
			}
		}
	}
	return last
}

// timeInForce returns the begin and the end of the terms' time in force under their
// contract. A later version can end it, but the zero time means that nothing does.
func timeInForce(c program.Contract, t program.Terms, later []program.Terms) (begin, end time.Time) {
	begin, end = t.From, c.End
	if c.Start.After(begin) {
		begin = c.Start
	}
	for _, l := range later {
		if end.IsZero() || l.From.Before(end) {
			end = l.From
		}
	}
	return begin, end
}

// lockingDate returns the instant at which an action locks (section 7).
func lockingDate(l program.Locking, event time.Time, zone *time.Location) time.Time {
	year, month, day := event.In(zone).Date()
	switch {
	case l.OpenEnded:
		return startOfDay(year, month, day+730+1, zone)
	case l.Day == 0:
		return startOfDay(year, month, day+l.Days+1, zone)
	}
	lastDay := time.Date(year, month+time.Month(l.Months)+1, 0, 12, 0, 0, 0, time.UTC).Day()
	return startOfDay(year, month+time.Month(l.Months), min(l.Day, lastDay), zone)
}

// startOfDay returns the first instant at which clocks in the zone show the date or
// a later one. It searches in steps of 15 minutes, because no zone has had a finer
// offset since 1972.
func startOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	for t := midnight.Add(-16 * time.Hour); ; t = t.Add(15 * time.Minute) {
		y, m, d := t.In(zone).Date()
		if !time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Before(midnight) {
			return t
		}
	}
}
