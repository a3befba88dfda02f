package wire

import (
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Spellings of instants.
const (
	layoutColon = "2006-01-02T15:04:05Z07:00"
	layoutPlain = "2006-01-02T15:04:05Z0700"
	layoutDate  = "2006-01-02"
	layoutEvent = "2-Jan-2006 15:04:05"
)

// Faults of instants.
const (
	faultTimestamp = fault("Not a timestamp with an offset, as in 2020-10-09T10:30:01-07:00, nor a date")
	faultYear      = fault("The year must be 1970 to 2999")
	faultZone      = fault("Unknown time zone: use a numeric offset, as in 2020-10-09T10:30:01-07:00")
)

// timestamp reads an instant: ISO 8601 with an offset, or a date, which is that
// midnight in the account's zone.
func (f *fields) timestamp(names ...string) (time.Time, bool) {
	return take(f, f.parseTimestamp, names...)
}

func (f *fields) parseTimestamp(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(layoutDate, s); err == nil {
		return bounded(ledger.Midnight(t.Year(), t.Month(), t.Day(), f.env.Zone))
	}
	s = signed(s)
	t, err := time.Parse(layoutColon, s)
	if err != nil {
		t, err = time.Parse(layoutPlain, s)
	}
	if err != nil {
		return time.Time{}, faultTimestamp
	}
	return bounded(t)
}

// parseEventDate reads what EventDate allows beside timestamps: NOW, and
// 21-Oct-2015 18:25:59 HKT.
func (f *fields) parseEventDate(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "NOW") {
		return bounded(f.env.Now)
	}
	if space := strings.LastIndexByte(s, ' '); space > 0 {
		if t, err := time.Parse(layoutEvent, s[:space]); err == nil {
			offset, known := zoneOffsets[strings.ToUpper(s[space+1:])]
			if !known {
				return time.Time{}, faultZone
			}
			return bounded(t.Add(-offset))
		}
	}
	return f.parseTimestamp(s)
}

// bounded answers the instant in UTC, cut to what a store keeps.
func bounded(t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < minYear || t.Year() > maxYear {
		return time.Time{}, faultYear
	}
	return t, nil
}

// signed gives the offset back its "+", which an unencoded query turned into a
// space: "2026-10-01T00:00:00 0000".
func signed(s string) string {
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

// zoneOffsets are the abbreviations that EventDate may name, each in its most
// common meaning; others are refused, as many mean several zones (IST is India's,
// CST America's, BST Britain's).
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
