package program

import "time"

// Locking defines when an action locks. At most one of Days, Day and OpenEnded is set. If
// none is, Days is zero.
type Locking struct {
	// Days are counted from EventDate. The action locks at the midnight that ends the last.
	Days int
	// Day is a day of the month that is Months after the month of EventDate, or the last
	// day of a shorter month. The action locks at the midnight that begins this day.
	Day, Months int
	// OpenEnded actions lock by a code with [EffectApprove], or after [OpenEndedDays] days.
	OpenEnded bool
}

// OpenEndedDays is the number of days after which an open-ended action locks at the latest,
// counted like [Locking.Days].
const OpenEndedDays = 730

// Date returns the instant at which an action with the EventDate locks: a midnight in
// the zone (docs/rules.md, section 7).
func (l Locking) Date(event time.Time, zone *time.Location) time.Time {
	local := event.In(zone)
	year, month, day := local.Date()
	switch {
	case l.OpenEnded:
		return Midnight(year, month, day+OpenEndedDays+1, zone)
	case l.Day > 0:
		return dayOfMonth(year, month+time.Month(l.Months), l.Day, zone)
	default:
		return Midnight(year, month, day+l.Days+1, zone)
	}
}

// dayOfMonth returns the midnight that begins a day of a month, or its last day if it is
// shorter.
func dayOfMonth(year int, month time.Month, day int, zone *time.Location) time.Time {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return Midnight(year, month, min(day, last), zone)
}

// Midnight returns the first instant of a local day, in UTC. If a clock change skips
// midnight, it is the instant after the gap. If midnight occurs twice, it is the first.
func Midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	return Local(time.Date(year, month, day, 0, 0, 0, 0, time.UTC), zone)
}

// Local returns the instant, in UTC, at which clocks in the zone show the date and time that
// wall has in UTC. If a clock change skips it, Local returns the instant after the gap. If it
// occurs twice, Local returns the first.
func Local(wall time.Time, zone *time.Location) time.Time {
	year, month, day := wall.Date()
	t := time.Date(year, month, day, wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	start, end := t.ZoneBounds()
	switch clock := wallClock(t); {
	case clock.Before(wall): // the time is skipped and t is before the gap
		t = end
	case clock.After(wall): // the time is skipped and t is after the gap
		t = start
	case !start.IsZero():
		// If the zone's offset decreased at start, the time may have occurred before it too.
		_, offset := t.Zone()
		_, offsetBefore := start.Add(-time.Nanosecond).Zone()
		first := t.Add(time.Duration(offset-offsetBefore) * time.Second)
		if first.Before(start) {
			t = first
		}
	}
	return t.UTC()
}

// wallClock returns the local date and time of t, as if it were in UTC.
func wallClock(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
