package ledger

import "time"

// lockingDate answers when an action with the EventDate locks: a local midnight
// of the zone (docs/rules.md, section 7).
func (l Locking) lockingDate(event time.Time, zone *time.Location) time.Time {
	local := event.In(zone)
	year, month, day := local.Date()
	switch {
	case l.OpenEnded:
		return Midnight(year, month, day+OpenEndedDays+1, zone)
	case l.Day > 0:
		last := time.Date(year, month+time.Month(l.Months)+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return Midnight(year, month+time.Month(l.Months), min(l.Day, last), zone)
	default:
		return Midnight(year, month, day+l.Days+1, zone)
	}
}

// Midnight answers the first instant of a local day: where clocks skip midnight
// the instant after the gap, where it comes twice the first.
func Midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	want := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	start, end := t.ZoneBounds()
	switch clock := wallClock(t); {
	case clock.Before(want): // midnight is skipped, and t lies before the gap
		t = end
	case clock.After(want): // and here after it
		t = start
	case !start.IsZero():
		// Just before the zone's present offset began, the clock may have shown the same.
		_, offset := t.Zone()
		_, offsetBefore := start.Add(-time.Nanosecond).Zone()
		first := t.Add(time.Duration(offset-offsetBefore) * time.Second)
		if first.Before(start) && offsetBefore > offset {
			t = first
		}
	}
	return t.UTC()
}

// wallClock answers what a clock shows at an instant, as if it stood in UTC.
func wallClock(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}
