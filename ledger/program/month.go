package program

import (
	"cmp"
	"fmt"
	"time"
)

// Month is a calendar month. Its text form is "2026-10".
type Month struct {
	Year  int
	Month time.Month
}

// MonthOf returns the month of an instant in a zone.
func MonthOf(at time.Time, zone *time.Location) Month {
	year, month, _ := at.In(zone).Date()
	return Month{year, month}
}

// ParseMonth parses the text form of a month.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Month{}, fmt.Errorf("%q is not a month such as 2026-10", s)
	}
	return MonthOf(t, time.UTC), nil
}

// String returns the text form of the month.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// MarshalText implements [encoding.TextMarshaler].
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *Month) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMonth(string(text))
	return err
}

// Add returns the month that is n months later.
func (m Month) Add(n int) Month {
	return MonthOf(time.Date(m.Year, m.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// Before reports whether m is before n.
func (m Month) Before(n Month) bool { return m.Compare(n) < 0 }

// Compare returns -1 if m is before n, 1 if it is after n, and 0 if they are equal.
func (m Month) Compare(n Month) int {
	return cmp.Or(cmp.Compare(m.Year, n.Year), cmp.Compare(m.Month, n.Month))
}

// Start returns the first instant of the month in a zone.
func (m Month) Start(zone *time.Location) time.Time {
	return Midnight(m.Year, m.Month, 1, zone)
}

// End returns the first instant after the month in a zone. A period that is a month includes
// its Start and excludes its End.
func (m Month) End(zone *time.Location) time.Time { return m.Add(1).Start(zone) }
