package wire

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
)

// TimeRange reads the dates of a range, of which both or neither must be present. The range
// may have at most [MaxRangeDays] days, by the calendar or of 24 hours each, so that a change
// of clocks makes no range too long. It may begin at most 3 years ago. It includes the second
// that the end names.
func (d *Decoder) TimeRange(startName, endName string) search.TimeRange {
	before := len(d.fieldErrors)
	start, started := d.Timestamp(startName)
	end, ended := d.Timestamp(endName)
	switch {
	case !started && !ended || len(d.fieldErrors) > before:
		return search.TimeRange{}
	case !ended:
		d.AddError(endName, "Required with %s", startName)
	case !started:
		d.AddError(startName, "Required with %s", endName)
	case end.Before(start):
		d.AddError(endName, "Must not be before %s", startName)
	case end.After(start.In(d.env.Zone).AddDate(0, 0, MaxRangeDays)) && end.Sub(start) > MaxRangeDays*24*time.Hour:
		d.AddError(endName, "At most %d days after %s", MaxRangeDays, startName)
	case start.Before(d.env.Now.AddDate(-maxRangeYears, 0, -1)): // one day more, for dates without a time
		d.AddError(startName, "At most %d years back", maxRangeYears)
	}
	return search.TimeRange{Start: start, End: endOfSecond(end)}
}

// OpenTimeRange is like [Decoder.TimeRange], but either date may be absent and the length and
// age of the range are not limited.
func (d *Decoder) OpenTimeRange(startName, endName string) (r search.TimeRange) {
	start, started := d.Timestamp(startName)
	end, ended := d.Timestamp(endName)
	if started && ended && end.Before(start) {
		d.AddError(endName, "Must not be before %s", startName)
	}
	r.Start = start
	if ended {
		r.End = endOfSecond(end)
	}
	return r
}

// endOfSecond returns the end of the second of t.
func endOfSecond(t time.Time) time.Time { return t.Truncate(time.Second).Add(time.Second) }

// PinTimeRange returns a default range. It adds the dates to page URIs, so that all pages
// have the same range.
func (d *Decoder) PinTimeRange(startName, endName string, start, end time.Time) search.TimeRange {
	for _, name := range []string{startName, endName} {
		if q := d.params.find(name, 0); q != nil {
			q.read = false // an empty value, which page URIs must not have
		}
	}
	format := func(t time.Time) string { return string(AppendTime(nil, t, d.env.Zone)) }
	d.pinned = append(d.pinned, pair(startName, format(start)), pair(endName, format(end)))
	return search.TimeRange{Start: start.Truncate(time.Second), End: endOfSecond(end)}
}
