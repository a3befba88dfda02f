package wire

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Layouts of timestamps.
const (
	layoutColon = "2006-01-02T15:04:05Z07:00"
	layoutPlain = "2006-01-02T15:04:05Z0700"
	layoutLocal = "2006-01-02T15:04:05"
	layoutDate  = "2006-01-02"
	layoutEvent = "2-Jan-2006 15:04:05"
)

// Errors of timestamps.
const (
	errTimestamp = valueError("Not a timestamp, as in 2020-10-09T10:30:01-07:00, nor a date")
	errYear      = valueError("The year must be 1970 to 2999")
	errZone      = valueError("Unknown time zone: use a numeric offset, as in 2020-10-09T10:30:01-07:00")
)

// Timestamp reads a time in ISO 8601, or a date, which is midnight. Without an offset they
// are in the account's time zone. It reports whether the request has the parameter.
func (d *Decoder) Timestamp(names ...string) (time.Time, bool) {
	return read(d, d.parseTimestamp, names...)
}

func (d *Decoder) parseTimestamp(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(layoutDate, s); err == nil {
		return checkYear(program.Midnight(t.Year(), t.Month(), t.Day(), d.env.Zone))
	}
	if len(s) > len(layoutDate) && s[len(layoutDate)] == ' ' {
		s = s[:len(layoutDate)] + "T" + s[len(layoutDate)+1:]
	}
	s = restorePlus(s)
	for _, layout := range []string{layoutColon, layoutPlain} {
		if t, err := time.Parse(layout, s); err == nil {
			return checkYear(t)
		}
	}
	wall, err := time.Parse(layoutLocal, s)
	if err != nil {
		return time.Time{}, errTimestamp
	}
	return checkYear(program.Local(wall, d.env.Zone))
}

// parseEventDate parses a timestamp, NOW, or a date such as 21-Oct-2015 18:25:59 HKT, which
// is in the account's time zone if it names none.
func (d *Decoder) parseEventDate(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "NOW") {
		return checkYear(d.env.Now)
	}
	if wall, err := time.Parse(layoutEvent, s); err == nil {
		return checkYear(program.Local(wall, d.env.Zone))
	}
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		if t, err := time.Parse(layoutEvent, s[:space]); err == nil {
			offset, known := zoneOffsets[strings.ToUpper(s[space+1:])]
			if !known {
				return time.Time{}, errZone
			}
			return checkYear(t.Add(-offset))
		}
	}
	return d.parseTimestamp(s)
}

// checkYear returns t in UTC with the precision of the store.
func checkYear(t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < minYear || t.Year() > maxYear {
		return time.Time{}, errYear
	}
	return t, nil
}

// restorePlus restores the "+" of an offset, which is a space in an unescaped query
// string: "2026-10-01T00:00:00 0000".
func restorePlus(s string) string {
	space := strings.LastIndexByte(s, ' ')
	if space < 0 || !strings.Contains(s, "T") {
		return s
	}
	offset := s[space+1:]
	if digits := strings.Replace(offset, ":", "", 1); len(digits) != 4 || strings.Trim(digits, "0123456789") != "" {
		return s
	}
	return s[:space] + "+" + offset
}

// zoneOffsets holds the offsets of the time zone abbreviations that EventDate accepts. Of
// several meanings of an abbreviation, it has the most common one: IST is India's, CST
// America's and BST Britain's.
var zoneOffsets = func() map[string]time.Duration {
	hours := map[string]float64{
		"UTC": 0, "GMT": 0, "Z": 0, "WET": 0,
		"WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3,
		"IST": 5.5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9,
		"ACST": 9.5, "AEST": 10, "ACDT": 10.5, "AEDT": 11, "NZST": 12, "NZDT": 13,
		"BRT": -3, "ART": -3, "ADT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5,
		"CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10,
	}
	offsets := make(map[string]time.Duration, len(hours))
	for zone, h := range hours {
		offsets[zone] = time.Duration(h * float64(time.Hour))
	}
	return offsets
}()

// AppendTime appends t in the given time zone and in the format of responses.
func AppendTime(dst []byte, t time.Time, zone *time.Location) []byte {
	dst = t.In(zone).AppendFormat(dst, time.RFC3339) // faster than other layouts
	if last := len(dst) - 1; dst[last] == 'Z' {
		return append(dst[:last], "+00:00"...)
	}
	return dst
}
