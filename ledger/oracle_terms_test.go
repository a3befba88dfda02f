package ledger_test

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

func covers(c ledger.Contract, at time.Time) bool {
	return !c.Start.After(at) && (c.End.IsZero() || c.End.After(at))
}

// newestOf answers the newest version of the terms with From up to at, or nil.
func newestOf(ref *ledger.Reference, contract, eventType int64, at time.Time) *ledger.Terms {
	var newest *ledger.Terms
	for _, t := range ref.Terms[ledger.TermsOf{Contract: contract, EventType: eventType}] {
		if !t.From.After(at) && (newest == nil || t.Version > newest.Version) {
			newest = &t
		}
	}
	return newest
}

// governing answers the contract that counts at an instant among those that
// admit allows: the latest Start, then the largest id.
func governing(ref *ledger.Reference, campaign, partner int64, at time.Time, admit func(ledger.Contract) bool) *ledger.Contract {
	var best *ledger.Contract
	for _, c := range ref.Contracts {
		if c.Campaign != campaign || c.Partner != partner || !covers(c, at) || !admit(c) {
			continue
		}
		if best == nil || c.Start.After(best.Start) || c.Start.Equal(best.Start) && c.ID > best.ID {
			best = &c
		}
	}
	return best
}

// termsOfConversion are those of the contract in force at EventDate that has some.
func termsOfConversion(ref *ledger.Reference, campaign, eventType, partner int64, at time.Time) (*ledger.Terms, ledger.Code) {
	if governing(ref, campaign, partner, at, func(ledger.Contract) bool { return true }) == nil {
		return nil, ledger.CodeContractNotFound
	}
	contract := governing(ref, campaign, partner, at, func(c ledger.Contract) bool {
		return newestOf(ref, c.ID, eventType, at) != nil
	})
	if contract == nil {
		return nil, ledger.CodeTermsNotFound
	}
	return newestOf(ref, contract.ID, eventType, at), ""
}

// termsOfModification are those in force when the submission was accepted, else
// those that were last, else those that tracked the action.
func termsOfModification(ref *ledger.Reference, a oracleAction, at time.Time) ledger.Terms {
	tracked := ref.Terms[a.Terms.TermsOf][a.Terms.Version-1]
	if ref.Campaigns[a.ID.Campaign].Pricing == ledger.PricingTracked {
		return tracked
	}
	contract := governing(ref, a.ID.Campaign, a.Partner, at, func(c ledger.Contract) bool {
		return newestOf(ref, c.ID, a.ID.EventType, at) != nil
	})
	if contract != nil {
		return *newestOf(ref, contract.ID, a.ID.EventType, at)
	}
	if last := lastInForce(ref, a, at); last != nil {
		return *last
	}
	return tracked
}

// lastInForce answers the terms whose time in force ended last before at, or nil.
func lastInForce(ref *ledger.Reference, a oracleAction, at time.Time) *ledger.Terms {
	var last *ledger.Terms
	var lastBegin, lastEnd time.Time
	for _, c := range ref.Contracts {
		if c.Campaign != a.ID.Campaign || c.Partner != a.Partner {
			continue
		}
		versions := ref.Terms[ledger.TermsOf{Contract: c.ID, EventType: a.ID.EventType}]
		for i, t := range versions {
			begin, end := t.From, c.End
			if c.Start.After(begin) {
				begin = c.Start
			}
			for _, later := range versions[i+1:] {
				if end.IsZero() || later.From.Before(end) {
					end = later.From
				}
			}
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

// lockingOf answers section 7's locking date.
func lockingOf(l ledger.Locking, event time.Time, zone *time.Location) time.Time {
	year, month, day := event.In(zone).Date()
	switch {
	case l.OpenEnded:
		return beginning(year, month, day+730+1, zone)
	case l.Day == 0:
		return beginning(year, month, day+l.Days+1, zone)
	}
	lastDay := time.Date(year, month+time.Month(l.Months)+1, 0, 12, 0, 0, 0, time.UTC).Day()
	return beginning(year, month+time.Month(l.Months), min(l.Day, lastDay), zone)
}

// beginning answers the first instant at which clocks in the zone show the date
// or a later one, searched a quarter of an hour at a time: no zone's offset has
// been finer since 1972.
func beginning(year int, month time.Month, day int, zone *time.Location) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	for t := midnight.Add(-16 * time.Hour); ; t = t.Add(15 * time.Minute) {
		y, m, d := t.In(zone).Date()
		if !time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Before(midnight) {
			return t
		}
	}
}
