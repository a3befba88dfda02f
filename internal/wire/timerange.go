package wire

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
)

// TimeRange reads a pair of dates. It requires both or neither, at most 45 days apart,
// and not more than 3 years ago. The range includes the second that the end names.
func (d *Decoder) TimeRange(startName, endName string) search.TimeRange {
	errors := len(d.fieldErrors)
	start, started := d.Timestamp(startName)
	end, ended := d.Timestamp(endName)
	switch {
	case !started && !ended || len(d.fieldErrors) > errors:
		return search.TimeRange{}
	case !ended:
		d.AddError(endName, "Required with %s", startName)
	case !started:
		d.AddError(startName, "Required with %s", endName)
	case end.Before(start):
		d.AddError(endName, "Must not be before %s", startName)
	case end.After(start.In(d.env.Zone).AddDate(0, 0, MaxRangeDays)):
		d.AddError(endName, "At most %d days after %s", MaxRangeDays, startName)
	case start.Before(d.env.Now.AddDate(-maxRangeYears, 0, -1)): // one day more, for dates without a time
		d.AddError(startName, "At most %d years back", maxRangeYears)
	}
	return search.TimeRange{Start: start, End: endOfSecond(end)}
}

// endOfSecond returns the end of the second of t.
func endOfSecond(t time.Time) time.Time { return t.Truncate(time.Second).Add(time.Second) }

// PinTimeRange returns a default range, and adds its dates to the page URIs, so that
// all pages have the same range.
func (d *Decoder) PinTimeRange(startName, endName string, start, end time.Time) search.TimeRange {
	for _, name := range []string{startName, endName} {
		if q := d.params.find(name, 0); q != nil {
			q.read = false // it is empty: Filters must not repeat it
		}
	}
	format := func(t time.Time) string { return string(AppendTime(nil, t, d.env.Zone)) }
	d.pinned = append(d.pinned, startName, format(start), endName, format(end))
	return search.TimeRange{Start: start.Truncate(time.Second), End: endOfSecond(end)}
}
