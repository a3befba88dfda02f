package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

// CheckClock returns an error if the clock is too far ahead of the store to write to it.
func CheckClock(ctx context.Context, st *sqlstore.Store) error {
	newest, err := st.NewestInstant(ctx)
	if err != nil {
		return err
	}
	if err := clockguard.CheckStart(time.Now(), newest); err != nil {
		return fmt.Errorf("%w: nothing is written; if the clock is right, confirm it once with: trueup serve --accept-clock", err)
	}
	return nil
}

// maxBehind is the time by which the clock may be behind the newest record in the store: the clock
// of another machine may have been ahead.
const maxBehind = 5 * time.Minute

// ClockFlag is the flag of commands that work on the store of a server with a test clock.
type ClockFlag struct {
	Clock *string `group:"target" placeholder:"TIME" help:"Time of a test clock, if the store is that of a server with one (docs/emulate.md; default: now)."`
}

// Time returns the time of the flag, or the present one without it.
func (f ClockFlag) Time() (time.Time, error) {
	now, err := f.Now()
	if err != nil {
		return time.Time{}, err
	}
	return now(), nil
}

// Now returns the function that returns the time of the flag, or the present one without it.
func (f ClockFlag) Now() (func() time.Time, error) {
	if f.Clock == nil {
		return time.Now, nil
	}
	clock, err := NewTestClock(*f.Clock)
	if err != nil {
		return nil, err
	}
	return clock.Now, nil
}

// Guard returns the guard of the clock of the flag, or of the system's clock without it. Call
// [ClockFlag.Check] before writing.
func (f ClockFlag) Guard(log *slog.Logger) (*clockguard.Guard, error) {
	if f.Clock == nil {
		return clockguard.New(time.Time{}, log), nil
	}
	clock, err := NewTestClock(*f.Clock)
	if err != nil {
		return nil, err
	}
	return clock.Guard(log), nil
}

// Check returns an error if the time of the flag is before the second of the newest record in
// the store: the flag never dates anything back. Without the flag, it returns an error if the clock
// is too far ahead of the store, or behind it, as it is behind the store of a test clock that was
// moved to a later time.
func (f ClockFlag) Check(ctx context.Context, st *sqlstore.Store) error {
	if f.Clock == nil {
		if err := CheckClock(ctx, st); err != nil {
			return err
		}
		newest, err := st.NewestInstant(ctx)
		if err == nil && time.Until(newest) > maxBehind {
			err = fmt.Errorf("the newest record in the store is of %s, in the future, and nothing is written: if a server with a test clock wrote it, add its time, as in --clock %[1]s; or else correct the clock of this machine",
				newest.UTC().Add(time.Second).Format(time.RFC3339))
		}
		return err
	}
	at, err := f.Time()
	if err != nil {
		return err
	}
	newest, err := st.NewestInstant(ctx)
	if err == nil && at.Before(newest.Truncate(time.Second)) {
		err = Usage("--clock %s: the newest record in the store is of %s, and nothing is dated back; use that time or a later one, or an empty store",
			*f.Clock, newest.Format(time.RFC3339))
	}
	return err
}

// NewTestClock returns a test clock that stands at the time of a flag. An empty time, as of an
// unset variable of a shell, is an error, so that nothing runs on the system's clock by mistake.
func NewTestClock(flag string) (*testclock.Clock, error) {
	if flag == "" {
		return nil, Usage("--clock is empty: name a time, such as 2026-01-01T00:00:00Z")
	}
	at, err := ParseTime(flag)
	if err != nil {
		return nil, Usage("--clock %w", err)
	}
	clock, err := testclock.New(at)
	if err != nil {
		return nil, Usage("--clock %s: %w", flag, err)
	}
	return clock, nil
}

// ParseTime parses a date or a timestamp. It returns the zero time for "".
func ParseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	at, err := refdata.Instant(s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q: must be a date, such as 2027-10-01, or a timestamp with an offset, such as 2027-10-01T10:30:00-07:00, in the years 1970 to 2999", s)
	}
	return at, nil
}
