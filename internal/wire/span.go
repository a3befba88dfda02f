package wire

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// span reads a pair of dates: both or neither, at most 45 days apart, beginning
// at most 3 years back. The second named by the end belongs to it.
func (f *fields) span(startName, endName string) ledger.TimeRange {
	known := len(f.faults)
	start, started := f.timestamp(startName)
	end, ended := f.timestamp(endName)
	switch {
	case !started && !ended || len(f.faults) > known:
		return ledger.TimeRange{}
	case !ended:
		f.fault(endName, "Required with %s", startName)
	case !started:
		f.fault(startName, "Required with %s", endName)
	case end.Before(start):
		f.fault(endName, "Must not be before %s", startName)
	case end.After(start.In(f.env.Zone).AddDate(0, 0, maxSpanDays)):
		f.fault(endName, "At most %d days after %s", maxSpanDays, startName)
	case start.Before(f.env.Now.AddDate(-maxYearsBack, 0, -1)): // a day's grace, for midnights
		f.fault(startName, "At most %d years back", maxYearsBack)
	}
	return ledger.TimeRange{Start: start, End: afterSecond(end)}
}

// afterSecond answers the instant at which the second of t is over.
func afterSecond(t time.Time) time.Time { return t.Truncate(time.Second).Add(time.Second) }

// pin sends the dates of a span that was not asked for along with page URIs, so
// that every page is of the same one.
func (f *fields) pin(startName, endName string, start, end time.Time) ledger.TimeRange {
	for _, name := range []string{startName, endName} {
		if q := f.params.find(name, 0); q != nil {
			q.read = false // it was sent empty
		}
	}
	write := func(t time.Time) string { return string(appendTime(nil, t, f.env.Zone)) }
	f.pinned = append(f.pinned, startName, write(start), endName, write(end))
	return ledger.TimeRange{Start: start.Truncate(time.Second), End: afterSecond(end)}
}
